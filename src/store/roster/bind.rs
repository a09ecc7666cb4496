use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value as Json, json};

use super::write::Ids;
use super::{BotOf, load};
use crate::args;
use crate::domain::message::Time;
use crate::domain::roster::{Person, Roster, share_a_role};
use crate::store::{Result, Tx};

/// An account that would serve two people with a common role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Whom the roster names the account for.
    pub code: String,
    /// Who is bound to it.
    pub other: String,
    /// Telegram's user id.
    pub account: i64,
}

/// Whom the new roster binds to which account.
pub struct Plan {
    bound: HashMap<String, i64>,
    fresh: Vec<(String, i64)>,
}

/// Finds out whom the roster binds, and whether an account would then act for two people with a common role.
pub async fn plan(tx: &mut Tx, old: &Roster, new: &Roster) -> Result<std::result::Result<Plan, Vec<Clash>>> {
    let bound = load::bound_accounts(tx).await?;
    let fresh: Vec<(String, i64)> = new
        .people
        .values()
        .filter_map(|person| Some((person, person.telegram_id?)))
        .filter(|(person, account)| {
            let imported = old.people.get(&person.code).and_then(|before| before.telegram_id);
            imported != Some(*account) && bound.get(&person.code) != Some(account)
        })
        .map(|(person, account)| (person.code.clone(), account))
        .collect();
    let clashes = clashes(&bound, &fresh, new);
    Ok(if clashes.is_empty() { Ok(Plan { bound, fresh }) } else { Err(clashes) })
}

/// Every two people who would share an account and a role, through this roster's numbers or its roles. Who is
/// named anew is told against who is bound already.
fn clashes(bound: &HashMap<String, i64>, fresh: &[(String, i64)], new: &Roster) -> Vec<Clash> {
    let mut after: BTreeMap<&str, i64> =
        bound.iter().map(|(code, account)| (code.as_str(), *account)).collect();
    after.extend(fresh.iter().map(|(code, account)| (code.as_str(), *account)));
    let fresh: HashSet<&str> = fresh.iter().map(|(code, _)| code.as_str()).collect();
    let mut holders: BTreeMap<i64, Vec<&Person>> = BTreeMap::new();
    for (code, account) in after {
        holders.entry(account).or_default().extend(new.people.get(code));
    }
    let mut clashes = Vec::new();
    for (account, people) in holders.iter_mut().filter(|(_, people)| people.len() > 1) {
        people.sort_by_key(|person| fresh.contains(person.code.as_str()));
        for (at, person) in people.iter().enumerate() {
            let other = people[..at].iter().find(|other| share_a_role(other, person));
            clashes.extend(other.map(|other| Clash {
                code: person.code.clone(),
                other: other.code.clone(),
                account: *account,
            }));
        }
    }
    clashes
}

impl Plan {
    /// A roster that names the account somebody is bound to anyway changes nothing.
    pub fn already_bound(&self, old: &mut Roster, new: &Roster) {
        for (code, account) in &self.bound {
            let named = new.people.get(code).and_then(|person| person.telegram_id);
            if let Some(person) = old.people.get_mut(code).filter(|_| named == Some(*account)) {
                person.telegram_id = named;
            }
        }
    }

    /// Keeps which accounts the roster has named of people who were bound to them before, so that the same
    /// file does not bind them again after they moved to another account.
    pub async fn note_known(&self, tx: &mut Tx, new: &Roster) -> Result<()> {
        let named = |code: &str| new.people.get(code).and_then(|person| person.telegram_id);
        let known = self.bound.iter().filter(|(code, account)| named(code) == Some(**account));
        let rows: Vec<Json> =
            known.map(|(code, account)| json!({"code": code, "account": account})).collect();
        if rows.is_empty() {
            return Ok(());
        }
        tx.execute(
            "UPDATE people SET telegram_id = CAST(value->>'account' AS BIGINT) FROM json_each($1) \
             WHERE people.code = value->>'code' \
             AND (telegram_id IS NULL OR telegram_id <> CAST(value->>'account' AS BIGINT))",
            args![Json::from(rows).to_string()],
        )
        .await
        .map(drop)
    }

    /// Binds, ends older bindings of these people, and voids their open invitations.
    pub async fn carry_out(
        &self,
        tx: &mut Tx,
        new: &Roster,
        ids: &Ids,
        bot_of: BotOf<'_>,
        now: Time,
    ) -> Result<()> {
        if self.fresh.is_empty() {
            return Ok(());
        }
        let row = |(code, account): &(String, i64)| {
            let unit = new.people[code].duties.keys().next().map_or("", |(_, unit)| unit.as_str());
            json!({"person": ids.people[code], "account": account, "bot": bot_of(unit)})
        };
        let rows = Json::from(self.fresh.iter().map(row).collect::<Vec<_>>()).to_string();
        tx.execute(
            "INSERT INTO bindings (person, account, bound_at, how) \
             SELECT CAST(value->>'person' AS BIGINT), CAST(value->>'account' AS BIGINT), \
                    CAST($2 AS BIGINT), 'roster' FROM json_each($1) WHERE true \
             ON CONFLICT (person) DO UPDATE SET account = excluded.account, bound_at = excluded.bound_at, \
                    how = excluded.how",
            args![&rows, now],
        )
        .await?;
        // An account of two people stands twice among the rows.
        tx.execute(
            "INSERT INTO accounts (account, bot) \
             SELECT CAST(value->>'account' AS BIGINT), MIN(CAST(value->>'bot' AS BIGINT)) \
             FROM json_each($1) WHERE true GROUP BY CAST(value->>'account' AS BIGINT) \
             ON CONFLICT (account) DO NOTHING",
            args![&rows],
        )
        .await?;
        tx.execute(
            "UPDATE invites SET voided_at = $2 WHERE voided_at IS NULL AND used_at IS NULL \
             AND person IN (SELECT CAST(value->>'person' AS BIGINT) FROM json_each($1))",
            args![&rows, now],
        )
        .await?;
        Ok(())
    }
}

//! What became of a day's figures: reviewed, sent back, signed, supplemented, filed (D3).

use super::people::names;
use super::{Places, Wanted};
use crate::args;
use crate::domain::message::Time;
use crate::domain::report::{SignAct, SignRow};
use crate::store::checkin::days::DayState;
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Tx};

/// An act before its names are known.
struct Noted {
    act: SignAct,
    person: i64,
    at: Time,
    to: String,
    reason: String,
}

/// Acts on the whole day, those on the report's units, and supplements of their people, in order.
pub(super) async fn of_day(
    tx: &mut Tx,
    sealer: &Sealer,
    wanted: &Wanted<'_>,
    state: &DayState,
    places: &Places,
) -> Result<Vec<SignRow>> {
    let mut all = acts(tx, wanted.day, places).await?;
    if state.supplements > 0 {
        all.extend(supplements(tx, sealer, wanted, places).await?);
    }
    all.sort_by_key(|noted| noted.at);
    let names = names(tx, all.iter().map(|noted| noted.person).collect()).await?;
    let row = |noted: Noted| SignRow {
        act: noted.act,
        by: names.get(&noted.person).cloned().unwrap_or_default(),
        at: noted.at,
        to: noted.to,
        reason: noted.reason,
    };
    Ok(all.into_iter().map(row).collect())
}

async fn acts(tx: &mut Tx, day: i64, places: &Places) -> Result<Vec<Noted>> {
    let rows = tx
        .all("SELECT act, person, unit, at, why FROM signs WHERE day = $1 ORDER BY seq", args![day], |row| {
            let (word, why): (String, String) = (row.get("act")?, row.get("why")?);
            let unit: Option<i64> = row.get("unit")?;
            let act = match word.as_str() {
                "review" => SignAct::Reviewed,
                "sign" => SignAct::Signed,
                "reject" => SignAct::Rejected,
                "filed" => SignAct::Filed,
                _ => return Err(Error::Corrupt(format!("an act of signing {word}"))),
            };
            let (to, reason) = match act {
                SignAct::Filed => (why, String::new()),
                SignAct::Rejected => (unit.map(|unit| places.named(unit).1).unwrap_or_default(), why),
                _ => (String::new(), why),
            };
            let here = unit.is_none_or(|unit| places.ranks.contains_key(&unit));
            let noted = Noted { act, person: row.get("person")?, at: row.get("at")?, to, reason };
            Ok(here.then_some(noted))
        })
        .await?;
    Ok(rows.into_iter().flatten().collect())
}

/// Supplements of the report's people. The reason may speak of their health: only for who reads their answers.
async fn supplements(
    tx: &mut Tx,
    sealer: &Sealer,
    wanted: &Wanted<'_>,
    places: &Places,
) -> Result<Vec<Noted>> {
    let rows = tx
        .all(
            "SELECT r.supplement, r.by_person, r.at, r.why, d.unit FROM reports r \
             JOIN person_days d ON d.day = r.day AND d.person = r.person \
             WHERE r.day = $1 AND r.supplement > 0 ORDER BY r.supplement",
            args![wanted.day],
            |row| {
                let (unit, why): (i64, String) = (row.get("unit")?, row.get("why")?);
                let shown = wanted.rights.answers.holds(unit) && !why.is_empty();
                let noted = Noted {
                    act: SignAct::Supplement(row.get("supplement")?),
                    person: row.get("by_person")?,
                    at: row.get("at")?,
                    to: places.named(unit).1,
                    reason: if shown { sealer.open_text(&why)? } else { String::new() },
                };
                Ok(places.ranks.contains_key(&unit).then_some(noted))
            },
        )
        .await?;
    Ok(rows.into_iter().flatten().collect())
}

//! Erasing a person who left the roster (F4, S15): the name, the numbers, the words go; the pseudonym stays, so that
//! figures and the audit chain stay whole.

use super::seal::Sealer;
use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::Time;

/// What stands in place of a name.
const GONE: &str = "—";
/// How many sealed texts are looked through at once.
const PAGE: i64 = 500;

/// Who is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    pub id: i64,
    pub code: String,
    pub name: String,
    /// `None`: still on the roster.
    pub removed_at: Option<Time>,
    phone: Option<String>,
    account: Option<i64>,
}

/// The person with this code.
///
/// # Errors
/// When the database refuses.
pub async fn find(tx: &mut Tx, code: &str) -> Result<Option<Leaver>> {
    tx.maybe(
        "SELECT p.id, p.code, p.name, p.removed_at, p.phone, b.account FROM people p \
         LEFT JOIN bindings b ON b.person = p.id WHERE p.code = $1",
        args![code],
        |row| {
            Ok(Leaver {
                id: row.get("id")?,
                code: row.get("code")?,
                name: row.get("name")?,
                removed_at: row.get("removed_at")?,
                phone: row.get("phone")?,
                account: row.get("account")?,
            })
        },
    )
    .await
}

/// Erases a person; returns how many texts that named them were changed.
///
/// # Errors
/// When the database refuses, or a text cannot be opened with this key.
pub async fn erase(tx: &mut Tx, sealer: &Sealer, who: &Leaver) -> Result<u64> {
    let words = words_of(tx, sealer, who).await?;
    forget_person(tx, who.id).await?;
    forget_answers(tx, who.id).await?;
    if let Some(account) = who.account {
        forget_account(tx, account).await?;
    }
    let mut changed = 0;
    for texts in TEXTS {
        changed += rewrite(tx, sealer, &texts, &words).await?;
    }
    Ok(changed)
}

/// What may not be found any more: the code and the phone, and the name unless somebody else bears it.
async fn words_of(tx: &mut Tx, sealer: &Sealer, who: &Leaver) -> Result<Vec<String>> {
    let namesakes: i64 = tx
        .one(
            "SELECT COUNT(*) AS n FROM people WHERE name = $1 AND id <> $2",
            args![&who.name, who.id],
            |row| row.get("n"),
        )
        .await?;
    let phone = who.phone.as_deref().map(|sealed| sealer.open_text(sealed)).transpose()?;
    let name = (namesakes == 0).then(|| who.name.clone());
    let words = [name, Some(who.code.clone()), phone].into_iter().flatten();
    Ok(words.filter(|word| word.chars().count() >= 2).collect())
}

async fn forget_person(tx: &mut Tx, person: i64) -> Result<()> {
    tx.execute(
        "UPDATE people SET name = $2, code = $3, phone = NULL, phone_hash = NULL, locale = NULL, telegram_id = NULL \
         WHERE id = $1",
        args![person, GONE, format!("erased-{person}")],
    )
    .await?;
    for sql in [
        "DELETE FROM bindings WHERE person = $1",
        "DELETE FROM roles WHERE person = $1",
        "DELETE FROM answers_for WHERE person = $1 OR student = $1",
        "DELETE FROM follows WHERE person = $1 OR student = $1",
        "DELETE FROM contacts WHERE person = $1",
        "DELETE FROM invites WHERE person = $1",
        "DELETE FROM admissions WHERE person = $1",
        "DELETE FROM nudges WHERE person = $1",
        "DELETE FROM dialogues WHERE person = $1",
        "DELETE FROM sessions WHERE person = $1",
    ] {
        tx.execute(sql, args![person]).await?;
    }
    Ok(())
}

/// Answers and reasons go; that somebody reported, and when, stays in the figures.
async fn forget_answers(tx: &mut Tx, person: i64) -> Result<()> {
    for sql in [
        "UPDATE reports SET answers = '', places = '', why = '' WHERE person = $1",
        "UPDATE person_days SET noted_why = NULL WHERE person = $1",
        "UPDATE alert_events SET detail = '' WHERE alert IN (SELECT id FROM alerts WHERE person = $1)",
        "UPDATE alerts SET reasons = '', why = '' WHERE person = $1",
    ] {
        tx.execute(sql, args![person]).await?;
    }
    Ok(())
}

/// The account, unless another person is bound to it.
async fn forget_account(tx: &mut Tx, account: i64) -> Result<()> {
    let others: i64 = tx
        .one("SELECT COUNT(*) AS n FROM bindings WHERE account = $1", args![account], |row| row.get("n"))
        .await?;
    if others > 0 {
        return Ok(());
    }
    for sql in [
        "DELETE FROM accounts WHERE account = $1",
        "DELETE FROM chat_members WHERE account = $1",
        "DELETE FROM attempts WHERE account = $1",
        "DELETE FROM ways WHERE chat = $1",
        "DELETE FROM dialogues WHERE account = $1",
        "DELETE FROM sessions WHERE account = $1",
        "DELETE FROM outbox WHERE chat = $1",
        "DELETE FROM messages WHERE chat = $1",
    ] {
        tx.execute(sql, args![account]).await?;
    }
    Ok(())
}

/// A column of sealed texts that may name anybody.
struct Texts {
    page: &'static str,
    write: &'static str,
}

const TEXTS: [Texts; 3] = [
    Texts {
        page: "SELECT id, body FROM messages WHERE id > $1 ORDER BY id LIMIT $2",
        write: "UPDATE messages SET body = $2 WHERE id = $1",
    },
    Texts {
        page: "SELECT id, body FROM outbox WHERE id > $1 AND body IS NOT NULL ORDER BY id LIMIT $2",
        write: "UPDATE outbox SET body = $2 WHERE id = $1",
    },
    Texts {
        page: "SELECT account AS id, body FROM dialogues WHERE account > $1 ORDER BY account LIMIT $2",
        write: "UPDATE dialogues SET body = $2 WHERE account = $1",
    },
];

/// Replaces words in all texts of a column, page by page.
async fn rewrite(tx: &mut Tx, sealer: &Sealer, texts: &Texts, words: &[String]) -> Result<u64> {
    let (mut after, mut changed) = (i64::MIN, 0);
    loop {
        let read = |row: &Row| Ok((row.get::<i64>("id")?, row.get::<String>("body")?));
        let page = tx.all(texts.page, args![after, PAGE], read).await?;
        let Some((last, _)) = page.last() else { return Ok(changed) };
        after = *last;
        for (id, body) in page.iter().filter(|(_, body)| !body.is_empty()) {
            let plain = sealer.open_text(body)?;
            if words.iter().any(|word| plain.contains(word.as_str())) {
                let without = words.iter().fold(plain, |text, word| text.replace(word.as_str(), GONE));
                tx.execute(texts.write, args![*id, sealer.seal_text(&without)]).await?;
                changed += 1;
            }
        }
    }
}

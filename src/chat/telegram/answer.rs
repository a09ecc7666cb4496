//! From an answer of the Bot API to a result.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use teloxide::ApiError;

use crate::chat::{GoneKind, SendError};

#[derive(Deserialize)]
struct Good<T> {
    result: T,
}

#[derive(Deserialize, Default)]
struct Bad {
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize, Default)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// The result in the body of a 2xx answer. One that cannot be read leaves open what happened.
pub fn result<T: DeserializeOwned>(body: &[u8]) -> Result<T, SendError> {
    match serde_json::from_slice::<Good<T>>(body) {
        Ok(good) => Ok(good.result),
        Err(_) => Err(SendError::Unclear("an answer that cannot be read".to_owned())),
    }
}

/// The error in any other answer.
pub fn error(status: u16, retry_after: Option<u64>, body: &[u8]) -> SendError {
    let bad: Option<Bad> = serde_json::from_slice(body).ok();
    match status {
        504 => return SendError::Unclear("status 504".to_owned()),
        429 => {
            let seconds = bad.and_then(|bad| bad.parameters.retry_after).or(retry_after).unwrap_or(5);
            return SendError::RetryAfter { seconds: seconds.max(1) };
        }
        500..=599 => return SendError::Server { status },
        _ => {}
    }
    // Not Telegram's words: a proxy on the way failed, and the call went no further.
    let Some(bad) = bad else { return SendError::Server { status } };
    if let Some(to) = bad.parameters.migrate_to_chat_id {
        return SendError::Migrated { to };
    }
    if status == 409 {
        return SendError::Conflict { description: bad.description };
    }
    classify(status, bad.description)
}

fn classify(status: u16, description: String) -> SendError {
    let known = serde_json::from_value::<ApiError>(description.as_str().into());
    match known {
        Ok(ApiError::BotBlocked) => SendError::Gone(GoneKind::Blocked),
        Ok(ApiError::UserDeactivated) => SendError::Gone(GoneKind::Deactivated),
        Ok(ApiError::CantInitiateConversation) => SendError::Gone(GoneKind::NeverStarted),
        Ok(ApiError::BotKicked | ApiError::BotKickedFromSupergroup | ApiError::BotKickedFromChannel) => {
            SendError::Gone(GoneKind::Kicked)
        }
        Ok(ApiError::ChatNotFound | ApiError::GroupDeactivated) => SendError::Gone(GoneKind::ChatNotFound),
        Ok(ApiError::MessageNotModified) => SendError::NotModified,
        Ok(ApiError::MessageToEditNotFound | ApiError::MessageIdInvalid) => SendError::MessageGone,
        Ok(ApiError::InvalidQueryId) => SendError::TooOld,
        Ok(ApiError::InvalidToken) => SendError::Unauthorized,
        _ if status == 401 => SendError::Unauthorized,
        _ => by_words(description),
    }
}

/// Words that teloxide does not know, or knows in another spelling.
fn by_words(description: String) -> SendError {
    const WORDS: [(&str, GoneKind); 11] = [
        ("bot was blocked", GoneKind::Blocked),
        ("user is deactivated", GoneKind::Deactivated),
        ("can't initiate conversation", GoneKind::NeverStarted),
        ("can't send messages to bots", GoneKind::NeverStarted),
        ("bot was kicked", GoneKind::Kicked),
        ("not a member of the", GoneKind::NotMember),
        ("chat not found", GoneKind::ChatNotFound),
        ("group is deactivated", GoneKind::ChatNotFound),
        ("the group chat was deleted", GoneKind::ChatNotFound),
        ("group chat was deactivated", GoneKind::ChatNotFound),
        ("peer_id_invalid", GoneKind::ChatNotFound),
    ];
    let lower = description.to_lowercase();
    if let Some((_, kind)) = WORDS.into_iter().find(|(words, _)| lower.contains(words)) {
        return SendError::Gone(kind);
    }
    if lower.contains("message is not modified") {
        return SendError::NotModified;
    }
    if lower.contains("message to edit not found") || lower.contains("message_id_invalid") {
        return SendError::MessageGone;
    }
    if lower.contains("query is too old") || lower.contains("query_id_invalid") {
        return SendError::TooOld;
    }
    SendError::Refused { description }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, description: &str) -> SendError {
        let body = serde_json::json!({"ok": false, "error_code": status, "description": description});
        error(status, None, body.to_string().as_bytes())
    }

    #[test]
    fn tells_who_is_gone() {
        let cases = [
            (403, "Forbidden: bot was blocked by the user", GoneKind::Blocked),
            (403, "Forbidden: user is deactivated", GoneKind::Deactivated),
            (403, "Forbidden: bot can't initiate conversation with a user", GoneKind::NeverStarted),
            (403, "Forbidden: bot was kicked from the group chat", GoneKind::Kicked),
            (403, "Forbidden: bot was kicked from the supergroup chat", GoneKind::Kicked),
            (403, "Forbidden: bot is not a member of the supergroup chat", GoneKind::NotMember),
            (403, "Forbidden: the group chat was deleted", GoneKind::ChatNotFound),
            (400, "Bad Request: chat not found", GoneKind::ChatNotFound),
        ];
        for (status, words, kind) in cases {
            assert_eq!(of(status, words), SendError::Gone(kind), "{words}");
        }
    }

    #[test]
    fn tells_what_may_be_tried_again() {
        assert_eq!(error(502, None, b"<html>"), SendError::Server { status: 502 });
        assert!(matches!(error(504, None, b"{}"), SendError::Unclear(_)));
        assert_eq!(error(429, Some(7), b"<html>"), SendError::RetryAfter { seconds: 7 });
        let body = br#"{"ok":false,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}"#;
        assert_eq!(error(429, None, body), SendError::RetryAfter { seconds: 3 });
        let body = br#"{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-1001}}"#;
        assert_eq!(error(400, None, body), SendError::Migrated { to: -1001 });
        assert!(matches!(result::<i64>(br#"{"ok":true,"resu"#), Err(SendError::Unclear(_))));
    }

    #[test]
    fn tells_what_is_as_good_as_done() {
        let same = "Bad Request: message is not modified: specified new message content and reply markup are exactly \
                    the same as a current content and reply markup of the message";
        assert_eq!(of(400, same), SendError::NotModified);
        assert_eq!(of(400, "Bad Request: message to edit not found"), SendError::MessageGone);
        let old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        assert_eq!(of(400, old), SendError::TooOld);
        assert_eq!(of(401, "Unauthorized"), SendError::Unauthorized);
        assert!(matches!(of(400, "Bad Request: message is too long"), SendError::Refused { .. }));
        assert!(matches!(of(409, "Conflict: terminated"), SendError::Conflict { .. }));
    }
}

//! Text as Telegram keeps it: cleaning, UTF-16 lengths and the entities it finds by itself.

use serde::Serialize;
use serde_json::{Value, json};

use crate::error::ApiError;

/// One formatted or recognised part of a text, offsets and lengths in UTF-16 code units.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Entity {
    /// `bot_command`, `mention`, `bold`, `text_link`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Start in UTF-16 code units.
    pub offset: usize,
    /// Length in UTF-16 code units.
    pub length: usize,
    /// Target of a `text_link`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The person of a `text_mention`, as a `User` object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Value>,
    /// Language of a `pre` block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Identifier of a `custom_emoji`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_emoji_id: Option<String>,
}

impl Entity {
    pub(crate) fn new(kind: &str, offset: usize, length: usize) -> Self {
        Self { kind: kind.to_owned(), offset, length, ..Self::default() }
    }
}

/// A text with its entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Formatted {
    pub text: String,
    pub entities: Vec<Entity>,
}

/// Length in UTF-16 code units, as Telegram counts.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// What becomes of one character: dropped (carriage returns, marks that break lines' layout, direction overrides),
/// replaced by a space (other control characters), or kept.
fn cleaned(c: char) -> Option<char> {
    match c {
        '\r' | '\u{2028}'..='\u{202e}' | '\u{333}' | '\u{33f}' | '\u{30a}' => None,
        '\n' => Some(c),
        '\0'..='\u{20}' => Some(' '),
        _ => Some(c),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Cleans as Telegram does and moves the entities along: control characters become spaces, carriage returns and
/// invisible marks go, blanks at both ends go. Entities left without text are dropped.
pub(crate) fn clean(input: &Formatted) -> Formatted {
    let mut text = String::with_capacity(input.text.len());
    let mut moved = Vec::with_capacity(input.text.len() + 1);
    let mut at = 0;
    for c in input.text.chars() {
        let kept = cleaned(c);
        moved.extend(std::iter::repeat_n(at, c.len_utf16()));
        if let Some(kept) = kept {
            text.push(kept);
            at += kept.len_utf16();
        }
    }
    moved.push(at);
    let start = utf16_len(&text) - utf16_len(text.trim_start_matches(is_blank));
    let trimmed = text.trim_matches(is_blank);
    let end = start + utf16_len(trimmed);
    let place = |offset: usize| moved.get(offset).copied().unwrap_or(at).clamp(start, end) - start;
    let entities = input.entities.iter().filter_map(|entity| {
        let (from, to) = (place(entity.offset), place(entity.offset + entity.length));
        (to > from).then(|| Entity { offset: from, length: to - from, ..entity.clone() })
    });
    Formatted { entities: entities.collect(), text: trimmed.to_owned() }
}

/// Adds what Telegram recognises by itself: commands, mentions, hashtags, links, e-mail addresses.
pub(crate) fn recognise(formatted: &mut Formatted) {
    if !formatted.text.contains(['/', '@', '#', ':']) {
        return;
    }
    let covered: Vec<(usize, usize)> = formatted
        .entities
        .iter()
        .filter(|entity| matches!(entity.kind.as_str(), "code" | "pre" | "text_link" | "text_mention"))
        .map(|entity| (entity.offset, entity.offset + entity.length))
        .collect();
    for found in found_in(&formatted.text) {
        let end = found.offset + found.length;
        if !covered.iter().any(|(from, to)| found.offset < *to && end > *from) {
            formatted.entities.push(found);
        }
    }
    formatted.entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
}

fn found_in(text: &str) -> Vec<Entity> {
    let mut found = Vec::new();
    let (mut at, mut byte) = (0, 0);
    let mut before = None;
    while let Some(c) = text[byte..].chars().next() {
        let rest = &text[byte..];
        let length = match before {
            Some(previous) if is_word(previous) || previous == '/' || previous == '@' => None,
            _ => start_of(rest),
        };
        let (bytes, last) = match length {
            Some((kind, bytes)) => {
                let part = &rest[..bytes];
                found.push(Entity::new(kind, at, utf16_len(part)));
                (bytes, part.chars().last())
            }
            None => (c.len_utf8(), Some(c)),
        };
        at += utf16_len(&rest[..bytes]);
        byte += bytes;
        before = last;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The entity that starts here, with its length in bytes.
fn start_of(rest: &str) -> Option<(&'static str, usize)> {
    match rest.chars().next()? {
        '/' => command(rest).map(|bytes| ("bot_command", bytes)),
        '@' => name_after(&rest[1..], 3, 32).map(|bytes| ("mention", bytes + 1)),
        '#' => {
            let word: usize = rest[1..].chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
            (word > 0 && !rest[1..1 + word].chars().all(|c| c.is_ascii_digit()))
                .then_some(("hashtag", word + 1))
        }
        'h' if rest.starts_with("http://") || rest.starts_with("https://") => {
            let bytes: usize = rest.chars().take_while(|c| !c.is_whitespace()).map(char::len_utf8).sum();
            let link = rest[..bytes].trim_end_matches(['.', ',', ')', '!', '?', ';', ':', '"', '\'']);
            (link.len() > 8).then_some(("url", link.len()))
        }
        c if c.is_ascii_alphanumeric() => email(rest).map(|bytes| ("email", bytes)),
        _ => None,
    }
}

fn name_after(rest: &str, least: usize, most: usize) -> Option<usize> {
    let bytes = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let ends = rest[bytes..].chars().next().is_none_or(|c| !is_word(c));
    (ends && (least..=most).contains(&bytes)).then_some(bytes)
}

fn command(rest: &str) -> Option<usize> {
    let name = rest[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    if !(1..=64).contains(&name) {
        return None;
    }
    let after = &rest[1 + name..];
    let mention = after.strip_prefix('@').and_then(|to| name_after(to, 3, 32)).map_or(0, |bytes| bytes + 1);
    let ends = after[mention..].chars().next().is_none_or(|c| !is_word(c) && c != '/');
    ends.then_some(1 + name + mention)
}

fn email(rest: &str) -> Option<usize> {
    let local = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || b"._+-".contains(b)).count();
    let domain = rest[local..].strip_prefix('@')?;
    let bytes = domain.bytes().take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
    let host = domain[..bytes].trim_end_matches(['.', '-']);
    host.contains('.').then_some(local + 1 + host.len())
}

/// Reads a MessageEntity array as given in a call; offsets outside the text are refused as Telegram refuses them.
pub(crate) fn given(text: &str, entities: &[Value]) -> Result<Formatted, ApiError> {
    let units = utf16_len(text) as i64;
    let mut parsed = Vec::with_capacity(entities.len());
    for entity in entities {
        let number = |name: &str| entity[name].as_i64().unwrap_or(0);
        let words = |name: &str| entity[name].as_str().map(str::to_owned);
        let (offset, length) = (number("offset"), number("length"));
        if offset < 0 || length < 0 || offset.checked_add(length).is_none_or(|end| end > units) {
            return Err(ApiError::bad(format!(
                "can't parse entities: entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {units}"
            )));
        }
        parsed.push(Entity {
            kind: words("type").unwrap_or_default(),
            offset: offset as usize,
            length: length as usize,
            url: words("url"),
            user: entity.get("user").cloned(),
            language: words("language"),
            custom_emoji_id: words("custom_emoji_id"),
        });
    }
    let known = |kind: &str| {
        !matches!(kind, "mention" | "hashtag" | "cashtag" | "bot_command" | "url" | "email" | "phone_number")
    };
    parsed.retain(|entity| entity.length > 0 && known(&entity.kind));
    Ok(Formatted { text: text.to_owned(), entities: parsed })
}

/// Entities as the Bot API shows them.
pub(crate) fn entities_json(entities: &[Entity]) -> Value {
    json!(entities)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(String, usize, usize)> {
        let mut formatted = Formatted { text: text.to_owned(), entities: Vec::new() };
        recognise(&mut formatted);
        formatted.entities.into_iter().map(|e| (e.kind, e.offset, e.length)).collect()
    }

    fn one(kind: &str, offset: usize, length: usize) -> Vec<(String, usize, usize)> {
        vec![(kind.to_owned(), offset, length)]
    }

    #[test]
    fn offsets_are_in_utf16_units() {
        assert_eq!(kinds("😀 /start@my_bot now"), one("bot_command", 3, 13));
        assert_eq!(kinds("收到 @leader_lin"), one("mention", 3, 11));
        assert_eq!(utf16_len("😀a收"), 4);
    }

    #[test]
    fn what_looks_like_an_entity_inside_a_word_is_none() {
        assert_eq!(kinds("a/b and/or 1/2"), vec![]);
        assert_eq!(kinds("write to a.b@example.org."), one("email", 9, 15));
        assert_eq!(kinds("see https://example.org/x?y=1."), one("url", 4, 25));
        assert_eq!(kinds("#tag"), one("hashtag", 0, 4));
        assert_eq!(kinds("/"), vec![]);
    }

    #[test]
    fn cleaning_moves_entities_along() {
        let input =
            Formatted { text: "  \ra\tb\u{200b} ".to_owned(), entities: vec![Entity::new("bold", 3, 3)] };
        let output = clean(&input);
        assert_eq!(output.text, "a b");
        assert_eq!(output.entities, vec![Entity::new("bold", 0, 3)]);
        assert_eq!(clean(&Formatted { text: "\u{200b}\n ".to_owned(), entities: vec![] }).text, "");
    }

    #[test]
    fn entities_outside_the_text_are_refused() {
        let entity = json!({"type": "bold", "offset": 1, "length": 2});
        assert!(given("ab", std::slice::from_ref(&entity)).is_err());
        assert_eq!(given("abc", &[entity]).expect("inside").entities, vec![Entity::new("bold", 1, 2)]);
    }
}

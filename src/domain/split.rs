//! Lengths as Telegram counts them, and texts too long for one message (S9: nothing of a text is lost).

/// The most UTF-16 units a message may have.
pub const MESSAGE_LIMIT: usize = 4096;
/// The most UTF-16 units of a directive's text that stand in its card, with room for the notes of two tiers; a
/// longer one goes ahead in parts.
pub const CARD_TEXT_LIMIT: usize = 1300;
/// The most UTF-16 units of a directive's text; what is longer belongs into a document.
pub const DIRECTIVE_TEXT_LIMIT: usize = 20_000;
/// The most UTF-16 units of one part of a longer text; its heading has room beside it.
pub const PART_TEXT_LIMIT: usize = 3900;
/// The most UTF-16 units of a note added when relaying.
pub const NOTE_TEXT_LIMIT: usize = 1000;
/// The most UTF-16 units of a report of what was carried out.
pub const REPORT_TEXT_LIMIT: usize = 2400;
/// The most UTF-16 units of the reason for sending a report back.
pub const REASON_TEXT_LIMIT: usize = 2000;
/// The most UTF-16 units of a reference (文号).
pub const REFERENCE_LIMIT: usize = 60;
/// The most UTF-16 units of a directive's title, the begin of its text.
pub const TITLE_LIMIT: usize = 40;

/// How many UTF-16 units Telegram counts for the text.
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Whether a directive's text stands in one card with its buttons; otherwise [`split`] it and send parts first.
pub fn fits_card(text: &str) -> bool {
    utf16_len(text) <= CARD_TEXT_LIMIT
}

/// The title of a directive: the first line of its text that says something, cut at [`TITLE_LIMIT`].
pub fn title(text: &str) -> String {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    clip(first, TITLE_LIMIT)
}

/// The text if it has at most `limit` UTF-16 units; otherwise its begin and `…`, together at most `limit`.
pub fn clip(text: &str, limit: usize) -> String {
    if utf16_len(text) <= limit {
        return text.to_owned();
    }
    let end = furthest(text, limit.saturating_sub(1));
    format!("{}…", text[..end].trim_end())
}

/// Cuts a text into parts of at most `limit` UTF-16 units (at least 2), at the end of a paragraph, a line, a
/// sentence or a word if one lies in the second half. No character and no emoji sequence is torn, and the
/// parts put together are the text.
pub fn split(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(2);
    let mut parts = Vec::new();
    let mut rest = text;
    while utf16_len(rest) > limit {
        let end = best_end(rest, limit);
        parts.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

/// Where to cut: the last end of the best kind within reach, in bytes.
fn best_end(text: &str, limit: usize) -> usize {
    let furthest = furthest(text, limit);
    let reach = &text[..furthest];
    let half = furthest / 2;
    let ends: [fn(&str, usize) -> bool; 4] = [ends_paragraph, ends_line, ends_sentence, ends_word];
    ends.iter()
        .find_map(|ends| {
            let mut places = reach.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
            places.find(|at| *at > half && ends(text, *at) && is_boundary(text, *at))
        })
        .unwrap_or(furthest)
}

/// The last place within `limit` units where nothing is torn, in bytes; within a single cluster that is longer
/// than all of it, the last place between two characters.
fn furthest(text: &str, limit: usize) -> usize {
    let (mut units, mut whole, mut torn) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > limit {
            break;
        }
        torn = at + c.len_utf8();
        if is_boundary(text, torn) {
            whole = torn;
        }
    }
    if whole > 0 { whole } else { torn }
}

fn ends_paragraph(text: &str, at: usize) -> bool {
    text[..at].ends_with("\n\n") && !text[at..].starts_with('\n')
}

fn ends_line(text: &str, at: usize) -> bool {
    text[..at].ends_with('\n')
}

fn ends_sentence(text: &str, at: usize) -> bool {
    let before = &text[..at];
    before.ends_with(['。', '！', '？', '；', '…'])
        || (before.ends_with(char::is_whitespace) && before.trim_end().ends_with(['.', '!', '?', ';']))
}

fn ends_word(text: &str, at: usize) -> bool {
    text[..at].ends_with(|c: char| c.is_whitespace() || matches!(c, '，' | '、' | '：' | '）' | '”' | '》'))
}

/// Whether the characters before and after this place may stand in two messages.
fn is_boundary(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else {
        return true;
    };
    let torn_flag = is_flag(after) && text[..at].chars().rev().take_while(|c| is_flag(*c)).count() % 2 == 1;
    !(extends(after) || before == '\u{200D}' || (before == '\r' && after == '\n') || torn_flag)
}

/// Letters of flags, which come in pairs.
fn is_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Characters that belong to the one before: joiners, variation selectors, skin tones, tags, combining marks.
fn extends(c: char) -> bool {
    matches!(c,
        '\u{200C}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E01EF}'
        | '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05BD}' | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}' | '\u{093A}'..='\u{094F}' | '\u{0E31}' | '\u{0E34}'..='\u{0E3A}'
        | '\u{0E47}'..='\u{0E4E}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{3099}'..='\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paragraphs_come_before_lines_sentences_and_words() {
        assert_eq!(split("一段落一。\n\n二段。二", 9), ["一段落一。\n\n", "二段。二"]);
        assert_eq!(split("甲乙丙丁戊。己庚，辛壬", 9), ["甲乙丙丁戊。", "己庚，辛壬"]);
        assert_eq!(split("one two three four", 10), ["one two ", "three four"]);
        assert_eq!(split("v1.2 is better than v1.1", 15), ["v1.2 is better ", "than v1.1"]);
    }

    #[test]
    fn no_emoji_is_torn() {
        let family = "👨‍👩‍👧‍👦";
        let text = family.repeat(3);
        assert_eq!(split(&text, utf16_len(family) + 3), [family; 3]);
        assert_eq!(split("🇨🇳🇨🇳🇨🇳", 7), ["🇨🇳", "🇨🇳", "🇨🇳"]);
        assert_eq!(split("👍🏽👍🏽", 5), ["👍🏽", "👍🏽"]);
        assert_eq!(clip("ab👨‍👩‍👧‍👦cd", 6), "ab…");
    }

    #[test]
    fn a_title_is_the_first_line_that_says_something() {
        assert_eq!(title("\n  \n  关于返校的通知  \n各学院："), "关于返校的通知");
        assert_eq!(utf16_len(&title(&"长".repeat(90))), TITLE_LIMIT);
        assert_eq!(title(" \n"), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn parts_fit_and_give_the_text_back(
            text in "([a-z .\n。，]|\\PC|👨‍👩‍👧‍👦|🇨🇳|\u{0301}|\u{200D}){0,160}", limit in 0_usize..60,
        ) {
            let parts = split(&text, limit);
            prop_assert_eq!(parts.concat(), text.clone());
            prop_assert!(parts.iter().all(|part| !part.is_empty() && utf16_len(part) <= limit.max(2)));
        }

        #[test]
        fn whole_families_stay_whole(before in "[a-z。 ]{0,30}", limit in 11_usize..60) {
            let text = format!("{before}👨‍👩‍👧‍👦").repeat(4);
            let whole: usize = split(&text, limit).iter().map(|part| part.matches("👨‍👩‍👧‍👦").count()).sum();
            prop_assert_eq!(whole, 4);
        }

        #[test]
        fn a_clipped_text_fits(text: String, limit in 1_usize..30) {
            prop_assert!(utf16_len(&clip(&text, limit)) <= limit);
        }
    }
}

//! `parse_mode` HTML as Telegram reads it: its tags, its four named entities, its error texts.

use crate::error::ApiError;
use crate::text::{Entity, Formatted};

struct Open {
    tag: String,
    attribute: Option<String>,
    offset: usize,
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    text: String,
    units: usize,
    open: Vec<Open>,
    entities: Vec<Entity>,
}

/// Parses HTML. Refusals carry Telegram's texts, with byte offsets into the source.
pub(crate) fn parse(source: &str) -> Result<Formatted, ApiError> {
    let mut parser =
        Parser { source, at: 0, text: String::new(), units: 0, open: Vec::new(), entities: Vec::new() };
    parser.run().map_err(|text| ApiError::bad(format!("can't parse entities: {text}")))?;
    let mut entities = parser.entities;
    entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    Ok(Formatted { text: parser.text, entities })
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(c) = self.source[self.at..].chars().next() {
            match c {
                '&' => self.reference(),
                '<' if self.source[self.at + 1..].starts_with('/') => self.end_tag()?,
                '<' => self.start_tag()?,
                _ => {
                    self.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        match self.open.last() {
            Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag)),
            None => Ok(()),
        }
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    fn reference(&mut self) {
        match decode(&self.source[self.at..]) {
            Some((c, bytes)) => {
                self.push(c);
                self.at += bytes;
            }
            None => {
                self.push('&');
                self.at += 1;
            }
        }
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let unclosed = || format!("Unclosed start tag at byte offset {begin}");
        let inner = &self.source[begin + 1..];
        let name_end = inner.find(|c: char| c.is_ascii_whitespace() || c == '>').ok_or_else(unclosed)?;
        let tag = inner[..name_end].to_ascii_lowercase();
        if !KNOWN.contains(&tag.as_str()) {
            return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}"));
        }
        self.at = begin + 1 + name_end;
        let mut attribute = None;
        while let Some((name, value)) = self.attribute(&tag, begin)? {
            match (tag.as_str(), name.as_str()) {
                ("a", "href") | ("tg-emoji", "emoji-id") => attribute = Some(value),
                ("code", "class") => attribute = value.strip_prefix("language-").map(str::to_owned),
                ("span", "class") if value == "tg-spoiler" => attribute = Some(value),
                ("blockquote", "expandable") => attribute = Some(name),
                _ => {}
            }
        }
        if tag == "span" && attribute.is_none() {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
        }
        self.open.push(Open { tag, attribute, offset: self.units });
        Ok(())
    }

    /// The next attribute of the tag that began at `begin`, or `None` after its `>`.
    fn attribute(&mut self, tag: &str, begin: usize) -> Result<Option<(String, String)>, String> {
        let unclosed = || format!("Unclosed start tag at byte offset {begin}");
        self.skip_spaces();
        let rest = &self.source[self.at..];
        if rest.starts_with('>') {
            self.at += 1;
            return Ok(None);
        }
        let name_end =
            rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '>').ok_or_else(unclosed)?;
        if name_end == 0 {
            return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
        }
        let name = rest[..name_end].to_ascii_lowercase();
        self.at += name_end;
        self.skip_spaces();
        if !self.source[self.at..].starts_with('=') {
            return Ok(Some((name, String::new())));
        }
        self.at += 1;
        self.skip_spaces();
        let rest = &self.source[self.at..];
        let (value, used) = match rest.chars().next().ok_or_else(unclosed)? {
            quote @ ('"' | '\'') => {
                let end = rest[1..].find(quote).ok_or_else(unclosed)?;
                (&rest[1..1 + end], end + 2)
            }
            _ => {
                let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '>').ok_or_else(unclosed)?;
                (&rest[..end], end)
            }
        };
        let value = decoded(value);
        self.at += used;
        Ok(Some((name, value)))
    }

    fn skip_spaces(&mut self) {
        self.at += self.source[self.at..].bytes().take_while(u8::is_ascii_whitespace).count();
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let inner = &self.source[begin + 2..];
        let end = inner.find('>').ok_or_else(|| format!("Unclosed end tag at byte offset {begin}"))?;
        let name = inner[..end].trim_end().to_ascii_lowercase();
        let open = self.open.pop().ok_or_else(|| format!("Unexpected end tag at byte offset {begin}"))?;
        if !name.is_empty() && name != open.tag {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
                open.tag
            ));
        }
        self.at = begin + 2 + end + 1;
        self.close(open);
        Ok(())
    }

    fn close(&mut self, open: Open) {
        let length = self.units - open.offset;
        if length == 0 {
            return;
        }
        let Open { tag, attribute, offset } = open;
        let kind = match tag.as_str() {
            "b" | "strong" => "bold",
            "i" | "em" => "italic",
            "u" | "ins" => "underline",
            "s" | "strike" | "del" => "strikethrough",
            "span" | "tg-spoiler" => "spoiler",
            "tg-emoji" => "custom_emoji",
            "a" => "text_link",
            "blockquote" if attribute.is_some() => "expandable_blockquote",
            other => other,
        };
        let mut entity = Entity::new(kind, offset, length);
        match tag.as_str() {
            "a" => {
                let written: String = self.text[byte_of(&self.text, offset)..].to_owned();
                entity.url = Some(attribute.unwrap_or(written));
            }
            "tg-emoji" => entity.custom_emoji_id = attribute,
            "code" => entity.language = attribute,
            "pre" => self.take_language(&mut entity),
            _ => {}
        }
        self.entities.push(entity);
    }

    /// `<pre><code class="language-x">` is one block with a language.
    fn take_language(&mut self, pre: &mut Entity) {
        let inside = |e: &Entity| e.kind == "code" && e.offset == pre.offset && e.length == pre.length;
        if let Some(at) = self.entities.iter().position(inside) {
            pre.language = self.entities.remove(at).language;
        }
    }
}

const KNOWN: [&str; 16] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "span",
    "pre",
    "code",
    "blockquote",
];

fn byte_of(text: &str, units: usize) -> usize {
    let mut seen = 0;
    text.char_indices()
        .find(|(_, c)| {
            let here = seen >= units;
            seen += c.len_utf16();
            here
        })
        .map_or(text.len(), |(byte, _)| byte)
}

fn decoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let (c, bytes) = decode(rest).unwrap_or((c, c.len_utf8()));
        out.push(c);
        rest = &rest[bytes..];
    }
    out
}

/// A character reference at the start of `text`: the four named ones and numbers; the semicolon may be missing.
fn decode(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let (c, bytes) = match body.strip_prefix('#') {
        Some(number) => numeric(number)?,
        None => {
            let length = body.bytes().take_while(u8::is_ascii_alphabetic).count();
            let c = match &body[..length] {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                _ => return None,
            };
            (c, length)
        }
    };
    let semicolon = usize::from(body[bytes..].starts_with(';'));
    Some((c, 1 + bytes + semicolon))
}

fn numeric(number: &str) -> Option<(char, usize)> {
    let (digits, radix, prefix) = match number.strip_prefix('x') {
        Some(hex) => (hex, 16, 2),
        None => (number, 10, 1),
    };
    let length = digits.chars().take_while(|c| c.is_digit(radix)).count();
    let code = u32::from_str_radix(&digits[..length], radix).ok()?;
    char::from_u32(code).filter(|c| *c != '\0').map(|c| (c, prefix + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(source: &str) -> String {
        let text = parse(source).expect_err("refused").description;
        text.strip_prefix("Bad Request: can't parse entities: ").expect("Telegram's prefix").to_owned()
    }

    #[test]
    fn tags_become_entities() {
        let formatted = parse("<b>收<i>到</i></b> &lt;x&gt; &amp;&quot;&#33;").expect("valid");
        assert_eq!(formatted.text, "收到 <x> &\"!");
        assert_eq!(formatted.entities, vec![Entity::new("bold", 0, 2), Entity::new("italic", 1, 1)]);
    }

    #[test]
    fn attributes_are_read() {
        let formatted = parse("<a href=\"https://example.org/?a=1&amp;b=2\">x</a>").expect("valid");
        assert_eq!(formatted.entities[0].url.as_deref(), Some("https://example.org/?a=1&b=2"));
        let block = parse("<pre><code class=\"language-rust\">fn</code></pre>").expect("valid");
        assert_eq!(block.entities.len(), 1);
        assert_eq!(block.entities[0].language.as_deref(), Some("rust"));
        let quote = parse("<blockquote expandable>x</blockquote>").expect("valid");
        assert_eq!(quote.entities[0].kind, "expandable_blockquote");
    }

    #[test]
    fn other_references_stay_as_written() {
        assert_eq!(parse("a &nbsp; b & c").expect("valid").text, "a &nbsp; b & c");
    }

    #[test]
    fn faults_have_telegrams_words() {
        assert_eq!(refusal("a < b"), "Unsupported start tag \"\" at byte offset 2");
        assert_eq!(refusal("<p>x</p>"), "Unsupported start tag \"p\" at byte offset 0");
        assert_eq!(refusal("<b>x"), "Can't find end tag corresponding to start tag \"b\"");
        assert_eq!(
            refusal("<b><i>x</b>"),
            "Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\""
        );
        assert_eq!(refusal("x</b>"), "Unexpected end tag at byte offset 1");
        assert_eq!(refusal("<b"), "Unclosed start tag at byte offset 0");
    }
}

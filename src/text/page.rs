//! A message while it is written: lines, mentions and buttons, within Telegram's bounds.

use super::voice::{Values, Voice};
use super::{Button, Entity, Keyboard, Rendered};
use crate::domain::message::{Mention, Verb};
use crate::domain::split::{clip, utf16_len};

/// Where lists stop, in UTF-16 units: what stands below them has room.
const LIST_LIMIT: usize = 3400;
/// How many buttons a list may bring; Telegram takes a hundred under a message.
const BUTTON_LIMIT: usize = 90;
/// How many names of people one list shows at most.
const MENTION_LIMIT: usize = 60;

/// A message in the making.
pub(super) struct Page<'a> {
    pub voice: &'a Voice<'a>,
    text: String,
    entities: Vec<Entity>,
    rows: Vec<Vec<Button>>,
    reply_keyboard: Option<Keyboard>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(voice: &'a Voice<'a>) -> Self {
        Page { voice, text: String::new(), entities: Vec::new(), rows: Vec::new(), reply_keyboard: None }
    }

    /// Begins a new line with these words.
    pub fn line(&mut self, words: impl AsRef<str>) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(words.as_ref());
    }

    /// A new line with the sentence of this name.
    pub fn say(&mut self, id: &str) {
        self.line(self.voice.say(id));
    }

    /// A new line with the sentence of this name and its variables.
    pub fn say_with(&mut self, id: &str, values: Values<'_>) {
        self.line(self.voice.say_with(id, values));
    }

    /// A new line of these parts, as far as there are any: `计算机学院 · 截止 18:00`.
    pub fn dotted(&mut self, indent: &str, parts: impl IntoIterator<Item = Option<String>>) {
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            self.line(format!("{indent}{}", parts.join(" · ")));
        }
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.line("");
    }

    /// A new line with a label and names; a name with an account points at it.
    pub fn mentions(&mut self, indent: &str, label: &str, mentions: &[Mention]) {
        self.line(format!("{indent}{}", self.voice.label(label)));
        let join = self.voice.say("join");
        let mut shown = 0;
        for mention in mentions.iter().take(MENTION_LIMIT) {
            if self.units() > LIST_LIMIT {
                break;
            }
            if shown > 0 {
                self.text.push_str(&join);
            }
            self.mention(mention);
            shown += 1;
        }
        if shown < mentions.len() {
            let total = u64::try_from(mentions.len()).unwrap_or(u64::MAX);
            self.text.push_str(&self.voice.say_with("more-people", &[("total", total.into())]));
        }
    }

    /// A new line with one name; with an account it points at it.
    pub fn mention_line(&mut self, indent: &str, mention: &Mention) {
        self.line(indent);
        self.mention(mention);
    }

    /// More words on the present line.
    pub fn add(&mut self, words: &str) {
        self.text.push_str(words);
    }

    fn mention(&mut self, mention: &Mention) {
        let name = self.voice.name(&mention.name);
        if let Some(account) = mention.account
            && !name.is_empty()
        {
            let length_utf16 = utf16_len(&name);
            self.entities.push(Entity { offset_utf16: self.units(), length_utf16, account });
        }
        self.text.push_str(&name);
    }

    /// Draws item by item while there is room for words and buttons; says how many there are when not all fit.
    pub fn items<T>(&mut self, items: &[T], mut draw: impl FnMut(&mut Self, usize, &T)) {
        for (index, item) in items.iter().enumerate() {
            let before = (self.text.len(), self.entities.len(), self.rows.len());
            draw(self, index, item);
            let buttons: usize = self.rows.iter().map(Vec::len).sum();
            if self.units() > LIST_LIMIT || buttons > BUTTON_LIMIT {
                self.text.truncate(before.0);
                self.entities.truncate(before.1);
                self.rows.truncate(before.2);
                let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
                self.say_with("more-items", &[("total", total.into())]);
                return;
            }
        }
    }

    /// A row of buttons; nothing for none.
    pub fn row(&mut self, buttons: Vec<Button>) {
        if !buttons.is_empty() {
            self.rows.push(buttons);
        }
    }

    /// Buttons in rows of `width`, as many as Telegram takes; a list that has more comes in pages.
    pub fn grid(&mut self, buttons: Vec<Button>, width: usize) {
        let there: usize = self.rows.iter().map(Vec::len).sum();
        let room = buttons.len().min(BUTTON_LIMIT.saturating_sub(there));
        for row in buttons[..room].chunks(width.max(1)) {
            self.row(row.to_vec());
        }
    }

    /// Which page of a list this is, with buttons to the others; `at` counts from 0.
    pub fn pages(&mut self, at: usize, pages: usize) {
        if pages < 2 {
            return;
        }
        let shown = [at.saturating_add(1), pages].map(|number| u64::try_from(number).unwrap_or(u64::MAX));
        self.say_with("page", &[("page", shown[0].into()), ("pages", shown[1].into())]);
        let turn = |id, to: usize| {
            let to = i64::try_from(to).unwrap_or(i64::MAX);
            self.voice.button(id, Verb::Page, Some(to))
        };
        let previous = at.checked_sub(1).map(|to| turn("button-previous", to));
        let next = at.checked_add(1).filter(|to| *to < pages).map(|to| turn("button-next", to));
        self.row(previous.into_iter().chain(next).collect());
    }

    /// Shows or takes away the keyboard below the input field.
    pub fn reply_keyboard(&mut self, keyboard: Keyboard) {
        self.reply_keyboard = Some(keyboard);
    }

    /// The message, at most `limit` UTF-16 units. Only words that the engine should have split are ever cut.
    pub fn finish(mut self, limit: usize) -> Rendered {
        if self.units() > limit {
            tracing::error!(units = self.units(), "a message is too long for Telegram and is cut");
            self.text = clip(&self.text, limit);
            let end = utf16_len(&self.text);
            self.entities.retain(|entity| entity.offset_utf16 + entity.length_utf16 <= end);
        }
        let keyboard = match self.reply_keyboard {
            Some(keyboard) => keyboard,
            None if self.rows.is_empty() => Keyboard::None,
            None => Keyboard::Inline(self.rows),
        };
        Rendered { text: self.text, entities: self.entities, keyboard }
    }

    fn units(&self) -> usize {
        utf16_len(&self.text)
    }
}

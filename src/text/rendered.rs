//! A message in words, ready to be sent: plain text, mentions as entities, buttons (S9).

/// A name in the text that links to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Where it begins, in UTF-16 units.
    pub offset_utf16: usize,
    /// How long it is, in UTF-16 units.
    pub length_utf16: usize,
    /// The account it links to.
    pub account: i64,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Sends this as `callback_data`, at most 64 bytes.
    Data(String),
    /// Opens this address.
    Url(String),
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it shows.
    pub label: String,
    /// What it does.
    pub action: Action,
}

/// What stands under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyboard {
    /// Nothing.
    None,
    /// Rows of buttons.
    Inline(Vec<Vec<Button>>),
    /// One big button that shares the person's own contact; private chats only.
    AskContact {
        /// What it shows.
        button: String,
    },
    /// One big button that shares the place where the person is; private chats only.
    AskLocation {
        /// What it shows.
        button: String,
    },
    /// Takes that button away.
    RemoveReplyKeyboard,
}

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Plain text, at most 4096 UTF-16 units.
    pub text: String,
    /// Mentions.
    pub entities: Vec<Entity>,
    /// Buttons.
    pub keyboard: Keyboard,
}

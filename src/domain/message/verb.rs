use serde::{Deserialize, Serialize};

macro_rules! verbs {
    ($($(#[$doc:meta])* $verb:ident = $word:literal,)*) => {
        /// What a button does. The word stands in `callback_data` before the colon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Verb { $($(#[$doc])* $verb,)* }

        impl Verb {
            /// All verbs.
            pub const ALL: &[Verb] = &[$(Verb::$verb,)*];

            /// The word of `callback_data`.
            pub fn word(self) -> &'static str {
                match self { $(Verb::$verb => $word,)* }
            }

            /// The verb of a word; `None` for a forged one.
            pub fn from_word(word: &str) -> Option<Verb> {
                match word { $($word => Some(Verb::$verb),)* _ => None }
            }
        }
    };
}

verbs! {
    /// Compose: how deep.
    To = "to",
    /// Compose: urgent or normal.
    Urgent = "urgent",
    /// Compose: answer needed or not.
    Info = "info",
    /// Compose: open the choice of units; with an argument, address it, copy it, leave it out.
    Units = "units",
    /// Compose: choose the due.
    Due = "due",
    /// Compose: attach a document or photo.
    Attach = "attach",
    /// Compose: the reference (文号).
    Reference = "ref",
    /// Compose: back from a choice to the preview.
    Back = "back",
    /// Compose: send, and confirm.
    Send = "send",
    /// Compose: cancel.
    Cancel = "cancel",
    /// Change a sent directive.
    Edit = "edit",
    /// Withdraw a sent directive; with an argument, confirmed.
    Withdraw = "withdraw",
    /// Received.
    Ack = "ack",
    /// Relay now.
    Relay = "relay",
    /// Relay with a note.
    Note = "note",
    /// Carried out.
    Done = "done",
    /// Review: accepted.
    Accept = "accept",
    /// Review: sent back.
    Return = "return",
    /// Reached by phone.
    Phone = "phone",
    /// Tried by phone, not reached.
    Unreach = "unreach",
    /// I am on it.
    Take = "take",
    /// Remind the missing now.
    Remind = "remind",
    /// Ask for admission by one's code (in a group).
    Join = "join",
    /// This account is that person.
    Admit = "admit",
    /// This account is not that person.
    Deny = "deny",
    /// This contact was verified (A4).
    Verify = "verify",
    /// Choose a language.
    Lang = "lang",
    /// Check-in: nothing changed since my last report.
    Same = "same",
    /// Check-in: fill in the form.
    Fill = "fill",
    /// Check-in: an answer.
    Answer = "ans",
    /// Check-in: a multi-choice is finished.
    Next = "next",
    /// Check-in: the report is complete.
    Submit = "submit",
    /// Check-in: one answer again.
    Change = "change",
    /// Excused for today, with a reason.
    Excuse = "excuse",
    /// The units' figures are right.
    Confirm = "confirm",
    /// Review or sign the day.
    Sign = "sign",
    /// Send the day back to a unit.
    Reject = "reject",
    /// Filed with the authority.
    Filed = "filed",
    /// An alert was reported to the authority.
    Told = "told",
    /// An alert is verified and closed.
    Clear = "clear",
    /// The workbook, after it was asked whether (S17).
    Export = "export",
    /// Drill down.
    Open = "open",
    /// Another page of the same list.
    Page = "page",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_reads_back() {
        for verb in Verb::ALL {
            assert_eq!(Verb::from_word(verb.word()), Some(*verb));
        }
        assert_eq!(Verb::from_word("acked"), None);
    }
}

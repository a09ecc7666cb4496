use serde::{Deserialize, Serialize};

use super::{Number, Refusal, TallyToast, Time};

/// The short answer to a press.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Toast {
    /// Nothing to say; the press is answered all the same.
    Quiet,
    /// 已收到.
    Acked { number: Number, late: bool },
    /// 已代张一、张二确认: a guardian acknowledged for these children.
    AckedFor { number: Number, children: Vec<String>, late: bool },
    /// It was acknowledged before, at this time.
    AlreadyAcked { at: Time },
    /// Another guardian of the household was first.
    HouseholdAcked { by: String },
    /// Only some must acknowledge here; this person need not.
    NotYours,
    /// The account is not bound to a person of the roster.
    NotBound,
    /// The message is out of date.
    Outdated,
    /// The preview, form or dialogue was made for somebody else.
    SomebodyElses,
    /// The directive was withdrawn.
    Withdrawn,
    /// How deep must be chosen before sending.
    ChooseDepth,
    /// A directive without words or attachments cannot be sent.
    Empty,
    /// No unit is addressed.
    NoUnits,
    /// Type the answer into the private chat.
    TypeIt,
    /// The bot cannot write to this account: press Start first.
    StartFirst,
    /// Somebody (named) did this already.
    AlreadyDone { by: String },
    /// It was noted.
    Noted,
    /// It is being relayed.
    Relaying,
    /// The missing were reminded: so many in private, in so many groups.
    Reminded { people: u32, groups: u32 },
    /// The missing were reminded less than ten minutes ago.
    RemindedLately { minutes: u32 },
    /// About figures.
    Tally(TallyToast),
    /// The check-in was taken.
    Reported { late: bool },
    /// The day is signed: it was taken as a supplement of this number.
    Supplemented { number: i64 },
    /// The check-in was made before; by somebody else, who is named.
    AlreadyReported { by: Option<String>, at: Time },
    /// The day of this form is over.
    FormOver,
    /// The form has moved on from this question.
    FormMoved,
    /// So few choices are no answer.
    ChooseSome,
    /// The reason of a supplement is to be typed.
    GiveReason,
    /// The form was opened in a new message.
    FormBelow,
    /// Noted that the reader is on it: it goes no further until then.
    OnIt { until: Time },
    /// An act that is refused.
    Refused(Refusal),
    /// Something failed on our side; try again.
    Failed,
}

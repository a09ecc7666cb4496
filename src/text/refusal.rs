//! Why something is not done, in a sentence for the person.

use super::voice::Voice;
use crate::domain::message::Refusal;

/// The sentence of a refusal.
pub(super) fn say(voice: &Voice<'_>, refusal: &Refusal) -> String {
    let minutes = |id, minutes: u32| voice.say_with(id, &[("minutes", minutes.max(1).into())]);
    match refusal {
        Refusal::NoRight => voice.say("refused-no-right"),
        Refusal::OnlyInPrivate => voice.say("refused-only-in-private"),
        Refusal::OnlyInOwnGroup => voice.say("refused-only-in-own-group"),
        Refusal::NoFace => voice.say("refused-no-face"),
        Refusal::ChatNotBound => voice.say("refused-chat-not-bound"),
        Refusal::WrongCode => voice.say("refused-wrong-code"),
        Refusal::NotYourUnit => voice.say("refused-not-your-unit"),
        Refusal::SlowDown { minutes: wait } => minutes("refused-slow-down", *wait),
        Refusal::ChatTaken { unit } => {
            voice.say_with("refused-chat-taken", &[("unit", voice.name(unit).into())])
        }
        Refusal::NoSuchDirective => voice.say("refused-no-such-directive"),
        Refusal::NoSuchPerson => voice.say("refused-no-such-person"),
        Refusal::RemindedLately { minutes: wait } => minutes("refused-reminded-lately", *wait),
        Refusal::NobodyMissing => voice.say("refused-nobody-missing"),
        Refusal::NotUnderstood => voice.say("refused-not-understood"),
        Refusal::TooLong { most } => voice.say_with("refused-too-long", &[("most", (*most).into())]),
        Refusal::WrongKind => voice.say("refused-wrong-kind"),
        Refusal::BadDue => voice.say("refused-bad-due"),
        Refusal::TooLate => voice.say("refused-too-late"),
        Refusal::Busy => voice.say("refused-busy"),
        Refusal::Verb(verb) => voice.say_with("refused-verb", &[("verb", verb.word().into())]),
    }
}

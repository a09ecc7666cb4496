//! The short answers to presses.

use super::voice::Voice;
use super::{refusal, tally};
use crate::domain::message::Toast;

/// The words, and whether they must be closed by hand: when the person has to do something else first.
pub(super) fn say(voice: &Voice<'_>, toast: &Toast) -> (String, bool) {
    if let Toast::Tally(toast) = toast {
        return tally::toast(voice, toast);
    }
    let alert = matches!(
        toast,
        Toast::NotBound
            | Toast::Withdrawn
            | Toast::ChooseDepth
            | Toast::Empty
            | Toast::NoUnits
            | Toast::StartFirst
            | Toast::FormOver
            | Toast::Refused(_)
            | Toast::Failed
    );
    (words(voice, toast), alert)
}

fn words(voice: &Voice<'_>, toast: &Toast) -> String {
    match toast {
        Toast::Quiet => String::new(),
        Toast::Acked { late: false, .. } => voice.say("toast-acked"),
        Toast::Acked { late: true, .. } => voice.say("toast-acked-late"),
        Toast::AckedFor { children, late, .. } => {
            let id = if *late { "toast-acked-for-late" } else { "toast-acked-for" };
            voice.say_with(id, &[("children", voice.children(children).into())])
        }
        Toast::AlreadyAcked { at } => voice.say_with("toast-already-acked", &[("at", voice.at(*at).into())]),
        Toast::HouseholdAcked { by } => {
            voice.say_with("toast-household-acked", &[("by", voice.name(by).into())])
        }
        Toast::NotYours => voice.say("toast-not-yours"),
        Toast::NotBound => voice.say("toast-not-bound"),
        Toast::Outdated => voice.say("toast-outdated"),
        Toast::SomebodyElses => voice.say("toast-somebody-elses"),
        Toast::Withdrawn => voice.say("toast-withdrawn"),
        Toast::ChooseDepth => voice.say("toast-choose-depth"),
        Toast::Empty => voice.say("toast-empty"),
        Toast::NoUnits => voice.say("toast-no-units"),
        Toast::TypeIt => voice.say("toast-type-it"),
        Toast::StartFirst => voice.say("toast-start-first"),
        Toast::AlreadyDone { by } => voice.say_with("toast-already-done", &[("by", voice.name(by).into())]),
        Toast::Noted => voice.say("toast-noted"),
        Toast::Relaying => voice.say("toast-relaying"),
        Toast::Reminded { people, groups } => {
            voice.say_with("reminded", &[("people", (*people).into()), ("groups", (*groups).into())])
        }
        Toast::RemindedLately { minutes } => {
            voice.say_with("toast-reminded-lately", &[("minutes", (*minutes).max(1).into())])
        }
        Toast::Tally(toast) => tally::toast(voice, toast).0,
        Toast::Reported { late: false } => voice.say("toast-reported"),
        Toast::Reported { late: true } => voice.say("toast-reported-late"),
        Toast::Supplemented { number } => {
            voice.say_with("toast-supplemented", &[("number", number.to_string().into())])
        }
        Toast::AlreadyReported { by: None, at } => {
            voice.say_with("toast-reported-before", &[("at", voice.at(*at).into())])
        }
        Toast::AlreadyReported { by: Some(by), at } => voice
            .say_with("toast-reported-by", &[("by", voice.name(by).into()), ("at", voice.at(*at).into())]),
        Toast::FormOver => voice.say("toast-form-over"),
        Toast::FormMoved => voice.say("toast-form-moved"),
        Toast::ChooseSome => voice.say("toast-choose-some"),
        Toast::GiveReason => voice.say("toast-give-reason"),
        Toast::FormBelow => voice.say("toast-form-below"),
        Toast::OnIt { until } => voice.say_with("toast-on-it", &[("until", voice.at(*until).into())]),
        Toast::Refused(reason) => refusal::say(voice, reason),
        Toast::Failed => voice.say("toast-failed"),
    }
}

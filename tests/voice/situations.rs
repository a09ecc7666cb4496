//! Which situations there are. The matches are exhaustive: a new variant does not compile before it is named
//! here, and what is named here fails without a sample.

use std::collections::BTreeSet;

use tierline::domain::message::{AlertHead, AlertMessage, Urgent};
use tierline::domain::message::{
    Binding, Compose, ConfirmState, DayMessage, DutyState, Filing, Message, Paper, Privacy, Refusal,
    RelayState, Signing, Stage, Tally, TallyToast, Toast, TodayItem, Trouble,
};

macro_rules! situations {
    ($($list:ident $name_of:ident $type:ident { $($variant:ident)* })*) => {
        $(
            const $list: &[&str] = &[$(concat!(stringify!($type), "::", stringify!($variant)),)*];

            fn $name_of(of: &$type) -> &'static str {
                match of {
                    $($type::$variant { .. } => concat!(stringify!($type), "::", stringify!($variant)),)*
                }
            }
        )*

        /// Every situation.
        pub(super) fn all() -> Vec<&'static str> {
            [$($list),*].concat()
        }
    };
}

situations! {
    MESSAGES message Message {
        Binding Refused Compose Card Part RemindGroup Reminder Escalation Duty Review Withdrawn Sent Attachment
        Track TrackList Pending Status Today Reminded WhichDirective Acknowledged AnsweredInPrivate Day NotUnderstood Privacy
        Alert Urgent Tally Form Paper
    }
    BINDINGS binding Binding {
        Welcome WelcomeBack NotBound LinkUsed LinkExpired LinkUnknown SlowDown AccountTaken PersonTaken LinkBurnt
        Help ChooseLanguage LanguageSet Cancelled NothingToCancel InviteButton AskCode CodeUnknown AskContact
        NotYourContact AskedResponsible NobodyToAsk Admission AdmissionDecided Denied Unbound NewLink Registered
        RegisterRefused ChatLost ChatReplaced NewStrangers Members Contacts Unreachable OtherBot BotFails BotBack
    }
    COMPOSES compose Compose {
        AskText Preview ChooseUnits ChooseDue AskAttachment AskReference ConfirmWhole AwaitSecond AskSecond
        SecondDeclined Sent Cancelled AskNote AskDone
        AskReturnReason AskNewText PreviewEdit ConfirmWithdraw Edited Withdrawn PreviewInPrivate
    }
    REFUSALS refusal Refusal {
        NoRight OnlyInPrivate OnlyInOwnGroup NoFace ChatNotBound WrongCode NotYourUnit SlowDown ChatTaken
        NoSuchDirective NoSuchPerson RemindedLately NobodyMissing NotUnderstood TooLong WrongKind BadDue TooLate Busy
        Verb
    }
    TOASTS toast Toast {
        Quiet Acked AckedFor AlreadyAcked HouseholdAcked NotYours NotBound Outdated SomebodyElses Withdrawn
        ChooseDepth Empty NoUnits TypeIt StartFirst AlreadyDone Noted Relaying Reminded RemindedLately Tally Reported
        Supplemented AlreadyReported FormOver FormMoved ChooseSome GiveReason FormBelow OnIt Refused Failed
    }
    TALLIES tally Tally {
        NoDay Confirm Unconfirmed SignOff ChooseReturn AskReturnReason SentBack AskSignReason AskFiled Reconfirmed
        Supplemented
    }
    CONFIRM_STATES confirm_state ConfirmState { Open Done Changed Returned }
    STAGES stage Stage { Review Sign Signed }
    FILINGS filing Filing { Open Filed }
    TALLY_TOASTS tally_toast TallyToast {
        Confirmed AlreadyConfirmed StillMissing FiguresChanged Signed NeedsReview Reviewed SignedNow Filed
    }
    PAPERS paper Paper { Digest ConfirmExport Exporting NoDay BadDate }
    SIGNINGS signing Signing { Open Signed }
    PRIVACIES privacy Privacy { Policy OwnData }
    RELAYS relay RelayState { Nothing At Waiting Relayed }
    DUTIES duty DutyState { Open Reported Accepted Returned }
    TROUBLES trouble Trouble { NoChat Unreachable Removed }
    TODAY today TodayItem { Ack Relay Done Review Checkin Silent Admission Alert Figures Watch }
    ALERTS alert AlertMessage { Card AskTold ToldNoted AskClear AskWhy AskNote NoteNoted Final }
    HEADS head AlertHead { New Updated Untaken Half Overdue FollowUp Opened }
    URGENTS urgent Urgent { Who What Words Ready Sent Cancelled Nobody }
    DAYS day DayMessage { Group Missing Unreached Excuse }
}

/// The situations that a message is a sample of.
pub(super) fn of_message(sample: &Message, said: &mut BTreeSet<&'static str>) {
    said.insert(message(sample));
    match sample {
        Message::Binding(of) => {
            said.insert(binding(of));
            if let Binding::RegisterRefused(of) = of {
                said.insert(refusal(of));
            }
        }
        Message::Refused(of) => {
            said.insert(refusal(of));
        }
        Message::Compose(of) => {
            said.insert(compose(of));
        }
        Message::Duty(of) => {
            said.insert(relay(&of.relay));
            said.extend(of.done.as_ref().map(duty));
        }
        Message::Sent(of) => said.extend(of.troubles.iter().map(trouble)),
        Message::Day(of) => {
            said.insert(day(of));
        }
        Message::Privacy(of) => {
            said.insert(privacy(of));
        }
        Message::Alert(of) => {
            said.insert(alert(of));
            if let AlertMessage::Card(card) = of {
                said.insert(head(&card.head));
            }
        }
        Message::Urgent(of) => {
            said.insert(urgent(of));
        }
        Message::Tally(of) => tally_situations(of, said),
        Message::Paper(of) => {
            said.insert(paper(of));
            if let Paper::Digest(of) = of {
                said.extend(of.signing.as_ref().map(signing));
            }
        }
        Message::Today { items } => said.extend(items.iter().map(today)),
        _ => {}
    }
}

fn tally_situations(of: &Tally, said: &mut BTreeSet<&'static str>) {
    said.insert(tally(of));
    match of {
        Tally::Confirm(of) => said.extend(of.rows.iter().map(|row| confirm_state(&row.state))),
        Tally::SignOff(of) => {
            said.insert(stage(&of.stage));
            if let Stage::Signed { filing: of, .. } = &of.stage {
                said.insert(filing(of));
            }
        }
        _ => {}
    }
}

/// The situations that a toast is a sample of.
pub(super) fn of_toast(sample: &Toast, said: &mut BTreeSet<&'static str>) {
    said.insert(toast(sample));
    if let Toast::Tally(of) = sample {
        said.insert(tally_toast(of));
    }
    if let Toast::Refused(of) = sample {
        said.insert(refusal(of));
    }
}

//! An alert about one person on one day (C7, C8, E2): everything that happened to it, in order, and what follows
//! from that. The record is only ever added to; what stands is read off it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::form::Words;
use super::message::Time;
use super::policy::seconds;

/// After how long an alert that nobody has taken is brought before the leaders, and again.
pub const UNTAKEN: [TimeDelta; 3] = [TimeDelta::minutes(10), TimeDelta::minutes(20), TimeDelta::minutes(40)];
/// Within what time the school is told of isolation, a suspected or a confirmed case (C8).
const HOUR: TimeDelta = TimeDelta::hours(1);

/// What somebody reports outside the form (C7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Fever or other symptoms.
    Symptom,
    /// Contact with a case.
    Contact,
    /// Put into isolation.
    Isolation,
    /// Suspected or confirmed.
    Case,
    /// Anything else.
    Other,
}

impl Kind {
    /// All kinds, in the order of the buttons.
    pub const ALL: [Kind; 5] = [Kind::Symptom, Kind::Contact, Kind::Isolation, Kind::Case, Kind::Other];

    /// In what time it must be told to the authorities, where that is so (C8).
    pub fn within(self) -> Option<TimeDelta> {
        matches!(self, Kind::Isolation | Kind::Case).then_some(HOUR)
    }

    /// The word by which sentences tell it apart.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Symptom => "symptom",
            Kind::Contact => "contact",
            Kind::Isolation => "isolation",
            Kind::Case => "case",
            Kind::Other => "other",
        }
    }
}

/// Why there is an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A rule of the form holds.
    Rule(Words),
    /// It was reported outside the form, perhaps with words.
    Told { kind: Kind, words: String },
}

/// To whom it was reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// The community (neighbourhood).
    Community,
    /// Disease control.
    DiseaseControl,
    /// The education office.
    Education,
    /// Another, by its name.
    Other(String),
}

impl Authority {
    /// Those with a button, in the order of the buttons.
    pub const USUAL: [Authority; 3] = [Authority::Community, Authority::DiseaseControl, Authority::Education];
}

/// What became of it once it was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was entered wrongly. The answers stay as they are.
    Mistaken,
    /// It was true and is dealt with.
    Closed,
}

impl Outcome {
    /// Both, in the order of the buttons.
    pub const ALL: [Outcome; 2] = [Outcome::Mistaken, Outcome::Closed];

    /// The word of the database and of the sentences.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Mistaken => "mistaken",
            Outcome::Closed => "closed",
        }
    }

    /// The outcome of a word.
    pub fn from_word(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// Something that happened to an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was raised, or once more after it had been cleared.
    Opened { reasons: Vec<Reason> },
    /// A later report says more.
    Updated { reasons: Vec<Reason> },
    /// A later report does not say it any more.
    Corrected,
    /// From now on it must be told to an authority within this time (C8).
    Clock {
        #[serde(with = "seconds")]
        within: TimeDelta,
    },
    /// The entry's person was told of it.
    Informed,
    /// The entry's person is on it.
    Taken,
    /// Nobody was on it in time: brought before the leaders for the nth time, from 1.
    Escalated { time: u32 },
    /// Nobody had told an authority when the time was over.
    Overdue,
    /// The entry's person told an authority.
    Told { to: Authority },
    /// How it goes on, in the words of the entry's person.
    Note { text: String },
    /// Verified and closed by the entry's person.
    Cleared { outcome: Outcome, why: String },
}

impl Event {
    /// The word of the database.
    pub fn word(&self) -> &'static str {
        match self {
            Event::Opened { .. } => "opened",
            Event::Updated { .. } => "updated",
            Event::Corrected => "corrected",
            Event::Clock { .. } => "clock",
            Event::Informed => "informed",
            Event::Taken => "taken",
            Event::Escalated { .. } => "escalated",
            Event::Overdue => "overdue",
            Event::Told { .. } => "told",
            Event::Note { .. } => "note",
            Event::Cleared { .. } => "cleared",
        }
    }
}

impl Event {
    /// What is left of an event once the time to keep its words is over: that it happened. `None` for an unknown word.
    pub fn forgotten(word: &str, within: TimeDelta, outcome: Option<Outcome>) -> Option<Event> {
        let reasons = || vec![Reason::Told { kind: Kind::Other, words: String::new() }];
        Some(match word {
            "opened" => Event::Opened { reasons: reasons() },
            "updated" => Event::Updated { reasons: reasons() },
            "corrected" => Event::Corrected,
            "clock" => Event::Clock { within },
            "informed" => Event::Informed,
            "taken" => Event::Taken,
            "escalated" => Event::Escalated { time: 1 },
            "overdue" => Event::Overdue,
            "told" => Event::Told { to: Authority::Other(String::new()) },
            "note" => Event::Note { text: String::new() },
            // One that was raised again afterwards: only then is the outcome not known any more.
            "cleared" => Event::Cleared { outcome: outcome.unwrap_or(Outcome::Mistaken), why: String::new() },
            _ => return None,
        })
    }
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Time,
    /// Who did it, or who was informed; 0: the program.
    pub person: i64,
    /// The tier of that person's post.
    pub tier: Option<usize>,
    pub event: Event,
}

/// The time that runs until an authority is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub from: Time,
    pub within: TimeDelta,
    /// Which one of this alert it is, from 0.
    pub number: u32,
}

impl Clock {
    /// When it is over.
    pub fn due(&self) -> Time {
        self.from + self.within
    }

    /// When half of it is over.
    pub fn half(&self) -> Time {
        self.from + self.within / 2
    }
}

/// A report to an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub at: Time,
    pub person: i64,
    pub tier: Option<usize>,
    pub to: Authority,
    /// How long after the clock began, or after the alert was raised.
    pub after: TimeDelta,
    /// After the clock had run out.
    pub late: bool,
}

/// What a tier knew and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub tier: Option<usize>,
    /// When the first of that tier was told of it.
    pub informed_at: Option<Time>,
    /// The tier's first report to an authority.
    pub told: Option<Told>,
}

/// How an alert stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// When it was raised (again).
    pub opened_at: Time,
    pub updated_at: Time,
    /// How often it was raised, from 1.
    pub round: u32,
    pub reasons: Vec<Reason>,
    /// The last report does not say it any more.
    pub corrected: bool,
    pub clock: Option<Clock>,
    /// Who was told of it, when first, and the tier of their post.
    pub informed: BTreeMap<i64, (Time, Option<usize>)>,
    pub taken: Option<(i64, Time)>,
    /// How often it was brought before the leaders in this round.
    pub escalated: u32,
    pub overdue: bool,
    pub told: Vec<Told>,
    /// The newest words on how it goes on: by whom, when.
    pub note: Option<(i64, Time, String)>,
    pub cleared: Option<(i64, Time, Outcome, String)>,
    clocks: u32,
}

impl Alert {
    fn raised(at: Time, reasons: Vec<Reason>) -> Self {
        Self {
            opened_at: at,
            updated_at: at,
            round: 1,
            reasons,
            corrected: false,
            clock: None,
            informed: BTreeMap::new(),
            taken: None,
            escalated: 0,
            overdue: false,
            told: Vec::new(),
            note: None,
            cleared: None,
            clocks: 0,
        }
    }

    /// How an alert with this record stands; `None` while it was never raised.
    pub fn replay(record: &[Entry]) -> Option<Alert> {
        let mut alert = None;
        for entry in record {
            Alert::take(&mut alert, entry);
        }
        alert
    }

    /// Whether nobody has cleared it.
    pub fn is_open(&self) -> bool {
        self.cleared.is_none()
    }

    /// The clock that still runs, or ran out without a report to an authority.
    pub fn running(&self) -> Option<Clock> {
        let told = |clock: &Clock| self.told.iter().any(|told| told.at >= clock.from);
        self.clock.filter(|clock| self.is_open() && !told(clock))
    }

    /// Those of these reasons that are not known in this round.
    pub fn news(&self, reasons: &[Reason]) -> Vec<Reason> {
        reasons.iter().filter(|reason| !self.reasons.contains(reason)).cloned().collect()
    }

    /// Whether a report with these reasons raises it again after it was cleared: it says more, or the same again
    /// after it had been called a mistake.
    pub fn rises_again(&self, reasons: &[Reason]) -> bool {
        let mistaken = matches!(self.cleared, Some((_, _, Outcome::Mistaken, _)));
        !self.is_open() && !reasons.is_empty() && (mistaken || !self.news(reasons).is_empty())
    }

    /// Whether this may happen to the alert as it stands.
    pub fn accepts(&self, at: Time, person: i64, event: &Event) -> bool {
        if !self.is_open() {
            return match event {
                Event::Opened { reasons } => self.rises_again(reasons),
                _ => false,
            };
        }
        match event {
            Event::Opened { .. } => false,
            Event::Updated { reasons } => {
                !reasons.is_empty() && (self.corrected || !self.news(reasons).is_empty())
            }
            Event::Corrected => !self.corrected,
            Event::Clock { within } => self.running().is_none_or(|clock| at + *within < clock.due()),
            Event::Informed => !self.informed.contains_key(&person),
            Event::Taken => self.taken.is_none(),
            Event::Escalated { time } => self.taken.is_none() && *time > self.escalated,
            Event::Overdue => !self.overdue && self.running().is_some_and(|clock| clock.due() <= at),
            Event::Told { .. } | Event::Note { .. } | Event::Cleared { .. } => true,
        }
    }

    /// Lets something happen, if it may; whether it did.
    pub fn take(alert: &mut Option<Alert>, entry: &Entry) -> bool {
        match (alert.as_mut(), &entry.event) {
            (None, Event::Opened { reasons }) => *alert = Some(Alert::raised(entry.at, reasons.clone())),
            (Some(known), event) if known.accepts(entry.at, entry.person, event) => known.change(entry),
            _ => return false,
        }
        true
    }

    fn change(&mut self, entry: &Entry) {
        let Entry { at, person, tier, event } = entry;
        self.updated_at = *at;
        match event {
            Event::Opened { reasons } => self.rise_again(*at, reasons),
            Event::Updated { reasons } => {
                self.reasons.extend(self.news(reasons));
                self.corrected = false;
            }
            Event::Corrected => self.corrected = true,
            Event::Clock { within } => {
                self.clock = Some(Clock { from: *at, within: *within, number: self.clocks });
                (self.clocks, self.overdue) = (self.clocks + 1, false);
            }
            Event::Informed => _ = self.informed.insert(*person, (*at, *tier)),
            Event::Taken => self.taken = Some((*person, *at)),
            Event::Escalated { time } => self.escalated = *time,
            Event::Overdue => self.overdue = true,
            Event::Told { to } => self.tell(*at, *person, *tier, to),
            Event::Note { text } => self.note = Some((*person, *at, text.clone())),
            Event::Cleared { outcome, why } => {
                self.cleared = Some((*person, *at, *outcome, why.clone()));
            }
        }
    }

    fn rise_again(&mut self, at: Time, reasons: &[Reason]) {
        (self.opened_at, self.round, self.reasons) = (at, self.round + 1, reasons.to_vec());
        (self.corrected, self.clock, self.taken, self.cleared) = (false, None, None, None);
        (self.escalated, self.overdue) = (0, false);
    }

    fn tell(&mut self, at: Time, person: i64, tier: Option<usize>, to: &Authority) {
        let from = self.clock.map_or(self.opened_at, |clock| clock.from);
        let late = self.running().is_some_and(|clock| at > clock.due());
        self.told.push(Told { at, person, tier, to: to.clone(), after: at - from, late });
    }

    /// What each tier knew and did, from the class upward (C8).
    pub fn measures(&self) -> Vec<Measure> {
        let mut tiers: Vec<Option<usize>> = self.informed.values().map(|(_, tier)| *tier).collect();
        tiers.extend(self.told.iter().map(|told| told.tier));
        tiers.sort_unstable_by(|one, other| other.cmp(one));
        tiers.dedup();
        let of = |tier| Measure {
            tier,
            informed_at: self.informed.values().filter(|(_, of)| *of == tier).map(|(at, _)| *at).min(),
            told: self.told.iter().find(|told| told.tier == tier).cloned(),
        };
        tiers.into_iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests;

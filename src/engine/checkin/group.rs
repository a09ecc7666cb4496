//! The morning's question in the chats of classes and guardians: one message each, kept true at every step of the day.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::checkin::GuardianReports;
use crate::domain::directive::{GUARDIANS, MEMBERS};
use crate::domain::figures::Figures;
use crate::domain::message::{Class, DayMessage, GroupPrompt, Message, Repeat};
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::chats::{self, Chat};
use crate::store::checkin::days::DayRules;
use crate::store::checkin::units::{self, UnitDay};
use crate::store::{Result, messages};

/// A path that all others lie below.
pub(super) const EVERYWHERE: &str = "/";

/// A chat in which a day's question is asked, with the students it reaches.
pub(super) struct Asked {
    pub chat: Chat,
    pub guardians: bool,
    pub unit: UnitDay,
    /// Classes whose people (or their guardians) read it.
    pub classes: Vec<i64>,
    pub figures: Figures,
}

fn slot(day: i64, unit: i64) -> String {
    format!("prompt:{day}:{unit}")
}

impl Work<'_> {
    /// Asks in the chats.
    pub(super) async fn ask_groups(&mut self, day: &DayRules) -> Result<String> {
        let asked = self.asked_chats(day).await?;
        for place in &asked {
            let to = self.chat(&place.chat);
            let said = GroupPrompt {
                day: day.id,
                title: day.form.title.of(to.locale).to_owned(),
                date: day.date,
                deadline: day.deadline_at,
                unit: place.unit.name.clone(),
                unit_id: place.unit.unit,
                guardians: place.guardians,
                expected: place.figures.owing(),
                reported: place.figures.reported,
                as_of: None,
            };
            let manner = Manner {
                class: Class::Prompt,
                repeat: Repeat::Never,
                fresh_for: (day.deadline_at - self.now).max(TimeDelta::minutes(30)),
                lives: TimeDelta::days(2),
                ..Manner::reminder(slot(day.id, place.unit.unit), "prompt", day.id)
            };
            self.say(to, manner, Message::Day(Box::new(DayMessage::Group(said))));
        }
        Ok(format!("asked in {} chats", asked.len()))
    }

    /// The chats in which a day is asked: of classes, or where guardians report for every student their chats. Nothing when
    /// everybody is asked in private.
    pub(super) async fn asked_chats(&mut self, day: &DayRules) -> Result<Vec<Asked>> {
        let guardians = day.policy.guardian_reports == GuardianReports::Always;
        let tier = self.settings().tier_key(if guardians { GUARDIANS } else { MEMBERS }).to_owned();
        let all = units::below(&mut self.tx, day.id, EVERYWHERE).await?;
        let by_id: BTreeMap<i64, &UnitDay> = all.iter().map(|unit| (unit.unit, unit)).collect();
        let mut asked: BTreeMap<i64, Asked> = BTreeMap::new();
        for chat in chats::bound(&mut self.tx).await? {
            let fits = !chat.removed && chat.tier.as_ref() == Some(&tier);
            let Some(unit) = chat.unit.filter(|_| fits).and_then(|unit| by_id.get(&unit)) else { continue };
            let below = |class: &&UnitDay| class.tier == MEMBERS && class.path.starts_with(&unit.path);
            let classes: Vec<&UnitDay> = all.iter().filter(below).collect();
            let figures: Figures = classes.iter().map(|class| class.own).sum();
            if figures.owing() > 0 {
                let classes = classes.iter().map(|class| class.unit).collect();
                let unit = (*unit).clone();
                asked.insert(unit.unit, Asked { chat, guardians, unit, classes, figures });
            }
        }
        Ok(asked.into_values().collect())
    }

    /// Shows in the chats how many have reported by now: at the steps of a day, not at every report (F2).
    pub(super) async fn refresh_group_prompts(&mut self, day: &DayRules) -> Result<String> {
        let all = units::below(&mut self.tx, day.id, EVERYWHERE).await?;
        let sealer = &self.engine.sealer;
        let prompts = messages::about(&mut self.tx, sealer, "prompt", day.id).await?;
        let mut shown = 0;
        for prompt in prompts {
            let Message::Day(message) = &prompt.letter.message else { continue };
            let DayMessage::Group(old) = &**message else { continue };
            let Some(unit) = all.iter().find(|unit| unit.unit == old.unit_id) else { continue };
            let below = |class: &&UnitDay| class.tier == MEMBERS && class.path.starts_with(&unit.path);
            let figures: Figures = all.iter().filter(below).map(|class| class.own).sum();
            if (figures.owing(), figures.reported) == (old.expected, old.reported) && old.as_of.is_some() {
                continue;
            }
            let fresh = GroupPrompt {
                expected: figures.owing(),
                reported: figures.reported,
                as_of: Some(self.now),
                ..old.clone()
            };
            self.show(&prompt, Class::Count, Message::Day(Box::new(DayMessage::Group(fresh))));
            shown += 1;
        }
        Ok(format!("{shown} chats show the count"))
    }
}

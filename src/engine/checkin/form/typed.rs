//! What is typed or sent in private while a form is open.

use super::place::At;
use super::{Desk, FORM, Filling};
use crate::domain::form::{AnswerFault, Input, Kind, Question, Stage};
use crate::domain::incoming::{Media, Written};
use crate::domain::message::{FormNote, Toast};
use crate::domain::person::Actor;
use crate::domain::receipt;
use crate::domain::roster::plain;
use crate::engine::Work;
use crate::store::checkin::sessions;
use crate::store::{Result, dialogues, messages};

/// The longest reason of a supplement, in characters.
const LONGEST_REASON: usize = 200;

/// A word that does as a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Same,
    Submit,
}

fn word(text: &str) -> Option<Word> {
    let text = plain(text).to_lowercase();
    match text.trim_end_matches(['。', '.', '!', '！']) {
        "无变化" | "没有变化" | "没变化" | "无变动" | "今日无变化" | "same" | "no change" | "no changes"
        | "nothing changed" | "unchanged" => Some(Word::Same),
        "提交" | "确认提交" | "submit" => Some(Word::Submit),
        _ => None,
    }
}

impl Work<'_> {
    /// Takes a message as an answer to an open form, or as a word that opens one; `false` when it is neither.
    pub(in crate::engine) async fn form_words(&mut self, written: &Written, actor: &Actor) -> Result<bool> {
        let Some(day) = self.current_day().await? else { return Ok(false) };
        if self.is_reply_elsewhere(written).await? {
            return Ok(false);
        }
        let sealer = &self.engine.sealer;
        let open = sessions::of_account(&mut self.tx, actor.account, day.id).await?.into_iter().next();
        let Some(open) = open else {
            return match word(&written.text).filter(|_| !written.forwarded) {
                Some(Word::Same) => self.same_by_word(actor).await,
                _ => Ok(false),
            };
        };
        let filling: Filling = open.body(sealer)?;
        let phone = (filling.way == crate::domain::checkin::Way::Phone).then_some(open.person);
        let desk = Desk { actor, day, phone };
        if self.subject(&desk, open.person).await?.is_none() {
            sessions::leave(&mut self.tx, actor.account, desk.day.id, open.person).await?;
            self.stop_listening(actor.account).await?;
            return Ok(false);
        }
        if self.acknowledges_instead(written, actor, &desk, (open.person, &filling)).await? {
            return Ok(true);
        }
        self.typed(written, &desk, (open.person, filling)).await?;
        Ok(true)
    }

    /// Whether it replies to something else than a form.
    async fn is_reply_elsewhere(&mut self, written: &Written) -> Result<bool> {
        let Some(reply) = written.reply_to else { return Ok(false) };
        let (sealer, bot) = (&self.engine.sealer, self.bot);
        let shown = messages::by_place(&mut self.tx, sealer, bot, written.place.chat, reply).await?;
        Ok(shown.is_some_and(|shown| shown.kind != FORM && shown.kind != "aside"))
    }

    /// 收到 in the middle of a form is meant for a directive, where one waits for it.
    async fn acknowledges_instead(
        &mut self,
        written: &Written,
        actor: &Actor,
        desk: &Desk<'_>,
        (person, filling): (i64, &Filling),
    ) -> Result<bool> {
        let is_text = filling.waits
            || filling.session.question(&desk.day.form).is_some_and(|question| question.kind == Kind::Text);
        let acknowledges = receipt::acknowledges(&written.text, &self.settings().rules.ack_words);
        if is_text || !acknowledges || !self.acknowledge_by_word(written, actor).await? {
            return Ok(false);
        }
        self.show_filling(desk, person, filling, None, (At::Below, true)).await?;
        Ok(true)
    }

    async fn typed(
        &mut self,
        written: &Written,
        desk: &Desk<'_>,
        (person, filling): (i64, Filling),
    ) -> Result<()> {
        let at = At::InSight;
        let refused = refusal(written, desk, &filling);
        if let Some(note) = refused {
            return self.show_filling(desk, person, &filling, Some(note), (at, false)).await;
        }
        if filling.waits {
            return self.deliver(desk, person, filling, written.text.trim(), at).await.map(drop);
        }
        let question = filling.session.question(&desk.day.form);
        let takes_text = question.is_some_and(|question| question.kind == Kind::Text);
        let given = match (word(&written.text), &filling.session.stage) {
            (Some(Word::Submit), Stage::Summary) => Input::Submit,
            (Some(Word::Same), _) if !takes_text && !answers(question, &written.text) => {
                return self.same_instead(desk, (person, filling)).await;
            }
            _ => input(written),
        };
        self.give(desk, (person, filling), given, at).await.map(drop)
    }

    /// 无变化 in the middle of a form: the rest need not be asked, where there is a report to repeat.
    async fn same_instead(&mut self, desk: &Desk<'_>, (person, filling): (i64, Filling)) -> Result<()> {
        let subject = self.subject(desk, person).await?;
        let open = self.reported_already(desk, person).await?.is_none();
        let last = match &subject {
            Some(subject) if open => self.last_seen(&desk.day, subject).await?,
            _ => None,
        };
        let last = last.and_then(|last| last.answers);
        let offered = last.is_some_and(|last| super::overview::offers_same(&desk.day, &last));
        match subject.filter(|_| offered) {
            Some(subject) => self.same(desk, &subject, At::InSight).await.map(drop),
            None => {
                let fault = match filling.session.stage {
                    Stage::Summary => FormNote::Submit,
                    _ => FormNote::Fault(AnswerFault::NotAChoice),
                };
                self.show_filling(desk, person, &filling, Some(fault), (At::InSight, false)).await
            }
        }
    }

    /// 无变化 without a form: for the only one there is to report for; of several, each is to be named by a press.
    async fn same_by_word(&mut self, actor: &Actor) -> Result<bool> {
        let Some(day) = self.current_day().await? else { return Ok(false) };
        let desk = Desk { actor, day, phone: None };
        let subjects = self.subjects(&desk).await?;
        match subjects.as_slice() {
            [] => Ok(false),
            [only] => {
                let toast = self.same(&desk, only, At::InSight).await?;
                // Without a form in sight nobody would see that there is nothing to repeat.
                if toast == Toast::Outdated {
                    self.fill(&desk, only, At::InSight).await?;
                }
                Ok(true)
            }
            _ => {
                self.show_overview(&desk, None, At::Below).await?;
                Ok(true)
            }
        }
    }

    /// Leads somebody back who did something else in the middle of a form.
    pub(in crate::engine) async fn lead_back_to_form(&mut self, actor: &Actor) -> Result<()> {
        let waiting = dialogues::get(&mut self.tx, actor.account).await?;
        if waiting.is_none_or(|waiting| waiting.kind != FORM) {
            return Ok(());
        }
        let Some(day) = self.current_day().await? else { return Ok(()) };
        self.show_open_again(actor, day).await.map(drop)
    }

    /// Shows the form that is open once more, at the end of the chat; `false` when there is none.
    pub(super) async fn show_open_again(
        &mut self,
        actor: &Actor,
        day: std::sync::Arc<crate::store::checkin::days::DayRules>,
    ) -> Result<bool> {
        let sealer = &self.engine.sealer;
        let open = sessions::of_account(&mut self.tx, actor.account, day.id).await?.into_iter().next();
        let Some(open) = open else { return Ok(false) };
        let filling: Filling = open.body(sealer)?;
        let phone = (filling.way == crate::domain::checkin::Way::Phone).then_some(open.person);
        let desk = Desk { actor, day, phone };
        self.show_filling(&desk, open.person, &filling, None, (At::Below, true)).await?;
        Ok(true)
    }

    /// `/cancel`: leaves the form that typed answers go to; `false` when there is none.
    pub(in crate::engine) async fn leave_form(&mut self, actor: &Actor) -> Result<bool> {
        let Some(day) = self.current_day().await? else { return Ok(false) };
        let sealer = &self.engine.sealer;
        let open = sessions::of_account(&mut self.tx, actor.account, day.id).await?.into_iter().next();
        let Some(open) = open else { return Ok(false) };
        let filling: Filling = open.body(sealer)?;
        let phone = (filling.way == crate::domain::checkin::Way::Phone).then_some(open.person);
        let desk = Desk { actor, day, phone };
        sessions::leave(&mut self.tx, actor.account, desk.day.id, open.person).await?;
        if let Some(shown) = self.form_message(&desk).await? {
            self.show_overview(&desk, None, At::Here(&shown)).await?;
        }
        Ok(true)
    }
}

/// Whether a text answers a question.
fn answers(question: Option<&Question>, text: &str) -> bool {
    question.is_some_and(|question| question.read_typed(text).is_ok())
}

/// Why something cannot be an answer at all, whatever it says.
fn refusal(written: &Written, desk: &Desk<'_>, filling: &Filling) -> Option<FormNote> {
    let kind = filling.session.question(&desk.day.form).map(|question| question.kind);
    let fits = match written.media {
        Some(Media::Photo) => kind == Some(Kind::Photo) && !filling.waits,
        Some(_) => false,
        None => written.contact.is_none() && (written.location.is_none() || kind == Some(Kind::Location)),
    };
    if written.forwarded && (kind != Some(Kind::Photo) || filling.waits) {
        return Some(FormNote::Forwarded);
    }
    if filling.waits {
        let length = written.text.trim().chars().count();
        return match (fits, length) {
            (true, 1..=LONGEST_REASON) => None,
            (true, 0) => Some(FormNote::Fault(AnswerFault::Empty)),
            (true, _) => Some(FormNote::Fault(AnswerFault::TooLong { max: LONGEST_REASON, length })),
            (false, _) => Some(FormNote::Fault(AnswerFault::WrongKind(Kind::Text))),
        };
    }
    match kind {
        _ if fits => None,
        Some(kind) => Some(FormNote::Fault(AnswerFault::WrongKind(kind))),
        None => Some(FormNote::Submit),
    }
}

fn input(written: &Written) -> Input<'_> {
    match (written.location, written.media) {
        (Some((lat, lon)), _) => Input::Location { lat, lon },
        (None, Some(Media::Photo)) => Input::Photo { chat: written.place.chat, message: written.message },
        _ => Input::Typed(&written.text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Word, word};

    #[test]
    fn words_do_as_buttons_do() {
        assert_eq!(word(" 无变化。"), Some(Word::Same));
        assert_eq!(word("No change!"), Some(Word::Same));
        assert_eq!(word("ＳＵＢＭＩＴ"), Some(Word::Submit));
        assert_eq!(word("提交作业"), None);
    }
}

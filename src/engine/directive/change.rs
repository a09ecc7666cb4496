//! Changing and withdrawing a directive that was sent. Receipts of the old text are kept; all are asked anew.

use serde_json::json;

use crate::domain::authority::{Act, grant};
use crate::domain::directive::{Directive, LegState, MEMBERS, State};
use crate::domain::incoming::Written;
use crate::domain::message::{Card, Class, Compose, Letter, Message, Refusal, Toast, Verb};
use crate::domain::person::Actor;
use crate::domain::split;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::{Manner, To};
use crate::store::dialogues::{self, Dialogue};
use crate::store::legs::{self, Leg};
use crate::store::messages::Shown;
use crate::store::{Result, chats, directives, messages, people, receipts};

/// The directive that a press on `edit` or `withdraw` means.
fn pressed_directive(press: &Press<'_>) -> Option<i64> {
    match &press.shown.letter.message {
        Message::Sent(sent) => Some(sent.directive),
        Message::Track(track) => Some(track.directive),
        Message::Compose(
            Compose::ConfirmWithdraw { directive, .. } | Compose::PreviewEdit { directive, .. },
        ) => Some(*directive),
        _ => None,
    }
}

impl Work<'_> {
    /// The sent directive of a press, if this actor may change it: its issuer, or who may issue there.
    async fn changeable(&mut self, press: &Press<'_>) -> Result<std::result::Result<Directive, Toast>> {
        let Some(id) = pressed_directive(press) else { return Ok(Err(Toast::Outdated)) };
        let directive = directives::known(&mut self.tx, id).await?;
        let origin = people::unit_known(&mut self.tx, directive.origin).await?;
        if grant(press.actor, Act::Issue, &origin).is_none() {
            self.record(Some(press.actor), "refused.change", format!("directive:{id}"), json!({}));
            return Ok(Err(Toast::Refused(Refusal::Verb(press.verb))));
        }
        Ok(match directive.state {
            State::Sent => Ok(directive),
            _ => Err(Toast::Withdrawn),
        })
    }

    /// `edit` and `withdraw`.
    pub(in crate::engine) async fn press_change(&mut self, press: &Press<'_>) -> Result<Toast> {
        let directive = match self.changeable(press).await? {
            Ok(directive) => directive,
            Err(toast) => return Ok(toast),
        };
        let person = press.actor.first().id;
        match (press.verb, press.arg) {
            (Verb::Edit, _) => {
                self.wait_for(press.actor, person, ("edit", directive.id), &()).await?;
                let ask = Compose::AskNewText { number: directive.number };
                self.reply(press.actor, Message::Compose(ask));
                Ok(Toast::TypeIt)
            }
            (_, Some(1)) => {
                self.withdraw(press, directive).await?;
                Ok(Toast::Withdrawn)
            }
            _ => {
                let title = split::title(&directive.text);
                let confirm =
                    Compose::ConfirmWithdraw { directive: directive.id, number: directive.number, title };
                let slot = format!("withdraw:{}", directive.id);
                let manner = Manner::answer().about(slot, "confirm", directive.id).owned_by(person);
                let to = self.private(press.actor);
                self.say(to, manner, Message::Compose(confirm));
                Ok(Toast::Quiet)
            }
        }
    }

    /// The new text was typed: shown once more before it goes out.
    pub(in crate::engine) async fn edit_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let text = written.text.trim();
        if text.is_empty() {
            self.reply(actor, Message::Refused(Refusal::WrongKind));
            return Ok(true);
        }
        if split::utf16_len(text) > split::DIRECTIVE_TEXT_LIMIT {
            self.reply(actor, Message::Refused(Refusal::TooLong { most: split::DIRECTIVE_TEXT_LIMIT }));
            return Ok(true);
        }
        dialogues::clear(&mut self.tx, actor.account).await?;
        let directive = directives::known(&mut self.tx, dialogue.subject).await?;
        let preview =
            Compose::PreviewEdit { directive: directive.id, number: directive.number, text: text.to_owned() };
        let slot = format!("edit:{}", directive.id);
        let manner = Manner::answer().about(slot, "edit_preview", directive.id).owned_by(dialogue.person);
        let to = self.private(actor);
        self.say(to, manner, Message::Compose(preview));
        Ok(true)
    }

    /// `send` or `cancel` under the new text.
    pub(super) async fn press_preview_edit(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Compose(Compose::PreviewEdit { text, .. }) = &press.shown.letter.message else {
            return Ok(Toast::Outdated);
        };
        if press.verb != Verb::Send {
            self.show(press.shown, Class::Answer, Message::Compose(Compose::Cancelled));
            return Ok(Toast::Quiet);
        }
        let mut directive = match self.changeable(press).await? {
            Ok(directive) => directive,
            Err(toast) => return Ok(toast),
        };
        let now = self.now;
        directive.text.clone_from(text);
        directive.revision += 1;
        directives::save(&mut self.tx, &directive, now).await?;
        let by = press.actor.first().id;
        directives::keep_text(&mut self.tx, &directive, by, now).await?;
        let mut chats = 0;
        for leg in legs::of_directive(&mut self.tx, directive.id).await? {
            chats += u32::from(leg.state == LegState::Arrived && leg.chat.is_some());
            self.ask_anew(&directive, &leg).await?;
        }
        let detail = json!({ "revision": directive.revision });
        self.record(Some(press.actor), "directive.edit", format!("directive:{}", directive.id), detail);
        let edited = Compose::Edited { number: directive.number, chats };
        self.show(press.shown, Class::Answer, Message::Compose(edited));
        Ok(Toast::Quiet)
    }

    /// A leg gets the new text: fresh receipts, the old cards out of date, a new card, new timers.
    async fn ask_anew(&mut self, directive: &Directive, leg: &Leg) -> Result<()> {
        let (now, counted) = (self.now, directive.counted(leg.tier));
        if !matches!(leg.state, LegState::Arrived | LegState::Waiting) {
            return Ok(());
        }
        if directive.answer && !leg.informed {
            receipts::expect(&mut self.tx, leg.id, counted, directive.revision).await?;
        }
        if leg.state == LegState::Waiting {
            if let Some(at) = leg.relay_at {
                self.set_timer("relay", leg.id, directive.revision, 0, at);
            }
            return Ok(());
        }
        self.retire_cards(leg, false).await?;
        let due_at = now + directive.due(leg.tier);
        legs::set_due(&mut self.tx, leg.id, due_at).await?;
        self.show_leg(directive, leg.id).await?;
        if leg.tier <= MEMBERS {
            self.inform_further_groups(directive, leg).await?;
        }
        self.set_steps(directive, leg.id, due_at, now).await
    }

    /// Cards of a leg, in its group and in private, are out of date; `withdrawn` also says so. Returns them.
    async fn retire_cards(&mut self, leg: &Leg, withdrawn: bool) -> Result<Vec<Shown>> {
        let sealer = &self.engine.sealer;
        let cards = messages::cards_of(&mut self.tx, sealer, leg.id).await?;
        for shown in &cards {
            messages::retire(&mut self.tx, shown.id).await?;
            let Message::Card(card) = &shown.letter.message else { continue };
            let card = Card { withdrawn, outdated: !withdrawn, ..(**card).clone() };
            self.show(shown, Class::Directive, Message::Card(Box::new(card)));
        }
        Ok(cards)
    }

    async fn withdraw(&mut self, press: &Press<'_>, mut directive: Directive) -> Result<()> {
        let now = self.now;
        directive.state = State::Withdrawn;
        directives::save(&mut self.tx, &directive, now).await?;
        legs::withdraw(&mut self.tx, directive.id).await?;
        for leg in legs::of_directive(&mut self.tx, directive.id).await? {
            if leg.state != LegState::Arrived {
                continue;
            }
            for card in self.retire_cards(&leg, true).await? {
                self.say_withdrawn(&directive, &leg, &card).await?;
            }
        }
        self.record(
            Some(press.actor),
            "directive.withdraw",
            format!("directive:{}", directive.id),
            json!({}),
        );
        let withdrawn = Compose::Withdrawn { number: directive.number };
        self.show(press.shown, Class::Answer, Message::Compose(withdrawn));
        Ok(())
    }

    /// An edit notifies nobody: whoever has the card hears of its withdrawal in a line of its own.
    async fn say_withdrawn(&mut self, directive: &Directive, leg: &Leg, card: &Shown) -> Result<()> {
        let group = chats::get(&mut self.tx, card.chat).await?;
        let to = match group {
            Some(group) if group.removed => return Ok(()),
            Some(group) => self.chat(&group),
            None => {
                let Letter { reader, locale, .. } = card.letter;
                To { bot: card.bot, chat: card.chat, reader, locale }
            }
        };
        let manner = Manner::directive(directive.urgent, format!("leg:{}:end", leg.id), "notice", leg.id);
        let said = Message::Withdrawn { number: directive.number, title: split::title(&directive.text) };
        self.say(to, Manner { reply_to: Some(card.id), ..manner }, said);
        Ok(())
    }
}

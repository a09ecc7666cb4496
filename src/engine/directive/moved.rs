//! A group became a supergroup: its messages stayed behind, where nothing can be edited any more (R14).

use super::leg_slot;
use crate::domain::message::{Card, Class, Message};
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::legs::{self, Leg};
use crate::store::messages::Shown;
use crate::store::{Result, chats, messages};

impl Work<'_> {
    /// What is still open in a group that moved is posted anew, once and without a sound: the count of the old card
    /// would stand still. The old card's button goes on counting.
    pub(in crate::engine) async fn cards_follow(&mut self, from: i64, to: i64) -> Result<()> {
        let Some(chat) = chats::get(&mut self.tx, to).await?.filter(|chat| !chat.removed) else {
            return Ok(());
        };
        for leg in legs::open_in_chat(&mut self.tx, to).await? {
            let sealer = &self.engine.sealer;
            for shown in messages::by_slot(&mut self.tx, sealer, &leg_slot(leg.id)).await? {
                // What was not sent yet goes to the new place by itself.
                let stays = from == to && shown.bot == chat.bot;
                if shown.chat == from && shown.tg_id.is_some() && !stays {
                    let to = self.chat(&chat);
                    self.post_anew(to, &leg, &shown).await?;
                }
            }
        }
        Ok(())
    }

    async fn post_anew(&mut self, to: crate::engine::work::To, leg: &Leg, old: &Shown) -> Result<()> {
        let Message::Card(card) = &old.letter.message else { return Ok(()) };
        messages::leave_behind(&mut self.tx, old.id).await?;
        let card = Card { acked: leg.acked, must: leg.must, ..(**card).clone() };
        let manner = Manner::directive(card.urgent, leg_slot(leg.id), "card", leg.id);
        let manner = Manner { class: Class::Count, quiet: true, ..manner };
        self.say(to, manner, Message::Card(Box::new(card)));
        Ok(())
    }
}

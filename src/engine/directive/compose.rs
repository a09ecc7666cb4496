//! Composing: a preview at once, changed by taps, sent by `send` (B5).

use serde::{Deserialize, Serialize};

use crate::domain::authority::{Act, charges, grant};
use crate::domain::directive::{Attachment, Directive, MEMBERS, NOBODY, State, depths};
use crate::domain::due;
use crate::domain::incoming::{Media, Written};
use crate::domain::message::{
    Addressed, Class, Compose, Message, Number, Preview, Refusal, Toast, UnitChoice, Verb,
};
use crate::domain::person::{Actor, Post};
use crate::domain::{receipt, split};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::chats::Chat;
use crate::store::dialogues::{self, Dialogue};
use crate::store::messages::Shown;
use crate::store::{Result, directives, ids, messages, people};

/// Units on one page of the choice.
const PAGE: usize = 12;
/// How long what is typed after a preview is still taken as part of it.
const STILL_COMPOSING: chrono::TimeDelta = chrono::TimeDelta::minutes(15);

/// What a directive is to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Content {
    text: String,
    attachments: Vec<Attachment>,
}

impl Content {
    /// Takes a message as content; `None` when it holds something that cannot be sent out.
    fn of(text: &str, media: Option<Media>, place: Attachment) -> Option<Content> {
        let attachments = match media {
            Some(Media::Unfit) => return None,
            Some(_) => vec![place],
            None => vec![],
        };
        Some(Content { text: text.trim().to_owned(), attachments })
    }

    /// What was written to a bot.
    fn written(bot: i64, written: &Written, text: &str) -> Option<Content> {
        let (from_chat, message, file) = (written.place.chat, written.message, written.file.clone());
        Content::of(text, written.media, Attachment { from_chat, message, bot, file })
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && self.attachments.is_empty()
    }
}

/// The content of `/directive …`: what follows it, or the message it replies to.
fn content_of(bot: i64, written: &Written, text: &str) -> Option<Content> {
    let own = Content::written(bot, written, text)?;
    match written.reply_to.filter(|_| own.is_empty()) {
        Some(message) => {
            let (from_chat, file) = (written.place.chat, written.reply_file.clone());
            let place = Attachment { from_chat, message, bot, file };
            Content::of(&written.reply_text, written.reply_media, place)
        }
        None => Some(own),
    }
}

impl Work<'_> {
    /// `/directive` in private.
    pub(in crate::engine) async fn compose(
        &mut self,
        written: &Written,
        actor: &Actor,
        text: &str,
    ) -> Result<()> {
        let Some(post) = charges(actor).first().map(|post| (*post).clone()) else {
            self.refuse(actor, Refusal::NoRight, "directive");
            return Ok(());
        };
        self.compose_for(written, actor, &post, text).await
    }

    /// `/directive` in one's own bound chat: the preview comes in private.
    pub(in crate::engine) async fn compose_in_group(
        &mut self,
        written: &Written,
        chat: &Chat,
        actor: &Actor,
        text: &str,
    ) -> Result<()> {
        let unit = people::unit_known(&mut self.tx, chat.unit.unwrap_or(0)).await?;
        let own_chat = chat.tier.as_deref() == Some(self.settings().tier_key(unit.tier));
        let Some(post) = grant(actor, Act::Issue, &unit).cloned().filter(|_| own_chat) else {
            let why = if charges(actor).is_empty() { Refusal::NoRight } else { Refusal::OnlyInOwnGroup };
            self.refuse(actor, why, "directive");
            return Ok(());
        };
        self.compose_for(written, actor, &post, text).await?;
        let to = self.chat(chat);
        self.say(to, Manner::answer(), Message::Compose(Compose::PreviewInPrivate));
        Ok(())
    }

    async fn compose_for(&mut self, written: &Written, actor: &Actor, post: &Post, text: &str) -> Result<()> {
        let Some(content) = content_of(self.bot, written, text) else {
            self.reply(actor, Message::Refused(Refusal::WrongKind));
            return Ok(());
        };
        if content.is_empty() {
            self.wait_for(actor, post.person, ("compose", 0), &post.unit.id).await?;
            self.reply(actor, Message::Compose(Compose::AskText));
            return Ok(());
        }
        self.open_draft(actor, post, content).await
    }

    async fn open_draft(&mut self, actor: &Actor, post: &Post, content: Content) -> Result<()> {
        if self.is_too_long(actor, &content.text) {
            return Ok(());
        }
        let draft = Directive {
            id: ids::grow(self.now),
            number: Number { year: 0, number: 0 },
            issuer: post.person,
            origin: post.unit.id,
            origin_tier: post.unit.tier,
            text: content.text,
            reference: String::new(),
            urgent: false,
            answer: true,
            depth: None,
            due_hours: None,
            attachments: content.attachments,
            units: vec![],
            copies: vec![],
            fixed: None,
            revision: 1,
            state: State::Draft,
            issued_at: None,
        };
        self.save(&draft).await?;
        self.say_preview(actor, &draft).await
    }

    fn is_too_long(&mut self, actor: &Actor, text: &str) -> bool {
        let too_long = split::utf16_len(text) > split::DIRECTIVE_TEXT_LIMIT;
        if too_long {
            self.reply(actor, Message::Refused(Refusal::TooLong { most: split::DIRECTIVE_TEXT_LIMIT }));
        }
        too_long
    }

    async fn save(&mut self, draft: &Directive) -> Result<()> {
        let now = self.now;
        directives::save(&mut self.tx, draft, now).await
    }

    /// Says the preview anew, at the end of the chat; an older one of this draft is out of date.
    async fn say_preview(&mut self, actor: &Actor, draft: &Directive) -> Result<()> {
        let slot = format!("preview:{}", draft.id);
        let sealer = &self.engine.sealer;
        for old in messages::by_slot(&mut self.tx, sealer, &slot).await? {
            messages::retire(&mut self.tx, old.id).await?;
            self.show(&old, Class::Answer, Message::Compose(Compose::Cancelled));
        }
        self.wait_for(actor, draft.issuer, ("compose", draft.id), &draft.origin).await?;
        let preview = self.preview(actor, draft).await?;
        let manner = Manner::answer().about(slot, "preview", draft.id).owned_by(draft.issuer);
        let to = self.private(actor);
        self.say(to, manner, preview);
        Ok(())
    }

    async fn preview(&mut self, actor: &Actor, draft: &Directive) -> Result<Message> {
        let origin = people::unit_known(&mut self.tx, draft.origin).await?;
        let choices = depths(draft.origin_tier, self.settings().tiers.names().len());
        let below = people::subtree(&mut self.tx, &origin, MEMBERS).await?;
        let direct: Vec<_> = below.iter().filter(|unit| unit.parent == Some(origin.id)).collect();
        let count = |state| direct.iter().filter(|unit| draft.addresses(unit.id) == state).count();
        // A counselor of several classes chooses one of them instead.
        let own_classes = match draft.origin_tier {
            MEMBERS => charges(actor).iter().filter(|post| post.unit.tier == MEMBERS).count(),
            _ => 0,
        };
        let (chats, people) = match draft.depth {
            Some(_) => {
                let audience = self.audience(draft).await?;
                (audience.chats, audience.people)
            }
            None => (0, 0),
        };
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(Message::Compose(Compose::Preview(Box::new(Preview {
            draft: draft.id,
            from: origin.name.clone(),
            text: draft.text.clone(),
            attachments: draft.attachments.len(),
            reference: draft.reference.clone(),
            urgent: draft.urgent,
            answer: draft.answer,
            depths: choices.iter().map(|tier| self.settings().tier_name(*tier)).collect(),
            depth: draft.depth.and_then(|depth| choices.iter().position(|tier| *tier == depth)),
            addressed: if own_classes > 1 { 1 } else { small(count(Addressed::Yes)) },
            units: if own_classes > 1 { small(own_classes) } else { small(direct.len()) },
            copies: small(count(Addressed::Copy)),
            due_hours: draft.due_hours,
            chats,
            people,
        }))))
    }

    /// A button of the preview or of one of its choices.
    pub(in crate::engine) async fn press_compose(&mut self, press: &Press<'_>) -> Result<Toast> {
        match &press.shown.letter.message {
            Message::Compose(Compose::PreviewEdit { .. }) => return self.press_preview_edit(press).await,
            Message::Compose(Compose::ConfirmWithdraw { .. }) => {
                self.show(press.shown, Class::Answer, Message::Compose(Compose::Cancelled));
                return Ok(Toast::Quiet);
            }
            Message::Compose(_) => {}
            _ => return Ok(Toast::Outdated),
        }
        let draft = directives::get(&mut self.tx, press.shown.subject).await?;
        let Some(mut draft) = draft.filter(|draft| draft.state == State::Draft) else {
            return Ok(Toast::Outdated);
        };
        let origin = people::unit_known(&mut self.tx, draft.origin).await?;
        if grant(press.actor, Act::Issue, &origin).is_none() {
            return Ok(Toast::Refused(Refusal::NoRight));
        }
        match (&press.shown.letter.message, press.verb) {
            (Message::Compose(Compose::AskSecond(_)), _) => return self.press_second(press, draft).await,
            (Message::Compose(Compose::AwaitSecond { names, .. }), verb)
                if verb != Verb::Cancel && !(names.is_empty() && verb == Verb::Back) =>
            {
                return Ok(Toast::Outdated);
            }
            _ => {}
        }
        match press.verb {
            Verb::Send => self.press_send(press, draft).await,
            Verb::Cancel => self.press_cancel(press, draft).await,
            Verb::Attach => self.ask(press, "attach", &draft, Compose::AskAttachment).await,
            Verb::Reference => self.ask(press, "reference", &draft, Compose::AskReference).await,
            Verb::Units => self.press_units(press, draft).await,
            Verb::Due if press.arg.is_none() => {
                self.wait_for(press.actor, draft.issuer, ("due", draft.id), &draft.origin).await?;
                let choice = Compose::ChooseDue { draft: draft.id, hours: due::CHOICES.to_vec() };
                self.show(press.shown, Class::Answer, Message::Compose(choice));
                Ok(Toast::Quiet)
            }
            verb => {
                if !self.change_draft(&mut draft, verb, press.arg) {
                    return Ok(Toast::Outdated);
                }
                self.save(&draft).await?;
                let preview = self.preview(press.actor, &draft).await?;
                self.show(press.shown, Class::Answer, preview);
                Ok(Toast::Quiet)
            }
        }
    }

    /// A tap that changes the draft; `false` for an argument that was never offered.
    fn change_draft(&self, draft: &mut Directive, verb: Verb, arg: Option<i64>) -> bool {
        match verb {
            Verb::Urgent => draft.urgent = !draft.urgent,
            Verb::Info => draft.answer = !draft.answer,
            Verb::To => {
                let choices = depths(draft.origin_tier, self.settings().tiers.names().len());
                let chosen = arg.and_then(|arg| usize::try_from(arg).ok()).and_then(|arg| choices.get(arg));
                let Some(depth) = chosen else { return false };
                draft.depth = Some(*depth);
            }
            Verb::Due => {
                let Some(hours) = arg.and_then(|arg| u32::try_from(arg).ok()) else { return false };
                if hours > due::LONGEST_HOURS {
                    return false;
                }
                draft.due_hours = Some(hours).filter(|hours| *hours > 0);
            }
            Verb::Back => {}
            _ => return false,
        }
        true
    }

    async fn ask(
        &mut self,
        press: &Press<'_>,
        kind: &'static str,
        draft: &Directive,
        question: Compose,
    ) -> Result<Toast> {
        self.wait_for(press.actor, draft.issuer, (kind, draft.id), &draft.origin).await?;
        self.reply(press.actor, Message::Compose(question));
        Ok(Toast::TypeIt)
    }

    async fn press_send(&mut self, press: &Press<'_>, draft: Directive) -> Result<Toast> {
        if let Some(lack) = Self::lacks(&draft) {
            return Ok(lack);
        }
        let confirming = matches!(press.shown.letter.message, Message::Compose(Compose::ConfirmWhole { .. }));
        if Self::is_whole_school(&draft) && !confirming {
            let audience = self.audience(&draft).await?;
            let (chats, people, urgent) = (audience.chats, audience.people, draft.urgent);
            let confirm = Compose::ConfirmWhole { draft: draft.id, chats, people, urgent };
            self.show(press.shown, Class::Answer, Message::Compose(confirm));
            return Ok(Toast::Quiet);
        }
        if self.needs_second(&draft) {
            return self.ask_second(press, &draft).await;
        }
        dialogues::clear(&mut self.tx, press.actor.account).await?;
        self.issue(press, draft).await
    }

    async fn press_cancel(&mut self, press: &Press<'_>, mut draft: Directive) -> Result<Toast> {
        draft.state = State::Cancelled;
        self.save(&draft).await?;
        dialogues::clear(&mut self.tx, press.actor.account).await?;
        self.close_questions(&draft, &Compose::Cancelled).await?;
        Ok(Toast::Quiet)
    }

    async fn press_units(&mut self, press: &Press<'_>, mut draft: Directive) -> Result<Toast> {
        if let Some(unit) = press.arg {
            let rows = self.unit_rows(press.actor, &draft).await?;
            let all: Vec<i64> = rows.iter().map(|row| row.unit).collect();
            if !all.contains(&unit) {
                return Ok(Toast::Outdated);
            }
            if draft.origin_tier == MEMBERS {
                draft.origin = unit;
            } else {
                turn(&mut draft, unit, &all);
            }
            self.save(&draft).await?;
        }
        let page = match &press.shown.letter.message {
            Message::Compose(Compose::ChooseUnits { page, .. }) => *page,
            _ => 0,
        };
        self.show_units(press.actor, press.shown, &draft, page).await
    }

    /// Another page of the choice of units.
    pub(in crate::engine) async fn page_units(&mut self, press: &Press<'_>) -> Result<Toast> {
        let draft = directives::get(&mut self.tx, press.shown.subject).await?;
        let Some(draft) = draft.filter(|draft| draft.state == State::Draft) else {
            return Ok(Toast::Outdated);
        };
        let page = press.arg.and_then(|arg| usize::try_from(arg).ok()).unwrap_or(0);
        self.show_units(press.actor, press.shown, &draft, page).await
    }

    async fn show_units(
        &mut self,
        actor: &Actor,
        shown: &Shown,
        draft: &Directive,
        page: usize,
    ) -> Result<Toast> {
        let rows = self.unit_rows(actor, draft).await?;
        let pages = rows.len().div_ceil(PAGE).max(1);
        let page = page.min(pages - 1);
        let rows = rows.into_iter().skip(page * PAGE).take(PAGE).collect();
        let choice = Compose::ChooseUnits { draft: draft.id, rows, page, pages };
        self.show(shown, Class::Answer, Message::Compose(choice));
        Ok(Toast::Quiet)
    }

    /// The units directly below; for a counselor, which of one's own classes.
    async fn unit_rows(&mut self, actor: &Actor, draft: &Directive) -> Result<Vec<UnitChoice>> {
        if draft.origin_tier == MEMBERS {
            let own = charges(actor).into_iter().filter(|post| post.unit.tier == MEMBERS);
            let state = |unit| if unit == draft.origin { Addressed::Yes } else { Addressed::No };
            let row = |post: &Post| UnitChoice {
                unit: post.unit.id,
                name: post.unit.name.clone(),
                state: state(post.unit.id),
            };
            return Ok(own.map(row).collect());
        }
        let origin = people::unit_known(&mut self.tx, draft.origin).await?;
        let below = people::subtree(&mut self.tx, &origin, origin.tier + 1).await?;
        let row = |unit: crate::domain::person::UnitRef| UnitChoice {
            unit: unit.id,
            state: draft.addresses(unit.id),
            name: unit.name,
        };
        Ok(below.into_iter().filter(|unit| unit.parent == Some(origin.id)).map(row).collect())
    }

    /// What was typed or sent while a directive is being composed.
    pub(in crate::engine) async fn compose_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let origin: i64 = dialogue.body(&self.engine.sealer)?;
        if dialogue.subject == 0 {
            return self.first_content(written, actor, dialogue, origin).await;
        }
        let draft = directives::get(&mut self.tx, dialogue.subject).await?;
        let Some(mut draft) = draft.filter(|draft| draft.state == State::Draft) else {
            dialogues::clear(&mut self.tx, actor.account).await?;
            return Ok(false);
        };
        let refusal = match dialogue.kind.as_str() {
            "compose" if !self.continues(written, dialogue) => return Ok(false),
            "reference" => set_reference(&mut draft, &written.text),
            "due" => set_due(&mut draft, &written.text, &self.settings().calendar, self.now),
            _ => add_content(&mut draft, self.bot, written, dialogue.kind == "attach"),
        };
        if let Some(refusal) = refusal {
            self.reply(actor, Message::Refused(refusal));
            return Ok(true);
        }
        self.save(&draft).await?;
        self.say_preview(actor, &draft).await?;
        Ok(true)
    }

    /// 收到 is for somebody else's directive, and what comes much later is no part of this one.
    fn continues(&self, written: &Written, dialogue: &Dialogue) -> bool {
        let acknowledges = receipt::acknowledges(&written.text, &self.settings().rules.ack_words);
        !acknowledges && self.now - dialogue.updated_at < STILL_COMPOSING
    }

    async fn first_content(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
        origin: i64,
    ) -> Result<bool> {
        let content = Content::written(self.bot, written, &written.text);
        let Some(content) = content.filter(|content| !content.is_empty()) else {
            self.reply(actor, Message::Refused(Refusal::WrongKind));
            return Ok(true);
        };
        let post = actor.posts.iter().find(|post| post.person == dialogue.person && post.unit.id == origin);
        let Some(post) = post.cloned() else {
            dialogues::clear(&mut self.tx, actor.account).await?;
            self.refuse(actor, Refusal::NoRight, "directive");
            return Ok(true);
        };
        self.open_draft(actor, &post, content).await?;
        Ok(true)
    }

    /// Cancels the drafts of an actor; whether there were any.
    pub(in crate::engine) async fn cancel_drafts(&mut self, actor: &Actor) -> Result<bool> {
        let mut any = false;
        for person in actor.ids() {
            for mut draft in directives::drafts(&mut self.tx, person).await? {
                draft.state = State::Cancelled;
                self.save(&draft).await?;
                self.close_questions(&draft, &Compose::Cancelled).await?;
                any = true;
            }
        }
        Ok(any)
    }

    /// What a draft lacks before it can be sent.
    fn lacks(draft: &Directive) -> Option<Toast> {
        if draft.text.is_empty() && draft.attachments.is_empty() {
            Some(Toast::Empty)
        } else if draft.depth.is_none() {
            Some(Toast::ChooseDepth)
        } else if draft.units == [NOBODY] {
            Some(Toast::NoUnits)
        } else {
            None
        }
    }

    /// Whether a draft goes to all units of the school: that is confirmed a second time.
    pub(super) fn is_whole_school(draft: &Directive) -> bool {
        draft.origin_tier == 0 && draft.units.is_empty() && draft.copies.is_empty()
    }
}

/// A tap on a unit goes from addressed to copy to left out and back.
fn turn(draft: &mut Directive, unit: i64, all: &[i64]) {
    let next = match draft.addresses(unit) {
        Addressed::Yes => Addressed::Copy,
        Addressed::Copy => Addressed::No,
        Addressed::No => Addressed::Yes,
    };
    let state = |other: &i64| if *other == unit { next } else { draft.addresses(*other) };
    let with = |wanted| all.iter().copied().filter(|other| state(other) == wanted).collect::<Vec<_>>();
    let (addressed, copies) = (with(Addressed::Yes), with(Addressed::Copy));
    draft.units = match addressed.len() {
        0 => vec![NOBODY],
        n if n == all.len() => vec![],
        _ => addressed,
    };
    draft.copies = copies;
}

fn set_reference(draft: &mut Directive, text: &str) -> Option<Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Refusal::NotUnderstood);
    }
    if split::utf16_len(text) > split::REFERENCE_LIMIT {
        return Some(Refusal::TooLong { most: split::REFERENCE_LIMIT });
    }
    text.clone_into(&mut draft.reference);
    None
}

fn set_due(
    draft: &mut Directive,
    text: &str,
    calendar: &crate::domain::calendar::Calendar,
    now: crate::domain::message::Time,
) -> Option<Refusal> {
    match due::parse(text, calendar, now) {
        Some(hours) => {
            draft.due_hours = Some(hours);
            None
        }
        None => Some(Refusal::BadDue),
    }
}

/// Adds a text or a file to a draft. Telegram cuts long texts into messages: they come together again here.
fn add_content(draft: &mut Directive, bot: i64, written: &Written, only_media: bool) -> Option<Refusal> {
    let content = Content::written(bot, written, &written.text);
    let Some(content) = content.filter(|content| !content.is_empty()) else {
        return Some(Refusal::WrongKind);
    };
    if only_media && content.attachments.is_empty() {
        return Some(Refusal::WrongKind);
    }
    let joined = match (draft.text.is_empty(), content.text.is_empty()) {
        (_, true) => draft.text.clone(),
        (true, false) => content.text,
        (false, false) => format!("{}\n{}", draft.text, content.text),
    };
    if split::utf16_len(&joined) > split::DIRECTIVE_TEXT_LIMIT {
        return Some(Refusal::TooLong { most: split::DIRECTIVE_TEXT_LIMIT });
    }
    draft.text = joined;
    draft.attachments.extend(content.attachments);
    None
}

//! Everything the bot says: a [`Letter`] becomes words, mentions and buttons. The words are in
//! `config/locales`, one Fluent file a language; what a person wrote arrives as it was written (S9).

mod alert;
mod binding;
mod card;
mod chain;
mod compose;
mod day;
mod form;
mod menu;
mod page;
mod paper;
mod privacy;
mod reading;
mod refusal;
mod rendered;
mod tally;
mod toast;
mod voice;

use std::fmt;

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;

use crate::domain::calendar::Calendar;
use crate::domain::message::{Letter, Locale, Message, Number, Reader, Time, Toast};
use crate::domain::roster::Role;
use crate::domain::split::{MESSAGE_LIMIT, clip};
pub use rendered::{Action, Button, Entity, Keyboard, Rendered};

use page::Page;
use voice::Voice;

const ZH_CN: &str = include_str!("../../config/locales/zh-CN.ftl");
const EN: &str = include_str!("../../config/locales/en.ftl");
/// Telegram's bound for the answer to a press, in UTF-16 units.
const TOAST_LIMIT: usize = 200;

type Bundle = FluentBundle<FluentResource>;

/// The words of all languages.
pub struct Texts {
    zh_cn: Bundle,
    en: Bundle,
}

/// What the words of a message depend on besides the message.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// `messages.id`: the opaque part of the buttons' data.
    pub handle: i64,
    /// An earlier try may have arrived: says so before anything else.
    pub repeat: bool,
    /// The school's local time.
    pub calendar: &'a Calendar,
    /// The present: of today only the time of day is said.
    pub now: Time,
    /// The bot's name in links, without `@`.
    pub bot_username: &'a str,
}

impl Default for Texts {
    fn default() -> Self {
        Texts::new()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Texts")
    }
}

impl Texts {
    /// The words that were compiled in.
    pub fn new() -> Self {
        Texts { zh_cn: bundle(Locale::ZhCn, ZH_CN), en: bundle(Locale::En, EN) }
    }

    /// A message in its reader's language.
    pub fn render(&self, letter: &Letter, context: &Context<'_>) -> Rendered {
        let voice = self.voice(letter.locale, letter.reader, context);
        let mut page = Page::new(&voice);
        if context.repeat {
            page.line(voice.repeat(number_of(&letter.message)));
        }
        draw(&mut page, &letter.message);
        page.finish(MESSAGE_LIMIT)
    }

    /// The answer to a press, at most 200 UTF-16 units, and whether it must be closed by hand (`show_alert`).
    pub fn toast(
        &self,
        toast: &Toast,
        reader: Reader,
        locale: Locale,
        context: &Context<'_>,
    ) -> (String, bool) {
        let (text, alert) = toast::say(&self.voice(locale, reader, context), toast);
        (clip(&text, TOAST_LIMIT), alert)
    }

    /// The commands of a menu with their descriptions: of a private chat by the person's roles, of a group for
    /// `None`.
    pub fn commands(&self, roles: Option<&[Role]>, locale: Locale) -> Vec<(&'static str, String)> {
        let names = menu::names(roles);
        names.into_iter().map(|name| (name, menu::describe(self.bundle(locale), name))).collect()
    }

    /// A word or phrase by its id, for headings and cells of documents.
    pub fn word(&self, locale: Locale, id: &str) -> String {
        voice::format(self.bundle(locale), id, &fluent_bundle::FluentArgs::new())
    }

    /// A sentence with its variables, for documents and the demo.
    pub fn phrase(&self, locale: Locale, id: &str, values: &[(&'static str, String)]) -> String {
        let mut args = fluent_bundle::FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.as_str());
        }
        voice::format(self.bundle(locale), id, &args)
    }

    fn voice<'a>(&'a self, locale: Locale, reader: Reader, context: &'a Context<'a>) -> Voice<'a> {
        Voice { bundle: self.bundle(locale), reader, context }
    }

    fn bundle(&self, locale: Locale) -> &Bundle {
        match locale {
            Locale::ZhCn => &self.zh_cn,
            Locale::En => &self.en,
        }
    }
}

fn bundle(locale: Locale, source: &str) -> Bundle {
    let language = locale.tag().parse().expect("the tags of the locales are language tags");
    let resource = FluentResource::try_new(source.to_owned())
        .map_err(|(_, errors)| errors)
        .expect("the compiled-in words are well-formed: a test reads them");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(voice::group_thousands));
    bundle.add_resource(resource).expect("every message of a language is defined once: a test reads them");
    bundle
}

fn draw(page: &mut Page<'_>, message: &Message) {
    match message {
        Message::Binding(binding) => binding::draw(page, binding),
        Message::Refused(refusal) => page.line(refusal::say(page.voice, refusal)),
        Message::Compose(compose) => compose::draw(page, compose),
        Message::Card(card) => card::draw(page, card),
        Message::Part { number, part, parts, text } => card::part(page, *number, *part, *parts, text),
        Message::RemindGroup { .. } => card::remind_group(page, message),
        Message::Reminder { items, checkin } => card::reminder(page, items, checkin.as_ref()),
        Message::WhichDirective { items } => card::which(page, items),
        Message::Acknowledged { numbers } => card::acknowledged(page, numbers),
        Message::Withdrawn { number, title } => card::withdrawn(page, *number, title),
        Message::Escalation(escalation) => chain::escalation(page, escalation),
        Message::Duty(duty) => chain::duty(page, duty),
        Message::Review(review) => chain::review(page, review),
        Message::Sent(report) => chain::sent(page, report),
        // The copied file is the message: nobody is asked for words.
        Message::Attachment => {}
        Message::Track(track) => reading::track(page, track),
        Message::TrackList { lines, page: at, pages } => reading::track_list(page, lines, *at, *pages),
        Message::Pending { unit, rows, page: at, pages, remind } => {
            reading::pending(page, unit, rows, (*at, *pages));
            reading::remind_button(page, *remind);
        }
        Message::Status(status) => reading::status(page, status),
        Message::Tally(tally) => tally::draw(page, tally),
        Message::Today { items } => reading::today(page, items),
        Message::Reminded { people, groups } => reading::reminded(page, *people, *groups),
        Message::Day(message) => day::draw(page, message),
        Message::Alert(message) => alert::draw(page, message),
        Message::Urgent(step) => alert::urgent(page, step),
        Message::Form(message) => form::draw(page, message),
        Message::Paper(of) => paper::draw(page, of),
        Message::AnsweredInPrivate => page.say("answered-in-private"),
        Message::Privacy(privacy) => privacy::draw(page, privacy),
        Message::NotUnderstood => page.say("not-understood"),
    }
}

/// The directive a message is about, where there is one: a repeat names it.
fn number_of(message: &Message) -> Option<Number> {
    match message {
        Message::Card(card) => Some(card.number),
        Message::Part { number, .. }
        | Message::RemindGroup { number, .. }
        | Message::Withdrawn { number, .. } => Some(*number),
        Message::Escalation(escalation) => Some(escalation.number),
        Message::Duty(duty) => Some(duty.number),
        Message::Review(review) => Some(review.number),
        Message::Sent(report) => Some(report.number),
        Message::Compose(compose) => compose::number(compose),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

//! Binding of people and chats, help, language and membership.

use fluent_bundle::FluentValue;

use super::page::Page;
use super::refusal;
use super::{Action, Button, Keyboard, menu};
use crate::domain::message::{Binding, Locale, Reader, StrangerRow, TierName, Time, Verb};
use crate::domain::roster::Role;

/// Any message around binding.
pub(super) fn draw(page: &mut Page<'_>, binding: &Binding) {
    match binding {
        Binding::NotBound => page.say("not-bound"),
        Binding::LinkUsed => page.say("link-used"),
        Binding::LinkExpired => page.say("link-expired"),
        Binding::LinkUnknown => page.say("link-unknown"),
        Binding::PersonTaken => page.say("person-taken"),
        Binding::LinkBurnt => page.say("link-burnt"),
        Binding::LanguageSet => page.say("language-set"),
        Binding::Cancelled => page.say("cancelled"),
        Binding::NothingToCancel => page.say("nothing-to-cancel"),
        Binding::AskCode => page.say("ask-code"),
        Binding::CodeUnknown => page.say("code-unknown"),
        Binding::NotYourContact => page.say("not-your-contact"),
        Binding::AskedResponsible => page.say("asked-responsible"),
        Binding::NobodyToAsk => page.say("nobody-to-ask"),
        Binding::Welcome { name, roles, units } => welcome(page, name, roles, units),
        Binding::WelcomeBack { name, roles } => welcome_back(page, name, roles),
        Binding::SlowDown { minutes } => page.say_with("slow-down", &[("minutes", (*minutes).into())]),
        Binding::AccountTaken { name } => named(page, "account-taken", name),
        Binding::Help { roles, private } => help(page, roles, *private),
        Binding::ChooseLanguage { now } => choose_language(page, *now),
        Binding::InviteButton { unit, bot_username, payload } => invite(page, unit, bot_username, payload),
        Binding::AskContact { name } => named(page, "ask-contact", name),
        Binding::Admission { .. } => admission(page, binding),
        Binding::AdmissionDecided { .. } => admission_decided(page, binding),
        Binding::Denied { unit } => in_unit(page, "denied", unit),
        Binding::Unbound { name } => named(page, "unbound", name),
        Binding::NewLink { name, link, expires } => new_link(page, name, link, *expires),
        Binding::Registered { unit, tier, sees_all } => registered(page, unit, tier.as_ref(), *sees_all),
        Binding::ChatReplaced { unit } => in_unit(page, "chat-replaced", unit),
        Binding::RegisterRefused(reason) => page.line(refusal::say(page.voice, reason)),
        Binding::ChatLost { title, unit } => about_chat(page, "chat-lost", title, unit),
        Binding::OtherBot { bot_username, started } => other_bot(page, bot_username, *started),
        Binding::BotFails { .. } => bot_fails(page, binding),
        Binding::BotBack { bot_username } => page.say_with("bot-back", &[("bot", bot_username.into())]),
        Binding::Members { .. } => members(page, binding),
        Binding::NewStrangers { chat_title, unit, strangers } => {
            about_chat(page, "new-strangers", chat_title, unit);
            page.items(strangers, |page, _, row| stranger(page, row));
        }
        Binding::Contacts { .. } => contacts(page, binding),
        Binding::Unreachable { unit, unbound, never_started, blocked } => {
            in_unit(page, "unreachable-head", unit);
            unreachable(page, [unbound, never_started, blocked]);
        }
    }
    reply_keyboard(page, binding);
}

/// The contact's button stays while it is wanted and goes when the dialogue is over.
fn reply_keyboard(page: &mut Page<'_>, binding: &Binding) {
    match binding {
        Binding::AskContact { .. } | Binding::NotYourContact => {
            let button = page.voice.say("button-contact");
            page.reply_keyboard(Keyboard::AskContact { button });
        }
        Binding::Welcome { .. }
        | Binding::AskedResponsible
        | Binding::NobodyToAsk
        | Binding::Denied { .. }
        | Binding::Cancelled => page.reply_keyboard(Keyboard::RemoveReplyKeyboard),
        _ => {}
    }
}

fn named(page: &mut Page<'_>, id: &str, name: &str) {
    page.say_with(id, &[("name", page.voice.name(name).into())]);
}

fn in_unit(page: &mut Page<'_>, id: &str, unit: &str) {
    page.say_with(id, &[("unit", page.voice.name(unit).into())]);
}

fn about_chat(page: &mut Page<'_>, id: &str, title: &str, unit: &str) {
    let (title, unit) = (page.voice.name(title), page.voice.name(unit));
    page.say_with(id, &[("title", title.into()), ("unit", unit.into())]);
}

/// What a name of staff may end with on a roster.
const TITLES: [&str; 6] = ["老师", "校长", "院长", "书记", "主任", "家长"];

fn greeting(page: &mut Page<'_>, name: &str, roles: &[Role]) {
    let who = if page.voice.reader == Reader::Student || roles.contains(&Role::Student) {
        "student"
    } else if !roles.is_empty() && roles.iter().all(|role| role.answers_for_students()) {
        "guardian"
    } else if TITLES.iter().any(|title| name.ends_with(title)) {
        // Some rosters hold 王老师 or 李校长 already.
        "titled"
    } else {
        "staff"
    };
    page.say_with("welcome", &[("who", who.into()), ("name", page.voice.name(name).into())]);
}

fn welcome(page: &mut Page<'_>, name: &str, roles: &[Role], units: &[String]) {
    greeting(page, name, roles);
    if units.is_empty() {
        page.say("welcome-bound");
    } else {
        let total = u32::try_from(units.len()).unwrap_or(u32::MAX);
        page.say_with("welcome-bound-units", &[("units", page.voice.units(units, total).into())]);
    }
    page.say("welcome-how");
    if roles.iter().any(|role| menu::leads(*role)) {
        page.say("help-directive");
    }
    page.say("welcome-help");
}

fn welcome_back(page: &mut Page<'_>, name: &str, roles: &[Role]) {
    greeting(page, name, roles);
    page.say("welcome-back");
    page.say("welcome-help");
}

fn help(page: &mut Page<'_>, roles: &[Role], private: bool) {
    page.say("help-head");
    page.say("help-ack");
    if private && roles.contains(&Role::Guardian) {
        page.say("help-guardian");
    }
    if private && roles.iter().any(|role| menu::leads(*role)) {
        page.say("help-directive");
    }
    page.gap();
    page.say(if private { "help-commands" } else { "help-group" });
    for name in menu::names(private.then_some(roles)) {
        page.line(format!("/{name} · {}", menu::describe(page.voice.bundle, name)));
    }
}

fn choose_language(page: &mut Page<'_>, now: Locale) {
    page.say("choose-language");
    let buttons = Locale::ALL.into_iter().zip(0_i64..).map(|(locale, arg)| {
        let mark = if locale == now { "● " } else { "" };
        let name = page.voice.say_with("language-name", &[("tag", locale.tag().into())]);
        page.voice.button_named(&format!("{mark}{name}"), Verb::Lang, Some(arg))
    });
    let buttons = buttons.collect();
    page.row(buttons);
}

fn invite(page: &mut Page<'_>, unit: &str, bot_username: &str, payload: &str) {
    in_unit(page, "invite", unit);
    let bot = if bot_username.is_empty() { page.voice.context.bot_username } else { bot_username };
    let action = Action::Url(format!("https://t.me/{}?start={payload}", bot.trim_start_matches('@')));
    page.row(vec![Button { label: page.voice.say("button-join"), action }]);
}

fn admission(page: &mut Page<'_>, binding: &Binding) {
    let Binding::Admission { shown_name, person, code, unit, rebinding, .. } = binding else { return };
    let voice = page.voice;
    let [shown, person, code, unit] =
        [shown_name, person, code, unit].map(|name| FluentValue::from(voice.name(name)));
    page.say_with("admission", &[("shown", shown), ("person", person), ("code", code), ("unit", unit)]);
    if *rebinding {
        page.say("admission-rebinding");
    }
    let admit = voice.button("button-admit", Verb::Admit, None);
    page.row(vec![admit, voice.button("button-deny", Verb::Deny, None)]);
}

fn admission_decided(page: &mut Page<'_>, binding: &Binding) {
    let Binding::AdmissionDecided { person, shown_name, admitted, by } = binding else { return };
    let id = if *admitted { "admission-admitted" } else { "admission-denied" };
    let [shown, person, by] = [shown_name, person, by].map(|name| FluentValue::from(page.voice.name(name)));
    page.say_with(id, &[("shown", shown), ("person", person), ("by", by)]);
}

fn new_link(page: &mut Page<'_>, name: &str, link: &str, expires: Time) {
    let (name, expires) = (page.voice.name(name), page.voice.day(expires));
    page.say_with("new-link", &[("name", name.into()), ("expires", expires.into())]);
    page.line(link);
}

fn registered(page: &mut Page<'_>, unit: &str, tier: Option<&TierName>, sees_all: bool) {
    let name = page.voice.name(unit);
    match tier {
        Some(tier) => {
            let tier = page.voice.tier(tier);
            page.say_with("registered", &[("unit", name.into()), ("tier", tier.into())]);
            if !sees_all {
                page.say("registered-admin");
            }
        }
        None => page.say_with("registered-group", &[("unit", name.into())]),
    }
}

fn other_bot(page: &mut Page<'_>, bot: &str, started: bool) {
    if started {
        return page.say_with("other-bot-started", &[("bot", bot.into())]);
    }
    page.say_with("other-bot", &[("bot", bot.into())]);
    page.line(format!("https://t.me/{bot}"));
}

fn bot_fails(page: &mut Page<'_>, binding: &Binding) {
    let Binding::BotFails { bot_username, why, units, chats, people } = binding else { return };
    page.say_with("bot-fails", &[("bot", bot_username.into()), ("why", why.word().into())]);
    if *chats > 0 {
        let total = u32::try_from(units.len()).unwrap_or(u32::MAX);
        let units = page.voice.units(units, total);
        page.say_with("bot-fails-units", &[("units", units.into()), ("chats", (*chats).into())]);
    }
    if *people > 0 {
        page.say_with("bot-fails-people", &[("people", (*people).into())]);
    }
    page.say(if *chats > 0 || *people > 0 { "bot-fails-by-phone" } else { "bot-fails-nobody" });
}

fn members(page: &mut Page<'_>, binding: &Binding) {
    let Binding::Members { chat_title, unit, known, expected, missing, strangers, page: at, pages } = binding
    else {
        return;
    };
    about_chat(page, "members-head", chat_title, unit);
    page.say_with("members-known", &[("expected", (*expected).into()), ("known", (*known).into())]);
    if !missing.is_empty() {
        let names = page.voice.people(missing);
        page.line(format!("{}{names}", page.voice.label("members-missing")));
    }
    if !strangers.is_empty() {
        page.line(page.voice.label("members-strangers").trim_end());
    }
    page.items(strangers, |page, _, row| stranger(page, row));
    page.pages(*at, *pages);
}

fn stranger(page: &mut Page<'_>, row: &StrangerRow) {
    page.mention_line("• ", &row.shown);
    let seen = page.voice.say_with("members-seen", &[("at", page.voice.at(row.seen_at).into())]);
    page.add(&format!(" · {seen}"));
}

fn contacts(page: &mut Page<'_>, binding: &Binding) {
    let Binding::Contacts { unit, rows, verified, total, page: at, pages } = binding else { return };
    let voice = page.voice;
    let values = [
        ("unit", FluentValue::from(voice.name(unit))),
        ("verified", (*verified).into()),
        ("total", (*total).into()),
    ];
    page.say_with("contacts-head", &values);
    if verified < total {
        page.say("contacts-ask");
    }
    page.items(rows, |page, _, (person, name, phone, verified)| {
        let voice = page.voice;
        let name = voice.name(name);
        let phone = phone.as_ref().map_or_else(|| voice.say("contact-none"), |phone| voice.name(phone));
        let mark = if *verified { "✅" } else { "•" };
        page.dotted(
            &format!("{mark} "),
            [Some(format!("{name}  {phone}")), verified.then(|| voice.say("contact-verified"))],
        );
        if !*verified {
            let label = voice.say_with("button-verify", &[("name", name.into())]);
            page.row(vec![voice.button_named(&label, Verb::Verify, Some(*person))]);
        }
    });
    page.pages(*at, *pages);
}

fn unreachable(page: &mut Page<'_>, lists: [&Vec<String>; 3]) {
    let labels = ["unreachable-unbound", "unreachable-never-started", "unreachable-blocked"];
    if lists.iter().all(|list| list.is_empty()) {
        return page.say("unreachable-none");
    }
    for (label, names) in labels.into_iter().zip(lists) {
        if !names.is_empty() {
            let names = page.voice.people(names);
            page.line(format!("{}{names}", page.voice.label(label)));
        }
    }
}

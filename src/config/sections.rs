//! One function per section of the configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml::{Table, Value};

use super::layers::Layers;
use super::reading::{as_text, time, web_address};
use super::{
    Bot, Checkin, Config, Database, Http, LOCALES, Limits, Privacy, Problems, Report, RosterRules, School,
    Secret, Telegram, Updates, form, policies, values,
};
use crate::domain::calendar::{Calendar, Cron};
use crate::domain::checkin::{GuardianReports, Prompt, Upward};
use crate::domain::form::Words;
use crate::domain::policy::GroupNames;

/// Reads everything. What is wrong is in `layers` afterwards.
pub fn whole(layers: &Layers, file: &str) -> Config {
    let roster = roster(layers);
    Config {
        file: file.to_owned(),
        school: school(layers),
        calendar: calendar(layers),
        database: database(layers),
        http: http(layers),
        telegram: telegram(layers),
        directive: policies::directive(layers, &roster),
        checkin: checkin(layers, &roster.tiers),
        report: report(layers),
        privacy: privacy(layers),
        help: help(layers),
        roster,
    }
}

fn school(layers: &Layers) -> School {
    School {
        name: layers.parsed("school.name", present),
        locale: layers.choice("school.locale", &LOCALES.map(|locale| (locale, locale))).to_owned(),
    }
}

fn calendar(layers: &Layers) -> Calendar {
    let calendar = Calendar {
        timezone: layers.parsed("school.timezone", |text| {
            text.parse().map_err(|_| "a name of the time zone database such as \"Asia/Shanghai\"".to_owned())
        }),
        quiet: layers.parsed("school.quiet_hours", |text| values::quiet_hours(text).map_err(str::to_owned)),
        weekend: layers.list("calendar.weekend", |text| values::weekday(text).map_err(str::to_owned)),
        holidays: layers.list("calendar.holidays", |text| values::date_range(text).map_err(str::to_owned)),
        workdays: layers.list("calendar.workdays", |text| values::date(text).map_err(str::to_owned)),
    };
    if calendar.weekend.len() >= 7 {
        layers.wrong("calendar.weekend", "leaves no day of the week", "name fewer days");
    }
    calendar
}

fn database(layers: &Layers) -> Database {
    let read_url = secret(layers, "database.read_url", |url| url.is_empty() || is_database(url), DATABASE);
    Database {
        url: secret(layers, "database.url", is_database, DATABASE),
        read_url: Some(read_url).filter(|url| !url.reveal().is_empty()),
    }
}

const DATABASE: &str = "an address that begins with sqlite:// or postgres://";

fn is_database(url: &str) -> bool {
    ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
}

/// A text that no message repeats.
fn secret(layers: &Layers, path: &str, is_good: fn(&str) -> bool, expected: &str) -> Secret {
    layers.checked(path, |value| {
        as_text(value)
            .filter(|text| is_good(text))
            .map(Secret::new)
            .ok_or_else(|| ("cannot be read (it is not shown here)".to_owned(), format!("write {expected}")))
    })
}

fn http(layers: &Layers) -> Http {
    Http {
        listen: layers.parsed("http.listen", |text| {
            let is_address = text
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
            is_address
                .then(|| text.to_owned())
                .ok_or_else(|| "an address and port such as \"127.0.0.1:8088\"".into())
        }),
        heartbeat_url: layers.optional_url("http.heartbeat_url"),
    }
}

fn telegram(layers: &Layers) -> Telegram {
    Telegram {
        bots: bots(layers),
        api_url: layers.parsed("telegram.api_url", web_address),
        updates: updates(layers),
        limits: Limits {
            per_second: layers.number("telegram.limits.per_second", 1),
            per_chat_per_second: layers.number("telegram.limits.per_chat_per_second", 1),
            per_group_per_minute: layers.number("telegram.limits.per_group_per_minute", 1),
        },
    }
}

fn updates(layers: &Layers) -> Updates {
    let url = layers.optional_url("telegram.webhook_url");
    let is_good = |text: &str| text.len() <= 256 && text.chars().all(is_secret_character);
    let secret = secret(
        layers,
        "telegram.webhook_secret",
        is_good,
        "1 to 256 of the characters A-Z a-z 0-9 _ -, such as the output of: openssl rand -hex 32",
    );
    if !layers.choice("telegram.updates", &[("polling", false), ("webhook", true)]) {
        return Updates::Polling;
    }
    if secret.reveal().is_empty() {
        let mend = "set a fixed secret, such as the output of: openssl rand -hex 32";
        layers.wrong("telegram.webhook_secret", "is missing, but updates = \"webhook\"", mend);
    }
    match url {
        Some(url) => Updates::Webhook { url, secret },
        None => {
            let mend = "set the public address, or updates = \"polling\"";
            layers.wrong("telegram.webhook_url", "is missing, but updates = \"webhook\"", mend);
            Updates::Polling
        }
    }
}

fn is_secret_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '-'
}

/// The one bot of `token` or `token_file`, or those of `[[telegram.bots]]`; never both.
fn bots(layers: &Layers) -> Vec<Bot> {
    let single = token(
        layers,
        "telegram",
        secret(layers, "telegram.token", is_token, TOKEN),
        &layers.text("telegram.token_file"),
    );
    let Some(given) = layers.find_given("telegram.bots") else {
        let units = Vec::new();
        return single.map(|token| Bot { name: "main".to_owned(), token, units }).into_iter().collect();
    };
    let Some(entries) = given.as_array() else {
        layers.wrong("telegram.bots", "is no list", "write each bot as a section [[telegram.bots]]");
        return Vec::new();
    };
    if single.is_some() && !entries.is_empty() {
        let mend = "keep either [[telegram.bots]], or telegram.token, token_file or TELEGRAM_BOT_TOKEN";
        layers.wrong("telegram.token", "is set although there are [[telegram.bots]]", mend);
    }
    let bots: Vec<Bot> =
        entries.iter().enumerate().filter_map(|(index, entry)| bot(layers, index, entry)).collect();
    for (index, bot) in bots.iter().enumerate() {
        if bots[..index].iter().any(|other| other.name == bot.name || other.token == bot.token) {
            let path = format!("telegram.bots[{}]", index + 1);
            layers.wrong(&path, "has the name or the token of another bot", "give each bot its own");
        }
    }
    bots
}

const TOKEN: &str = "the token as @BotFather gave it, such as 123456:ABC…";

fn is_token(text: &str) -> bool {
    text.is_empty()
        || text.split_once(':').is_some_and(|(id, secret)| {
            id.parse::<i64>().is_ok() && !secret.is_empty() && secret.chars().all(is_secret_character)
        })
}

/// The token itself, or the content of the file; an environment's token goes before the file's path.
fn token(layers: &Layers, path: &str, token: Secret, file: &str) -> Option<Secret> {
    let has_token = !token.reveal().is_empty();
    if file.is_empty() {
        return has_token.then_some(token);
    }
    if has_token {
        if !layers.is_from_environment("telegram.token") {
            layers.wrong(&format!("{path}.token"), "is set as well as token_file", "keep one of the two");
        }
        return Some(token);
    }
    let path = format!("{path}.token_file");
    match std::fs::read_to_string(file) {
        Ok(text) if !text.trim().is_empty() && is_token(text.trim()) => {
            return Some(Secret::new(text.trim()));
        }
        Ok(_) => {
            layers.wrong(&path, &format!("{file:?} does not hold a token"), &format!("put there {TOKEN}"))
        }
        Err(error) => {
            layers.wrong(
                &path,
                &format!("{file:?} cannot be read: {error}"),
                "name a file that holds the token",
            );
        }
    }
    None
}

fn bot(layers: &Layers, index: usize, entry: &Value) -> Option<Bot> {
    let path = format!("telegram.bots[{}]", index + 1);
    let Some(table) = entry.as_table() else {
        layers.wrong(&path, "is no table", "write each bot as a section [[telegram.bots]]");
        return None;
    };
    only_known(layers, &path, table, &["name", "token", "token_file", "units"]);
    let text = |key: &str| table.get(key).and_then(as_text).unwrap_or_default();
    let secret = Secret::new(text("token"));
    if !is_token(secret.reveal()) {
        layers.wrong(
            &format!("{path}.token"),
            "cannot be read (it is not shown here)",
            &format!("write {TOKEN}"),
        );
    }
    let units = table.get("units").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let units: Option<Vec<String>> = units.iter().map(as_text).collect();
    if units.is_none() || table.get("units").is_some_and(|units| !units.is_array()) {
        layers.wrong(&format!("{path}.units"), "is no list of codes", "write units = [\"c1\", \"c2\"]");
    }
    if text("name").is_empty() {
        layers.wrong(&format!("{path}.name"), "is missing", "give the bot a name");
    }
    let token = token(layers, &path, secret, &text("token_file"));
    if token.is_none() && text("token_file").is_empty() {
        layers.wrong(&format!("{path}.token"), "is missing", &format!("write {TOKEN}"));
    }
    Some(Bot { name: text("name"), token: token?, units: units? })
}

/// Tells of every key of `table` that is not `known`.
pub fn only_known(layers: &Layers, path: &str, table: &Table, known: &[&str]) {
    for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
        layers.unknown(&format!("{path}.{key}"), &mut known.iter().copied());
    }
}

fn roster(layers: &Layers) -> RosterRules {
    let tiers = layers.checked("roster.tiers", |value| {
        let names: Option<Vec<String>> =
            value.as_array().and_then(|names| names.iter().map(as_text).collect());
        names.filter(|names| are_tiers(names)).ok_or_else(|| {
            let mend =
                "name three tiers, or four with the guardians, each with one word of its own; not \"group\"";
            ("is no list of tiers".to_owned(), mend.to_owned())
        })
    });
    RosterRules {
        names: tier_names(layers, &tiers),
        tiers,
        group_names: GroupNames {
            shown: layers.flag("roster.group_names"),
            up_to: layers.number("roster.group_names_up_to", 0),
        },
    }
}

fn are_tiers(names: &[String]) -> bool {
    let is_word = |name: &String| {
        !name.is_empty()
            && name != "group"
            && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    };
    let is_new = |(index, name): (usize, &String)| !names[..index].contains(name);
    (3..=4).contains(&names.len()) && names.iter().all(is_word) && names.iter().enumerate().all(is_new)
}

/// How each tier is called: as given, else as the defaults say for a tier of this name, else by its name.
fn tier_names(layers: &Layers, tiers: &[String]) -> BTreeMap<String, BTreeMap<String, String>> {
    for tier in layers.given_entries("roster.names") {
        let path = format!("roster.names.{tier}");
        if !tiers.contains(&tier) {
            layers.unknown(&path, &mut tiers.iter().map(String::as_str));
        }
        for locale in layers.given_entries(&path).iter().filter(|locale| !LOCALES.contains(&locale.as_str()))
        {
            layers.unknown(&format!("{path}.{locale}"), &mut LOCALES.into_iter());
        }
        if layers.find_given(&path).is_some_and(|names| !names.is_table()) {
            layers.wrong(&path, "is no table", "write { zh-CN = \"…\", en = \"…\" }");
        }
    }
    let words = |tier: &String| {
        LOCALES.iter().map(|locale| ((*locale).to_owned(), tier_name(layers, tier, locale))).collect()
    };
    tiers.iter().map(|tier| (tier.clone(), words(tier))).collect()
}

fn tier_name(layers: &Layers, tier: &str, locale: &str) -> String {
    let path = format!("roster.names.{tier}.{locale}");
    match layers.find_given(&path) {
        Some(Value::String(name)) if !name.trim().is_empty() => return name.clone(),
        Some(_) => layers.wrong(&path, "is no name", "write a text in quotes"),
        None => {}
    }
    layers.find_default(&path).and_then(Value::as_str).unwrap_or(tier).to_owned()
}

fn checkin(layers: &Layers, tiers: &[String]) -> Checkin {
    let form_file = path(layers, "checkin.form");
    let form = form::load(&form_file).unwrap_or_else(|Problems(problems)| {
        layers.add(problems);
        form::shipped()
    });
    Checkin {
        form,
        form_file,
        open: layers.parsed("checkin.open", cron),
        deadline: layers.time("checkin.deadline"),
        prompt: layers.choice(
            "checkin.prompt",
            &[
                ("private", Prompt::Private),
                ("group", Prompt::Group),
                ("group_then_private", Prompt::GroupThenPrivate),
            ],
        ),
        private_after: layers.duration("checkin.private_after"),
        remind: layers.list("checkin.remind", time),
        escalate: escalations(layers, tiers),
        hold: layers.duration("checkin.hold"),
        guardian_reports: layers.choice(
            "checkin.guardian_reports",
            &[
                ("never", GuardianReports::Never),
                ("unbound", GuardianReports::Unbound),
                ("always", GuardianReports::Always),
            ],
        ),
        calendar: layers.flag("checkin.calendar"),
    }
}

/// The reports upward of the check-in. The defaults name the usual tiers, which stand for their positions.
fn escalations(layers: &Layers, tiers: &[String]) -> Vec<Upward> {
    const PATH: &str = "checkin.escalate";
    let given = layers.find_given(PATH);
    let names = if given.is_some() { tiers.to_vec() } else { default_tiers(layers) };
    let Some(list) = given.or(layers.find_default(PATH)).and_then(Value::as_array) else {
        layers.wrong(PATH, "is no list", "write [ { at = \"09:00\", to = \"class\" } ]");
        return Vec::new();
    };
    let one = |(index, entry)| escalation(layers, &format!("{PATH}[{}]", index + 1), entry, &names);
    list.iter().enumerate().filter_map(one).collect()
}

fn escalation(layers: &Layers, path: &str, entry: &Value, tiers: &[String]) -> Option<Upward> {
    let Some(table) = entry.as_table() else {
        layers.wrong(path, "is no table", "write { at = \"09:00\", to = \"class\" }");
        return None;
    };
    only_known(layers, path, table, &["at", "to"]);
    let at = table.get("at").and_then(as_text).and_then(|text| time(&text).ok());
    if at.is_none() {
        layers.wrong(&format!("{path}.at"), "is no time of day", "write a time of day such as \"09:00\"");
    }
    let with_people = &tiers[..tiers.len().min(3)];
    let to = table.get("to").and_then(as_text).and_then(|to| with_people.iter().position(|tier| *tier == to));
    if to.is_none() {
        let mend = format!("write one of {}", with_people.join(", "));
        layers.wrong(&format!("{path}.to"), "is no tier with responsible persons", &mend);
    }
    Some(Upward { at: at?, to: to? })
}

/// The tiers' names in the defaults.
pub fn default_tiers(layers: &Layers) -> Vec<String> {
    let names = layers.find_default("roster.tiers").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(as_text).collect()
}

fn report(layers: &Layers) -> Report {
    Report {
        class_due: layers.time("report.class_due"),
        college_due: layers.time("report.college_due"),
        sign_by: layers.time("report.sign_by"),
        file_by: layers.optional_time("report.file_by"),
        digest: layers.list("report.digest", cron),
    }
}

fn privacy(layers: &Layers) -> Privacy {
    Privacy {
        key_file: path(layers, "privacy.key_file"),
        answers_kept: layers.positive_duration("privacy.answers_kept"),
        locations_kept: layers.positive_duration("privacy.locations_kept"),
    }
}

fn help(layers: &Layers) -> Words {
    Words { zh: layers.parsed("help.text.zh-CN", present), en: layers.parsed("help.text.en", present) }
}

fn path(layers: &Layers, path: &str) -> PathBuf {
    layers.parsed(path, present).into()
}

fn present(text: &str) -> Result<String, String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned()).ok_or_else(|| "something: it may not be empty".to_owned())
}

fn cron(text: &str) -> Result<Cron, String> {
    text.parse()
        .map_err(|reason| format!("six fields, seconds first, such as \"0 0 7 * * Mon-Fri\" ({reason})"))
}

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use chrono::{TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

use super::*;
use crate::domain::message::{
    Card, Counted, Escalation, Mention, MissingRow, PendingRow, ReminderItem, Status, StatusDirective, Track,
    TrackRow, Verb,
};
use crate::domain::message::{Compose, Preview, Reach, RelayState, TierName};
use crate::domain::split::{CARD_TEXT_LIMIT, NOTE_TEXT_LIMIT, PART_TEXT_LIMIT, utf16_len};

/// The program's own sources, without its tests.
fn source_of(folder: &Path) -> String {
    let mut source = String::new();
    for entry in std::fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            source.push_str(&source_of(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
            source.push_str(&std::fs::read_to_string(&path).expect("a source can be read"));
        }
    }
    source
}

fn now() -> Time {
    Utc.with_ymd_and_hms(2026, 11, 22, 1, 0, 0).single().expect("UTC has every hour once")
}

static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::new);

fn render(locale: Locale, message: Message) -> Rendered {
    let calendar = Calendar::plain(Shanghai);
    let context =
        Context { handle: 7, repeat: false, calendar: &calendar, now: now(), bot_username: "school_bot" };
    TEXTS.render(&Letter { reader: Reader::Adult, locale, message }, &context)
}

fn number() -> Number {
    Number { year: 2026, number: 12 }
}

/// Messages of a file with the names of variables and messages each mentions.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            id = name.to_owned();
            assert!(found.insert(id.clone(), BTreeSet::new()).is_none(), "{id} is there twice");
        }
        let entry = found.entry(id.clone()).or_default();
        for piece in line.split('{').skip(1) {
            let name = piece.split(['}', '-', '>']).next().unwrap_or_default();
            let whole = piece.split(['}', ' ']).find(|word| !word.is_empty()).unwrap_or_default();
            let name = if whole.starts_with('$') { whole } else { name.trim() };
            let known = if whole.starts_with('$') { name } else { whole };
            entry.insert(known.trim().to_owned());
        }
    }
    found
}

/// The variables of a message and of those it is made of; who reads may matter in one language only.
fn variables(id: &str, all: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mentioned = all.get(id).unwrap_or_else(|| panic!("{id} is mentioned and not there"));
    let (own, others): (Vec<_>, Vec<_>) =
        mentioned.iter().filter(|name| !name.starts_with('"')).partition(|name| name.starts_with('$'));
    let others = others.into_iter().filter(|name| !name.is_empty()).flat_map(|name| variables(name, all));
    own.into_iter().cloned().chain(others).filter(|name| name != "$reader").collect()
}

#[test]
fn both_languages_have_the_same_messages_and_variables() {
    let (zh, en) = (messages(ZH_CN), messages(EN));
    let ids = |all: &BTreeMap<String, BTreeSet<String>>| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(ids(&zh), ids(&en));
    for id in zh.keys() {
        assert_eq!(variables(id, &zh), variables(id, &en), "{id}");
    }
}

#[test]
fn every_message_is_used_and_no_name_is_misspelt() {
    let zh = messages(ZH_CN);
    let mentioned: BTreeSet<&str> = zh.values().flatten().map(String::as_str).collect();
    let source = source_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let said = |id: &str| {
        let family = id.split_once('-').map(|(family, _)| format!("\"{family}-{{"));
        source.contains(&format!("\"{id}\"")) || family.is_some_and(|family| source.contains(&family))
    };
    let unused: Vec<_> = zh.keys().filter(|id| !said(id) && !mentioned.contains(id.as_str())).collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
    for call in ["page.say(\"", "voice.say(\"", "say_with(\"", "voice.button(\"", "voice.label(\""] {
        let named = source.split(call).skip(1).filter_map(|rest| rest.split('"').next());
        let unknown: Vec<_> = named.filter(|id| !zh.contains_key(*id)).collect();
        assert!(unknown.is_empty(), "not in the files: {unknown:?}");
    }
}

#[test]
fn every_verb_and_role_word_of_a_choice_is_known() {
    for line in
        ZH_CN.lines().skip_while(|line| !line.starts_with("refused-verb")).take_while(|line| line != &"}。")
    {
        if let Some(word) = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            assert!(Verb::from_word(word).is_some(), "{word}");
        }
    }
}

#[test]
fn texts_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Texts>();
}

#[test]
fn a_mention_points_at_the_name_in_utf16_units() {
    let mentions = vec![
        Mention { name: "😀张三".to_owned(), account: Some(11) },
        Mention { name: "李四".to_owned(), account: None },
        Mention { name: "王\n五".to_owned(), account: Some(13) },
    ];
    let message = Message::RemindGroup {
        leg: 1,
        number: number(),
        title: "返校 🎒".to_owned(),
        due: None,
        counted: Counted::Students,
        acked: 42,
        must: 45,
        missing: 3,
        mentions,
    };
    for locale in Locale::ALL {
        let rendered = render(locale, message.clone());
        let units: Vec<u16> = rendered.text.encode_utf16().collect();
        let named: Vec<_> = rendered
            .entities
            .iter()
            .map(|e| (String::from_utf16_lossy(&units[e.offset_utf16..][..e.length_utf16]), e.account))
            .collect();
        assert_eq!(named, [("😀张三".to_owned(), 11), ("王 五".to_owned(), 13)]);
    }
}

#[test]
fn a_time_of_today_has_no_date_and_one_of_another_year_its_year() {
    let calendar = Calendar::plain(Shanghai);
    let context = Context { handle: 1, repeat: false, calendar: &calendar, now: now(), bot_username: "b" };
    let said = |locale, days| {
        let voice = TEXTS.voice(locale, Reader::Adult, &context);
        voice.at(now() + TimeDelta::days(days))
    };
    assert_eq!(said(Locale::ZhCn, 0), "09:00");
    assert_eq!(said(Locale::ZhCn, 1), "11月23日 09:00");
    assert_eq!(said(Locale::ZhCn, 40), "2027年1月1日 09:00");
    assert_eq!(said(Locale::En, 1), "09:00 on 23 Nov");
    assert_eq!(said(Locale::En, 40), "09:00 on 1 Jan 2027");
}

#[test]
fn large_numbers_have_commas_in_both_languages() {
    let message = Message::Reminded { people: 17_204, groups: 421 };
    assert!(render(Locale::ZhCn, message.clone()).text.contains("17,204 人"));
    assert!(render(Locale::En, message).text.contains("17,204 people"));
}

#[test]
fn a_repeat_says_so_before_anything_else() {
    let calendar = Calendar::plain(Shanghai);
    let context = Context { handle: 1, repeat: true, calendar: &calendar, now: now(), bot_username: "b" };
    let message = Message::Withdrawn { number: number(), title: "x".to_owned() };
    let letter = Letter { reader: Reader::Group, locale: Locale::En, message };
    assert!(TEXTS.render(&letter, &context).text.starts_with("Repeat of No. 12/2026:\n"));
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,80}",
        Just("\u{202E}<b>&amp;@all tg://user?id=1 [x](tg://user?id=1)\u{0}\r\n".repeat(4)),
        Just("👨‍👩‍👧‍👦".repeat(30)),
        Just("{ $name } { you }".to_owned()),
        Just("长".repeat(5000)),
        Just(String::new()),
    ]
}

fn card(text: String, name: String, children: Vec<String>) -> Card {
    Card {
        leg: i64::MAX,
        number: Number { year: i32::MIN, number: i64::MAX },
        from: name.clone(),
        text,
        title: name.clone(),
        parts: 3,
        attachments: 9,
        reference: name.clone(),
        urgent: true,
        answer: true,
        copy: true,
        revision: u32::MAX,
        notes: vec![(name.clone(), "注".repeat(NOTE_TEXT_LIMIT)), (name, "注".repeat(NOTE_TEXT_LIMIT))],
        due: Some(now() + TimeDelta::days(400)),
        counted: Counted::Households,
        acked: u32::MAX,
        must: u32::MAX,
        withdrawn: false,
        outdated: false,
        own: Some(crate::domain::message::OwnReceipt { acked_at: None, children }),
    }
}

fn rows(name: &str, count: usize) -> Vec<MissingRow> {
    let row = MissingRow {
        subject: i64::MIN,
        name: name.to_owned(),
        phone: Some(name.to_owned()),
        unreachable: true,
        unreached: false,
        acked: false,
    };
    vec![row; count]
}

fn items(name: &str, count: usize) -> Vec<ReminderItem> {
    let item = ReminderItem {
        leg: 1,
        number: number(),
        title: name.to_owned(),
        unit: name.to_owned(),
        due: Some(now()),
        urgent: true,
        children: vec![name.to_owned(); count],
        acked: false,
    };
    vec![item; count]
}

fn track_row(name: &str) -> TrackRow {
    TrackRow {
        leg: 1,
        unit: name.to_owned(),
        acked: 1,
        must: 2,
        late: 1,
        overdue: true,
        relay: RelayState::Relayed(now()),
        relayed_by: Some(name.to_owned()),
        done: true,
    }
}

fn pending_row(name: &str, count: usize) -> PendingRow {
    PendingRow {
        leg: 1,
        number: number(),
        title: name.to_owned(),
        unit: name.to_owned(),
        due: Some(now()),
        overdue: true,
        missing: 3,
        names: vec![name.to_owned(); count],
    }
}

fn long_lists(name: &str, count: usize) -> Vec<Message> {
    let mention = Mention { name: name.to_owned(), account: Some(1) };
    let row = track_row(name);
    let pending = pending_row(name, count);
    let status = StatusDirective {
        number: number(),
        title: name.to_owned(),
        due: Some(now()),
        overdue: false,
        counted: Counted::Students,
        acked: 1,
        must: 2,
        missing: vec![mention; count],
    };
    let unit = name.to_owned();
    vec![
        Message::Reminder { items: items(name, count), checkin: None },
        Message::Pending {
            unit: unit.clone(),
            rows: vec![pending; count],
            page: 0,
            pages: usize::MAX,
            remind: true,
        },
        Message::Status(Box::new(Status {
            unit: unit.clone(),
            reach: Reach { expected: 9, bound: 7, never_started: 1, blocked: 1 },
            directives: vec![status; count],
            more: 3,
            remind: true,
            day: None,
        })),
        Message::Escalation(Box::new(Escalation {
            leg: 1,
            number: number(),
            title: unit.clone(),
            unit: unit.clone(),
            urgent: true,
            due: Some(now()),
            counted: Counted::Students,
            acked: 0,
            must: 90,
            level: 2,
            missing: rows(name, count),
            page: 1,
            pages: 3,
        })),
        Message::Track(Box::new(Track {
            directive: 1,
            leg: 2,
            number: number(),
            title: unit.clone(),
            unit: Some(unit),
            issued_at: now(),
            revision: 2,
            withdrawn: false,
            tiers: Vec::new(),
            rows: vec![row; count],
            missing: vec![name.to_owned(); count],
            page: 1,
            pages: 3,
            own: true,
            remind: Some(2),
        })),
    ]
}

fn check(rendered: &Rendered) -> Result<(), TestCaseError> {
    let units = utf16_len(&rendered.text);
    prop_assert!(units <= MESSAGE_LIMIT, "{units}");
    for entity in &rendered.entities {
        prop_assert!(entity.offset_utf16 + entity.length_utf16 <= units);
    }
    if let Keyboard::Inline(rows) = &rendered.keyboard {
        prop_assert!(rows.iter().map(Vec::len).sum::<usize>() <= 100);
        for button in rows.iter().flatten() {
            prop_assert!(!button.label.is_empty());
            let data = matches!(&button.action, Action::Data(data) if data.len() <= 64);
            prop_assert!(data);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_directive_arrives_as_it_was_written(text in "\\PC{0,300}", name in hostile()) {
        for locale in Locale::ALL {
            let rendered = render(locale, Message::Card(Box::new(card(text.clone(), name.clone(), vec![]))));
            prop_assert!(text.trim().is_empty() || rendered.text.contains(&text));
            prop_assert!(rendered.entities.is_empty());
            check(&rendered)?;
        }
    }

    #[test]
    fn the_longest_card_and_part_are_not_cut(name in hostile(), children in 0_usize..200) {
        let text = "末".repeat(CARD_TEXT_LIMIT);
        let children = vec![name.clone(); children];
        for locale in Locale::ALL {
            let rendered = render(locale, Message::Card(Box::new(card(text.clone(), name.clone(), children.clone()))));
            check(&rendered)?;
            prop_assert!(rendered.text.contains(&text));
            prop_assert_eq!(rendered.text.matches(&"注".repeat(NOTE_TEXT_LIMIT)).count(), 2);
            let piece = "末".repeat(PART_TEXT_LIMIT);
            let number = Number { year: i32::MIN, number: i64::MAX };
            let part = Message::Part { number, part: 1, parts: usize::MAX, text: piece.clone() };
            let rendered = render(locale, part);
            check(&rendered)?;
            prop_assert!(rendered.text.ends_with(&piece));
        }
    }

    #[test]
    fn long_lists_stay_within_the_bounds(name in hostile(), count in 1_usize..150) {
        for message in long_lists(&name, count) {
            for locale in Locale::ALL {
                check(&render(locale, message.clone()))?;
            }
        }
    }

    #[test]
    fn a_preview_of_any_text_fits(text in hostile(), depth in 0_usize..6) {
        let depths = (0..4).map(|position| TierName { position, zh: None, en: None }).collect();
        let preview = Preview {
            draft: 1, from: text.clone(), text: text.clone(), attachments: 1, reference: text.clone(),
            urgent: true, answer: true, depths, depth: Some(depth), addressed: 1, units: 2, copies: 1,
            due_hours: Some(3), chats: 4, people: 5,
        };
        let message = Message::Compose(Compose::Preview(Box::new(preview)));
        for locale in Locale::ALL {
            check(&render(locale, message.clone()))?;
        }
    }
}

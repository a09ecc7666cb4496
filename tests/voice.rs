//! The bot's whole voice: every message, toast and menu in both languages, as committed documents
//! (`docs/voice.*.md`). `UPDATE_SNAPSHOTS=1` writes them anew; a changed sentence shows in the diff.

mod alert;
mod binding;
mod chain;
mod compose;
mod day;
mod form;
mod paper;
mod privacy;
mod reading;
mod situations;
mod tally;
mod toasts;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{TimeDelta, TimeZone as _, Utc};
use chrono_tz::Asia::Shanghai;
use tierline::domain::calendar::Calendar;
use tierline::domain::callback;
use tierline::domain::message::{Letter, Locale, Message, Number, Reader, Time, Toast};
use tierline::domain::roster::Role;
use tierline::text::{Action, Button, Context, Keyboard, Rendered, Texts};

/// Makes the samples of one language: names and texts are of that language, too.
struct Sampler {
    locale: Locale,
    samples: Vec<Sample>,
    toasts: Vec<(String, Reader, Toast)>,
}

/// A situation with a message that is said in it.
struct Sample {
    /// Who reads it.
    chapter: String,
    /// When it is said.
    title: String,
    repeat: bool,
    letter: Letter,
}

impl Sampler {
    fn of(locale: Locale) -> Self {
        let mut sampler = Sampler { locale, samples: Vec::new(), toasts: Vec::new() };
        chain::groups(&mut sampler);
        chain::people(&mut sampler);
        chain::responsible(&mut sampler);
        compose::all(&mut sampler);
        reading::all(&mut sampler);
        day::all(&mut sampler);
        form::all(&mut sampler);
        binding::people(&mut sampler);
        binding::responsible(&mut sampler);
        binding::refusals(&mut sampler);
        privacy::all(&mut sampler);
        alert::reporter(&mut sampler);
        alert::handlers(&mut sampler);
        tally::all(&mut sampler);
        paper::all(&mut sampler);
        toasts::all(&mut sampler);
        sampler
    }

    /// The Chinese or the English of something.
    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        }
    }

    fn own(&self, zh: &str, en: &str) -> String {
        self.pick(zh, en).to_owned()
    }

    fn owned(&self, zh: &[&str], en: &[&str]) -> Vec<String> {
        let words = match self.locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn say(&mut self, chapter: (&str, &str), title: (&str, &str), reader: Reader, message: Message) {
        let letter = Letter { reader, locale: self.locale, message };
        let chapter = self.own(chapter.0, chapter.1);
        let title = self.own(title.0, title.1);
        self.samples.push(Sample { chapter, title, repeat: false, letter });
    }

    fn toast(&mut self, title: (&str, &str), reader: Reader, toast: Toast) {
        self.toasts.push((self.own(title.0, title.1), reader, toast));
    }
}

/// 09:30 of a Sunday in Shanghai.
fn now() -> Time {
    Utc.with_ymd_and_hms(2026, 11, 22, 1, 30, 0).single().expect("UTC has every hour once")
}

fn minutes(minutes: i64) -> Time {
    now() + TimeDelta::minutes(minutes)
}

fn twelve() -> Number {
    Number { year: 2026, number: 12 }
}

fn thirteen() -> Number {
    Number { year: 2026, number: 13 }
}

fn context(calendar: &Calendar, repeat: bool) -> Context<'_> {
    Context { handle: 1, repeat, calendar, now: now(), bot_username: "school_bot" }
}

fn document(locale: Locale) -> String {
    let texts = Texts::new();
    let calendar = Calendar::plain(Shanghai);
    let sampler = Sampler::of(locale);
    let mut page = sampler.own(
        "# 机器人说的话\n\n每一种情况一例，由测试生成；改动措辞请改 `config/locales/zh-CN.ftl`。此刻是 2026年11月22日 09:30。\n",
        "# What the bot says\n\nOne example of every situation, made by a test; to change the words, change `config/locales/en.ftl`.\nIt is 09:30 on 22 November 2026.\n",
    );
    let mut chapter = "";
    for sample in &sampler.samples {
        if sample.chapter != chapter {
            chapter = &sample.chapter;
            write!(page, "\n## {chapter}\n").expect("a string takes all");
        }
        let rendered = texts.render(&sample.letter, &context(&calendar, sample.repeat));
        write!(page, "\n### {}\n\n```text\n{}```\n", sample.title, shown(&rendered))
            .expect("a string takes all");
    }
    toast_chapter(&mut page, &texts, &sampler, &context(&calendar, false));
    menu_chapter(&mut page, &texts, &sampler);
    page
}

/// Text, mentions and buttons with what they do.
fn shown(rendered: &Rendered) -> String {
    let units: Vec<u16> = rendered.text.encode_utf16().collect();
    let mut shown = format!("{}\n", rendered.text);
    for entity in &rendered.entities {
        let name = &units[entity.offset_utf16..entity.offset_utf16 + entity.length_utf16];
        writeln!(shown, "@ {}", String::from_utf16_lossy(name)).expect("a string takes all");
    }
    match &rendered.keyboard {
        Keyboard::None => {}
        Keyboard::Inline(rows) => {
            for row in rows {
                let row: Vec<String> = row.iter().map(button).collect();
                writeln!(shown, "{}", row.join(" ")).expect("a string takes all");
            }
        }
        Keyboard::AskContact { button } => {
            writeln!(shown, "[{button} → contact]").expect("a string takes all")
        }
        Keyboard::AskLocation { button } => {
            writeln!(shown, "[{button} → location]").expect("a string takes all")
        }
        Keyboard::RemoveReplyKeyboard => {}
    }
    shown
}

fn button(button: &Button) -> String {
    let does = match &button.action {
        Action::Url(url) => url.clone(),
        Action::Data(data) => {
            let (verb, handle, arg) = callback::parse(data).expect("what a button carries reads back");
            assert_eq!(handle, 1);
            arg.map_or_else(|| verb.word().to_owned(), |arg| format!("{} {arg}", verb.word()))
        }
    };
    format!("[{} → {does}]", button.label)
}

fn toast_chapter(page: &mut String, texts: &Texts, sampler: &Sampler, context: &Context<'_>) {
    let heads = sampler.own("按下按钮后的回应", "Answers to a press");
    let columns = sampler.own("情况 | 回应 | 需点确定", "When | Answer | Must be closed");
    write!(page, "\n## {heads}\n\n| {columns} |\n| --- | --- | --- |\n").expect("a string takes all");
    for (title, reader, toast) in &sampler.toasts {
        let (text, alert) = texts.toast(toast, *reader, sampler.locale, context);
        let alert = if alert { "✓" } else { "" };
        writeln!(page, "| {title} | {text} | {alert} |").expect("a string takes all");
    }
}

fn menu_chapter(page: &mut String, texts: &Texts, sampler: &Sampler) {
    let menus: [(&str, Option<&[Role]>); 5] = [
        (sampler.pick("命令菜单：群", "Menu of a group"), None),
        (sampler.pick("命令菜单：负责老师", "Menu of those responsible"), Some(&[Role::Counselor])),
        (sampler.pick("命令菜单：审计", "Menu of an auditor"), Some(&[Role::Auditor])),
        (sampler.pick("命令菜单：学生和其他人", "Menu of students and others"), Some(&[Role::Student])),
        (sampler.pick("命令菜单：尚无身份", "Menu without a role"), Some(&[])),
    ];
    for (title, roles) in menus {
        write!(page, "\n## {title}\n\n").expect("a string takes all");
        for (name, words) in texts.commands(roles, sampler.locale) {
            writeln!(page, "- /{name} {words}").expect("a string takes all");
        }
    }
}

#[test]
fn the_voice_is_as_committed() {
    for locale in Locale::ALL {
        let path = format!("{}/docs/voice.{}.md", env!("CARGO_MANIFEST_DIR"), locale.tag());
        let said = document(locale);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &said).expect("the repository can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            said == committed,
            "what the bot says differs from {path}; read it, then run with UPDATE_SNAPSHOTS=1"
        );
    }
}

#[test]
fn every_situation_has_a_sample() {
    for locale in Locale::ALL {
        let sampler = Sampler::of(locale);
        let mut said = BTreeSet::new();
        for sample in &sampler.samples {
            situations::of_message(&sample.letter.message, &mut said);
        }
        for (_, _, toast) in &sampler.toasts {
            situations::of_toast(toast, &mut said);
        }
        let silent: Vec<_> = situations::all().into_iter().filter(|name| !said.contains(name)).collect();
        assert!(silent.is_empty(), "no sample in {} for {silent:?}", locale.tag());
    }
}

/// Chinese, the quotation marks of Chinese, and no half-width punctuation between its characters.
#[test]
fn chinese_is_set_as_chinese() {
    let chinese = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
    for line in document(Locale::ZhCn).lines() {
        let signs: Vec<char> = line.chars().collect();
        for around in signs.windows(3) {
            let half_width = matches!(around[1], ',' | ';' | ':' | '!' | '?' | '(' | ')' | '"');
            assert!(!(half_width && chinese(around[0]) && chinese(around[2])), "{line}");
        }
        assert!(!line.contains("秘书") && !line.contains("。。"), "{line}");
    }
}

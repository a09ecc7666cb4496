//! What people wrote arrives as they wrote it (S9), however long it is.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::on_both;
use crate::world::World;

/// Strings that have broken bots before.
const NASTY: [&str; 24] = [
    "<b>粗体</b> & <script>alert(1)</script>",
    "&lt;&amp;&#x4e2d;&quot;",
    "*星号* _下划线_ `代码` [链接](tg://user?id=1)",
    "<a href=\"tg://user?id=5000000001\">点我</a>",
    "@tierline_bot /start@tierline_bot #标签 $CASH",
    "https://example.com/?a=1&b=<2> mail@example.com",
    "{ $number } {0} %s %n ${HOME} {{x}}",
    "👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇨🇳",
    "é e\u{301} ＡＢＣ ｶﾅ \u{200b}零宽\u{feff}",
    "\u{202e}反向\u{202c} \u{202d}文字\u{2066}隔离\u{2069}",
    "'; DROP TABLE directives; --",
    "\u{1d11e}𠮷𠮷𠮷",
    "收到",
    "/cancel",
    "1/45 已回复 45/45",
    "```rust\nfn main() {}\n```",
    "||剧透|| ~删除~ __下划__",
    "\\n \\u0000 \\",
    "=1+1 +86 -1 @x",
    "第1行\n\n\n第5行",
    "　全角空格　开头",
    "«ё» ß İ ı ŉ",
    "a\tb\tc",
    "【通知】2026年第99号",
];

on_both! {
    async fn five_hundred_hostile_strings_arrive_as_written(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        let mut runner = TestRunner::deterministic();
        let random = "[\\PC\\n<>&\\[\\]()*_`@#/{}$%\"'\\\\]{1,60}";
        let random = proptest::string::string_regex(random).expect("a pattern");
        let mut strings: Vec<String> = NASTY.map(str::to_owned).into();
        while strings.len() < 500 {
            strings.push(random.new_tree(&mut runner).expect("a string").current());
        }
        for (n, batch) in strings.chunks(20).enumerate() {
            let text = format!("开头\n{}\n结尾", batch.join("\n|\n"));
            let message = counselor.account().writes_to(&school.bot, &format!("/directive {text}"));
            school.settles().await;
            // Telegram itself removes a little before the bot sees it.
            let arrived = school.sandbox.message(counselor.id(), message).expect("it was written").text;
            let arrived = arrived.strip_prefix("/directive ").expect("the command").to_owned();
            let preview = counselor.newest_with("send");
            assert!(preview.text.contains(&arrived), "batch {n}:\n{arrived}\n---\n{}", preview.text);
            counselor.presses_nth("to", 0).await;
            counselor.presses("send").await;
            let card = school.class("cs1").card();
            assert!(card.text().contains(&arrived), "batch {n}:\n{arrived}\n---\n{}", card.text());
            let links = card.message.entities.iter().filter(|entity| matches!(entity.kind.as_str(), "text_mention" | "text_link"));
            assert_eq!(links.count(), 0, "no link to a person out of a text: {:?}", card.message.entities);
            if n == 12 {
                school.restarts().await;
            }
        }
        school.overlooks("已发出");
        school.overlooks("已发送");
        school.ends().await;
    }

    async fn a_long_text_is_split_and_never_cut(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        let lines: Vec<String> = (0..900).map(|n| format!("第{n}条：请认真落实😀")).collect();
        let text = lines.join("\n");
        let mut pieces = tierline::domain::split::split(&text, 3900).into_iter();
        counselor.writes(&format!("/directive {}", pieces.next().expect("a piece"))).await;
        for piece in pieces {
            counselor.writes(&piece).await;
        }
        school.restarts().await;
        school.overlooks("已取消，未发送");
        assert!(counselor.is_told("一字不少").text.contains("条发送"));
        counselor.presses_nth("to", 0).await;
        counselor.presses("send").await;
        counselor.is_told("已发送");
        counselor.is_told("已发出");
        let said = school.class("cs1").messages();
        let (card, parts) = said.split_last().expect("messages");
        assert!(parts.len() >= 2 && card.text.contains(&format!("正文见上，共 {} 条", parts.len())), "{}", card.text);
        let whole: String = parts.iter().map(|part| part.text.clone() + "\n").collect();
        assert!(lines.iter().all(|line| whole.contains(&format!("{line}\n"))), "no line is lost");
        said.iter().for_each(|message| school.read(message));
        school.student("cs1", 1).replies_to_part(&parts[0]).await;
        school.student("cs1", 2).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.ends().await;
    }

    async fn what_is_too_long_is_refused_in_words(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.writes(&format!("/directive {}", "字".repeat(4000))).await;
        for _ in 0..4 {
            counselor.writes(&"字".repeat(4000)).await;
        }
        counselor.is_told("内容过长");
        school.restarts().await;
        school.overlooks("已取消，未发送");
        counselor.newest_with("send");
        school.overlooks("【预览】");
        counselor.writes("/cancel").await;
        counselor.is_told("已取消。");
        school.class("cs1").is_quiet();
        school.ends().await;
    }
}

//! What counts as 收到 (B1): the word stands at the start, and the rest neither asks nor denies.

/// Turns of phrase that hold a word of denial and deny nothing.
const HARMLESS: [&str; 12] = [
    "没问题",
    "没有问题",
    "没关系",
    "没事",
    "不客气",
    "不好意思",
    "不用谢",
    "无误",
    "no problem",
    "no worries",
    "no questions",
    "not a problem",
];

/// Words that ask or deny.
const DOUBTS: [&str; 14] =
    ["?", "？", "吗", "么", "没", "未", "不", "别", "否", "呢", " not ", "n't", " no ", " why "];

/// Whether a text acknowledges: `words` are in lower case.
pub fn acknowledges(text: &str, words: &[String]) -> bool {
    let lower = text.to_lowercase();
    let start = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    words.iter().any(|word| start.strip_prefix(word.as_str()).is_some_and(|rest| affirms(word, rest)))
}

fn affirms(word: &str, rest: &str) -> bool {
    let latin = word.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    if latin && rest.chars().next().is_some_and(|c| c.is_ascii_alphanumeric()) {
        return false;
    }
    let mut rest = format!(" {rest} ").replace('’', "'");
    for phrase in HARMLESS {
        rest = rest.replace(phrase, " ");
    }
    !DOUBTS.iter().any(|doubt| rest.contains(doubt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> bool {
        let words = ["收到", "received", "ok"].map(str::to_owned);
        acknowledges(text, &words)
    }

    #[test]
    fn thanks_titles_and_signs_do_not_spoil_it() {
        for text in [
            "收到",
            "收到！",
            " 收到，谢谢老师",
            "【收到】",
            "👍收到",
            "收到收到",
            "Received, thanks",
            "OK",
            "ok.",
            "收到，没问题",
            "收到，马上传达",
            "RECEIVED no problem",
            "收到 不客气",
        ] {
            assert!(says(text), "{text}");
        }
    }

    #[test]
    fn questions_denials_and_other_words_do_not_count() {
        for text in [
            "收到了吗",
            "没收到",
            "收到没",
            "收到?",
            "收到？",
            "未收到",
            "收到不了",
            "大家收到了么",
            "okra",
            "okay then",
            "received? ",
            "Ok but why is it",
            "received it not ",
            "I have not received",
            "",
            "谢谢",
            "请收到的同学回复",
        ] {
            assert!(!says(text), "{text}");
        }
    }
}

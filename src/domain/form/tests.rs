mod flow;
mod laws;
mod session;
mod typed;

use super::*;
use crate::config::form;

/// The university's form that is shipped.
fn health() -> Form {
    form::shipped()
}

/// A small form with every kind of question but a photo.
fn small() -> Form {
    form::read("small.toml", SMALL).unwrap_or_else(|problems| panic!("{problems}"))
}

fn question(id: &str) -> Question {
    small().question(id).expect("a question of the form").clone()
}

fn choice(id: &str) -> Answer {
    Answer::Choice(id.to_owned())
}

fn multi(ids: &[&str]) -> Answer {
    Answer::Multi(ids.iter().map(|id| (*id).to_owned()).collect())
}

fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}

fn answers(given: &[(&str, Answer)]) -> Answers {
    given.iter().map(|(id, answer)| ((*id).to_owned(), answer.clone())).collect()
}

fn ids(questions: &[&Question]) -> Vec<String> {
    questions.iter().map(|question| question.id.clone()).collect()
}

const SMALL: &str = r#"
id = "small"
title = { zh-CN = "卡", en = "Card" }
[[question]]
id = "place"
kind = "choice"
ask = { zh-CN = "在哪里？", en = "Where?" }
choices = [ { id = "campus", zh-CN = "校内", en = "On campus" }, { id = "home", zh-CN = "在家", en = "At home" }, { id = "away", zh-CN = "外地", en = "Elsewhere" } ]
[[question]]
id = "city"
kind = "text"
max_length = 10
when = "place == 'away'"
ask = { zh-CN = "哪个城市？", en = "Which city?" }
[[question]]
id = "symptoms"
kind = "multi"
none = "none"
ask = { zh-CN = "症状？", en = "Symptoms?" }
choices = [ { id = "none", zh-CN = "无异常", en = "No symptoms" }, { id = "fever", zh-CN = "发热", en = "Fever" }, { id = "cough", zh-CN = "干咳", en = "Dry cough" } ]
[[question]]
id = "temperature"
kind = "number"
min = 34.0
max = 43.0
daily = true
ask = { zh-CN = "体温？", en = "Temperature?" }
[[question]]
id = "doctor"
kind = "yes_no"
when = "temperature >= 37.3 || 'fever' in symptoms"
ask = { zh-CN = "就医了吗？", en = "Seen a doctor?" }
[[question]]
id = "spot"
kind = "location"
when = "place != 'campus'"
optional = true
ask = { zh-CN = "位置？", en = "Location?" }
[[question]]
id = "helps"
kind = "multi"
ask = { zh-CN = "需要帮助？", en = "Need help with?" }
choices = [ { id = "food", zh-CN = "饮食", en = "Food" }, { id = "talk", zh-CN = "心理", en = "Someone to talk to" } ]
[[rule]]
level = "watch"
when = "'cough' in symptoms"
why = { zh-CN = "干咳", en = "cough" }
[[rule]]
level = "urgent"
when = "'fever' in symptoms || temperature >= 37.3"
why = { zh-CN = "发热", en = "fever" }
[[rule]]
level = "watch"
when = "doctor != true"
why = { zh-CN = "未就医", en = "no doctor" }
"#;

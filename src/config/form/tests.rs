use super::*;

const HEAD: &str = r#"
    id = "f"
    title = { zh-CN = "卡", en = "Card" }
"#;
const PLACE: &str = r#"
    [[question]]
    id = "place"
    kind = "choice"
    ask = { zh-CN = "在哪里？", en = "Where?" }
    choices = [ { id = "campus", zh-CN = "校内", en = "Campus" }, { id = "away", zh-CN = "外地", en = "Away" } ]
"#;
const TEMPERATURE: &str = r#"
    [[question]]
    id = "temperature"
    kind = "number"
    min = 34.0
    max = 43.0
    ask = { zh-CN = "体温？", en = "Temperature?" }
"#;
const SYMPTOMS: &str = r#"
    [[question]]
    id = "symptoms"
    kind = "multi"
    none = "none"
    ask = { zh-CN = "症状？", en = "Symptoms?" }
    choices = [ { id = "none", zh-CN = "无", en = "None" }, { id = "fever", zh-CN = "发热", en = "Fever" }, { id = "cough", zh-CN = "干咳", en = "Cough" } ]
"#;

fn problems(text: &str) -> Vec<Problem> {
    read("f.toml", text).expect_err("this form is wrong").0
}

/// The one problem of a form.
fn problem(text: &str) -> Problem {
    let mut all = problems(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

fn rule(when: &str) -> String {
    format!("[[rule]]\nlevel = \"watch\"\nwhen = \"{when}\"\nwhy = {{ zh-CN = \"因\", en = \"why\" }}\n")
}

fn text(id: &str, when: &str) -> String {
    format!(
        "[[question]]\nid = \"{id}\"\nkind = \"text\"\nwhen = \"{when}\"\nask = {{ zh-CN = \"问\", en = \"ask\" }}\n"
    )
}

/// What is wrong with a rule over the three questions above.
fn problem_of_rule(when: &str) -> Problem {
    let found = problem(&[HEAD, PLACE, TEMPERATURE, SYMPTOMS, &rule(when)].concat());
    assert_eq!(found.key, "rule[1].when", "{when}: {found}");
    found
}

#[test]
fn the_shipped_forms_are_sound_and_ask_what_they_should() {
    for (file, text) in SHIPPED {
        let form = read(file, text).unwrap_or_else(|problems| panic!("{problems}"));
        let ids: Vec<&str> = form.questions.iter().map(|question| question.id.as_str()).collect();
        assert_eq!(
            ids,
            ["place", "city", "moved", "area", "symptoms", "temperature", "contacts", "travel", "group"]
        );
        let clocks = form.rules.iter().filter(|rule| rule.report_within == Some(chrono::TimeDelta::hours(1)));
        assert_eq!(clocks.count(), 3);
        assert!(form.same.is_some() && form.declaration.is_some());
        assert!(form.questions.iter().all(|question| !question.daily), "{file}: same is the whole report");
    }
}

#[test]
fn the_example_of_the_manual_is_read_whole() {
    let text = include_str!("../../../docs/forms.md");
    let example =
        text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let form = read("docs/forms.md", example).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(form.questions.len(), 3);
    assert_eq!(form.questions[1].when.as_ref().map(Condition::source), Some("place == 'away'"));
    assert_eq!(form.questions[1].max_length, 40);
    assert_eq!((form.questions[2].min, form.questions[2].max), (Some(34.0), Some(43.0)));
    assert_eq!(form.rules[0].report_within, None);
}

#[test]
fn same_and_declaration_may_be_left_out() {
    let form = read("f.toml", &[HEAD, PLACE].concat()).expect("sound");
    assert_eq!((form.same, form.declaration), (None, None));
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let found = problem(&[HEAD, "titel = 3\n", PLACE].concat());
    assert_eq!((found.file.as_str(), found.key.as_str()), ("f.toml", "titel"));
    assert_eq!(found.mend, "did you mean \"title\"?");
    let found = problem(&[HEAD, TEMPERATURE, "maxx = 3\n"].concat());
    assert_eq!((found.key.as_str(), found.mend.as_str()), ("question[1].maxx", "did you mean \"max\"?"));
}

#[test]
fn every_fault_is_told_at_once() {
    let text = r#"
        id = "1st"
        title = { zh-CN = "卡" }
        same = "nothing new"
        [[question]]
        id = "a b"
        kind = "choice"
        ask = { zh-CN = "问", en = "ask" }
        choices = [ { id = "x", zh-CN = "甲", en = "A" }, { id = "x", zh-CN = "甲", en = "B" } ]
        [[question]]
        id = "t"
        kind = "number"
        min = 43
        max = 34
        max_length = 3
        ask = { zh-CN = "问", en = "ask" }
        [[question]]
        id = "t"
        kind = "yes_no"
        daily = "yes"
        ask = { zh-CN = "问", en = "ask", fr = "demande" }
        [[rule]]
        level = "watch"
        when = "t =="
        report_within = "soon"
        why = { zh-CN = "因", en = "why" }
        [[rule]]
        level = "loud"
        when = ""
    "#;
    let found: Vec<String> = problems(text).into_iter().map(|problem| problem.key).collect();
    for key in [
        "title.en",
        "same",
        "question[2].max_length",
        "question[3].daily",
        "question[3].ask.fr",
        "rule[1].when",
        "rule[1].report_within",
        "rule[2].level",
        "rule[2].when",
        "rule[2].why",
    ] {
        assert!(found.contains(&key.to_owned()), "{key} is not among {found:?}");
    }
    assert_eq!(found.len(), 10, "{found:?}");
    let readable = text.split("[[rule]]").next().expect("a beginning");
    let found: Vec<String> = problems(readable).into_iter().map(|problem| problem.key).collect();
    for key in
        ["id", "question[1].id", "question[1].choices[2].id", "question[1].choices[2]", "question[2].min"]
    {
        assert!(found.contains(&key.to_owned()), "{key} is not among {found:?}");
    }
    assert!(found.contains(&"question[3].id".to_owned()), "{found:?}");
}

#[test]
fn a_question_that_cannot_be_read_does_not_make_others_wrong() {
    let text = [HEAD, PLACE, &TEMPERATURE.replace("\"number\"", "\"decimal\""), &rule("temperature > 37.3")];
    let found = problem(&text.concat());
    assert_eq!(found.key, "question[2].kind");
    assert!(found.mend.contains("number"), "{found}");
}

#[test]
fn too_many_choices_do_not_fit() {
    let choices: Vec<String> =
        (0..91).map(|n| format!("{{ id = \"c{n}\", zh-CN = \"第{n}\", en = \"No {n}\" }}")).collect();
    let question = "[[question]]\nid = \"q\"\nkind = \"choice\"\nask = { zh-CN = \"问\", en = \"ask\" }\n";
    let found = problem(&format!("{HEAD}{question}choices = [{}]\n", choices.join(", ")));
    assert_eq!(found.key, "question[1].choices");
    assert!(found.mend.contains("2 to 90"), "{found}");
}

#[test]
fn a_condition_names_questions_that_exist_and_come_earlier() {
    let found = problem_of_rule("temprature >= 37.3");
    assert_eq!(found.mend, "did you mean \"temperature\"?");
    let found = problem(&[HEAD, &text("city", "place == 'away'"), PLACE].concat());
    assert_eq!(found.key, "question[1].when");
    assert!(found.reason.contains("asked later"), "{found}");
}

#[test]
fn a_loop_of_conditions_is_named() {
    let found = problems(&[HEAD, &text("a", "b == 'x'"), &text("b", "a == 'x'")].concat());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|problem| problem.reason.contains("a loop")), "{found:?}");
    let found = problem(&[HEAD, &text("a", "a == 'x'")].concat());
    assert!(found.reason.contains("its own answer"), "{found}");
}

#[test]
fn values_of_different_types_are_not_compared() {
    for when in [
        "place == 3",
        "temperature == '37'",
        "temperature >= '37.3'",
        "place >= 37.3",
        "symptoms == 'fever'",
        "place",
        "temperature",
        "place && temperature > 37",
        "!place",
        "place in 'campus'",
        "temperature in ['a', 'b']",
        "'fever' in place",
        "3 in symptoms",
        "place.size > 3",
        "temperature.contains('3')",
        "temperature + 1 > 37",
        "place == 'away' || temperature - 1 > 37.0",
        "place + temperature > 37.0",
        "place.matches('c.*')",
        "shout(place)",
    ] {
        let found = problems(&[HEAD, PLACE, TEMPERATURE, SYMPTOMS, &rule(when)].concat());
        assert!(found.iter().all(|problem| problem.key == "rule[1].when"), "{when}: {found:?}");
    }
}

#[test]
fn a_choice_in_a_condition_exists() {
    assert_eq!(problem_of_rule("place == 'awya'").mend, "did you mean 'away'?");
    assert!(problem_of_rule("'feber' in symptoms").mend.contains("'fever'"));
    assert!(problem_of_rule("place in ['campus', 'hoome']").reason.contains("'hoome'"));
    assert!(problem_of_rule("symptoms.exists(s, s == 'fevr')").reason.contains("'fevr'"));
}

#[test]
fn a_rule_that_can_never_hold_is_found() {
    for when in [
        "temperature > 43.0",
        "temperature < 34",
        "temperature > 37.3 && temperature < 37.3",
        "place == 'campus' && place == 'away'",
        "'none' in symptoms && 'fever' in symptoms",
        "false",
        "!(temperature >= 34)",
        "place == 'away' && !(place != 'campus')",
    ] {
        assert!(problem_of_rule(when).reason.contains("never hold"), "{when}");
    }
}

#[test]
fn a_question_that_can_never_be_asked_is_found() {
    let never = [HEAD, PLACE, &text("a", "place == 'campus'"), &text("b", "a != 'x' && place == 'away'")];
    let found = problem(&never.concat());
    assert_eq!(found.key, "question[3].when");
    assert!(found.reason.contains("never be asked"), "{found}");
}

#[test]
fn sound_conditions_pass() {
    let whole = [
        "temperature >= 37.3",
        "temperature >= 37",
        "temperature == 36.55",
        "temperature > 36.99 && temperature < 37.01",
        "'fever' in symptoms && !('cough' in symptoms)",
        "'fever' in symptoms && 'cough' in symptoms",
        "place in ['away'] || temperature > 38.0",
        "place != 'campus'",
        "size(symptoms) > 1",
        "size(symptoms) * 2 > -1",
        "symptoms.exists(s, s == 'fever')",
        "symptoms.all(s, s != 'none')",
        "place == 'away' ? temperature > 37.0 : temperature > 38.0",
        "temperature * 2.0 > 75.0",
        "place.startsWith('aw')",
        "true",
    ];
    let rules: Vec<String> = whole.iter().map(|when| rule(when)).collect();
    let form = read("f.toml", &[HEAD, PLACE, TEMPERATURE, SYMPTOMS, &rules.concat()].concat());
    let form = form.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(form.rules.len(), whole.len());
}

#[test]
fn a_clock_needs_an_alert() {
    let clock = rule("place == 'away'") + "report_within = \"1h\"\n";
    assert_eq!(problem(&[HEAD, PLACE, &clock].concat()).key, "rule[1].report_within");
    let urgent = clock.replace("watch", "urgent");
    let form = read("f.toml", &[HEAD, PLACE, &urgent].concat()).expect("sound");
    assert_eq!(form.rules[0].report_within, Some(chrono::TimeDelta::hours(1)));
}

#[test]
fn keys_that_mean_nothing_for_the_kind_are_told() {
    let found = problem(&[HEAD, PLACE, "max_length = 3\n"].concat());
    assert_eq!(found.key, "question[1].max_length");
    assert!(found.reason.contains("choice"), "{found}");
    let missing = "[[question]]\nid = \"q\"\nkind = \"multi\"\nask = { zh-CN = \"问\", en = \"ask\" }\n";
    assert_eq!(problem(&[HEAD, missing].concat()).key, "question[1].choices");
    assert_eq!(
        problem(&[HEAD, &SYMPTOMS.replace("none = \"none\"", "none = \"nil\"")].concat()).key,
        "question[1].none"
    );
}

#[test]
fn a_distance_belongs_to_a_place_and_lies_on_earth() {
    let place = |far_km: &str| {
        format!(
            "{HEAD}[[question]]\nid = \"spot\"\nkind = \"location\"\nfar_km = {far_km}\n\
             ask = {{ zh-CN = \"位置？\", en = \"Where?\" }}\n"
        )
    };
    let form = read("f.toml", &place("50")).expect("a sound form");
    assert_eq!(form.questions[0].far_km, Some(50.0));
    for wrong in ["0", "-3.5", "20001"] {
        assert_eq!(problem(&place(wrong)).reason, "is no distance on earth", "{wrong}");
    }
    let of_a_number = format!("{HEAD}{TEMPERATURE}far_km = 50\n");
    assert_eq!(problem(&of_a_number).key, "question[1].far_km");
}

#[test]
fn a_file_that_is_missing_is_told_unless_the_form_is_compiled_in() {
    let missing = load(Path::new("no/such/form.toml")).expect_err("missing").0;
    assert_eq!((missing[0].file.as_str(), missing[0].key.as_str()), ("no/such/form.toml", "the file"));
    assert!(problems("id = \n")[0].key.starts_with("line 1"));
    assert!(problem(HEAD).reason.contains("asks nothing"));
}

#[test]
fn a_day_keeps_its_form_as_json() {
    let form = shipped();
    let json = serde_json::to_string(&form).expect("JSON");
    let back: Form = serde_json::from_str(&json).expect("a form");
    assert_eq!(back, form);
    assert!(json.contains("\"when\":\"place == 'away'\""), "{json}");
    let broken = json.replace("place == 'away'", "place ==");
    assert!(serde_json::from_str::<Form>(&broken).is_err());
}

use super::*;

fn well() -> Answers {
    answers(&[
        ("place", choice("campus")),
        ("symptoms", multi(&["none"])),
        ("temperature", Answer::Number(36.5)),
        ("helps", multi(&[])),
    ])
}

#[test]
fn only_what_the_answers_call_for_is_asked() {
    let form = small();
    assert_eq!(ids(&form.asked(&Answers::new())), ["place", "symptoms", "temperature", "helps"]);
    let away = answers(&[("place", choice("away"))]);
    assert_eq!(ids(&form.asked(&away)), ["place", "city", "symptoms", "temperature", "spot", "helps"]);
    assert_eq!(form.next_question(&away).map(|question| question.id.as_str()), Some("city"));
    assert!(form.complete(&well()) && !form.complete(&away));
}

#[test]
fn a_question_not_answered_makes_a_condition_false_and_so_its_contrary() {
    let holds = |source: &str, given: &Answers| Condition::parse(source).expect("CEL").holds(given);
    let none = Answers::new();
    for source in
        ["place == 'away'", "place != 'away'", "!(place == 'away')", "'fever' in symptoms", "!fever"]
    {
        assert!(!holds(source, &none), "{source}");
    }
    let fever = answers(&[("symptoms", multi(&["fever"]))]);
    assert!(holds("temperature >= 37.3 || 'fever' in symptoms", &fever));
    assert!(holds("'fever' in symptoms || temperature >= 37.3", &fever));
    assert!(!holds("'fever' in symptoms && temperature >= 37.3", &fever));
    assert!(!holds("temperature >= 37.3", &answers(&[("temperature", Answer::Skipped)])));
}

#[test]
fn rules_hold_by_severity() {
    let form = small();
    let why = |given: &Answers| form.fires(given).iter().map(|rule| rule.why.en.clone()).collect::<Vec<_>>();
    assert!(why(&well()).is_empty());
    let mut ill = well();
    ill.insert("symptoms".to_owned(), multi(&["cough", "fever"]));
    assert_eq!(why(&ill), ["fever", "cough"]);
    ill.insert("doctor".to_owned(), Answer::YesNo(false));
    assert_eq!(why(&ill), ["fever", "cough", "no doctor"]);
    let mut warm = well();
    warm.insert("temperature".to_owned(), Answer::Number(37.3));
    assert_eq!(why(&warm), ["fever"]);
}

#[test]
fn an_answer_to_a_question_that_is_not_asked_counts_for_nothing() {
    let form = small();
    let mut stale = well();
    stale.insert("doctor".to_owned(), Answer::YesNo(false));
    stale.insert("city".to_owned(), text("武汉"));
    assert_eq!(form.pruned(&stale), well());
    assert!(form.fires(&stale).is_empty());
}

#[test]
fn numbers_places_and_photos_are_no_change() {
    let form = small();
    let last = well();
    assert!(!form.changed(None, &last));
    assert!(!form.changed(Some(&last), &last));
    let with = |id: &str, answer: Answer| {
        let mut new = well();
        new.insert(id.to_owned(), answer);
        new
    };
    assert!(!form.changed(Some(&last), &with("temperature", Answer::Number(36.9))));
    assert!(form.changed(Some(&last), &with("symptoms", multi(&["cough"]))));
    assert!(form.changed(Some(&last), &with("helps", multi(&["food"]))));
    let mut warm = with("temperature", Answer::Number(38.0));
    assert!(!form.changed(Some(&last), &warm));
    warm.insert("doctor".to_owned(), Answer::YesNo(true));
    assert!(form.changed(Some(&last), &warm), "a question the number opened is answered");
    let at = |lat: f64| {
        let mut home = with("place", choice("home"));
        home.insert("spot".to_owned(), Answer::Location { lat, lon: 114.0 });
        home
    };
    assert!(!form.changed(Some(&at(30.0)), &at(31.0)));
}

#[test]
fn a_form_changed_in_the_evening_asks_what_is_gone_and_new() {
    let form = small();
    let mut last = well();
    last.insert("place".to_owned(), choice("dormitory"));
    last.remove("helps");
    let same = form.same_answers(&last);
    assert!(!same.contains_key("place"));
    assert_eq!(form.next_question(&same).map(|question| question.id.as_str()), Some("place"));
    assert!(!form.changed(Some(&last), &well()), "what could not be answered last time is no change");
}

#[test]
fn same_leaves_out_daily_questions_and_what_hangs_on_them() {
    let form = small();
    let mut last = well();
    last.insert("temperature".to_owned(), Answer::Number(38.0));
    last.insert("doctor".to_owned(), Answer::YesNo(true));
    let carried = form.carried_answers(&last);
    assert_eq!(carried.keys().collect::<Vec<_>>(), ["helps", "place", "symptoms"]);
    assert!(!form.same_is_whole(&last));
    let health = health();
    assert!(!health.same_is_whole(&Answers::new()));
}

#[test]
fn answers_are_kept_by_ids() {
    let given = answers(&[
        ("place", choice("away")),
        ("symptoms", multi(&["fever", "cough"])),
        ("temperature", Answer::Number(36.5)),
        ("doctor", Answer::YesNo(true)),
        ("spot", Answer::Location { lat: 30.5, lon: 114.25 }),
        ("city", text("武汉")),
        ("photo", Answer::Photo { chat: 1, message: 2 }),
        ("helps", Answer::Skipped),
    ]);
    let json = serde_json::to_string(&given).expect("JSON");
    assert_eq!(serde_json::from_str::<Answers>(&json).expect("answers"), given);
    let cells: Vec<String> = given.values().map(Answer::cell).collect();
    assert_eq!(cells, ["武汉", "yes", "", "photo", "away", "30.50000,114.25000", "cough;fever", "36.5"]);
    assert_eq!([37.0, 36.55, -0.001, 0.1].map(number_text), ["37", "36.55", "0", "0.1"]);
}

//! Laws of every dialogue over every form.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// What a made-up question is: its kind, whether it is optional, has a choice that excludes the others, is daily; and
/// on which earlier yes-or-no question it depends.
type Sketch = (usize, bool, bool, bool, Option<usize>);

fn words(text: &str) -> Words {
    Words { zh: text.to_owned(), en: text.to_owned() }
}

fn made_up(sketches: &[Sketch]) -> Form {
    let mut questions: Vec<Question> = Vec::new();
    for (index, (kind, optional, none, daily, depends)) in sketches.iter().enumerate() {
        let kind = Kind::ALL[*kind];
        let earlier: Vec<&Question> = questions.iter().filter(|q| q.kind == Kind::YesNo).collect();
        let when = depends
            .and_then(|depends| earlier.get(depends % earlier.len().max(1)))
            .map(|question| Condition::parse(&question.id).expect("CEL"));
        let choices = ["a", "b", "c"].map(|id| Choice { id: id.to_owned(), words: words(id) });
        let is_choice = matches!(kind, Kind::Choice | Kind::Multi);
        questions.push(Question {
            id: format!("q{index}"),
            kind,
            ask: words("?"),
            when,
            daily: *daily,
            optional: *optional,
            choices: if is_choice { choices.to_vec() } else { Vec::new() },
            none: (*none && kind == Kind::Multi).then(|| "a".to_owned()),
            min: None,
            max: None,
            max_length: 20,
            far_km: None,
        });
    }
    Form {
        id: "f".to_owned(),
        title: words("f"),
        same: None,
        declaration: None,
        questions,
        rules: Vec::new(),
    }
}

fn forms() -> impl Strategy<Value = Form> {
    let sketch = (0..7_usize, any::<bool>(), any::<bool>(), any::<bool>(), proptest::option::of(0..5_usize));
    proptest::collection::vec(sketch, 1..10).prop_map(|sketches| made_up(&sketches))
}

#[derive(Debug, Clone)]
enum Act {
    Choose(usize, usize),
    Press(usize),
    Next(usize),
    GoOn,
    Typed(String),
    Location(f64),
    Photo,
    Change(usize),
    Back,
    Submit,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        1 => (0..12_usize, 0..5_usize).prop_map(|(question, choice)| Act::Choose(question, choice)),
        4 => (0..4_usize).prop_map(Act::Press),
        1 => (0..12_usize).prop_map(Act::Next),
        3 => Just(Act::GoOn),
        3 => prop_oneof!["a", "[0-9]{1,3}", "是", ".{0,25}"].prop_map(Act::Typed),
        2 => (-200.0..200.0).prop_map(Act::Location),
        2 => Just(Act::Photo),
        1 => (0..12_usize).prop_map(Act::Change),
        1 => Just(Act::Back),
        1 => Just(Act::Submit),
    ];
    proptest::collection::vec(act, 0..60)
}

fn input<'a>(act: &'a Act, session: &Session, form: &Form) -> Input<'a> {
    let stands = session.question(form).and_then(|question| form.position(&question.id)).unwrap_or(0);
    match act {
        Act::Choose(question, choice) => Input::Choose { question: *question, choice: *choice },
        Act::Press(choice) => Input::Choose { question: stands, choice: *choice },
        Act::Next(question) => Input::Next { question: *question },
        Act::GoOn => Input::Next { question: stands },
        Act::Typed(text) => Input::Typed(text),
        Act::Location(lat) => Input::Location { lat: *lat, lon: 1.0 },
        Act::Photo => Input::Photo { chat: 1, message: 2 },
        Act::Change(question) => Input::Change { question: *question },
        Act::Back => Input::Back,
        Act::Submit => Input::Submit,
    }
}

/// The only question whose answer may be another after this input: the one that stood.
fn nothing_else_is_lost(form: &Form, before: &Session, after: &Session) -> Result<(), TestCaseError> {
    let stood = before.question(form).map(|question| question.id.clone());
    let asked: BTreeSet<String> = ids(&form.asked(&after.answers)).into_iter().collect();
    for (id, answer) in &before.answers {
        if stood.as_ref() != Some(id) && asked.contains(id) {
            prop_assert_eq!(after.answers.get(id), Some(answer), "the answer to {} is lost", id);
        }
    }
    Ok(())
}

/// Answers the question that stands with one input, two for a multi-choice without one that excludes the others.
fn answer_quickly(form: &Form, session: &mut Session) -> usize {
    let question = session.question(form).expect("a question stands").clone();
    let at = form.position(&question.id).expect("a question of the form");
    let input = match question.kind {
        Kind::Choice | Kind::YesNo => Input::Choose { question: at, choice: 0 },
        Kind::Multi => {
            session.apply(form, Input::Choose { question: at, choice: 0 }).expect("a mark");
            if session.question(form).is_none_or(|next| next.id != question.id) {
                return 1;
            }
            session.apply(form, Input::Next { question: at }).expect("marked");
            return 2;
        }
        Kind::Number => Input::Typed("36.5"),
        Kind::Text => Input::Typed("text"),
        Kind::Location => Input::Location { lat: 1.0, lon: 2.0 },
        Kind::Photo => Input::Photo { chat: 1, message: 2 },
    };
    session.apply(form, input).expect("a valid answer");
    1
}

/// Conditions over the small form, as the manual has them.
fn conditions() -> impl Strategy<Value = String> {
    let place = prop_oneof![Just("campus"), Just("home"), Just("away")];
    let symptom = prop_oneof![Just("none"), Just("fever"), Just("cough")];
    let comparison = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")];
    let atom = prop_oneof![
        place.clone().prop_map(|place| format!("place == '{place}'")),
        place.clone().prop_map(|place| format!("place != '{place}'")),
        (place.clone(), place).prop_map(|(one, two)| format!("place in ['{one}', '{two}']")),
        symptom.prop_map(|symptom| format!("'{symptom}' in symptoms")),
        (comparison, 339..432_i32)
            .prop_map(|(how, tenths)| format!("temperature {how} {:.1}", f64::from(tenths) / 10.0)),
        Just("doctor".to_owned()),
    ];
    atom.prop_recursive(3, 10, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

fn reports() -> impl Strategy<Value = Answers> {
    let symptoms = prop_oneof![
        Just(multi(&["none"])),
        Just(multi(&["fever"])),
        Just(multi(&["cough"])),
        Just(multi(&["fever", "cough"])),
    ];
    let place = prop_oneof![Just("campus"), Just("home"), Just("away")].prop_map(choice);
    (place, symptoms, 3400..=4300_i32, any::<bool>()).prop_map(|(place, symptoms, hundredths, doctor)| {
        let given = [
            ("place", place),
            ("city", text("x")),
            ("symptoms", symptoms),
            ("temperature", Answer::Number(f64::from(hundredths) / 100.0)),
            ("doctor", Answer::YesNo(doctor)),
        ];
        answers(&given)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_said_to_never_hold_never_holds(source in conditions(), reports in proptest::collection::vec(reports(), 40)) {
        let when = Condition::parse(&source).expect("CEL");
        let mut form = small();
        form.rules = vec![Rule { level: Level::Watch, when: when.clone(), report_within: None, why: words("?") }];
        let faults = form.faults();
        prop_assert!(faults.iter().all(|fault| fault.reason.contains("never")), "{:?}", faults);
        let held = reports.iter().any(|report| when.holds(&form.pruned(report)));
        prop_assert!(faults.is_empty() || !held, "{} can hold", source);
    }
}

proptest! {
    #[test]
    fn no_input_loses_an_answer_that_stands(form in forms(), acts in acts()) {
        let mut session = Session::start(&form, Scope::Full, None);
        for act in &acts {
            let before = session.clone();
            let step = session.apply(&form, input(act, &before, &form));
            if matches!(step, Err(_) | Ok(Step::Stale)) {
                prop_assert_eq!(&session, &before, "refused, and yet changed");
            }
            nothing_else_is_lost(&form, &before, &session)?;
            prop_assert_eq!(form.pruned(&session.answers), session.answers.clone(), "only valid answers are kept");
            prop_assert_eq!(session.stage == Stage::Summary, session.question(&form).is_none());
            prop_assert!(session.stage != Stage::Summary || form.complete(&session.answers));
            prop_assert!(step != Ok(Step::Submitted) || form.complete(&session.answers));
            let (at, of) = session.progress(&form);
            prop_assert!(at <= of && (at > 0 || of == 0));
            let json = serde_json::to_string(&session).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Session>(&json).expect("a session"), session.clone());
        }
    }

    #[test]
    fn a_full_report_takes_one_input_a_question(form in forms()) {
        let mut session = Session::start(&form, Scope::Full, None);
        let (mut inputs, mut answered, mut several) = (0, 0, 0);
        while let Some(question) = session.question(&form) {
            several += usize::from(question.kind == Kind::Multi);
            inputs += answer_quickly(&form, &mut session);
            answered += 1;
            prop_assert!(answered <= form.questions.len());
        }
        prop_assert!(inputs <= answered + several);
        prop_assert_eq!(session.apply(&form, Input::Submit), Ok(Step::Submitted));
        let daily = Session::start(&form, Scope::Daily, Some(&session.answers));
        prop_assert_eq!(form.same_is_whole(&session.answers), daily.stage == Stage::Summary);
        prop_assert!(!form.changed(Some(&session.answers), &session.answers));
    }

    #[test]
    fn any_typed_text_is_answered_or_refused(text in ".{0,60}", kind in 0..7_usize) {
        let form = made_up(&[(kind, false, true, false, None)]);
        let question = &form.questions[0];
        if let Ok(answer) = question.read_typed(&text) {
            prop_assert!(question.accepts(&answer), "{:?}", answer);
        }
    }

    #[test]
    fn any_condition_is_read_or_refused(source in "[a-z0-9 .<>=!&|()'\\[\\],+-]{0,40}") {
        let form = made_up(&[(2, false, false, false, None), (3, false, false, false, None)]);
        if let Ok(when) = Condition::parse(&source) {
            let rule = Rule { level: Level::Watch, when, report_within: None, why: words("?") };
            let form = Form { rules: vec![rule], ..form };
            prop_assert!(form.faults().iter().all(|fault| fault.key == "rule[1].when"));
        }
    }
}

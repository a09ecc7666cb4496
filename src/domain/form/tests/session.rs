use super::*;

/// Answers the question that stands by pressing this choice.
fn press(session: &mut Session, form: &Form, choice: usize) -> Step {
    let asked = session.question(form).and_then(|question| form.position(&question.id)).expect("a question");
    session.apply(form, Input::Choose { question: asked, choice }).expect("a press is never a wrong answer")
}

fn next(session: &mut Session, form: &Form) -> Result<Step, AnswerFault> {
    let asked = session.question(form).and_then(|question| form.position(&question.id)).expect("a question");
    session.apply(form, Input::Next { question: asked })
}

fn asked<'f>(session: &Session, form: &'f Form) -> Option<&'f str> {
    session.question(form).map(|question| question.id.as_str())
}

/// A session at the summary of a report without anything special.
fn at_summary(form: &Form) -> Session {
    let mut session = Session::start(form, Scope::Full, None);
    press(&mut session, form, 0);
    press(&mut session, form, 0);
    assert_eq!(session.apply(form, Input::Typed("36,5")), Ok(Step::Ask));
    assert_eq!(next(&mut session, form), Ok(Step::Summary));
    session
}

#[test]
fn a_full_report_goes_from_question_to_question() {
    let form = small();
    let mut session = Session::start(&form, Scope::Full, None);
    assert_eq!((asked(&session, &form), session.progress(&form)), (Some("place"), (1, 4)));
    assert_eq!(press(&mut session, &form, 2), Step::Ask);
    assert_eq!((asked(&session, &form), session.progress(&form)), (Some("city"), (2, 6)));
    assert_eq!(session.apply(&form, Input::Typed("武汉")), Ok(Step::Ask));
    assert_eq!(press(&mut session, &form, 1), Step::Marked);
    assert_eq!(press(&mut session, &form, 2), Step::Marked);
    assert_eq!(press(&mut session, &form, 2), Step::Marked);
    assert_eq!(next(&mut session, &form), Ok(Step::Ask));
    assert_eq!(session.apply(&form, Input::Typed("38.2")), Ok(Step::Ask));
    assert_eq!((asked(&session, &form), session.progress(&form)), (Some("doctor"), (5, 7)));
    assert_eq!(press(&mut session, &form, 1), Step::Ask);
    assert_eq!(session.apply(&form, Input::Location { lat: 30.5, lon: 114.3 }), Ok(Step::Ask));
    assert_eq!(next(&mut session, &form), Ok(Step::Summary));
    assert_eq!(session.progress(&form), (7, 7));
    assert_eq!(session.apply(&form, Input::Submit), Ok(Step::Submitted));
    assert_eq!(session.answers["symptoms"], multi(&["fever"]));
    assert_eq!(session.answers["doctor"], Answer::YesNo(false));
}

#[test]
fn a_wrong_answer_is_told_and_loses_nothing() {
    let form = small();
    let mut session = Session::start(&form, Scope::Full, None);
    press(&mut session, &form, 0);
    press(&mut session, &form, 0);
    let before = session.clone();
    for (input, fault) in [
        (Input::Typed("abc"), AnswerFault::NotANumber),
        (Input::Typed(""), AnswerFault::Empty),
        (Input::Location { lat: 1.0, lon: 1.0 }, AnswerFault::WrongKind(Kind::Number)),
        (Input::Photo { chat: 1, message: 1 }, AnswerFault::WrongKind(Kind::Number)),
    ] {
        assert_eq!(session.apply(&form, input), Err(fault));
    }
    assert_eq!(session, before);
}

#[test]
fn the_choice_that_excludes_all_others_is_the_whole_answer() {
    let form = small();
    let mut session = Session::start(&form, Scope::Full, None);
    press(&mut session, &form, 0);
    press(&mut session, &form, 1);
    assert_eq!(press(&mut session, &form, 0), Step::Ask);
    assert_eq!(session.answers["symptoms"], multi(&["none"]));
    let position = form.position("symptoms").expect("a question");
    session.apply(&form, Input::Typed("36.5")).expect("a number");
    next(&mut session, &form).expect("nothing is needed");
    session.apply(&form, Input::Change { question: position }).expect("a change");
    assert_eq!(press(&mut session, &form, 1), Step::Marked);
    assert_eq!(next(&mut session, &form), Ok(Step::Ask), "a fever opens another question");
    assert_eq!(session.answers["symptoms"], multi(&["fever"]));
}

#[test]
fn a_press_on_an_earlier_question_changes_nothing() {
    let form = small();
    let mut session = Session::start(&form, Scope::Full, None);
    press(&mut session, &form, 0);
    let before = session.clone();
    for input in [
        Input::Choose { question: 0, choice: 1 },
        Input::Next { question: 0 },
        Input::Choose { question: 2, choice: 9 },
        Input::Submit,
        Input::Change { question: 0 },
    ] {
        assert_eq!(session.apply(&form, input), Ok(Step::Stale), "{input:?}");
    }
    assert_eq!(session, before);
    assert_eq!(next(&mut session, &form), Err(AnswerFault::Empty), "a symptom or none must be marked");
    let mut whole = at_summary(&form);
    let before = whole.clone();
    for input in [
        Input::Choose { question: 0, choice: 1 },
        Input::Typed("校内"),
        Input::Next { question: 0 },
        Input::Back,
        Input::Change { question: 1 },
        Input::Change { question: 99 },
    ] {
        assert_eq!(whole.apply(&form, input), Ok(Step::Stale), "{input:?}");
    }
    assert_eq!(whole, before);
}

#[test]
fn after_a_change_one_is_back_at_the_summary() {
    let form = small();
    let mut session = at_summary(&form);
    assert_eq!(session.apply(&form, Input::Change { question: 0 }), Ok(Step::Ask));
    assert!(session.is_changing(&form));
    assert_eq!(session.apply(&form, Input::Back), Ok(Step::Summary), "nothing is changed after all");
    session.apply(&form, Input::Change { question: 0 }).expect("a change");
    assert_eq!(press(&mut session, &form, 2), Step::Ask);
    assert_eq!(asked(&session, &form), Some("city"), "what the change opens is asked first");
    session.apply(&form, Input::Typed("武汉")).expect("a city");
    assert_eq!(next(&mut session, &form), Ok(Step::Summary), "an optional place is left out");
    assert_eq!(session.answers["spot"], Answer::Skipped);
    session.apply(&form, Input::Change { question: 0 }).expect("a change");
    assert_eq!(press(&mut session, &form, 0), Step::Summary);
    assert!(!session.answers.contains_key("city") && !session.answers.contains_key("spot"));
}

#[test]
fn one_can_go_back_and_keeps_what_is_answered() {
    let form = small();
    let mut session = Session::start(&form, Scope::Full, None);
    assert_eq!(session.apply(&form, Input::Back), Ok(Step::Stale));
    press(&mut session, &form, 0);
    press(&mut session, &form, 0);
    assert_eq!(session.apply(&form, Input::Back), Ok(Step::Ask));
    assert_eq!(asked(&session, &form), Some("symptoms"));
    assert_eq!(session.apply(&form, Input::Back), Ok(Step::Ask));
    assert_eq!(asked(&session, &form), Some("place"));
    assert_eq!(press(&mut session, &form, 1), Step::Ask);
    assert_eq!(asked(&session, &form), Some("temperature"), "what is answered is not asked again");
}

#[test]
fn after_same_only_daily_questions_are_asked() {
    let form = small();
    let last = at_summary(&form).answers;
    let mut session = Session::start(&form, Scope::Daily, Some(&last));
    assert_eq!((asked(&session, &form), session.progress(&form)), (Some("temperature"), (1, 1)));
    assert_eq!(
        session.apply(&form, Input::Back),
        Ok(Step::Stale),
        "what was taken over is changed at the summary"
    );
    assert_eq!(session.apply(&form, Input::Typed("36.8")), Ok(Step::Summary));
    assert_eq!(session.progress(&form), (1, 1));
    assert_eq!(session.answers["place"], choice("campus"));
    let health = health();
    let given = [
        ("place", choice("campus")),
        ("moved", Answer::YesNo(false)),
        ("symptoms", multi(&["none"])),
        ("temperature", Answer::Number(36.5)),
        ("contacts", choice("well")),
        ("travel", Answer::YesNo(false)),
        ("group", choice("none")),
    ];
    let session = Session::start(&health, Scope::Daily, Some(&answers(&given)));
    assert_eq!(session.stage, Stage::Summary, "no daily question: same is the whole report");
    assert!(health.same_is_whole(&answers(&given)));
    assert!(health.fires(&session.answers).is_empty());
    assert_eq!(
        Session::start(&form, Scope::Daily, None),
        Session { scope: Scope::Daily, ..Session::start(&form, Scope::Full, None) }
    );
}

#[test]
fn a_correction_begins_at_the_summary() {
    let form = small();
    let answers = at_summary(&form).answers;
    let mut session = Session::correct(&form, &answers);
    assert_eq!((session.stage.clone(), &session.answers), (Stage::Summary, &answers));
    session.apply(&form, Input::Change { question: 3 }).expect("a change");
    assert_eq!(session.apply(&form, Input::Typed("36.9")), Ok(Step::Summary));
}

#[test]
fn a_dialogue_survives_as_json_and_a_form_that_changed() {
    let form = small();
    let mut session = Session::start(&form, Scope::Full, None);
    press(&mut session, &form, 0);
    press(&mut session, &form, 1);
    let json = serde_json::to_string(&session).expect("JSON");
    let mut back: Session = serde_json::from_str(&json).expect("a session");
    assert_eq!(back, session);
    let mut other = form.clone();
    other.questions.remove(2);
    assert_eq!(back.apply(&other, Input::Submit), Ok(Step::Ask), "what stood is gone: it goes on");
    assert_eq!(asked(&back, &other), Some("temperature"));
}

#[test]
fn buttons_carry_the_question_and_the_choice() {
    assert_eq!(choice_of_button(press_of_choice(7, 89)), Some((7, 89)));
    assert_eq!(choice_of_button(-1), None);
}

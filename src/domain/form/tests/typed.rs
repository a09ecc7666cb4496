use super::*;

fn number(text: &str) -> Result<Answer, AnswerFault> {
    question("temperature").read_typed(text)
}

#[test]
fn a_number_is_read_in_every_way_it_is_typed() {
    for text in [
        "36.5",
        "36,5",
        "３６．５",
        "３６，５",
        "36。5",
        "36.5℃",
        " 36.5 ℃ ",
        "36.5度",
        "36度5",
        "36.5°C",
        "36.5 c",
        "+36.5",
        "36.50",
        "36.500",
        "36·5",
        "36.5。",
        "36.5摄氏度",
        "\u{200B}36.5",
    ] {
        assert_eq!(number(text), Ok(Answer::Number(36.5)), "{text}");
    }
    assert_eq!(number("37"), Ok(Answer::Number(37.0)));
    assert_eq!(number("37。"), Ok(Answer::Number(37.0)));
    assert_eq!(number("36.567"), Ok(Answer::Number(36.57)), "two decimals are kept");
}

#[test]
fn what_is_no_number_or_could_be_two_is_not_guessed() {
    for text in [
        "abc",
        "😀",
        "36 5",
        "36.5.1",
        "36,500",
        "36..5",
        "三十六度五",
        "1e2",
        "NaN",
        "inf",
        "36.5abc",
        "--1",
        "0x24",
        "36/37",
        ".",
    ] {
        assert_eq!(number(text), Err(AnswerFault::NotANumber), "{text}");
    }
    assert_eq!(number("9".repeat(400).as_str()), Err(AnswerFault::NotANumber));
    for text in ["", "  ", "\u{200B}", "\n"] {
        assert_eq!(number(text), Err(AnswerFault::Empty), "{text:?}");
    }
}

#[test]
fn a_number_out_of_range_says_the_range() {
    let range = AnswerFault::OutOfRange { min: Some(34.0), max: Some(43.0) };
    for text in ["-1", "－1", "0", "33.99", "43.01", "365", "999999999"] {
        assert_eq!(number(text), Err(range), "{text}");
    }
    assert_eq!(number("34"), Ok(Answer::Number(34.0)));
    assert_eq!(number("43.0"), Ok(Answer::Number(43.0)));
}

#[test]
fn fahrenheit_is_recognised_and_not_converted() {
    let looks = |celsius| AnswerFault::LooksFahrenheit { celsius, min: Some(34.0), max: Some(43.0) };
    assert_eq!(number("98.6"), Err(looks(37.0)));
    assert_eq!(number("98.6°F"), Err(looks(37.0)));
    assert_eq!(number("101℉"), Err(looks(38.3)));
    assert_eq!(number("37°F"), Err(AnswerFault::NotANumber));
    let mut money = question("temperature");
    (money.min, money.max) = (Some(0.0), None);
    assert_eq!(money.read_typed("98.6"), Ok(Answer::Number(98.6)));
    assert_eq!(money.read_typed("3人"), Ok(Answer::Number(3.0)));
    assert_eq!(money.read_typed("-5"), Err(AnswerFault::OutOfRange { min: Some(0.0), max: None }));
}

#[test]
fn a_choice_is_typed_by_label_or_number() {
    let place = question("place");
    for text in
        ["外地", " 外地。", "elsewhere", "ELSEWHERE", "Ｅｌｓｅｗｈｅｒｅ", "3", "３", "3.", "3、", "③"]
    {
        assert_eq!(place.read_typed(text), Ok(choice("away")), "{text}");
    }
    for text in ["0", "4", "-1", "99999999999999999999", "外", "外地 校内", "😀", "36.5"] {
        assert_eq!(place.read_typed(text), Err(AnswerFault::NotAChoice), "{text}");
    }
}

#[test]
fn a_label_goes_before_the_number_of_another_choice() {
    let mut count = question("place");
    for (choice, label) in count.choices.iter_mut().zip(["2", "1", "3"]) {
        choice.words = Words { zh: label.to_owned(), en: label.to_owned() };
    }
    assert_eq!(count.read_typed("2"), Ok(choice("campus")));
}

#[test]
fn several_choices_are_typed_in_one_text() {
    let symptoms = question("symptoms");
    for text in [
        "发热、干咳",
        "发热，干咳",
        "发热 干咳",
        "2 3",
        "2,3",
        "２、３",
        "Fever, dry cough",
        "干咳；发热",
        "fever\ndry cough",
        "2+3",
        "发热 3",
    ] {
        assert_eq!(symptoms.read_typed(text), Ok(multi(&["fever", "cough"])), "{text}");
    }
    assert_eq!(symptoms.read_typed("dry cough"), Ok(multi(&["cough"])));
    for text in ["无", "没有", "none", "无异常", "1", "均无"] {
        assert_eq!(symptoms.read_typed(text), Ok(multi(&["none"])), "{text}");
    }
    for text in ["23", "发热、头痛", "1,2", "、"] {
        assert_eq!(symptoms.read_typed(text), Err(AnswerFault::NotAChoice), "{text}");
    }
    assert_eq!(question("helps").read_typed("没有"), Ok(multi(&[])));
    let mut least = question("helps");
    least.min = Some(1.0);
    assert_eq!(least.read_typed("无"), Err(AnswerFault::Empty));
}

#[test]
fn yes_and_no_are_typed_in_words() {
    let doctor = question("doctor");
    for text in ["是", "有", "对", "YES", "y", "是的！", "1"] {
        assert_eq!(doctor.read_typed(text), Ok(Answer::YesNo(true)), "{text}");
    }
    for text in ["否", "没有", "无", "不是", "no", "N", "２"] {
        assert_eq!(doctor.read_typed(text), Ok(Answer::YesNo(false)), "{text}");
    }
    for text in ["也许", "有没有", "0", "3", "是不是"] {
        assert_eq!(doctor.read_typed(text), Err(AnswerFault::NeedsButtonOrLabel), "{text}");
    }
}

#[test]
fn a_text_is_bounded_and_tidied() {
    let city = question("city");
    assert_eq!(city.read_typed("  湖北\n武汉 "), Ok(text("湖北 武汉")));
    assert_eq!(city.read_typed(&"长".repeat(11)), Err(AnswerFault::TooLong { max: 10, length: 11 }));
    let long = AnswerFault::TooLong { max: 10, length: 10_000 };
    assert_eq!(city.read_typed(&"x".repeat(10_000)), Err(long));
    assert_eq!(question("spot").read_typed("武汉"), Err(AnswerFault::WrongKind(Kind::Location)));
}

use super::*;
use crate::domain::policy::{Action, At, Counselors, Relay};

const FILE: &str = "school.toml";

fn read(text: &str) -> Result<Config, Problems> {
    Config::from_text(FILE, text, std::iter::empty())
}

fn with_variables(text: &str, variables: &[(&str, &str)]) -> Result<Config, Problems> {
    let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_text(FILE, text, owned)
}

fn problems(result: Result<Config, Problems>) -> Vec<Problem> {
    result.expect_err("this configuration is wrong").0
}

fn the_problem(text: &str) -> Problem {
    let mut all = problems(read(text));
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn minutes(number: i64) -> TimeDelta {
    TimeDelta::minutes(number)
}

#[test]
fn the_defaults_are_those_of_the_manual() {
    let config = Config::default();
    assert_eq!(config.school.name, "示范大学");
    assert_eq!(config.calendar.timezone, chrono_tz::Asia::Shanghai);
    assert!(config.calendar.quiet.is_some());
    assert_eq!(config.database.url.reveal(), "sqlite://data/tierline.db");
    assert_eq!(config.database.read_url, None);
    assert!(config.telegram.bots.is_empty());
    assert_eq!(config.telegram.api_url.as_str(), "https://api.telegram.org/");
    assert_eq!(config.telegram.updates, Updates::Polling);
    assert_eq!(config.telegram.limits.per_group_per_minute, 20);
    assert_eq!(config.roster.tiers, ["school", "college", "class", "guardians"]);
    assert_eq!(config.roster.names["college"]["zh-CN"], "二级学院");
    assert_eq!(config.directive.private_per_day, 4);
    assert_eq!(config.directive.counselors, Counselors::All);
    assert_eq!(config.directive.relay_delay, minutes(2));
    assert_eq!(config.checkin.deadline.to_string(), "09:00:00");
    assert_eq!(config.checkin.escalate.iter().map(|e| e.to).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(config.report.file_by, None);
    assert_eq!(config.privacy.locations_kept, TimeDelta::days(14));
}

#[test]
fn the_default_policies() {
    let rules = Config::default().directive;
    assert_eq!(rules.normal.relay, Relay::OnAck);
    assert_eq!(rules.normal.due, [30, 120, 360, 1440].map(minutes));
    let kinds: Vec<(At, Action)> = rules.normal.steps.iter().map(|step| (step.at, step.action)).collect();
    assert_eq!(
        kinds,
        [
            (At::Share(0.5), Action::RemindGroup),
            (At::Share(0.8), Action::RemindPrivate),
            (At::Share(1.0), Action::Escalate),
            (At::Share(1.2), Action::RelayAnyway),
        ]
    );
    assert_eq!((rules.normal.steps[1].every, rules.normal.steps[1].times), (Some(minutes(30)), 2));
    assert_eq!(rules.urgent.relay, Relay::Auto);
    assert_eq!(rules.policy(true).steps.len(), 3);
}

#[test]
fn a_key_left_out_keeps_its_default_also_inside_a_table() {
    let config = read("[directive.normal]\ndue = { college = \"90m\" }\n").expect("good");
    assert_eq!(config.directive.normal.due, [30, 90, 360, 1440].map(minutes));
    assert_eq!(config.directive.normal.steps.len(), 4);
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let problem = the_problem("[school]\nquiet_hour = \"\"\n");
    assert_eq!((problem.file.as_str(), problem.key.as_str()), (FILE, "school.quiet_hour"));
    assert_eq!(problem.mend, "did you mean \"quiet_hours\"?");
    assert!(the_problem("[scool]\nname = \"x\"\n").mend.contains("\"school\""));
    assert!(the_problem("[directive.normal]\ndue = { colege = \"1h\" }\n").mend.contains("\"college\""));
    assert!(the_problem("[checkin]\nzzz = 1\n").mend.contains("nearest known key"));
    let step = "[directive.normal]\nsteps = [ { at = \"50%\", doo = \"escalate\", do = \"escalate\" } ]\n";
    assert_eq!(the_problem(step).key, "directive.normal.steps[1].doo");
}

#[test]
fn every_problem_is_told_at_once() {
    let text = r#"
        [school]
        timezone = "Mars/Olympus"
        quiet_hours = "late"
        [http]
        listen = 8088
        [telegram.limits]
        per_second = 0
        [checkin]
        open = "0 7 * * *"
        remind = ["08:20", "8 o'clock"]
        escalate = [ { at = "09:00", to = "guardians" } ]
        [report]
        sign_by = "25:00"
        [privacy]
        answers_kept = "ninety days"
    "#;
    let found: Vec<String> = problems(read(text)).into_iter().map(|problem| problem.key).collect();
    for key in [
        "school.timezone",
        "school.quiet_hours",
        "http.listen",
        "telegram.limits.per_second",
        "checkin.open",
        "checkin.remind",
        "checkin.escalate[1].to",
        "report.sign_by",
        "privacy.answers_kept",
    ] {
        assert!(found.contains(&key.to_owned()), "{key} is not among {found:?}");
    }
    assert_eq!(found.len(), 9, "{found:?}");
}

#[test]
fn steps_are_checked_each() {
    let step = |step: &str| problems(read(&format!("[directive.urgent]\nsteps = [ {step} ]\n")));
    for wrong in [
        r#"{ do = "escalate" }"#,
        r#"{ at = "50%", after = "1h", do = "escalate" }"#,
        r#"{ at = "half", do = "escalate" }"#,
        r#"{ at = "50%", do = "shout" }"#,
        r#"{ at = "50%" }"#,
        r#"{ at = "50%", do = "escalate", times = 2 }"#,
        r#"{ at = "50%", do = "escalate", every = "5m" }"#,
        r#"{ at = "50%", do = "escalate", every = "0s", times = 2 }"#,
        r#"{ at = "50%", do = "escalate", every = "5m", times = 0 }"#,
        "3",
    ] {
        let all = step(wrong);
        assert!(all.iter().all(|problem| problem.key.starts_with("directive.urgent.steps[1]")), "{all:?}");
    }
}

#[test]
fn the_environment_wins() {
    let text = "[school]\nlocale = \"zh-CN\"\nname = \"A\"\n";
    let config = with_variables(
        text,
        &[
            ("TIERLINE__SCHOOL__LOCALE", "en"),
            ("TIERLINE__SCHOOL__NAME", "2026"),
            ("TIERLINE__CALENDAR__WEEKEND", "[\"sat\", \"sun\"]"),
            ("TIERLINE__DIRECTIVE__NORMAL__RELAY", "\"auto\""),
            ("TIERLINE__DIRECTIVE__NORMAL__DUE__SCHOOL", "5m"),
            ("TIERLINE__CHECKIN__DEADLINE", "10:00"),
            ("TIERLINE__REPORT__FILE_BY", "16:00:00"),
            ("TIERLINE__ROSTER__GROUP_NAMES", "false"),
            ("TIERLINE__TELEGRAM__LIMITS__PER_SECOND", "1000"),
            ("HOME", "/nowhere"),
        ],
    )
    .expect("good");
    assert_eq!(config.school.locale, "en");
    assert_eq!(config.school.name, "2026");
    assert_eq!(config.calendar.weekend, [chrono::Weekday::Sat, chrono::Weekday::Sun]);
    assert_eq!(config.directive.normal.relay, Relay::Auto);
    assert_eq!(config.directive.normal.due[0], minutes(5));
    assert_eq!(config.checkin.deadline.to_string(), "10:00:00");
    assert_eq!(config.report.file_by.map(|at| at.to_string()), Some("16:00:00".to_owned()));
    assert!(!config.roster.group_names.shown);
    assert_eq!(config.telegram.limits.per_second, 1000);
}

#[test]
fn a_problem_of_the_environment_names_the_variable() {
    let found =
        problems(with_variables("", &[("TIERLINE__SCHOOL__LOCALE", "fr"), ("TIERLINE__SCHOOL__NAM", "x")]));
    let places: Vec<(&str, &str)> = found.iter().map(|p| (p.file.as_str(), p.key.as_str())).collect();
    assert!(places.contains(&("environment", "TIERLINE__SCHOOL__LOCALE")), "{places:?}");
    assert!(places.contains(&("environment", "TIERLINE__SCHOOL__NAM")), "{places:?}");
}

#[test]
fn a_token_comes_from_the_file_the_variable_or_a_file_of_its_own() {
    let tokens = |config: Config| config.telegram.bots.into_iter().map(|b| b.token).collect::<Vec<_>>();
    let secret = |text: &str| vec![Secret::new(text)];
    let file = "[telegram]\ntoken = \"1:file\"\n";
    assert_eq!(tokens(read(file).expect("good")), secret("1:file"));
    let plain = with_variables(file, &[("TELEGRAM_BOT_TOKEN", "2:plain")]).expect("good");
    assert_eq!(tokens(plain), secret("2:plain"));
    let own = [("TELEGRAM_BOT_TOKEN", "2:plain"), ("TIERLINE__TELEGRAM__TOKEN", "3:own")];
    assert_eq!(tokens(with_variables(file, &own).expect("good")), secret("3:own"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    std::fs::write(&path, "4:from-a-file\n").expect("written");
    let by_file = format!("[telegram]\ntoken_file = {:?}\n", path.display().to_string());
    assert_eq!(tokens(read(&by_file).expect("good")), secret("4:from-a-file"));
    assert_eq!(tokens(with_variables(&by_file, &own[..1]).expect("good")), secret("2:plain"));
    let missing = "[telegram]\ntoken_file = \"/no/such/file\"\n";
    assert_eq!(the_problem(missing).key, "telegram.token_file");
}

#[test]
fn several_bots_exclude_a_single_token() {
    let bots = "[[telegram.bots]]\nname = \"a\"\ntoken = \"1:a\"\nunits = [\"c1\"]\n\
                [[telegram.bots]]\nname = \"b\"\ntoken = \"2:b\"\nunits = [\"c2\"]\n";
    let config = read(bots).expect("good");
    assert_eq!(config.telegram.bots.len(), 2);
    assert_eq!(config.telegram.bots[1].units, ["c2"]);
    let both = problems(with_variables(bots, &[("TELEGRAM_BOT_TOKEN", "3:c")]));
    assert!(both[0].reason.contains("[[telegram.bots]]"), "{both:?}");
    let twice = "[[telegram.bots]]\nname = \"a\"\ntoken = \"1:a\"\n[[telegram.bots]]\nname = \"a\"\ntoken = \"2:b\"\n";
    assert_eq!(the_problem(twice).key, "telegram.bots[2]");
    assert_eq!(the_problem("[[telegram.bots]]\nname = \"a\"\n").key, "telegram.bots[1].token");
}

#[test]
fn a_webhook_needs_address_and_secret() {
    let keys: Vec<String> = problems(read("[telegram]\nupdates = \"webhook\"\n"))
        .into_iter()
        .map(|problem| problem.key)
        .collect();
    assert_eq!(keys, ["telegram.webhook_secret", "telegram.webhook_url"]);
    let good = "[telegram]\nupdates = \"webhook\"\nwebhook_url = \"https://example.org/hook\"\nwebhook_secret = \"s-1\"\n";
    let config = read(good).expect("good");
    assert!(
        matches!(config.telegram.updates, Updates::Webhook { ref secret, .. } if secret.reveal() == "s-1")
    );
}

#[test]
fn other_tiers_take_the_defaults_of_their_position() {
    let text =
        "[roster]\ntiers = [\"school\", \"grade\", \"class\"]\nnames = { grade = { zh-CN = \"年级\" } }\n";
    let config = read(text).expect("good");
    assert_eq!(config.directive.normal.due, [30, 120, 360].map(minutes));
    assert_eq!(config.roster.names["grade"]["zh-CN"], "年级");
    assert_eq!(config.roster.names["grade"]["en"], "grade");
    assert_eq!(config.roster.names["class"]["zh-CN"], "班级");
    assert_eq!(config.checkin.escalate.iter().map(|e| e.to).collect::<Vec<_>>(), [2, 1, 0]);
    for wrong in ["[\"a\", \"b\"]", "[\"a\", \"b\", \"b\"]", "[\"a\", \"b\", \"group\"]", "\"school\""] {
        assert_eq!(the_problem(&format!("[roster]\ntiers = {wrong}\n")).key, "roster.tiers");
    }
}

#[test]
fn no_message_repeats_a_secret() {
    let canary = "7:CANARY";
    let texts = [
        format!("[telegram]\ntoken = \"{canary} with spaces\"\n"),
        format!("[telegram]\ntoken = \"{canary}\"\n[[telegram.bots]]\nname = \"a\"\ntoken = \"{canary} \"\n"),
        format!("[telegram]\ntoken = \"{canary}\n"),
        format!("[telegram]\nwebhook_secret = \"{canary}\"\n"),
        format!("[database]\nurl = \"mysql://user:{canary}@host/db\"\n"),
    ];
    for text in texts {
        let told = read(&text).expect_err("wrong").to_string();
        assert!(!told.contains("CANARY"), "{told}");
    }
    let good = read(&format!("[telegram]\ntoken = \"{canary}\"\n")).expect("good");
    assert!(!format!("{good:?}").contains("CANARY"));
    assert_eq!(good.telegram.bots[0].token.to_string(), "***");
}

#[test]
fn a_fault_of_the_file_names_its_line() {
    let problem = the_problem("[school]\nname = \"x\"\nlocale = = \"en\"\n");
    assert_eq!(problem.key, "line 3");
    let named = Config::load(Some(Path::new("/no/such/file.toml")), std::iter::empty()).expect_err("missing");
    assert!(named.0[0].mend.contains("--config"), "{named}");
}

#[test]
fn the_form_is_read_with_the_configuration() {
    let config = Config::default();
    assert_eq!(config.checkin.form_file, Path::new("config/forms/health.toml"));
    assert_eq!(config.checkin.form, form::shipped());
    let primary = read("[checkin]\nform = \"config/forms/primary.toml\"\n").expect("good");
    assert_eq!(primary.checkin.form.id, "primary");
    let missing = the_problem("[checkin]\nform = \"no/such/form.toml\"\n");
    assert_eq!((missing.file.as_str(), missing.key.as_str()), ("no/such/form.toml", "the file"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("form.toml");
    std::fs::write(&path, form::SHIPPED[0].1.replace("kind = \"yes_no\"", "kind = \"yesno\""))
        .expect("written");
    let found = problems(read(&format!("[checkin]\nform = {:?}\n", path.display().to_string())));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].file.ends_with("form.toml") && found[0].key == "question[3].kind", "{found:?}");
}

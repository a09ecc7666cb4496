use botapi_sandbox::Sandbox;
use tierline::store::Value;

use super::Shell;

#[tokio::test]
async fn the_defaults_are_fine_without_telegram() {
    let done = Shell::new().tierline(&["check", "--offline"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(done.out.contains("no problems"), "{}", done.out);
}

#[tokio::test]
async fn every_problem_is_a_line_with_file_key_and_mend() {
    let shell = Shell::new();
    shell.write("config/tierline.toml", "[school]\nlocal = \"en\"\ntimezone = \"Moon\"\n");
    let done = shell.tierline(&["check", "--offline"]).await;
    assert_eq!(done.code, 1);
    let lines: Vec<&str> = done.err.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("config/tierline.toml: school.local: unknown key"), "{lines:?}");
    assert!(lines[0].contains("\"locale\""), "{lines:?}");
    assert!(lines[1].contains("school.timezone") && lines[1].contains("Asia/Shanghai"), "{lines:?}");
}

/// What the guide for operators says that `check` finds: settings, and what is said of them.
const FOUND: [(&str, &str); 17] = [
    ("[school]\nlocal = \"en\"", "school.local: unknown key"),
    ("[school]\ntimezone = \"Moon\"", "school.timezone: "),
    ("[school]\nquiet_hours = \"22:30\"", "school.quiet_hours: "),
    ("[checkin]\nopen = \"7 o'clock\"", "checkin.open: "),
    ("[checkin]\nhold = \"20\"", "checkin.hold: "),
    ("[http]\nlisten = \"everywhere\"", "http.listen: "),
    ("[calendar]\nholidays = [\"May\"]", "calendar.holidays"),
    ("[telegram]\ntoken = \"CANARY\"", "telegram.token: "),
    ("[telegram]\ntoken_file = \"nowhere\"", "telegram.token_file: "),
    ("[telegram]\ntoken = \"1:CANARY\"\ntoken_file = \"x\"", "telegram.token: is set as well as token_file"),
    (
        "[[telegram.bots]]\nname = \"a\"\ntoken = \"1:CANARY\"\n[[telegram.bots]]\nname = \"a\"\ntoken = \"2:CANARY\"",
        "telegram.bots[2]: has the name or the token of another bot",
    ),
    ("[telegram]\nupdates = \"webhook\"", "telegram.webhook_secret: is missing"),
    ("[roster]\ntiers = [\"school\", \"class\"]", "roster.tiers: "),
    ("[directive.normal]\nsteps = [ { at = \"50%\", do = \"shout\" } ]", "directive.normal.steps[1].do: "),
    ("[checkin]\nescalate = [ { at = \"09:00\", to = \"moon\" } ]", "checkin.escalate[1].to: "),
    ("[checkin]\nform = \"nowhere.toml\"", "nowhere.toml: the file: cannot be read"),
    ("[database]\nurl = \"mysql://CANARY@host/x\"", "database.url: "),
];

#[tokio::test]
async fn what_the_guide_names_is_found_and_no_secret_is_shown() {
    let shell = Shell::new();
    for (settings, said) in FOUND {
        shell.write("config/tierline.toml", settings);
        let done = shell.tierline(&["check", "--offline"]).await;
        assert_eq!(done.code, 1, "{settings}");
        assert!(done.err.contains(said) && !done.err.contains("CANARY"), "{settings}\n{}", done.err);
        assert!(done.err.lines().all(|line| line.contains("; ")), "every problem has its mend: {}", done.err);
    }
    shell.write("config/tierline.toml", "[checkin]\nform = \"form.toml\"");
    shell.write("form.toml", "id = \"f\"\n");
    let done = shell.tierline(&["check", "--offline"]).await;
    assert!(done.err.contains("form.toml: "), "{}", done.err);
}

#[tokio::test]
async fn what_does_not_fit_the_roster_is_found() {
    let mut shell = Shell::new();
    shell.write("units.csv", "code,name,kind,parent\nu,U,school,\ncs,CS,college,u\nc1,1,class,cs\n");
    shell.write("people.csv", "code,name,role,unit\n1,A,student,c1\n");
    let done = shell.tierline(&["roster", "import", "units.csv", "people.csv"]).await;
    assert_eq!(done.code, 0, "{}", done.err);
    shell.write(
        "config/tierline.toml",
        "[[telegram.bots]]\nname = \"a\"\ntoken = \"1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\nunits = [\"xx\"]\n",
    );
    let done = shell.tierline(&["check", "--offline"]).await;
    assert!(done.err.contains("telegram.bots: the bot a serves the unit xx"), "{}", done.err);
    shell.set("TIERLINE__DATABASE__URL", "postgres://nobody@127.0.0.1:9/none");
    let done = shell.tierline(&["check", "--offline"]).await;
    assert_eq!(done.code, 1);
    assert!(done.err.contains("database.url"), "{}", done.err);
}

#[tokio::test]
async fn wrong_usage_and_wrong_configuration_end_with_2() {
    let mut shell = Shell::new();
    assert_eq!(shell.tierline(&["no-such-command"]).await.code, 2);
    assert_eq!(shell.tierline(&["--config", "missing.toml", "backup", "copy.db"]).await.code, 2);
    shell.set("TIERLINE__SCHOOL__LOCALE", "fr");
    let done = shell.tierline(&["backup", "copy.db"]).await;
    assert_eq!(done.code, 2);
    assert!(done.err.starts_with("environment: TIERLINE__SCHOOL__LOCALE: "), "{}", done.err);
}

#[tokio::test]
async fn a_backup_is_a_whole_database() {
    let mut shell = Shell::new();
    let done = shell.tierline(&["backup", "copy.db"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let again = shell.tierline(&["backup", "copy.db"]).await;
    assert_eq!(again.code, 1);
    assert!(again.err.contains("exists already"), "{}", again.err);
    shell.set("TIERLINE__DATABASE__URL", "sqlite://copy.db");
    assert_eq!(shell.tierline(&["check", "--offline"]).await.code, 0);
    assert_eq!(shell.tierline(&["outbox", "list"]).await.out, "nothing waits\n");
    assert_eq!(shell.tierline(&["outbox", "hold"]).await.out, "0 messages are held\n");
    assert_eq!(shell.tierline(&["outbox", "release"]).await.out, "0 messages are sent, 0 dropped\n");
    assert_eq!(shell.tierline(&["outbox", "drop"]).await.out, "0 messages dropped\n");
}

#[tokio::test]
async fn telegram_is_asked_for_the_token_and_every_bound_chat() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let bot = sandbox.add_bot("school_bot", "School");
    let teacher = sandbox.account("Teacher");
    let class = sandbox.group("Class 1", &[&teacher]);
    class.add_bot(&bot, &teacher);
    let mut shell = Shell::new();
    shell.set("TIERLINE__TELEGRAM__API_URL", &sandbox.api_url());
    shell.set("TELEGRAM_BOT_TOKEN", "77:A-CANARY-THAT-IS-NO-TOKEN");
    let done = shell.tierline(&["check"]).await;
    assert_eq!(done.code, 1);
    assert!(done.err.contains("telegram.token") && !done.err.contains("CANARY"), "{}", done.err);
    shell.set("TELEGRAM_BOT_TOKEN", bot.token());
    let done = shell.tierline(&["check"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    bind(&shell, class.id(), bot.id()).await;
    let done = shell.tierline(&["check"]).await;
    assert_eq!(done.code, 1);
    assert!(done.err.contains("Class 1") && done.err.contains("administrator"), "{}", done.err);
    class.promote(&bot);
    let done = shell.tierline(&["check"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    class.remove_bot(&bot, &teacher);
    let done = shell.tierline(&["check"]).await;
    assert!(done.err.contains("add the bot to the group again"), "{}", done.err);
    assert_eq!(shell.tierline(&["check", "--offline"]).await.code, 0);
}

/// Binds a chat as the service would have.
async fn bind(shell: &Shell, chat: i64, bot: i64) {
    let db = shell.database().await;
    let mut tx = db.begin().await.expect("a transaction");
    let arguments = vec![Value::from(chat), Value::from(bot)];
    tx.execute(
        "INSERT INTO chats (chat, bot, unit, tier, title, seen_at) VALUES ($1, $2, 1, 'class', 'Class 1', 0)",
        arguments,
    )
    .await
    .expect("a row");
    tx.commit().await.expect("committed");
    db.close().await;
}

use super::Shell;

const SCHOOL: [&str; 4] = [
    "INSERT INTO units (id, code, name, tier, parent, path) VALUES (1, 's', 'School', 0, NULL, '/1/'), \
     (2, 'cs', 'Computing', 1, 1, '/1/2/'), (3, 'cs1', 'Class 1', 2, 2, '/1/2/3/')",
    "INSERT INTO people (id, code, name) VALUES (10, 'L1', 'Lin'), (11, 'S1', 'Sun'), (12, 'C1', 'Cao')",
    "INSERT INTO roles (person, unit, role) VALUES (10, 1, 'leader'), (11, 2, 'secretary'), (12, 3, 'counselor')",
    "INSERT INTO chats (chat, bot, unit, tier, title, seen_at) VALUES (-5, 1, 2, 'college', 'Computing staff', 0)",
];

async fn school() -> Shell {
    let mut shell = Shell::new();
    shell.set("TIERLINE__SCHOOL__QUIET_HOURS", "");
    let db = shell.database().await;
    let mut tx = db.begin().await.expect("a transaction");
    for statement in SCHOOL {
        tx.execute(statement, Vec::new()).await.expect("rows");
    }
    tx.commit().await.expect("committed");
    db.close().await;
    shell
}

fn lines_with<'t>(text: &'t str, part: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.contains(part)).collect()
}

#[tokio::test]
async fn a_plan_names_every_step_and_whom_it_reaches() {
    let done = school().await.tierline(&["plan", "directive", "--unit", "s"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert_eq!(lines_with(&done.out, "arrives").len(), 4, "{}", done.out);
    assert_eq!(lines_with(&done.out, "arrives in \"Computing staff\"").len(), 1, "{}", done.out);
    assert_eq!(lines_with(&done.out, "is due").len(), 4, "{}", done.out);
    assert_eq!(lines_with(&done.out, "school s \"School\": escalates to Lin (L1)").len(), 1, "{}", done.out);
    assert_eq!(
        lines_with(&done.out, "class cs1 \"Class 1\": escalates to Cao (C1)").len(),
        1,
        "{}",
        done.out
    );
}

#[tokio::test]
async fn an_urgent_one_escalates_one_tier_higher_the_second_time() {
    let done = school().await.tierline(&["plan", "directive", "--unit", "cs", "--urgent"]).await;
    assert_eq!(done.code, 0, "{}", done.err);
    let escalations = lines_with(&done.out, "college cs \"Computing\": escalates");
    assert_eq!(escalations.len(), 2, "{}", done.out);
    assert!(escalations[0].ends_with("Sun (S1)") && escalations[1].ends_with("Lin (L1)"), "{escalations:?}");
}

#[tokio::test]
async fn an_unknown_unit_is_said_so() {
    let done = school().await.tierline(&["plan", "directive", "--unit", "nowhere"]).await;
    assert_eq!(done.code, 1);
    assert!(done.err.contains("--unit nowhere") && done.err.lines().count() == 1, "{}", done.err);
}

#[tokio::test]
async fn a_day_is_planned_step_by_step_with_whom_it_reaches() {
    let mut shell = school().await;
    let db = shell.database().await;
    let mut tx = db.begin().await.expect("a transaction");
    for statement in [
        "INSERT INTO people (id, code, name) VALUES (13, 'T1', 'Tan'), (14, 'T2', 'Tao')",
        "INSERT INTO roles (person, unit, role) VALUES (13, 3, 'student'), (14, 3, 'student')",
        "INSERT INTO chats (chat, bot, unit, tier, title, seen_at) VALUES (-6, 1, 3, 'class', 'Class 1', 0)",
        "UPDATE roles SET signs = 1 WHERE person = 10",
    ] {
        tx.execute(statement, Vec::new()).await.expect("rows");
    }
    tx.commit().await.expect("committed");
    db.close().await;
    shell.set("TIERLINE__SCHOOL__QUIET_HOURS", "08:40-09:10");
    shell.set("TIERLINE__CALENDAR__HOLIDAYS", "[\"2099-10-01..2099-10-07\"]");
    let done = shell.tierline(&["plan", "--date", "2099-11-23"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{}", done.out);
    for line in [
        "2099-11-23 07:00  opens: 2 people are expected to report",
        "2099-11-23 07:00  asks in 1 class chats",
        "2099-11-23 09:10  reminds in private",
        "reports who is missing to tier class: Cao (C1)",
        "asks for the figures of tier college: Sun (S1)",
        "asks for the sign-off: Lin (L1)",
        "2099-11-23 11:30  sends the digest",
    ] {
        assert!(done.out.contains(line), "{line} in\n{}", done.out);
    }
    assert!(done.out.contains("(waits from 2099-11-23 08:45 for the end of quiet hours)"), "{}", done.out);
    let kept = shell.database().await;
    let mut tx = kept.read().await.expect("reads");
    let days: i64 =
        tx.one("SELECT COUNT(*) AS n FROM days", Vec::new(), |row| row.get("n")).await.expect("counts");
    assert_eq!(days, 0, "a plan opens nothing");
    drop(tx);
    kept.close().await;
    let free = shell.tierline(&["plan", "--date", "2099-10-03"]).await;
    assert!(free.code == 0 && free.out.contains("weekend or holiday"), "{}{}", free.out, free.err);
}

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

//! Erasing a person from the shell is confirmed a second time (S17).

use super::Shell;

const UNITS: &str = "code,name,kind,parent\nu,示范大学,school,\ncs,计算机学院,college,u\nc1,1班,class,cs\n";

#[tokio::test]
async fn a_person_is_erased_after_they_left_and_only_with_yes() {
    let shell = Shell::new();
    shell.write("units.csv", UNITS);
    shell.write("people.csv", "code,name,role,unit\n1,张一,student,c1\n2,张二,student,c1\n");
    let import = ["roster", "import", "units.csv", "people.csv"];
    assert_eq!(shell.tierline(&import).await.code, 0);
    let done = shell.tierline(&["erase", "1", "--yes"]).await;
    assert_eq!(done.code, 1);
    assert!(done.err.contains("is on the roster"), "{}", done.err);
    shell.write("people.csv", "code,name,role,unit\n2,张二,student,c1\n");
    assert_eq!(shell.tierline(&import).await.code, 0);
    let asked = shell.tierline(&["erase", "1"]).await;
    assert_eq!(asked.code, 0);
    assert!(asked.out.contains("Nothing was changed: add --yes"), "{}", asked.out);
    let name = "SELECT COUNT(*) AS n FROM people WHERE name = '张一'";
    assert_eq!(count(&shell, name).await, 1);
    assert_eq!(shell.tierline(&["erase", "1", "--yes"]).await.code, 0);
    assert_eq!(count(&shell, name).await, 0);
    assert_eq!(count(&shell, "SELECT COUNT(*) AS n FROM audit WHERE act = 'privacy.erase'").await, 1);
    assert_eq!(shell.tierline(&["audit", "verify"]).await.code, 0);
}

async fn count(shell: &Shell, sql: &'static str) -> i64 {
    let db = shell.database().await;
    let mut tx = db.read().await.expect("reads");
    let found = tx.one(sql, Vec::new(), |row| row.get("n")).await.expect("a count");
    drop(tx);
    db.close().await;
    found
}

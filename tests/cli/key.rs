use super::Shell;

#[tokio::test]
async fn a_key_is_added_and_listed() {
    let shell = Shell::new();
    let done = shell.tierline(&["key", "list"]).await;
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "key 1: 0 values, seals\n", ""));
    let done = shell.tierline(&["key", "rotate"]).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(
        done.out.starts_with("key 2 seals from now on") && done.out.contains("data/tierline.key"),
        "{}",
        done.out
    );
    let done = shell.tierline(&["key", "list"]).await;
    assert_eq!(done.out, "key 1: 0 values\nkey 2: 0 values, seals\n");
    let done = shell.tierline(&["audit", "verify"]).await;
    assert_eq!((done.code, done.out.as_str()), (0, "1 entries, unbroken\n"));
}

//! The rules of the house, read off the source: who may import whom, how long a function may be, where SQL lives.

mod source;

use std::collections::BTreeSet;

use source::{dependencies, sources};

/// Lines from a function's `fn` to its closing brace.
const LONGEST_FUNCTION: usize = 70;

/// What each part of `src/` may import. Nothing imports upward.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    ("domain", &[]),
    ("clock", &[]),
    ("fault", &[]),
    ("telemetry", &[]),
    ("config", &["domain"]),
    ("text", &["domain"]),
    ("documents", &["domain", "text"]),
    ("store", &["domain", "clock"]),
    ("chat", &["domain", "text", "config", "clock", "fault", "telemetry"]),
    ("engine", &["store", "domain", "config", "clock", "fault", "telemetry"]),
    ("http", &["engine", "store", "domain", "config", "clock", "fault", "telemetry"]),
    (
        "loops",
        &["engine", "store", "chat", "text", "documents", "domain", "config", "clock", "fault", "telemetry"],
    ),
    (
        "app",
        &[
            "loops",
            "http",
            "engine",
            "store",
            "chat",
            "text",
            "documents",
            "domain",
            "config",
            "clock",
            "fault",
            "telemetry",
        ],
    ),
    (
        "demo",
        &[
            "app",
            "loops",
            "http",
            "engine",
            "store",
            "chat",
            "text",
            "documents",
            "domain",
            "config",
            "clock",
            "fault",
            "telemetry",
        ],
    ),
    (
        "cli",
        &[
            "demo",
            "app",
            "loops",
            "http",
            "engine",
            "store",
            "chat",
            "text",
            "documents",
            "domain",
            "config",
            "clock",
            "fault",
            "telemetry",
        ],
    ),
    ("main", &["cli"]),
];

/// The crates that the pure part may use: data, dates, expressions, bytes as text.
const PURE: [&str; 6] = ["serde", "chrono", "chrono_tz", "cron", "base64", "cel"];

/// What begins a statement of SQL.
const SQL: [&str; 6] =
    ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "WITH RECURSIVE "];

fn must_be_empty(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn imports_go_downward_only() {
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|source| source.part() != "lib") {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(part, _)| *part == source.part()) else {
            broken.push(format!("{}: the part {} has no row in MAY_IMPORT", source.path, source.part()));
            continue;
        };
        for (line, part) in source.crate_imports() {
            // The macro for a statement's parameters is the store's, wherever macros are exported to.
            let part = if part == "args" { "store".to_owned() } else { part };
            if part != source.part() && !allowed.contains(&part.as_str()) {
                broken.push(format!("{}:{line}: imports {part}", source.path));
            }
        }
    }
    must_be_empty(&broken, "imports go downward only");
}

#[test]
fn the_domain_is_pure() {
    let forbidden: BTreeSet<String> =
        dependencies().into_iter().filter(|name| !PURE.contains(&name.as_str())).collect();
    assert!(forbidden.contains("tokio") && forbidden.contains("sqlx"), "{forbidden:?}");
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|source| source.part() == "domain") {
        for (line, text) in source.lines_without_tests() {
            let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            for word in words.filter_map(|word| word.split_once("::").map(|(first, _)| first)) {
                if forbidden.contains(word) {
                    broken.push(format!("{}:{line}: uses {word}", source.path));
                }
            }
            if ["async ", ".await", "std::fs", "std::net", "std::env", "std::thread"]
                .iter()
                .any(|io| text.contains(io))
            {
                broken.push(format!("{}:{line}: {}", source.path, text.trim()));
            }
        }
    }
    must_be_empty(&broken, "domain/ uses std and PURE, without input and output");
}

#[test]
fn no_function_is_too_long() {
    let mut broken = Vec::new();
    let mut lengths = Vec::new();
    for source in ["src", "crates", "tests"].into_iter().flat_map(sources) {
        for function in source.functions() {
            lengths.push(function.lines);
            if function.lines > LONGEST_FUNCTION {
                broken.push(format!(
                    "{}:{}: {} has {} lines",
                    source.path, function.line, function.name, function.lines
                ));
            }
        }
    }
    assert!(lengths.len() > 100, "only {} functions were found", lengths.len());
    must_be_empty(&broken, "a function has at most 70 lines");
}

#[test]
fn sql_lives_in_the_store() {
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|source| source.part() != "store") {
        for (line, text) in source.strings() {
            if SQL.iter().any(|start| text.trim_start().starts_with(start)) {
                broken.push(format!("{}:{line}: {text:?}", source.path));
            }
        }
    }
    must_be_empty(&broken, "SQL is in store/ only");
}

#[test]
fn waiting_goes_through_the_clock() {
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|source| source.part() != "clock") {
        for (line, text) in source.lines_without_tests() {
            if ["time::sleep", "time::interval", "thread::sleep"].iter().any(|wait| text.contains(wait)) {
                broken.push(format!("{}:{line}: {}", source.path, text.trim()));
            }
        }
    }
    must_be_empty(&broken, "only the clock waits");
}

#[test]
fn the_tests_that_the_security_page_names_are_there() {
    let read = |path: &str| std::fs::read_to_string(source::root().join(path)).unwrap_or_default();
    let page = read("docs/security.md");
    let named: Vec<(&str, &str)> = page.split('`').filter_map(|word| word.split_once(".rs::")).collect();
    assert!(named.len() > 40, "only {} tests were found", named.len());
    let is_missing =
        |(file, test): &&(&str, &str)| !read(&format!("{file}.rs")).contains(&format!("fn {test}("));
    let broken: Vec<String> = named.iter().filter(is_missing).map(|(f, t)| format!("{f}.rs: {t}")).collect();
    must_be_empty(&broken, "docs/security.md names tests that are there");
    for row in 1..=19 {
        assert!(page.contains(&format!("\n| S{row} |")), "S{row} is missing");
    }
}

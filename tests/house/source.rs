//! Reads Rust source just well enough: code without comments and strings, the strings apart, functions with their
//! length.

use std::path::{Path, PathBuf};

/// One file.
pub struct Source {
    /// Its path below the package.
    pub path: String,
    /// The text with comments and string contents blanked; lines stay where they are.
    code: String,
    strings: Vec<(usize, String)>,
}

/// A function of a file.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the package.
pub fn sources(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "{folder} has no Rust files");
    paths.iter().map(|path| Source::read(path)).collect()
}

fn collect(folder: &Path, to: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the package") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            collect(&path, to);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            to.push(path);
        }
    }
}

/// The crates that the package depends on, as they are written in code.
pub fn dependencies() -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let table: toml::Table = manifest.parse().expect("TOML");
    let dependencies = table["dependencies"].as_table().expect("a table");
    dependencies.keys().map(|name| name.replace('-', "_")).collect()
}

impl Source {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a readable file");
        let (code, strings) = blank(&text);
        let path = path.strip_prefix(root()).expect("below the package").display().to_string();
        Self { path, code, strings }
    }

    /// The part of `src/` that the file belongs to.
    pub fn part(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
    }

    /// String literals with their lines.
    pub fn strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.strings.iter().map(|(line, text)| (*line, text.as_str()))
    }

    /// The lines of code before the file's unit tests; none for a file of tests.
    pub fn lines_without_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_tests = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        let code = if is_tests { "" } else { self.code.split("#[cfg(test)]").next().unwrap_or("") };
        code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The parts of the crate that the code before the unit tests names, with their lines.
    pub fn crate_imports(&self) -> Vec<(usize, String)> {
        let code: Vec<&str> = self.lines_without_tests().map(|(_, line)| line).collect();
        let code = code.join("\n");
        let mut found = Vec::new();
        for (at, _) in code.match_indices("crate::") {
            let is_part_of_a_word =
                code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
            if is_part_of_a_word {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + "crate::".len()..];
            found.extend(first_names(rest).into_iter().map(|name| (line, name)));
        }
        found
    }

    /// All functions with a body.
    pub fn functions(&self) -> Vec<Function> {
        let starts = self.code.match_indices("fn ").map(|(at, _)| at);
        starts.filter_map(|at| self.function(at)).collect()
    }

    fn function(&self, at: usize) -> Option<Function> {
        if self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let name = word(&self.code[at + 3..]);
        if name.is_empty() {
            return None;
        }
        let end = at + body_end(&self.code[at..])?;
        let line = self.code[..at].matches('\n').count() + 1;
        Some(Function { name, line, lines: self.code[at..end].matches('\n').count() + 1 })
    }
}

/// Where the body that follows a signature ends; nothing for a signature alone.
fn body_end(code: &str) -> Option<usize> {
    let mut brackets = 0_i32;
    let mut braces = 0_i32;
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            ';' if brackets == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first names of a path, or of each path in a group of braces.
fn first_names(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut expects_name = true;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects_name = true,
            c if expects_name && (c.is_alphanumeric() || c == '_') => {
                names.push(word(&group[at..]));
                expects_name = false;
            }
            _ => {}
        }
    }
    names
}

/// Splits a text into code, with everything else blanked, and its string literals.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, literal) = skip(rest, code.chars().next_back());
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        if let Some(literal) = literal {
            strings.push((code.matches('\n').count() + 1, literal.to_owned()));
        }
        code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[length..];
    }
    (code, strings)
}

/// The length of the comment or literal at the beginning of `text`, and a string's content; 0 when it is code.
fn skip(text: &str, before: Option<char>) -> (usize, Option<&str>) {
    if text.starts_with("//") {
        return (text.find('\n').unwrap_or(text.len()), None);
    }
    if text.starts_with("/*") {
        return (text.find("*/").map_or(text.len(), |end| end + 2), None);
    }
    let is_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if !is_word && text.starts_with('r') {
        let hashes = text[1..].chars().take_while(|c| *c == '#').count();
        if text[1 + hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            let end = text[start..].find(&close).map_or(text.len(), |end| start + end);
            return ((end + close.len()).min(text.len()), text.get(start..end));
        }
    }
    if let Some(content) = text.strip_prefix('"') {
        let end = quoted(content, '"');
        return ((end + 2).min(text.len()), content.get(..end));
    }
    if text.starts_with('\'') {
        return (character_literal(text), None);
    }
    (0, None)
}

/// Where the closing quote is, past escaped ones.
fn quoted(content: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in content.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    content.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character_literal(text: &str) -> usize {
    let content = &text[1..];
    let mut characters = content.chars();
    let (first, second) = (characters.next(), characters.next());
    if first == Some('\\') || second == Some('\'') {
        return quoted(content, '\'') + 2;
    }
    0
}

#[test]
fn code_comments_and_strings_are_told_apart() {
    let (code, strings) =
        blank("let a = \"x // {\"; // fn no() {\nlet b = r#\"\"q\"\"#; let c = '\"'; fn f<'a>() {}");
    assert!(!code.contains("fn no"), "{code}");
    assert!(code.contains("fn f<'a>() {}"), "{code}");
    assert_eq!(strings, [(1, "x // {".to_owned()), (2, "\"q\"".to_owned())]);
}

#[test]
fn a_function_s_length_runs_to_its_brace() {
    let (code, strings) =
        blank("fn a(x: [u8; 2]) -> u8 {\n    if x[0] > 1 {\n        1\n    } else { 2 }\n}\nfn b();\n");
    let source = Source { path: "src/a.rs".to_owned(), code, strings };
    let all: Vec<(String, usize)> = source.functions().into_iter().map(|f| (f.name, f.lines)).collect();
    assert_eq!(all, [("a".to_owned(), 5)]);
}

#[test]
fn groups_of_imports_are_read() {
    assert_eq!(first_names("{a::{b, c}, d, e::f as g}"), ["a", "d", "e"]);
    assert_eq!(first_names("store::Db;"), ["store"]);
}

//! The layers of a configuration: the defaults, a file over them, the environment over both. Reads
//! single values out of them and collects everything that is wrong.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Problem;

const PREFIX: &str = "TIERLINE__";
/// How alike two keys must be for one to be named in place of the other.
const ALIKE: f64 = 0.6;

/// Where keys are free: the parts under them are checked by who reads them.
const FREE: [&str; 4] = ["roster.names", "directive.normal.due", "directive.urgent.due", "telegram.bots"];

/// The three layers, and the problems found while they are read.
pub struct Layers {
    defaults: Table,
    file: Table,
    file_name: String,
    environment: Table,
    variables: BTreeMap<String, String>,
    problems: RefCell<Vec<Problem>>,
}

impl Layers {
    /// Takes the layers apart from each other; unknown keys are problems.
    pub fn new(
        defaults: Table,
        (file_name, file): (String, Table),
        variables: impl Iterator<Item = (String, String)>,
    ) -> Self {
        let mut layers = Self {
            defaults,
            file,
            file_name,
            environment: Table::new(),
            variables: BTreeMap::new(),
            problems: RefCell::default(),
        };
        for (name, raw) in variables {
            layers.add_variable(name, raw);
        }
        layers.find_unknown("", &layers.file, &layers.defaults);
        layers.find_unknown("", &layers.environment, &layers.defaults);
        layers
    }

    fn add_variable(&mut self, name: String, raw: String) {
        let path = match name.strip_prefix(PREFIX) {
            Some(path) => path.to_lowercase().replace("__", "."),
            None if name == "TELEGRAM_BOT_TOKEN" => {
                // The setting's own variable is the more precise of the two.
                if self.variables.contains_key("telegram.token") || raw.is_empty() {
                    return;
                }
                "telegram.token".to_owned()
            }
            None => return,
        };
        let wants_text = matches!(dig(&self.defaults, &path), Some(Value::String(_)));
        let value = environment_value(&raw, wants_text);
        if let Some(leaf) = plant(&mut self.environment, &path) {
            *leaf = value;
        }
        self.variables.insert(path, name);
    }

    fn find_unknown(&self, prefix: &str, given: &Table, known: &Table) {
        for (key, value) in given {
            let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match (value, known.get(key)) {
                (_, None) if path != "telegram.bots" => {
                    self.unknown(&path, &mut known.keys().map(String::as_str));
                }
                (Value::Table(given), Some(Value::Table(known))) if !FREE.contains(&path.as_str()) => {
                    self.find_unknown(&path, given, known);
                }
                (given, Some(Value::Table(_))) if !given.is_table() => {
                    self.wrong(&path, "is no table", "write it as a section with keys of its own");
                }
                _ => {}
            }
        }
    }

    /// Tells of a key that is not among those `known` at its place.
    pub fn unknown(&self, path: &str, known: &mut dyn Iterator<Item = &str>) {
        let key = path.rsplit('.').next().unwrap_or(path);
        let nearest = known
            .map(|candidate| (strsim::jaro_winkler(key, candidate), candidate))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let mend = match nearest {
            Some((_, name)) => format!("did you mean \"{name}\"?"),
            None => self.suggest_elsewhere(key),
        };
        self.wrong(path, "unknown key", &mend);
    }

    /// The most alike key of the whole configuration, by its full path.
    fn suggest_elsewhere(&self, key: &str) -> String {
        let mut all = Vec::new();
        leaves(&self.defaults, "", &mut all);
        all.iter()
            .max_by(|a, b| likeness(key, a).total_cmp(&likeness(key, b)))
            .map_or_else(|| "remove it".to_owned(), |path| format!("the nearest known key is \"{path}\""))
    }

    /// Records a problem with the value at `path`, under the name of where that value came from.
    pub fn wrong(&self, path: &str, reason: &str, mend: &str) {
        let (file, key) = self.origin(path);
        self.problems.borrow_mut().push(Problem {
            file,
            key,
            reason: reason.to_owned(),
            mend: mend.to_owned(),
        });
    }

    /// Records problems of another file.
    pub fn add(&self, problems: Vec<Problem>) {
        self.problems.borrow_mut().extend(problems);
    }

    /// The name of the source that decides the value at `path`, and the key as written there.
    fn origin(&self, path: &str) -> (String, String) {
        let mut part = Some(path);
        while let Some(place) = part {
            let without_index = place.split('[').next().unwrap_or(place);
            if let Some(variable) = self.variables.get(without_index) {
                return ("environment".to_owned(), variable.clone());
            }
            part = place.rsplit_once('.').map(|(parent, _)| parent);
        }
        (self.file_name.clone(), path.to_owned())
    }

    /// The value at `path` that the environment or the file gives.
    pub fn find_given(&self, path: &str) -> Option<&Value> {
        dig(&self.environment, path).or_else(|| dig(&self.file, path))
    }

    /// The value at `path` that the defaults give.
    pub fn find_default(&self, path: &str) -> Option<&Value> {
        dig(&self.defaults, path)
    }

    /// Whether the environment decides the value at `path`.
    pub fn is_from_environment(&self, path: &str) -> bool {
        dig(&self.environment, path).is_some()
    }

    /// The entries of a table with free keys that the file and the environment give; the
    /// environment's win.
    pub fn given_entries(&self, path: &str) -> Vec<String> {
        let mut keys = Vec::new();
        for layer in [&self.file, &self.environment] {
            if let Some(Value::Table(table)) = dig(layer, path) {
                keys.extend(table.keys().cloned());
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Ends the reading: all problems in the order they were found, each once.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut seen = Vec::new();
        for problem in self.problems.into_inner() {
            if !seen.contains(&problem) {
                seen.push(problem);
            }
        }
        seen
    }
}

/// A variable's text as TOML where it is TOML; where a text is wanted, everything but a quoted
/// string is that text.
fn environment_value(raw: &str, wants_text: bool) -> Value {
    let parsed = toml::from_str::<Table>(&format!("value = {raw}")).ok().and_then(|mut table| {
        // A line break in the variable could bring further keys: then it is plain text.
        (table.len() == 1).then(|| table.remove("value")).flatten()
    });
    match parsed {
        Some(Value::String(text)) => Value::String(text),
        Some(value) if !wants_text => value,
        _ => Value::String(raw.to_owned()),
    }
}

fn dig<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => dig(table.get(first)?.as_table()?, rest),
    }
}

/// Makes room for a value at `path`. A value that stands where a table must be is replaced.
fn plant<'a>(table: &'a mut Table, path: &str) -> Option<&'a mut Value> {
    let empty = || Value::Table(Table::new());
    match path.split_once('.') {
        None => Some(table.entry(path).or_insert_with(empty)),
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(empty);
            if !inner.is_table() {
                *inner = empty();
            }
            plant(inner.as_table_mut()?, rest)
        }
    }
}

fn leaves(table: &Table, prefix: &str, to: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => leaves(inner, &path, to),
            _ => to.push(path),
        }
    }
}

fn likeness(key: &str, path: &str) -> f64 {
    strsim::jaro_winkler(key, path.rsplit('.').next().unwrap_or(path))
}

//! Checks every call against the published description, field by field.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// What a field may hold.
#[derive(Debug)]
enum Kind {
    Int,
    Float,
    Str,
    Bool,
    File,
    Literal(&'static str),
    Object(&'static str),
    Array(Box<Kind>),
    OneOf(Vec<Kind>),
}

#[derive(Debug)]
struct Field {
    name: &'static str,
    required: bool,
    kind: Kind,
}

/// A supported method and its parameters.
#[derive(Debug)]
pub(crate) struct Method {
    /// The name as the reference spells it (`sendMessage`).
    pub name: &'static str,
    fields: Vec<Field>,
}

impl Method {
    /// Whether a part of a multipart request may be this parameter's file.
    pub fn takes_file(&self, name: &str) -> bool {
        let file = |kind: &Kind| matches!(kind, Kind::File);
        self.fields.iter().any(|field| {
            field.name == name
                && (file(&field.kind) || matches!(&field.kind, Kind::OneOf(kinds) if kinds.iter().any(file)))
        })
    }
}

struct Schema {
    methods: HashMap<String, Method>,
    types: HashMap<&'static str, Vec<Field>>,
    unions: HashMap<&'static str, Vec<&'static str>>,
}

/// Why a call does not follow the reference.
#[derive(Debug, PartialEq)]
pub(crate) enum Problem {
    Unknown(String),
    Missing(String),
    Wrong { path: String, expected: String },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(path) => write!(f, "unknown parameter \"{path}\""),
            Self::Missing(path) => write!(f, "required parameter \"{path}\" is missing"),
            Self::Wrong { path, expected } => write!(f, "parameter \"{path}\" must be {expected}"),
        }
    }
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| parse(include_str!("reference.txt")));

/// The method of this name, in whatever case it was written.
pub(crate) fn method(name: &str) -> Option<&'static Method> {
    SCHEMA.methods.get(&name.to_ascii_lowercase())
}

fn parse(text: &'static str) -> Schema {
    let mut schema = Schema { methods: HashMap::new(), types: HashMap::new(), unions: HashMap::new() };
    let mut open: Option<(bool, &'static str, Vec<Field>)> = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(field) = line.strip_prefix("  ") {
            let (_, _, fields) = open.as_mut().expect("the table starts with a heading");
            fields.push(parse_field(field));
            continue;
        }
        close(&mut schema, open.take());
        let (heading, name) = line.split_once(' ').expect("a heading has a name");
        match heading {
            "method" => open = Some((true, name, Vec::new())),
            "type" => open = Some((false, name, Vec::new())),
            _ => {
                let mut words = name.split(' ');
                let union = words.next().expect("a union has a name");
                schema.unions.insert(union, words.collect());
            }
        }
    }
    close(&mut schema, open.take());
    schema
}

fn close(schema: &mut Schema, open: Option<(bool, &'static str, Vec<Field>)>) {
    match open {
        Some((true, name, fields)) => {
            schema.methods.insert(name.to_ascii_lowercase(), Method { name, fields });
        }
        Some((false, name, fields)) => {
            schema.types.insert(name, fields);
        }
        None => {}
    }
}

fn parse_field(line: &'static str) -> Field {
    let (name, kind) = line.split_once(':').expect("a field has a kind");
    let required = name.ends_with('!');
    Field { name: name.trim_end_matches('!'), required, kind: parse_kind(kind) }
}

fn parse_kind(text: &'static str) -> Kind {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Kind::Array(Box::new(parse_kind(inner)));
    }
    if text.contains('|') {
        return Kind::OneOf(text.split('|').map(parse_kind).collect());
    }
    match text {
        "int" => Kind::Int,
        "float" => Kind::Float,
        "str" => Kind::Str,
        "bool" => Kind::Bool,
        "file" => Kind::File,
        _ => match text.strip_prefix('=') {
            Some(literal) => Kind::Literal(literal),
            None => Kind::Object(text),
        },
    }
}

/// Turns the strings of a form or a query into the kinds the method wants. What does not parse stays a string
/// and is then refused by [`check`].
pub(crate) fn convert(method: &Method, params: &mut Map<String, Value>) {
    for field in &method.fields {
        if let Some(value) = params.get_mut(field.name)
            && let Value::String(text) = value
            && let Some(converted) = convert_value(&field.kind, text)
        {
            *value = converted;
        }
    }
}

fn convert_value(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Int => text.trim().parse::<i64>().ok().map(Value::from),
        Kind::Float => text.trim().parse::<f64>().ok().map(Value::from),
        Kind::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(Value::Bool(true)),
            "false" | "0" | "no" | "" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Object(_) | Kind::Array(_) => serde_json::from_str(text).ok(),
        Kind::OneOf(kinds) => kinds.iter().find_map(|kind| convert_value(kind, text)),
        Kind::Str | Kind::File | Kind::Literal(_) => None,
    }
}

/// Objects given as JSON strings inside a JSON body, which Telegram accepts too.
pub(crate) fn unfold(method: &Method, params: &mut Map<String, Value>) {
    for field in &method.fields {
        let nested = matches!(&field.kind, Kind::Object(_) | Kind::Array(_))
            || matches!(&field.kind, Kind::OneOf(kinds) if kinds.iter().all(|k| matches!(k, Kind::Object(_))));
        if nested
            && let Some(value) = params.get_mut(field.name)
            && let Value::String(text) = value
            && let Ok(parsed) = serde_json::from_str(text)
        {
            *value = parsed;
        }
    }
}

/// Finds the first departure from the reference. `uploads` are the names of multipart files, which may also be
/// referred to as `attach://<name>` and are then no parameters.
pub(crate) fn check(
    method: &Method,
    params: &Map<String, Value>,
    uploads: &HashSet<String>,
) -> Result<(), Problem> {
    let uploaded = |name: &str| uploads.contains(name);
    fields(&method.fields, params, "", &|name| uploaded(name))
}

fn fields(
    fields: &[Field],
    object: &Map<String, Value>,
    path: &str,
    uploaded: &dyn Fn(&str) -> bool,
) -> Result<(), Problem> {
    let full = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, value) in object {
        match fields.iter().find(|field| field.name == name) {
            Some(field) => value_of(&field.kind, value, &full(name))?,
            None if path.is_empty() && uploaded(name) => {}
            None => return Err(Problem::Unknown(full(name))),
        }
    }
    match fields.iter().find(|field| field.required && !object.contains_key(field.name)) {
        Some(field) => Err(Problem::Missing(full(field.name))),
        None => Ok(()),
    }
}

fn value_of(kind: &Kind, value: &Value, path: &str) -> Result<(), Problem> {
    let wrong = |expected: &str| Err(Problem::Wrong { path: path.to_owned(), expected: expected.to_owned() });
    match kind {
        Kind::Int if !value.is_i64() => wrong("an integer"),
        Kind::Float if !value.is_number() => wrong("a number"),
        Kind::Str if !value.is_string() => wrong("a string"),
        Kind::Bool if !value.is_boolean() => wrong("a boolean"),
        Kind::File if !value.is_string() => wrong("a file"),
        Kind::Literal(literal) if value.as_str() != Some(literal) => wrong(&format!("\"{literal}\"")),
        Kind::Array(inner) => match value.as_array() {
            None => wrong("an array"),
            Some(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(n, item)| value_of(inner, item, &format!("{path}[{n}]"))),
        },
        Kind::Object(name) => object_of(name, value, path),
        Kind::OneOf(kinds) => one_of(kinds.iter().map(|kind| value_of(kind, value, path)), path),
        _ => Ok(()),
    }
}

fn object_of(name: &'static str, value: &Value, path: &str) -> Result<(), Problem> {
    if let Some(variants) = SCHEMA.unions.get(name) {
        return one_of(variants.iter().map(|variant| object_of(variant, value, path)), path);
    }
    let Some(object) = value.as_object() else {
        return Err(Problem::Wrong { path: path.to_owned(), expected: format!("a {name}") });
    };
    let known = SCHEMA.types.get(name).expect("the table holds every type it names");
    fields(known, object, path, &|_| false)
}

/// Passes if one does. Otherwise the most telling failure: one from inside the value rather than about its kind.
fn one_of(results: impl Iterator<Item = Result<(), Problem>>, path: &str) -> Result<(), Problem> {
    let mut telling: Option<Problem> = None;
    for result in results {
        let Err(problem) = result else { return Ok(()) };
        let about_the_kind =
            matches!(&problem, Problem::Wrong { path: p, .. } if p == path || p.ends_with(".type"));
        let better = match &telling {
            None => true,
            Some(Problem::Wrong { .. }) => !about_the_kind,
            Some(_) => false,
        };
        if better {
            telling = Some(problem);
        }
    }
    Err(telling.unwrap_or(Problem::Wrong { path: path.to_owned(), expected: "of a known type".to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problem(name: &str, params: Value) -> Option<String> {
        let Value::Object(params) = params else { panic!("parameters are an object") };
        let method = method(name).expect("a supported method");
        check(method, &params, &HashSet::new()).err().map(|problem| problem.to_string())
    }

    #[test]
    fn every_type_named_in_the_table_is_in_it() {
        fn walk(kind: &Kind) {
            match kind {
                Kind::Object(name) => {
                    assert!(SCHEMA.types.contains_key(name) || SCHEMA.unions.contains_key(name), "{name}");
                }
                Kind::Array(inner) => walk(inner),
                Kind::OneOf(kinds) => kinds.iter().for_each(walk),
                _ => {}
            }
        }
        for fields in SCHEMA.types.values().chain(SCHEMA.methods.values().map(|method| &method.fields)) {
            fields.iter().for_each(|field| walk(&field.kind));
        }
        assert!(SCHEMA.methods.len() > 40);
    }

    #[test]
    fn names_of_methods_ignore_case() {
        assert_eq!(method("SENDmessage").expect("known").name, "sendMessage");
        assert!(method("sendSomething").is_none());
    }

    #[test]
    fn departures_are_named_with_their_path() {
        assert_eq!(problem("sendMessage", json!({"chat_id": 1, "text": "x"})), None);
        assert_eq!(
            problem("sendMessage", json!({"chat_id": 1, "text": "x", "txet": 1})).expect("refused"),
            "unknown parameter \"txet\""
        );
        assert_eq!(
            problem("sendMessage", json!({"text": "x"})).expect("refused"),
            "required parameter \"chat_id\" is missing"
        );
        let markup = json!({"inline_keyboard": [[{"text": "a", "calback_data": "b"}]]});
        assert_eq!(
            problem("sendMessage", json!({"chat_id": 1, "text": "x", "reply_markup": markup}))
                .expect("refused"),
            "unknown parameter \"reply_markup.inline_keyboard[0][0].calback_data\""
        );
        assert_eq!(
            problem("setMyCommands", json!({"commands": [], "scope": {"type": "chat"}})).expect("refused"),
            "required parameter \"scope.chat_id\" is missing"
        );
        assert_eq!(
            problem("sendMessage", json!({"chat_id": 1, "text": 5})).expect("refused"),
            "parameter \"text\" must be a string"
        );
    }

    #[test]
    fn strings_of_a_form_become_what_the_method_wants() {
        let method = method("sendMessage").expect("known");
        let Value::Object(mut params) = json!({
            "chat_id": "-100", "text": "12", "disable_notification": "true", "reply_markup": "{\"remove_keyboard\":true}"
        }) else {
            panic!("an object")
        };
        convert(method, &mut params);
        assert_eq!(params["chat_id"], json!(-100));
        assert_eq!(params["text"], json!("12"));
        assert_eq!(params["disable_notification"], json!(true));
        assert!(check(method, &params, &HashSet::new()).is_ok());
    }
}

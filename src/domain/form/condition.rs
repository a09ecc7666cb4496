//! A condition over the answers, written in CEL.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env, ExecutionError, Program, Value};
use serde::{Deserialize, Serialize};

use super::{Answer, Answers};

/// The longest condition, in characters.
const LONGEST: usize = 1000;
/// How deep brackets may be nested: the parser calls itself for each.
const DEEPEST: usize = 40;

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// A condition over the answers. A question that is not answered makes whatever depends on it unknown, and a condition
/// whose outcome is unknown does not hold: neither does its contrary.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    source: String,
    program: Arc<Program>,
}

/// Why a text is no condition, in words for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError(String);

impl fmt::Display for ConditionError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for ConditionError {}

/// What came of evaluating a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// It holds, or not.
    Known(bool),
    /// It depends on a question that is not answered.
    Unknown,
    /// It is wrong, whatever is answered.
    Wrong(String),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// When it is no expression of CEL; what it names is not looked at.
    pub fn parse(source: &str) -> Result<Condition, ConditionError> {
        let source = source.trim();
        if source.chars().count() > LONGEST || depth(source) > DEEPEST {
            return Err(ConditionError("is too long or too deeply nested".to_owned()));
        }
        match Program::compile(source) {
            Ok(program) => Ok(Condition { source: source.to_owned(), program: Arc::new(program) }),
            Err(errors) => Err(ConditionError(first_line(&errors.to_string()))),
        }
    }

    /// The condition as it is written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the answers meet it.
    pub fn holds(&self, answers: &Answers) -> bool {
        self.outcome(answers) == Outcome::Known(true)
    }

    pub(super) fn outcome(&self, answers: &Answers) -> Outcome {
        let names = self.program.references();
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        for (id, answer) in answers.iter().filter(|(id, _)| names.has_variable(id)) {
            if let Some(value) = value(answer) {
                context.add_variable_from_value(id.as_str(), value);
            }
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Outcome::Known(holds),
            Ok(_) => Outcome::Wrong("it is neither true nor false".to_owned()),
            Err(ExecutionError::UndeclaredReference(_)) => Outcome::Unknown,
            Err(error) => Outcome::Wrong(kind_of(&error)),
        }
    }

    pub(super) fn expression(&self) -> &cel::IdedExpr {
        self.program.expression()
    }

    /// Whether the condition names this question.
    pub fn names(&self, question: &str) -> bool {
        self.program.references().has_variable(question)
    }
}

/// The error without the values it was about: those are answers.
fn kind_of(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchOverload(overload) => overload.to_string(),
        ExecutionError::UnsupportedBinaryOperator(operator, ..) => {
            format!("\"{operator}\" cannot take these types together; write whole numbers as 1.0")
        }
        _ => "it cannot be computed".to_owned(),
    }
}

/// What a condition sees of an answer; nothing for a question that was skipped.
fn value(answer: &Answer) -> Option<Value> {
    Some(match answer {
        Answer::Choice(text) | Answer::Text(text) => Value::from(text.as_str()),
        Answer::Multi(ids) => Value::from(ids.iter().map(String::as_str).collect::<Vec<_>>()),
        Answer::YesNo(yes) => Value::Bool(*yes),
        Answer::Number(number) => Value::Float(*number),
        Answer::Location { lat, lon } => Value::from(HashMap::from([("lat", *lat), ("lon", *lon)])),
        Answer::Photo { .. } => Value::Bool(true),
        Answer::Skipped => return None,
    })
}

fn depth(source: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    for character in source.chars() {
        match character {
            '(' | '[' | '{' => now += 1,
            ')' | ']' | '}' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// The parser's first complaint without its drawing of the place.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line.strip_prefix("ERROR: <input>:").unwrap_or(line);
    let line = line.split(" expecting {").next().unwrap_or(line);
    format!("is no CEL expression: {line}")
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Condition {}

impl fmt::Debug for Condition {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, to)
    }
}

impl TryFrom<String> for Condition {
    type Error = ConditionError;

    fn try_from(source: String) -> Result<Self, Self::Error> {
        Condition::parse(&source)
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> String {
        condition.source
    }
}

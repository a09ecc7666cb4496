//! What a condition is about: the types of what it compares, without evaluating it. CEL itself finds a text unequal to
//! a number without a word, so a slip would silently never hold.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SelectExpr, operators};

use super::{Condition, Kind, Question};
use crate::domain::roster::nearest;

/// What is wrong, and how to mend it.
pub(super) type Finding = (String, String);

#[derive(Debug, Clone, Copy)]
enum Type<'f> {
    Bool,
    Number,
    /// A whole number, which CEL does not add to others.
    Whole,
    Text,
    /// The id of one of the question's choices.
    Chosen(&'f Question),
    /// A list of such ids.
    Several(&'f Question),
    Place,
    List,
    Unknown,
}

impl Type<'_> {
    fn words(self) -> &'static str {
        match self {
            Type::Bool => "true or false",
            Type::Number | Type::Whole => "a number",
            Type::Text | Type::Chosen(_) => "a text",
            Type::Several(_) | Type::List => "a list",
            Type::Place => "a place",
            Type::Unknown => "anything",
        }
    }

    /// Whether values of both types can ever be equal.
    fn matches(self, other: Type<'_>) -> bool {
        matches!((self, other), (Type::Unknown, _) | (_, Type::Unknown)) || self.words() == other.words()
    }
}

/// Everything that is wrong with the types of a condition. `questions` are those it may name; the `later` ones come
/// after it.
pub(super) fn findings(condition: &Condition, questions: &[Question], later: &[Question]) -> Vec<Finding> {
    let mut reader = Reader { questions, later, locals: Vec::new(), findings: Vec::new() };
    let whole = reader.read(condition.expression());
    if !whole.matches(Type::Bool) {
        let reason = format!("is {}, but must be true or false", whole.words());
        reader.tell(reason, "compare it, such as place == 'away' or temperature >= 37.3");
    }
    reader.findings
}

struct Reader<'f> {
    questions: &'f [Question],
    later: &'f [Question],
    /// Names that a macro such as `exists` brings with it.
    locals: Vec<(&'f str, Type<'f>)>,
    findings: Vec<Finding>,
}

impl<'f> Reader<'f> {
    fn tell(&mut self, reason: impl Into<String>, mend: impl Into<String>) {
        let finding = (reason.into(), mend.into());
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn read(&mut self, expression: &'f IdedExpr) -> Type<'f> {
        match &expression.expr {
            Expr::Ident(name) => self.name(name),
            Expr::Literal(literal) => literal_type(literal),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => {
                self.read_all(&list.elements);
                Type::List
            }
            Expr::Select(select) => self.select(select),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            _ => {
                self.tell("holds something that answers have no use for", "compare answers with values");
                Type::Unknown
            }
        }
    }

    fn read_all(&mut self, parts: &'f [IdedExpr]) {
        for part in parts {
            self.read(part);
        }
    }

    fn name(&mut self, name: &'f str) -> Type<'f> {
        if let Some((_, local)) = self.locals.iter().rev().find(|(local, _)| *local == name) {
            return *local;
        }
        if let Some(question) = self.questions.iter().find(|question| question.id == name) {
            return type_of(question);
        }
        if self.later.iter().any(|question| question.id == name) {
            let mend = "name earlier questions only, or move the question";
            self.tell(format!("names \"{name}\", which is asked later"), mend);
            return Type::Unknown;
        }
        let known = self.questions.iter().map(|question| question.id.as_str());
        let mend = match nearest(name, known) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => "write the id of a question; put texts in quotes".to_owned(),
        };
        self.tell(format!("names \"{name}\", which is no question"), mend);
        Type::Unknown
    }

    fn select(&mut self, select: &'f SelectExpr) -> Type<'f> {
        let operand = self.read(&select.operand);
        if matches!(operand, Type::Place) && ["lat", "lon"].contains(&select.field.as_str()) {
            return if select.test { Type::Bool } else { Type::Number };
        }
        if !matches!(operand, Type::Unknown) {
            let reason = format!("asks {} for \"{}\"", operand.words(), select.field);
            self.tell(reason, "a place has .lat and .lon; nothing else has parts");
        }
        Type::Unknown
    }

    fn call(&mut self, call: &'f CallExpr) -> Type<'f> {
        let target = call.target.as_deref().map(|target| self.read(target));
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, parts) => {
                parts.iter().for_each(|part| self.expect(part, Type::Bool));
                Type::Bool
            }
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => self.equal(left, right),
            (
                operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS,
                [left, right],
            ) => {
                self.expect(left, Type::Number);
                self.expect(right, Type::Number);
                Type::Bool
            }
            (operators::IN, [element, list]) => self.within(element, list),
            (operators::CONDITIONAL, [test, then, otherwise]) => {
                self.expect(test, Type::Bool);
                let (then, otherwise) = (self.read(then), self.read(otherwise));
                if then.matches(otherwise) { then } else { Type::Unknown }
            }
            (operators::NEGATE, [part]) => self.read(part),
            (
                operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO
                | operators::ADD,
                [left, right],
            ) => self.computed(left, right),
            (function, arguments) => self.function(function, target, arguments),
        }
    }

    fn function(&mut self, name: &str, target: Option<Type<'f>>, arguments: &'f [IdedExpr]) -> Type<'f> {
        match (name, arguments) {
            ("size", _) => {
                self.read_all(arguments);
                Type::Whole
            }
            ("contains" | "startsWith" | "endsWith", [part]) => {
                if let Some(target) = target.filter(|target| !target.matches(Type::Text)) {
                    let mend = "write 'id' in question for a list; a number has no letters";
                    self.tell(format!("looks for a part of {}", target.words()), mend);
                }
                self.expect(part, Type::Text);
                Type::Bool
            }
            (operators::INDEX | operators::NOT_STRICTLY_FALSE, parts) => {
                self.read_all(parts);
                Type::Unknown
            }
            _ => {
                let mend =
                    "use comparisons, in, &&, ||, !, size, contains, startsWith, endsWith, exists, all";
                self.tell(format!("uses \"{name}\", which conditions do not know"), mend);
                Type::Unknown
            }
        }
    }

    /// What CEL would only find out when it computes: 36.5 + 1 is an error, 36.5 + 1.0 is not.
    fn computed(&mut self, left: &'f IdedExpr, right: &'f IdedExpr) -> Type<'f> {
        match (self.read(left), self.read(right)) {
            (Type::Unknown, other) | (other, Type::Unknown) => other,
            (Type::Number, Type::Number) => Type::Number,
            (Type::Whole, Type::Whole) => Type::Whole,
            (Type::Number, Type::Whole) | (Type::Whole, Type::Number) => {
                self.tell("computes with a whole number and another one", "write the whole number as 1.0");
                Type::Number
            }
            (a, b) => {
                self.tell(
                    format!("computes with {} and {}", a.words(), b.words()),
                    "compute with numbers only",
                );
                Type::Unknown
            }
        }
    }

    fn expect(&mut self, part: &'f IdedExpr, wanted: Type<'f>) {
        let found = self.read(part);
        if !found.matches(wanted) {
            let mend = match found {
                Type::Chosen(_) => "compare it with one of its choices, such as place == 'away'",
                Type::Several(_) => "ask whether a choice is in it, such as 'fever' in symptoms",
                Type::Text if matches!(wanted, Type::Number) => "write a number without quotes",
                _ => "compare values of one type",
            };
            let reason = format!("has {} where {} is needed{}", found.words(), wanted.words(), about(part));
            self.tell(reason, mend);
        }
    }

    fn equal(&mut self, left: &'f IdedExpr, right: &'f IdedExpr) -> Type<'f> {
        let (a, b) = (self.read(left), self.read(right));
        self.known_choice(a, right);
        self.known_choice(b, left);
        if !a.matches(b) {
            let mend = match (a, b) {
                (Type::Several(question), _) | (_, Type::Several(question)) => {
                    format!("several may be chosen: write 'id' in {}", question.id)
                }
                _ => "compare values of one type".to_owned(),
            };
            let reason = format!("compares {}{} with {}{}", a.words(), about(left), b.words(), about(right));
            self.tell(reason, mend);
        }
        Type::Bool
    }

    fn within(&mut self, element: &'f IdedExpr, list: &'f IdedExpr) -> Type<'f> {
        let (one, all) = (self.read(element), self.read(list));
        match (all, &list.expr) {
            (Type::Several(question), _) => {
                self.expect(element, Type::Text);
                self.known_choice(Type::Chosen(question), element);
            }
            (_, Expr::List(list)) => {
                for entry in &list.elements {
                    self.known_choice(one, entry);
                    let entry_type = self.read(entry);
                    if !one.matches(entry_type) {
                        let reason = format!("looks for {} among {}s", one.words(), entry_type.words());
                        self.tell(reason, "compare values of one type");
                    }
                }
            }
            (Type::Unknown, _) => {}
            (other, _) => {
                self.tell(
                    format!("looks into {}{}, which is no list", other.words(), about(list)),
                    "write ==",
                );
            }
        }
        Type::Bool
    }

    /// A text that is compared with a choice must be the id of one.
    fn known_choice(&mut self, compared: Type<'f>, with: &'f IdedExpr) {
        let (Type::Chosen(question), Some(text)) = (compared, text_of(with)) else { return };
        if question.choice(text).is_some() {
            return;
        }
        let known: Vec<&str> = question.choices.iter().map(|choice| choice.id.as_str()).collect();
        let mend = match nearest(text, known.iter().copied()) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("write one of {}", known.join(", ")),
        };
        self.tell(format!("names the choice '{text}', which \"{}\" does not have", question.id), mend);
    }

    /// `exists`, `all` and their like: the element is one of the choices, or anything.
    fn comprehension(&mut self, all: &'f ComprehensionExpr) -> Type<'f> {
        let element = match self.read(&all.iter_range) {
            Type::Several(question) => Type::Chosen(question),
            Type::List | Type::Unknown => Type::Unknown,
            other => {
                self.tell(format!("goes through {}, which is no list", other.words()), "compare it instead");
                Type::Unknown
            }
        };
        let before = self.locals.len();
        self.locals.push((&all.iter_var, element));
        self.locals.extend(all.iter_var2.as_deref().map(|name| (name, Type::Unknown)));
        self.locals.push((&all.accu_var, Type::Unknown));
        for part in [&all.accu_init, &all.loop_cond, &all.loop_step, &all.result] {
            self.read(part);
        }
        self.locals.truncate(before);
        Type::Unknown
    }
}

fn type_of(question: &Question) -> Type<'_> {
    match question.kind {
        Kind::Choice => Type::Chosen(question),
        Kind::Multi => Type::Several(question),
        Kind::YesNo | Kind::Photo => Type::Bool,
        Kind::Number => Type::Number,
        Kind::Text => Type::Text,
        Kind::Location => Type::Place,
    }
}

fn literal_type<'f>(literal: &LiteralValue) -> Type<'f> {
    match literal {
        LiteralValue::Boolean(_) => Type::Bool,
        LiteralValue::Double(_) => Type::Number,
        LiteralValue::Int(_) | LiteralValue::UInt(_) => Type::Whole,
        LiteralValue::String(_) => Type::Text,
        LiteralValue::Bytes(_) | LiteralValue::Null => Type::List,
    }
}

/// The part as a name or value in brackets, for a message.
fn about(part: &IdedExpr) -> String {
    match &part.expr {
        Expr::Ident(name) => format!(" ({name})"),
        Expr::Literal(LiteralValue::String(text)) => format!(" ('{}')", text.inner()),
        Expr::Literal(LiteralValue::Double(number)) => format!(" ({})", number.inner()),
        Expr::Literal(LiteralValue::Int(number)) => format!(" ({})", number.inner()),
        _ => String::new(),
    }
}

fn text_of(part: &IdedExpr) -> Option<&str> {
    match &part.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

//! The values that conditions compare with.

use std::collections::BTreeSet;

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

use super::Condition;

/// The values a condition compares with.
#[derive(Debug, Default)]
pub(super) struct Literals {
    pub numbers: Vec<f64>,
    pub texts: BTreeSet<String>,
    /// Whether the condition is made of comparisons of one answer with fixed values only: then trying every value and
    /// its neighbours tries everything.
    pub is_plain: bool,
}

impl Literals {
    /// Those of a condition.
    pub fn of(condition: &Condition) -> Literals {
        let mut found = Literals { is_plain: true, ..Literals::default() };
        found.read(condition.expression());
        found
    }

    fn read(&mut self, part: &IdedExpr) {
        match &part.expr {
            Expr::Ident(_) => {}
            Expr::Literal(literal) => self.literal(literal),
            Expr::List(list) => list.elements.iter().for_each(|element| self.read(element)),
            Expr::Call(call) => {
                self.is_plain &= is_plain(call);
                call.target.iter().for_each(|target| self.read(target));
                call.args.iter().for_each(|argument| self.read(argument));
            }
            Expr::Select(select) => {
                self.is_plain = false;
                self.read(&select.operand);
            }
            Expr::Comprehension(all) => {
                self.is_plain = false;
                for part in [&all.iter_range, &all.accu_init, &all.loop_cond, &all.loop_step, &all.result] {
                    self.read(part);
                }
            }
            _ => self.is_plain = false,
        }
    }

    fn literal(&mut self, literal: &LiteralValue) {
        match literal {
            LiteralValue::Double(number) => self.numbers.push(*number.inner()),
            LiteralValue::Int(number) => self.numbers.push(*number.inner() as f64),
            LiteralValue::UInt(number) => self.numbers.push(*number.inner() as f64),
            LiteralValue::String(text) => drop(self.texts.insert(text.inner().to_owned())),
            LiteralValue::Boolean(_) | LiteralValue::Bytes(_) | LiteralValue::Null => {}
        }
    }
}

fn is_plain(call: &CallExpr) -> bool {
    let are_fixed = |part: &IdedExpr| match &part.expr {
        Expr::Literal(_) => true,
        Expr::List(list) => list.elements.iter().all(|element| matches!(element.expr, Expr::Literal(_))),
        Expr::Call(call) => call.func_name == operators::NEGATE,
        _ => false,
    };
    match call.func_name.as_str() {
        operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT => true,
        operators::EQUALS
        | operators::NOT_EQUALS
        | operators::LESS
        | operators::LESS_EQUALS
        | operators::GREATER
        | operators::GREATER_EQUALS
        | operators::IN => call.args.iter().any(are_fixed),
        operators::NEGATE => call.args.iter().all(are_fixed),
        _ => false,
    }
}

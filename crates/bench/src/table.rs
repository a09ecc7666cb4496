//! What was measured, in one table.

use std::fmt::Write as _;

use serde_json::json;

/// One figure.
struct Line {
    what: &'static str,
    value: f64,
    unit: &'static str,
    /// It must not be more than this.
    most: Option<f64>,
}

impl Line {
    fn holds(&self) -> bool {
        self.most.is_none_or(|most| self.value <= most)
    }
}

/// All figures of a run.
pub struct Table {
    students: usize,
    lines: Vec<Line>,
}

impl Table {
    /// Nothing measured yet.
    pub fn new(students: usize) -> Self {
        Self { students, lines: Vec::new() }
    }

    /// A figure, with what it must not exceed.
    pub fn add(&mut self, what: &'static str, value: f64, unit: &'static str, most: Option<f64>) {
        self.lines.push(Line { what, value, unit, most });
    }

    /// Whether every figure is within its bound.
    pub fn holds(&self) -> bool {
        self.lines.iter().all(Line::holds)
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = format!("{} students\n", self.students);
        for line in &self.lines {
            let bound = line.most.map(|most| format!("≤ {most}")).unwrap_or_default();
            let mark = if line.holds() { "" } else { "  EXCEEDED" };
            // Writing into a String cannot fail.
            let _ = writeln!(out, "{:<48}{:>12.3} {:<5}{bound:>8}{mark}", line.what, line.value, line.unit);
        }
        out
    }

    /// For programs.
    pub fn json(&self) -> String {
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|line| json!({"what": line.what, "value": line.value, "unit": line.unit, "most": line.most}))
            .collect();
        json!({"students": self.students, "figures": lines}).to_string()
    }
}

//! What was measured, in one table.

use std::fmt::Write as _;

use serde_json::json;

/// What a figure must not miss.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    /// It must not be more.
    AtMost(f64),
    /// It must not be less.
    AtLeast(f64),
    /// It tells about the machine, or explains another figure.
    None,
}

/// One figure.
struct Line {
    /// The row of the scoreboard, `P1` to `P11`; `-` for what calibrates.
    row: &'static str,
    what: String,
    value: f64,
    unit: &'static str,
    bound: Bound,
}

impl Line {
    fn holds(&self) -> bool {
        match self.bound {
            Bound::AtMost(most) => self.value <= most,
            Bound::AtLeast(least) => self.value >= least,
            Bound::None => true,
        }
    }
}

/// All figures of a run.
#[derive(Default)]
pub struct Table {
    title: String,
    lines: Vec<Line>,
}

impl Table {
    /// Nothing measured yet; `title` tells what is measured.
    pub fn new(title: String) -> Self {
        Self { title, lines: Vec::new() }
    }

    /// A figure of a row, with what it must not miss. It is told on stderr at once: some take minutes.
    pub fn add(
        &mut self,
        row: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        bound: Bound,
    ) {
        let line = Line { row, what: what.into(), value, unit, bound };
        crate::tell(&words(&line));
        self.lines.push(line);
    }

    /// Whether every figure is within its bound.
    pub fn holds(&self) -> bool {
        self.lines.iter().all(Line::holds)
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.title);
        for line in &self.lines {
            // Writing into a String cannot fail.
            let _ = writeln!(out, "{}", words(line));
        }
        out
    }

    /// For programs.
    pub fn json(&self) -> String {
        let bound = |line: &Line| match line.bound {
            Bound::AtMost(most) => json!({"at_most": most}),
            Bound::AtLeast(least) => json!({"at_least": least}),
            Bound::None => json!(null),
        };
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|line| {
                json!({"row": line.row, "what": line.what, "value": line.value, "unit": line.unit,
                       "bound": bound(line), "holds": line.holds()})
            })
            .collect();
        json!({"title": self.title, "figures": lines}).to_string()
    }
}

fn words(line: &Line) -> String {
    let bound = match line.bound {
        Bound::AtMost(most) => format!("≤ {most}"),
        Bound::AtLeast(least) => format!("≥ {least}"),
        Bound::None => String::new(),
    };
    let mark = if line.holds() { "" } else { "  MISSED" };
    format!("{:<4} {:<62} {:>11.3} {:<10} {bound:>8}{mark}", line.row, line.what, line.value, line.unit)
}

//! What is wrong with a form, before anybody is asked by it.

use std::collections::BTreeSet;

use super::trial::{Verdict, try_out};
use super::typing::findings;
use super::{
    Condition, FARTHEST_KM, Form, Kind, LONGEST_TEXT, Level, MOST_CHOICES, MOST_QUESTIONS, Question,
};

/// The longest label of a button, in characters.
const LONGEST_LABEL: usize = 60;
/// The longest question, title or declaration, in characters.
const LONGEST_WORDS: usize = 500;
/// Names that CEL keeps for itself.
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// Something wrong with a form, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place in the file, entries counted from 1: `question[2].when`.
    pub key: String,
    /// What is wrong.
    pub reason: String,
    /// How to mend it.
    pub mend: String,
}

fn fault(key: impl Into<String>, reason: impl Into<String>, mend: impl Into<String>) -> Fault {
    Fault { key: key.into(), reason: reason.into(), mend: mend.into() }
}

impl Form {
    /// Everything that is wrong with the form, at once.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = self.whole_faults();
        for (index, question) in self.questions.iter().enumerate() {
            let key = format!("question[{}]", index + 1);
            if self.questions[..index].iter().any(|other| other.id == question.id) {
                let reason = format!("\"{}\" is the id of another question", question.id);
                faults.push(fault(format!("{key}.id"), reason, "give each question an id of its own"));
            }
            faults.extend(question.faults(&key));
        }
        faults.extend(self.condition_faults());
        faults
    }

    fn whole_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_identifier(&self.id) {
            faults.push(no_identifier("id", &self.id));
        }
        if self.questions.is_empty() {
            faults.push(fault("question", "the form asks nothing", "write at least one [[question]]"));
        }
        if self.questions.len() > MOST_QUESTIONS {
            let reason = format!("the form has {} questions", self.questions.len());
            faults.push(fault("question", reason, format!("ask at most {MOST_QUESTIONS}")));
        }
        for (key, words) in [
            ("title", Some(&self.title)),
            ("same", self.same.as_ref()),
            ("declaration", self.declaration.as_ref()),
        ] {
            let is_long = |words: &&super::Words| {
                words.zh.chars().count().max(words.en.chars().count()) > LONGEST_WORDS
            };
            if words.filter(is_long).is_some() {
                faults.push(too_long(key, LONGEST_WORDS));
            }
        }
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.level == Level::Watch && rule.report_within.is_some() {
                let key = format!("rule[{}].report_within", index + 1);
                faults.push(fault(
                    key,
                    "only an urgent rule opens an alert",
                    "set level = \"urgent\", or leave it out",
                ));
            }
        }
        faults
    }

    /// Types first; what cannot be read is not tried out.
    fn condition_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut broken: BTreeSet<&str> = BTreeSet::new();
        for (index, question) in self.questions.iter().enumerate() {
            let Some(when) = &question.when else { continue };
            let key = format!("question[{}].when", index + 1);
            let (earlier, later) = self.questions.split_at(index);
            let found = match self.round_trip(index) {
                Some(names) => vec![fault(&key, names, "let each question depend on earlier ones only")],
                None => told(&key, findings(when, earlier, later)),
            };
            if found.is_empty() && !self.depends_on(when, &broken) {
                faults.extend(tried(&key, try_out(self, index, when), "the question can never be asked"));
            }
            if !found.is_empty() {
                broken.insert(&question.id);
            }
            faults.extend(found);
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let key = format!("rule[{}].when", index + 1);
            let found = told(&key, findings(&rule.when, &self.questions, &[]));
            if found.is_empty() && !self.depends_on(&rule.when, &broken) {
                faults.extend(tried(
                    &key,
                    try_out(self, self.questions.len(), &rule.when),
                    "the rule can never hold",
                ));
            }
            faults.extend(found);
        }
        faults
    }

    /// Whether the condition depends, at any distance, on one of these questions.
    fn depends_on(&self, condition: &Condition, broken: &BTreeSet<&str>) -> bool {
        !broken.is_empty()
            && self.reached(condition).iter().any(|index| broken.contains(self.questions[*index].id.as_str()))
    }

    /// The questions that the condition depends on, at any distance.
    fn reached(&self, condition: &Condition) -> Vec<usize> {
        let named = |condition: &Condition| {
            (0..self.questions.len())
                .filter(|index| condition.names(&self.questions[*index].id))
                .collect::<Vec<_>>()
        };
        let mut reached = named(condition);
        let mut next = 0;
        while let Some(index) = reached.get(next).copied() {
            if let Some(when) = &self.questions[index].when {
                let more: Vec<usize> =
                    named(when).into_iter().filter(|index| !reached.contains(index)).collect();
                reached.extend(more);
            }
            next += 1;
        }
        reached
    }

    /// The loop that this question's condition is part of, in words.
    fn round_trip(&self, index: usize) -> Option<String> {
        let question = &self.questions[index];
        let reached = self.reached(question.when.as_ref()?);
        reached.contains(&index).then(|| {
            let others = reached.iter().filter(|other| **other != index);
            let others: Vec<&str> = others.map(|other| self.questions[*other].id.as_str()).collect();
            match others.as_slice() {
                [] => format!("\"{}\" depends on its own answer", question.id),
                others => format!(
                    "a loop: \"{}\" depends on {}, which depends on it",
                    question.id,
                    others.join(", ")
                ),
            }
        })
    }
}

fn told(key: &str, findings: Vec<(String, String)>) -> Vec<Fault> {
    findings.into_iter().map(|(reason, mend)| fault(key, reason, mend)).collect()
}

fn tried(key: &str, verdict: Verdict, never: &str) -> Option<Fault> {
    match verdict {
        Verdict::Possible => None,
        Verdict::Never => Some(fault(key, never, "no answers meet this condition: mend it, or remove it")),
        Verdict::Wrong(reason) => Some(fault(key, reason, "compare values of one type")),
    }
}

impl Question {
    fn faults(&self, key: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_identifier(&self.id) {
            faults.push(no_identifier(&format!("{key}.id"), &self.id));
        }
        if self.ask.zh.chars().count().max(self.ask.en.chars().count()) > LONGEST_WORDS {
            faults.push(too_long(&format!("{key}.ask"), LONGEST_WORDS));
        }
        if matches!(self.kind, Kind::Choice | Kind::Multi) {
            faults.extend(self.choice_faults(key));
        }
        faults.extend(self.bound_faults(key));
        if self.far_km.is_some_and(|km| km <= 0.0 || km > FARTHEST_KM) {
            let mend = format!("write kilometres, more than 0 and at most {FARTHEST_KM}");
            faults.push(fault(format!("{key}.far_km"), "is no distance on earth", mend));
        }
        if !(1..=LONGEST_TEXT).contains(&self.max_length) {
            let mend = format!("write a number from 1 to {LONGEST_TEXT}");
            faults.push(fault(format!("{key}.max_length"), "does not fit into a message", mend));
        }
        faults
    }

    fn choice_faults(&self, key: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.choices.len() < 2 || self.choices.len() > MOST_CHOICES {
            let reason = format!("has {} choices", self.choices.len());
            faults.push(fault(
                format!("{key}.choices"),
                reason,
                format!("offer 2 to {MOST_CHOICES}: each is a button"),
            ));
        }
        for (index, choice) in self.choices.iter().enumerate() {
            let key = format!("{key}.choices[{}]", index + 1);
            let others = &self.choices[..index];
            if !is_choice_id(&choice.id) {
                let mend = "use letters, digits, _ and -, beginning with a letter or digit";
                faults.push(fault(format!("{key}.id"), format!("\"{}\" is no id", choice.id), mend));
            }
            if others.iter().any(|other| other.id == choice.id) {
                let reason = format!("\"{}\" is the id of another choice", choice.id);
                faults.push(fault(format!("{key}.id"), reason, "give each choice an id of its own"));
            }
            if others
                .iter()
                .any(|other| other.words.zh == choice.words.zh || other.words.en == choice.words.en)
            {
                faults.push(fault(
                    &key,
                    "has the label of another choice",
                    "give each choice a label of its own",
                ));
            }
            if choice.words.zh.chars().count().max(choice.words.en.chars().count()) > LONGEST_LABEL {
                faults.push(too_long(&key, LONGEST_LABEL));
            }
        }
        if let Some(none) = self.none.as_ref().filter(|none| self.choice(none).is_none()) {
            let reason = format!("\"{none}\" is no choice of this question");
            faults.push(fault(
                format!("{key}.none"),
                reason,
                "write the id of the choice that excludes the others",
            ));
        }
        faults
    }

    fn bound_faults(&self, key: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.min.zip(self.max).is_some_and(|(min, max)| min > max) {
            faults.push(fault(format!("{key}.min"), "is greater than max", "exchange the two"));
        }
        if self.kind == Kind::Multi
            && let Some(min) = self.min
        {
            let most = self.choices.len() - usize::from(self.none.is_some()).min(self.choices.len());
            let is_possible = min.fract() == 0.0 && min >= 0.0 && min <= most as f64;
            if !is_possible || (self.none.is_some() && min > 1.0) {
                let mend = "write how many must be chosen at least; with \"none\" it is 1";
                faults.push(fault(format!("{key}.min"), "cannot be chosen", mend));
            }
        }
        faults
    }
}

fn is_identifier(id: &str) -> bool {
    let mut letters = id.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && id.len() <= 40
        && !RESERVED.contains(&id)
}

fn is_choice_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && id.len() <= 40
}

fn no_identifier(key: &str, id: &str) -> Fault {
    let mend = "use letters, digits and _, beginning with a letter, and no word of CEL";
    fault(key, format!("\"{id}\" is no identifier"), mend)
}

fn too_long(key: &str, most: usize) -> Fault {
    fault(key, format!("is longer than {most} characters"), "shorten it")
}

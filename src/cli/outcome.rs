use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use crate::config::{Problem, Problems};
use crate::store;
use crate::telemetry::redact;

/// What a command ends with.
pub type Outcome = Result<(), Failure>;

/// Why a command did not do what it was asked, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    code: u8,
    /// One problem a line.
    lines: Vec<String>,
}

impl Failure {
    /// The command failed (exit code 1).
    pub fn failed(problem: impl Display) -> Self {
        Self::all_failed([problem])
    }

    /// The command failed for several reasons (exit code 1).
    pub fn all_failed<P: Display>(problems: impl IntoIterator<Item = P>) -> Self {
        Self { code: 1, lines: problems.into_iter().map(|problem| one_line(&problem)).collect() }
    }

    /// The command was used wrongly, or the configuration is wrong (exit code 2).
    pub fn wrong_usage(problem: impl Display) -> Self {
        Self { code: 2, lines: vec![one_line(&problem)] }
    }

    /// The lines, one problem each.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Writes the problems to stderr and gives the exit code.
    pub(super) fn print(&self) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        for line in &self.lines {
            // Without stderr there is nobody to tell; the exit code still says it.
            if writeln!(stderr, "{}", redact(line)).is_err() {
                break;
            }
        }
        ExitCode::from(self.code)
    }
}

fn one_line(problem: &impl Display) -> String {
    problem.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self { code: 2, lines: problems.0.iter().map(|problem: &Problem| one_line(problem)).collect() }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::failed(error)
    }
}

impl From<store::seal::SealError> for Failure {
    fn from(error: store::seal::SealError) -> Self {
        Self::failed(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line() {
        let failure = Failure::failed("cannot be read:\n  no such file");
        assert_eq!(failure.lines(), ["cannot be read: no such file"]);
        assert_eq!(failure.code, 1);
    }

    #[test]
    fn a_wrong_configuration_is_wrong_usage() {
        let problem = Problem {
            file: "a.toml".to_owned(),
            key: "school.name".to_owned(),
            reason: "is empty".to_owned(),
            mend: "write a name".to_owned(),
        };
        let failure = Failure::from(Problems(vec![problem]));
        assert_eq!(
            (failure.code, failure.lines()),
            (2, ["a.toml: school.name: is empty; write a name".to_owned()].as_slice())
        );
    }
}

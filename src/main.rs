//! Command line, configuration, command; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    tierline::cli::main()
}

//! Standard error. What comes from a file or a flag shows every character there: none acts on the terminal, and no text can
//! pass for a line of ours.

#![allow(clippy::print_stderr, reason = "everything else goes through here")]

use crate::failure::Failure;
use crate::remark::Remark;
use blis_playground::text::{visible, visible_lines};
use clap::ValueEnum;
use std::fmt::Display;
use std::io::IsTerminal;
use std::sync::OnceLock;

/// How much is said; each level includes those below it. The names are the reference's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum LogLevel {
    Trace,
    Debug,
    /// How to read the figures, what is being done, and the verdict.
    Info,
    /// What makes the figures doubtful.
    Warn,
    /// Nothing but why a command cannot be carried out. This is always said: no failure without a reason.
    Error,
    Fatal,
    Panic,
}

/// Set once, from the flags: standard error is the whole process's.
static LEVEL: OnceLock<LogLevel> = OnceLock::new();

/// Says from now on what is at this level or above.
pub fn set_level(level: LogLevel) {
    LEVEL.get_or_init(|| level);
}

/// One line for information.
pub fn line(text: impl Display) {
    at(LogLevel::Info, text);
}

/// A line for information that takes the place of the one before it; nothing unless a terminal shows it.
pub fn changing(text: impl Display) {
    if says(LogLevel::Info) && std::io::stderr().is_terminal() {
        // To the beginning of the line, which is cleared.
        eprint!("\r\u{1b}[K{}", visible(&text.to_string()));
    }
}

/// A warning or a note.
pub fn remark(remark: &Remark) {
    let level = match remark {
        Remark::Warning(_) => LogLevel::Warn,
        Remark::Note(_) => LogLevel::Info,
    };
    at(level, remark);
}

fn says(level: LogLevel) -> bool {
    level >= *LEVEL.get().unwrap_or(&LogLevel::Info)
}

fn at(level: LogLevel, text: impl Display) {
    if says(level) {
        eprintln!("{}", visible(&text.to_string()));
    }
}

/// Why a command cannot be carried out.
pub fn failure(failure: &Failure) {
    match failure {
        // The message of the parser can be a list, and the usage has several lines; its texts have none of their own.
        Failure::Usage { .. } => eprintln!("{}", visible_lines(&failure.to_string())),
        _ => at(LogLevel::Panic, failure),
    }
}

//! Standard error. What comes from a file or a flag shows every character there: none acts on the terminal, and no text can
//! pass for a line of ours.

#![allow(clippy::print_stderr, reason = "everything else goes through here")]

use crate::failure::Failure;
use blis_playground::text::{visible, visible_lines};
use std::fmt::Display;

/// One line.
pub fn line(text: impl Display) {
    eprintln!("{}", visible(&text.to_string()));
}

/// Why a command cannot be carried out.
pub fn failure(failure: &Failure) {
    match failure {
        // The message of the parser can be a list, and the usage has several lines; its texts have none of their own.
        Failure::Usage { .. } => eprintln!("{}", visible_lines(&failure.to_string())),
        _ => line(failure),
    }
}

//! The command line of the simulator: flags in, figures out, nothing else.

#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "`say` and writers show every character of a user's texts"
)]

mod calibrate;
mod check;
mod comparison;
mod custom_catalog;
mod document;
mod failure;
mod files;
mod flags;
mod imports;
mod invocation;
mod later;
mod lesson;
mod measured_file;
mod model;
mod model_files;
mod notes;
mod own_gpu;
mod policy_file;
mod remark;
mod run;
mod say;
mod simulate;
mod sizing;
mod sources;
mod sweep;
mod threads;
mod trace;
mod trace_files;

use blis_playground::settings::{json_schema, schema};
use blis_playground::text::visible;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use failure::Failure;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match execute() {
        Ok(code) => code,
        Err(failure) => {
            say::failure(&failure);
            ExitCode::FAILURE
        }
    }
}

fn execute() -> Result<ExitCode, Failure> {
    let matches = match flags::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return parser_error(error),
    };
    if let Some(&level) = matches.get_one("log") {
        say::set_level(level);
    }
    match matches.subcommand() {
        Some(("run" | "replay", flags)) => run::run(flags),
        Some(("plan", flags)) => sizing::plan(flags),
        Some(("sweep", flags)) => sweep::sweep(flags, std::env::args_os()),
        Some(("trace", flags)) => trace::trace(flags),
        Some(("calibrate", flags)) => calibrate::calibrate(flags),
        Some(("check", flags)) => check::check(flags),
        Some(("lesson", flags)) => lesson::lesson(flags),
        Some(("model", flags)) => model::model(flags),
        Some((_, flags)) => print_schema(flags.get_flag("settings")),
        None => match flags::command().try_get_matches_from(["blis", "--help"]) {
            Ok(_) => Ok(ExitCode::SUCCESS),
            Err(help) => parser_error(help),
        },
    }
}

/// Help and version go to standard output; anything else is wrong use.
fn parser_error(mut error: clap::Error) -> Result<ExitCode, Failure> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        write!(std::io::stdout(), "{error}")?;
        return Ok(ExitCode::SUCCESS);
    }
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(flag))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
        && let Some(failure) = later::refused(flag)
    {
        return Err(failure);
    }
    show_texts(&mut error);
    let text = error.to_string();
    let message = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    Err(Failure::Usage { message, usage: usage() })
}

/// Shows every character of the texts of an error, the user's among them, before its lines are made of them.
fn show_texts(error: &mut clap::Error) {
    let shown = |text: &String| visible(text).into_owned();
    let texts: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(shown(text)))),
            ContextValue::Strings(texts) => {
                Some((kind, ContextValue::Strings(texts.iter().map(shown).collect())))
            }
            _ => None,
        })
        .collect();
    for (kind, text) in texts {
        error.insert(kind, text);
    }
}

/// The usage of the command that the first word names; of all commands if it names none.
fn usage() -> String {
    let mut command = flags::command();
    command.build();
    let word = std::env::args().nth(1).unwrap_or_default();
    let usage = match command.find_subcommand_mut(&word) {
        Some(subcommand) => subcommand.render_usage(),
        None => command.render_usage(),
    };
    format!("{usage}\n\nFor all flags, try --help.")
}

/// The JSON Schema of a configuration, or the table of settings that it comes from.
fn print_schema(settings: bool) -> Result<ExitCode, Failure> {
    let schema = if settings {
        serde_json::to_string_pretty(schema::settings())
    } else {
        serde_json::to_string_pretty(&json_schema())
    };
    writeln!(std::io::stdout(), "{}", schema.map_err(std::io::Error::from)?)?;
    Ok(ExitCode::SUCCESS)
}

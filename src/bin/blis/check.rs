//! `blis check`: recordings of the reference against this simulator.

use crate::comparison::{Comparison, check_case, check_kv_capacity, check_step_times};
use crate::failure::Failure;
use crate::files;
use blis_playground::ConfigError;
use blis_playground::text::visible;
use clap::ArgMatches;
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Differences printed per file; the rest is counted.
const SHOWN: usize = 5;

/// Compares a recording's text with what the simulator makes of it.
type Comparer = fn(&str) -> Result<Comparison, ConfigError>;

/// Checks every file named and prints a line or more for each.
pub fn check(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let kinds: [(&str, Comparer); 3] =
        [("files", check_case), ("step-times", check_step_times), ("kv-capacity", check_kv_capacity)];
    let named: Vec<(&PathBuf, Comparer)> = kinds
        .into_iter()
        .flat_map(|(name, compare)| flags.get_many(name).unwrap_or_default().map(move |path| (path, compare)))
        .collect();
    if named.is_empty() {
        return Err(Failure::Flag("blis check needs a file, --step-times or --kv-capacity".to_owned()));
    }
    let mut out = std::io::stdout().lock();
    let mut passed = 0;
    for (path, compare) in &named {
        passed += usize::from(check_file(&mut out, path, *compare)?);
    }
    let failed = named.len() - passed;
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints whether a file agrees, and returns it.
fn check_file(out: &mut impl Write, path: &Path, compare: Comparer) -> std::io::Result<bool> {
    let name = shown(path);
    let text = match files::read(path) {
        Ok(text) => text,
        Err(error) => return complain(out, &name, &error),
    };
    match compare(&text) {
        Err(error) => complain(out, &name, &error),
        Ok(comparison) if comparison.agrees() => writeln!(out, "{name}: ok").map(|()| true),
        Ok(comparison) => report(out, path, &comparison).map(|()| false),
    }
}

/// A file name with all its characters.
fn shown(path: &Path) -> String {
    visible(&path.display().to_string()).into_owned()
}

fn complain(out: &mut impl Write, name: &str, error: &impl Display) -> std::io::Result<bool> {
    writeln!(out, "{name}: {}", visible(&error.to_string())).map(|()| false)
}

fn report(out: &mut impl Write, path: &Path, comparison: &Comparison) -> std::io::Result<()> {
    let differences = &comparison.differences;
    writeln!(out, "{}: {} differences", shown(path), differences.len())?;
    if comparison.compared == 0 {
        writeln!(out, "  nothing to compare")?;
    }
    for difference in differences.iter().take(SHOWN) {
        writeln!(out, "  {}", visible(difference))?;
    }
    match differences.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(comparison: &Comparison) -> String {
        let mut out = Vec::new();
        report(&mut out, Path::new("case.json"), comparison).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn the_first_differences_are_shown_and_the_rest_counted() {
        let differences = (0..7).map(|row| format!("ttft_us[{row}]: expected 1, got 2")).collect();
        let text = printed(&Comparison { compared: 9, differences });
        assert!(text.starts_with("case.json: 7 differences\n  ttft_us[0]: expected 1, got 2\n"), "{text}");
        assert!(text.ends_with("ttft_us[4]: expected 1, got 2\n  and 2 more\n"), "{text}");
    }

    #[test]
    fn a_file_without_values_does_not_agree() {
        assert!(!Comparison { compared: 0, differences: Vec::new() }.agrees());
        assert!(Comparison { compared: 1, differences: Vec::new() }.agrees());
    }
}

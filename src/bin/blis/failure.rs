//! Why a command ends with status 1, in the words of the command line.

use crate::remark::Remark;
use blis_playground::ConfigError;
use blis_playground::settings::{Warning, schema};
use std::path::PathBuf;

/// A command that cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The flags cannot be read at all: reported with the usage.
    #[error("Error: {message}\n\n{usage}")]
    Usage {
        /// First line of the parser's message.
        message: String,
        /// How it would be right.
        usage: String,
    },
    /// A setting is invalid.
    #[error("{}", of_setting(.0))]
    Setting(#[from] ConfigError),
    /// A flag that is no setting is invalid, or flags contradict each other.
    #[error("{0}")]
    Flag(String),
    /// A file cannot be read or written.
    #[error("{flag} {}: {message}", .path.display())]
    File {
        /// The flag that named it.
        flag: &'static str,
        /// Its name.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// Standard output is gone.
    #[error("cannot write the results: {0}")]
    Output(#[from] std::io::Error),
}

/// `--rate must be a number greater than 0, got 0`
fn of_setting(error: &ConfigError) -> String {
    match error {
        ConfigError::Invalid { path, value, expected, .. } => {
            with_flags(&format!("{} must be {expected}, got {value}", flag_of(path)))
        }
        ConfigError::Conflict { path, value, other, expected, .. } => with_flags(&format!(
            "{} {value} cannot be combined with {other}; expected {expected}",
            flag_of(path)
        )),
        other => with_flags(&other.to_string()),
    }
}

/// A warning in the words of the command line.
pub fn of_warning(warning: &Warning) -> Remark {
    Remark::Warning(with_flags(&format!("{} {}", flag_of(&warning.path), warning.message)))
}

/// The flag of a place in the configuration, with the part of its value if it is only a part.
fn flag_of(path: &str) -> String {
    let Some((setting, flag)) = schema::by_path(path).and_then(|setting| Some((setting, setting.flag?)))
    else {
        return path.to_owned();
    };
    if path == setting.path {
        return flag.to_owned();
    }
    let part = match setting.path.split_once('*') {
        Some((map, field)) => path.strip_prefix(map).map(|rest| rest.strip_suffix(field).unwrap_or(rest)),
        None => path.strip_prefix(setting.path),
    };
    match part.map(|part| part.trim_start_matches('.')) {
        Some(part) if !part.is_empty() => format!("{flag} {part}"),
        _ => flag.to_owned(),
    }
}

/// Replaces paths by flags, the longest paths first: one may be the beginning of another.
pub fn with_flags(text: &str) -> String {
    let mut flags: Vec<_> = schema::settings()
        .iter()
        .filter(|setting| setting.path.contains('.'))
        .filter_map(|setting| Some((setting.path, setting.flag?)))
        .collect();
    flags.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    flags.into_iter().fold(text.to_owned(), |text, (path, flag)| text.replace(path, flag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_flag_rule_and_value() {
        let error = ConfigError::invalid("workload.rate", 0, "a number greater than 0");
        assert_eq!(Failure::from(error).to_string(), "--rate must be a number greater than 0, got 0");
    }

    #[test]
    fn parts_of_a_value_follow_the_flag() {
        for (path, text) in [
            ("routing.scorers[1].weight", "--routing-scorers [1].weight"),
            ("slo.batch.ttft_ms", "--slo-ttft batch"),
            ("admission.slo_priorities.batch", "--slo-priorities batch"),
            ("workload.prompt_tokens_min", "--prompt-tokens-min"),
            ("trace.record_steps", "trace.record_steps"),
            ("slo.*.itl_ms", "--slo-itl"),
        ] {
            assert_eq!(flag_of(path), text);
        }
    }

    #[test]
    fn the_other_settings_of_a_contradiction_are_flags_too() {
        let other = "workload.prompt_tokens_max 5";
        let error = ConfigError::conflict(
            "workload.prompt_tokens_min",
            9,
            other,
            "a minimum that is no larger than the maximum",
        );
        assert_eq!(
            Failure::from(error).to_string(),
            "--prompt-tokens-min 9 cannot be combined with --prompt-tokens-max 5; expected a minimum that is no larger than the maximum"
        );
    }
}

//! Small range checks with the path of what they check.

use crate::config::limits::{MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::error::ConfigError;
use crate::units::Tokens;

/// A time or span of at least `least`, µs.
pub(super) fn time(path: impl Into<String>, value: i64, min: i64) -> Result<i64, ConfigError> {
    if (min..=MAX_TIME_US).contains(&value) {
        return Ok(value);
    }
    Err(ConfigError::invalid(path, value, format!("{min} to {MAX_TIME_US} µs")))
}

/// A number of prefix tokens.
pub(super) fn tokens(path: impl Into<String>, value: i64) -> Result<Tokens, ConfigError> {
    match Tokens::try_from(value) {
        Ok(tokens) if tokens <= MAX_TOKENS_PER_REQUEST => Ok(tokens),
        _ => Err(ConfigError::invalid(path, value, format!("0 to {MAX_TOKENS_PER_REQUEST} tokens"))),
    }
}

/// A finite number above 0.
pub(super) fn positive(path: impl Into<String>, value: f64) -> Result<f64, ConfigError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(ConfigError::invalid(path, value, "a finite number above 0"))
}

/// A finite number of at least 0.
pub(super) fn not_negative(path: impl Into<String>, value: f64) -> Result<f64, ConfigError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(ConfigError::invalid(path, value, "a finite number of at least 0"))
}

/// A value that must be there.
pub(super) fn required<'spec, T>(
    path: impl Into<String>,
    value: Option<&'spec T>,
    expected: &str,
) -> Result<&'spec T, ConfigError> {
    value.ok_or_else(|| ConfigError::invalid(path, "nothing", expected))
}

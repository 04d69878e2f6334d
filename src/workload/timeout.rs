//! How long clients wait (workload chapter, section 9).

use crate::config::WorkloadSettings;
use crate::config::limits::MAX_TIME_US;
use crate::error::ConfigError;
use crate::units::Micros;

/// The timeout of the settings, which overrides that of every client: `None` if none is set, `Some(None)` for
/// clients who wait forever (a negative value).
pub(super) fn explicit(workload: &WorkloadSettings) -> Result<Option<Option<Micros>>, ConfigError> {
    let Some(seconds) = workload.timeout else { return Ok(None) };
    if seconds == 0 || seconds > MAX_TIME_US / 1_000_000 {
        return Err(ConfigError::invalid(
            "workload.timeout",
            seconds,
            format!("1 to {} s, or a negative number for no timeout", MAX_TIME_US / 1_000_000),
        ));
    }
    Ok(Some((seconds > 0).then(|| Micros(seconds * 1_000_000))))
}

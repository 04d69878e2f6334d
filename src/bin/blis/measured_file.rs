//! `--measured FILE`: coefficients that `blis calibrate` has written.

use crate::failure::Failure;
use crate::files::in_file;
use crate::sources::Sources;
use blis_playground::config::MeasuredLatency;
use blis_playground::{Config, ConfigError};
use clap::ArgMatches;
use std::path::PathBuf;

const FLAG: &str = "--measured";

/// Puts the coefficients of the file, if one is named, into the settings.
pub fn apply(flags: &ArgMatches, config: &mut Config, sources: &Sources) -> Result<(), Failure> {
    let Some(path) = flags.try_get_one::<PathBuf>("measured").ok().flatten() else { return Ok(()) };
    let text = sources.text(FLAG, path)?;
    let read = serde_json::from_str::<MeasuredLatency>(&text);
    let measured = read.map_err(|error| in_file(FLAG, path, &ConfigError::malformed("", error)))?;
    if measured.coefficients.is_empty() {
        let expected = "a file with coefficients by name, as `blis calibrate -o` writes it";
        return Err(in_file(FLAG, path, &ConfigError::invalid("coefficients", "none", expected)));
    }
    config.model.measured = Some(measured);
    Ok(())
}

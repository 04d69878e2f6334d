//! The policy file of `--policy-config`.

use crate::failure::Failure;
use crate::files::{in_file, read_named};
use blis_playground::ConfigError;
use blis_playground::config::Config;
use clap::ArgMatches;
use std::path::PathBuf;

/// A configuration with the decisions of a policy file.
pub fn with_policies(flags: &ArgMatches, config: Config) -> Result<Config, Failure> {
    const FLAG: &str = "--policy-config";
    let Some(path) = flags.get_one::<PathBuf>("policy-config") else { return Ok(config) };
    let text = read_named(FLAG, path)?;
    let mut config = config;
    if flags.get_one::<PathBuf>("config").is_none() {
        // Unless the file sets it or names tier-shed (cluster chapter, C-1).
        config.admission.tier_shed_min_priority = 0;
    }
    blis_playground::settings::policy::from_yaml(&config, &text).map_err(|error| match error {
        // The key as it stands in the file.
        ConfigError::Invalid { path: key, value, expected, .. } => {
            let key = key.strip_prefix("instance.").unwrap_or(&key);
            Failure::File {
                flag: FLAG,
                path: path.clone(),
                message: format!("{key}: got {value}, expected {expected}"),
            }
        }
        other => in_file(FLAG, path, &other),
    })
}

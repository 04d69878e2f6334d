//! The policy file of `--policy-config`.

use crate::failure::Failure;
use crate::flags::long_names;
use crate::remark::Remark;
use crate::sources::Sources;
use blis_playground::config::{AdmissionPolicyName, Config};
use blis_playground::settings::Warning;
use blis_playground::settings::policy::{self, Policies};
use blis_playground::settings::schema;
use clap::ArgMatches;
use std::path::PathBuf;

/// What a policy file decides, if one is named.
#[derive(Debug, Default)]
pub struct PolicyFile {
    /// The paths of the settings that it gives.
    given: Vec<&'static str>,
    /// What is odd about it.
    pub remarks: Vec<Remark>,
}

impl PolicyFile {
    /// Reads the file and takes its decisions over.
    pub fn read(flags: &ArgMatches, config: &mut Config, sources: &Sources) -> Result<Self, Failure> {
        const FLAG: &str = "--policy-config";
        let Some(path) = flags.get_one::<PathBuf>("policy-config") else { return Ok(Self::default()) };
        let text = sources.text(FLAG, path)?;
        // Keys as they stand in the file.
        let in_file = |error: blis_playground::ConfigError| Failure::File {
            flag: FLAG,
            path: path.clone(),
            message: error.to_string(),
        };
        let Policies { config: decided, given, remarks } =
            policy::from_yaml(config, &text).map_err(in_file)?;
        *config = decided;
        let remark = |text| Remark::Warning(format!("{FLAG} {}: {text}", path.display()));
        Ok(Self { given, remarks: remarks.into_iter().map(remark).collect() })
    }

    /// Unless the file sets it or names `tier-shed`, the reference sheds below 0 (policy-bundle chapter, P-3), which then
    /// draws a warning.
    pub fn shed_priority(&self, flags: &ArgMatches, config: &mut Config) {
        const MIN_PRIORITY: &str = "admission.tier_shed_min_priority";
        let by_flag = ["tier-shed-min-priority", "config"].into_iter().any(|flag| is_given(flags, flag));
        let tier_shed = config.admission.policy == AdmissionPolicyName::TierShed;
        if tier_shed && !by_flag && !self.given.contains(&MIN_PRIORITY) {
            config.admission.tier_shed_min_priority = 0;
        }
    }

    /// Whether a warning only says that a value of the file is not used by the policies in force, of which a file may have
    /// many (P-3).
    pub fn is_idle_value(&self, flags: &ArgMatches, config: &Config, warning: &Warning) -> bool {
        let Some(setting) = schema::by_path(&warning.path) else { return false };
        // Scorers of a flag that do not matter are not even read, and are warned of as they stand there.
        let by_flag =
            setting.path != "routing.scorers" && long_names(setting).any(|flag| is_given(flags, flag));
        self.given.contains(&setting.path) && !setting.applies(config) && !by_flag
    }
}

/// A command without the flag has not been given it.
fn is_given(flags: &ArgMatches, name: &str) -> bool {
    flags.try_get_raw(name).is_ok_and(|values| values.is_some())
}

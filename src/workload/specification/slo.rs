//! SLO classes of a specification (workload chapter, W-7.4).

use crate::error::ConfigError;

/// The valid names; empty means "no class".
const CLASSES: [&str; 5] = ["critical", "standard", "sheddable", "batch", "background"];

/// Names of version 1 and what they are called now.
const OLD_NAMES: [(&str, &str); 2] = [("realtime", "critical"), ("interactive", "standard")];

/// Checks the classes of the clients one after the other, and that all have one or none has.
pub(super) struct Classes {
    /// Whether old names are admitted.
    old_names: bool,
    /// Where the first labelled and the first unlabelled client are.
    labelled: Option<String>,
    unlabelled: Option<String>,
    /// One for each old name.
    pub warnings: Vec<String>,
}

impl Classes {
    /// For a specification of the given version, absent or empty meaning "1".
    pub(super) fn new(version: Option<&str>) -> Result<Self, ConfigError> {
        let old_names = match version {
            None | Some("" | "1") => true,
            Some("2") => false,
            Some(other) => {
                return Err(ConfigError::invalid("workload.spec.version", other, "\"1\" or \"2\""));
            }
        };
        Ok(Self { old_names, labelled: None, unlabelled: None, warnings: Vec::new() })
    }

    /// The class of a client under its present name.
    pub(super) fn of_client<'spec>(
        &mut self,
        class: &'spec str,
        path: &str,
    ) -> Result<&'spec str, ConfigError> {
        let renamed = OLD_NAMES.iter().find(|(old, _)| self.old_names && *old == class);
        let class = match renamed {
            Some((old, new)) => {
                self.warnings.push(format!("{path}.slo_class: {old} is an old name of {new}"));
                new
            }
            None => class,
        };
        self.of_cohort(class, path)
    }

    /// The class of a cohort; old names were never valid there.
    pub(super) fn of_cohort<'spec>(
        &mut self,
        class: &'spec str,
        path: &str,
    ) -> Result<&'spec str, ConfigError> {
        let path = format!("{path}.slo_class");
        if class.is_empty() {
            self.unlabelled.get_or_insert(path);
        } else if CLASSES.contains(&class) {
            self.labelled.get_or_insert(path);
        } else {
            return Err(ConfigError::invalid(path, class, format!("{}, or empty", CLASSES.join(", "))));
        }
        Ok(class)
    }

    /// Refuses a mixture of labelled and unlabelled clients.
    pub(super) fn check_all_or_nothing(&self) -> Result<(), ConfigError> {
        match (&self.labelled, &self.unlabelled) {
            (Some(labelled), Some(unlabelled)) => Err(ConfigError::conflict(
                unlabelled.as_str(),
                "no class",
                format!("a class at {labelled}"),
                "a class for every client and cohort, or for none",
            )),
            _ => Ok(()),
        }
    }
}

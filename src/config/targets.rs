//! Latency targets from several sources (metrics chapter, M-8).

use super::{Config, SloTarget, limits};
use crate::config::workload_spec::WorkloadSpec;
use crate::error::ConfigError;
use std::collections::BTreeMap;

/// Targets per SLO class.
type Targets = BTreeMap<String, SloTarget>;

impl Config {
    /// The latency targets that count for goodput: each dimension from the settings if they have it for any class,
    /// else from the specification.
    pub fn goodput_targets(&self) -> Targets {
        let of_spec = self.workload.spec.as_ref().map(WorkloadSpec::slo_targets).unwrap_or_default();
        merged(of_spec, &self.slo)
    }
}

/// `base` with every dimension replaced, for all classes, that `given` has for any class.
pub(crate) fn merged(base: Targets, given: &Targets) -> Targets {
    let mut targets = base;
    let dimensions: [fn(&mut SloTarget) -> &mut Option<f64>; 3] =
        [|target| &mut target.ttft_ms, |target| &mut target.itl_ms, |target| &mut target.e2e_ms];
    for dimension in dimensions {
        let limits = given.iter().map(|(class, target)| (class, *dimension(&mut target.clone())));
        let limits: Vec<_> = limits.filter(|(_, limit)| limit.is_some()).collect();
        if limits.is_empty() {
            continue;
        }
        for target in targets.values_mut() {
            *dimension(target) = None;
        }
        for (class, limit) in limits {
            *dimension(targets.entry(class.clone()).or_default()) = limit;
        }
    }
    targets
}

/// Names must survive the text form `class=value,...`. The empty name is the class of unlabelled requests.
pub(crate) fn is_class_name(name: &str) -> bool {
    name.trim() == name && !name.contains([',', '=']) && name.len() <= limits::MAX_NAME_BYTES
}

/// The complaint about a class name.
pub(crate) fn no_class_name(path: impl Into<String>, name: &str) -> ConfigError {
    let expected = "a class name without commas, equals signs and spaces at its ends (unlabelled: default)";
    ConfigError::invalid(path, format_args!("{name:?}"), expected)
}

/// Refuses targets, at a path, with too many classes or one that has no name or cannot have its name.
pub(crate) fn check_classes(path: &str, targets: &Targets) -> Result<(), ConfigError> {
    if targets.len() > limits::MAX_CLASSES {
        let expected = format_args!("at most {} classes", limits::MAX_CLASSES);
        return Err(ConfigError::invalid(path, format_args!("{} classes", targets.len()), expected));
    }
    match targets.keys().find(|class| class.is_empty() || !is_class_name(class)) {
        Some(class) => Err(no_class_name(format!("{path}.{class}"), class)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_given_by_flag_replaces_that_of_the_specification_for_all_classes() {
        let ttft = |ms| SloTarget { ttft_ms: Some(ms), ..SloTarget::default() };
        let both = |ms| SloTarget { e2e_ms: Some(9.0), ..ttft(ms) };
        let mut config = Config::default();
        let goodput_slo_targets = [("batch".to_owned(), both(5.0))].into();
        config.workload.spec = Some(WorkloadSpec { goodput_slo_targets, ..WorkloadSpec::default() });
        assert_eq!(config.goodput_targets()["batch"], both(5.0));
        config.slo.insert("critical".to_owned(), ttft(1.0));
        assert_eq!(config.goodput_targets()["batch"], SloTarget { ttft_ms: None, ..both(0.0) });
        assert_eq!(config.goodput_targets()["critical"], ttft(1.0));
    }
}

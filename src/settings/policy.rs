//! Policy files: what a cluster decides by, in one file of its own (policy-bundle chapter).
//!
//! The keys are the reference's. In addition there are `admission.latency`, `routing.latency`,
//! `routing.snapshot_refresh_interval`, `routing.cache_signal_delay`, `priority_policy` and `preemption_policy`, and scorers
//! may be a text as in the flag; a file that uses these is ours.

mod file;

use super::schema;
use super::scorer_list;
use super::validate;
use crate::config::{Config, limits};
use crate::error::ConfigError;
use crate::formats::yaml;
use crate::order;
use file::{Admission, OnlyPolicy, PolicyFile, Real, Routing, Scorer, Scorers, Whole};
use std::collections::BTreeMap;
use std::fmt::Display;

/// The settings that a policy file leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Policies {
    /// The settings before, with those of the file.
    pub config: Config,
    /// The paths of the settings that the file decides about.
    pub given: Vec<&'static str>,
    /// What is odd about the file, without being wrong.
    pub remarks: Vec<String>,
}

const MIN_PRIORITY: &str = "admission.tier_shed_min_priority";

/// What a file means that names `tier-shed` and no least priority (P-3, rule 4).
const DEFAULT_MIN_PRIORITY: i32 = 3;

/// `base` with the settings of a policy file. The file is checked as a whole, even where its policies do not use a value;
/// only a bucket may have size or rate 0, since a flag may choose another policy: [`Config::validate`] checks what is in
/// force (P-5.1).
///
/// `admission.tier_shed_min_priority` is 3 if the file names `tier-shed` without it.
///
/// # Errors
/// YAML that cannot be read, keys that are unknown or not simulated here, and values out of range, by their names in the
/// file. The first in the order of P-2 is reported.
pub fn from_yaml(base: &Config, text: &str) -> Result<Policies, ConfigError> {
    let file: Option<PolicyFile> = yaml::read(text, "")?;
    let mut reader = Reader { config: base.clone(), given: Vec::new(), remarks: Vec::new() };
    reader.apply(file.unwrap_or_default())?;
    if is_blank(text) {
        reader.remarks.push("is empty: no policy is set (the reference refuses such a file)".to_owned());
    }
    Ok(Policies { config: reader.config, given: reader.given, remarks: reader.remarks })
}

/// Whether a text has nothing but comments.
fn is_blank(text: &str) -> bool {
    let mut lines = crate::text::without_mark(text).lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}

struct Reader {
    config: Config,
    given: Vec<&'static str>,
    remarks: Vec<String>,
}

impl Reader {
    /// Takes over a whole file, in the order in which the reference checks one (P-2).
    fn apply(&mut self, file: PolicyFile) -> Result<(), ConfigError> {
        let admission = file.admission.unwrap_or_default();
        let routing = file.routing.unwrap_or_default();
        self.choose("admission.policy", "admission.policy", admission.policy.as_deref())?;
        self.choose("routing.policy", "routing.policy", routing.policy.as_deref())?;
        self.choose("scheduler", "instance.scheduler", file.scheduler.as_deref())?;
        self.preemption(file.preemption, file.preemption_policy.as_deref())?;
        self.choose("priority_policy", "instance.priority_policy", file.priority_policy.as_deref())?;
        self.admission(&admission)?;
        self.tenant_budgets(file.tenant_budgets)?;
        self.routing(&routing)?;
        not_simulated(
            file.autoscaler.as_ref(),
            file.node_pools.as_deref(),
            file.instance_lifecycle.as_ref(),
        )?;
        self.slo_priorities(admission.slo_priorities)?;
        let names_tier_shed = admission.policy.as_deref() == Some("tier-shed");
        if names_tier_shed && admission.tier_shed_min_priority.is_none() {
            self.given.push(MIN_PRIORITY);
            self.config.admission.tier_shed_min_priority = DEFAULT_MIN_PRIORITY;
        }
        self.priority(file.priority);
        Ok(())
    }

    /// A setting with a list of choices. The empty text counts as not given.
    fn choose(&mut self, key: &str, path: &str, name: Option<&str>) -> Result<(), ConfigError> {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(()) };
        self.read(path, name).map_err(|error| named(error, key))
    }

    fn read(&mut self, path: &str, text: &str) -> Result<(), ConfigError> {
        let Some(setting) = schema::by_path(path) else { return Ok(()) };
        self.given.push(setting.path);
        setting.read_text(&mut self.config, text)
    }

    /// A number, whether the policies in force use it or not.
    fn number(&mut self, path: &str, number: Option<impl Display>) -> Result<(), ConfigError> {
        let Some(number) = number else { return Ok(()) };
        self.read(path, &number.to_string())?;
        let setting = schema::by_path(path);
        let problem = setting.and_then(|setting| validate::range_problem(setting, &self.config));
        problem.map_or(Ok(()), Err)
    }

    /// Size or rate of the bucket, which may be 0 until it is known which policy is in force.
    fn of_bucket(&mut self, path: &str, number: Option<Real>) -> Result<(), ConfigError> {
        match number {
            Some(Real(0.0)) => self.read(path, "0"),
            Some(Real(below)) if below < 0.0 => {
                Err(ConfigError::invalid(path, below, "a number of at least 0"))
            }
            _ => self.number(path, number),
        }
    }

    /// The reference's section, or our own key.
    fn preemption(&mut self, section: Option<OnlyPolicy>, ours: Option<&str>) -> Result<(), ConfigError> {
        let theirs = section.and_then(|section| section.0);
        if let (Some(theirs), Some(ours)) = (&theirs, ours)
            && !theirs.is_empty()
            && !ours.is_empty()
        {
            let other = format!("preemption_policy {ours}");
            return Err(ConfigError::conflict("preemption.policy", theirs, other, "one of the two keys"));
        }
        self.choose("preemption.policy", "instance.preemption_policy", theirs.as_deref())?;
        self.choose("preemption_policy", "instance.preemption_policy", ours)
    }

    fn admission(&mut self, given: &Admission) -> Result<(), ConfigError> {
        self.of_bucket("admission.token_bucket_capacity", given.token_bucket_capacity)?;
        self.of_bucket("admission.token_bucket_refill_rate", given.token_bucket_refill_rate)?;
        self.number("admission.tier_shed_threshold", given.tier_shed_threshold)?;
        self.number(MIN_PRIORITY, given.tier_shed_min_priority)?;
        self.number("admission.gaie_qd_threshold", given.gaie_qd_threshold)?;
        self.number("admission.gaie_kv_threshold", given.gaie_kv_threshold)?;
        self.number("admission.latency", given.latency)
    }

    fn routing(&mut self, given: &Routing) -> Result<(), ConfigError> {
        let scorers = match &given.scorers {
            Some(Scorers::Text(text)) if !text.is_empty() => Some(scorer_list::parse(text)?),
            Some(Scorers::List(list)) if !list.is_empty() => {
                let weight = |scorer: &Scorer| scorer.weight.map_or(0.0, |Real(weight)| weight);
                let name = |scorer: &'_ Scorer| scorer.name.clone().unwrap_or_default();
                let parts: Vec<_> = list.iter().map(|scorer| (name(scorer), weight(scorer))).collect();
                Some(scorer_list::from_parts(&parts)?)
            }
            // As in the reference, an empty list is none.
            Some(Scorers::Text(_) | Scorers::List(_)) | None => None,
        };
        if let Some(scorers) = scorers {
            self.config.routing.scorers = scorers;
            self.given.push("routing.scorers");
        }
        self.number("routing.latency", given.latency)?;
        self.number("routing.snapshot_refresh_interval", given.snapshot_refresh_interval)?;
        self.number("routing.cache_signal_delay", given.cache_signal_delay)
    }

    fn tenant_budgets(&mut self, given: Option<BTreeMap<String, Option<Real>>>) -> Result<(), ConfigError> {
        let Some(given) = given else { return Ok(()) };
        let shares = given.into_iter().filter_map(|(tenant, share)| Some((tenant, share?.0)));
        self.config.admission.tenant_budgets = order::map_of(shares);
        match validate::tenant_budgets(&self.config) {
            Some(error) => {
                let key = error.path().strip_prefix("admission.").unwrap_or_default().to_owned();
                Err(named(error, &key))
            }
            None => Ok(()),
        }
    }

    fn slo_priorities(&mut self, given: Option<BTreeMap<String, Option<Whole>>>) -> Result<(), ConfigError> {
        let Some(given) = given else { return Ok(()) };
        let mut priorities = BTreeMap::new();
        for (class, number) in given {
            let Some(Whole(number)) = number else { continue };
            let max = limits::MAX_CLASS_PRIORITY;
            let priority = i32::try_from(number).ok().filter(|_| (-max..=max).contains(&number));
            let priority = priority.ok_or_else(|| {
                let expected = format!("a whole number from -{max} to {max}");
                ConfigError::invalid(format!("admission.slo_priorities.{class}"), number, expected)
            })?;
            priorities.insert(class, priority);
        }
        self.config.admission.slo_priorities = priorities;
        let of_them = |error: &ConfigError| error.path().starts_with("admission.slo_priorities");
        self.config.problems().into_iter().find(of_them).map_or(Ok(()), Err)
    }

    /// The reference's section, which does nothing (P-4): it must not be taken for our own key.
    fn priority(&mut self, section: Option<OnlyPolicy>) {
        let policy = section.and_then(|section| section.0).unwrap_or_default();
        if !policy.is_empty() && policy != "constant" {
            self.remarks.push(format!(
                "priority.policy {} has no effect (the reference ignores it, too); use priority_policy for ours",
                crate::text::shortened(&policy)
            ));
        }
    }
}

/// An error under the key that stands in the file.
fn named(error: ConfigError, key: &str) -> ConfigError {
    match error {
        ConfigError::Invalid { value, expected, .. } => ConfigError::invalid(key, value, expected),
        ConfigError::Malformed { message, .. } => ConfigError::malformed(key, message),
        other => other,
    }
}

/// Sections of features that are not here: accepted where they change nothing (P-3, rule 8).
fn not_simulated(
    autoscaler: Option<&file::Autoscaler>,
    node_pools: Option<&[file::NodePool]>,
    lifecycle: Option<&file::InstanceLifecycle>,
) -> Result<(), ConfigError> {
    let refused = |key: &str, got: &dyn Display, expected: &str, feature: &str| {
        Err(ConfigError::invalid(key, got, format!("{expected}: {feature} not simulated here yet")))
    };
    let interval = autoscaler.and_then(|autoscaler| autoscaler.interval_us);
    if let Some(Real(interval)) = interval.filter(|interval| interval.0 != 0.0) {
        return refused("autoscaler.interval_us", &interval, "0 or nothing", "the autoscaler is");
    }
    let pools = node_pools.unwrap_or_default().len();
    if pools > 0 {
        let got = format!("{pools} node pool{}", if pools == 1 { "" } else { "s" });
        return refused("node_pools", &got, "none", "node pools are");
    }
    let Some(lifecycle) = lifecycle else { return Ok(()) };
    let delay = lifecycle.loading_delay.as_ref();
    let times =
        [("mean", delay.and_then(|delay| delay.mean)), ("stddev", delay.and_then(|delay| delay.stddev))];
    for (key, time) in times {
        if let Some(Real(time)) = time.filter(|time| time.0 != 0.0) {
            let key = format!("instance_lifecycle.loading_delay.{key}");
            return refused(&key, &time, "0 or nothing", "the loading of instances is");
        }
    }
    if lifecycle.warm_start_initial_instances == Some(true) {
        let key = "instance_lifecycle.warm_start_initial_instances";
        return refused(key, &true, "false or nothing", "the loading of instances is");
    }
    Ok(())
}

//! From a specification to a plan.

use super::slo::Classes;
use super::sources::{Source, sources};
use super::{WorkloadSpec, checks, distribution, rates, time_varying};
use crate::config::Config;
use crate::error::ConfigError;
use crate::units::Micros;
use crate::workload::builtin::DEFAULT_TIMEOUT;
use crate::workload::gaps::rate_per_microsecond;
use crate::workload::plan::{Arrivals, BoundPaths, Entry, Plan};
use crate::workload::timeout::ExplicitTimeout;
use crate::workload::windows::Windows;

/// Labels that a specification may carry.
const CATEGORIES: [&str; 4] = ["", "language", "multimodal", "reasoning"];

/// Checks a specification and resolves it.
pub(in crate::workload) fn plan(config: &Config, spec: &WorkloadSpec) -> Result<Plan, ConfigError> {
    if config.workload.concurrency > 0 {
        return Err(ConfigError::conflict(
            "workload.concurrency",
            config.workload.concurrency,
            "workload.spec",
            "0 (in a specification, clients have a concurrency of their own)",
        ));
    }
    check_header(spec)?;
    let mut classes = Classes::new(spec.version.as_deref())?;
    let sources = sources(spec, &mut classes)?;
    classes.check_all_or_nothing()?;
    let num_requests = spec.num_requests.filter(|&count| count > 0);
    let horizon = config.cluster.horizon.filter(|&horizon| horizon != i64::MAX).or(spec.own_horizon());
    let mut warnings = classes.warnings;
    let resolver = Resolver {
        spec,
        sources: &sources,
        num_requests,
        horizon,
        timeout: ExplicitTimeout::new(&config.workload)?,
        is_time_varying: time_varying::is_time_varying(&sources),
    };
    Ok(Plan {
        entries: resolver.entries(&mut warnings)?,
        seed: spec.seed.unwrap_or(0),
        num_requests,
        horizon,
        paths: BoundPaths {
            num_requests: "workload.spec.num_requests",
            horizon: if config.cluster.horizon.is_some() {
                "cluster.horizon"
            } else {
                "workload.spec.horizon"
            },
            rate: "workload.spec.aggregate_rate",
            rate_value: spec.aggregate_rate,
            prefix: "prefix_length",
        },
        warnings,
    })
}

impl WorkloadSpec {
    /// The specification's own horizon, µs, if it has one.
    pub fn own_horizon(&self) -> Option<i64> {
        self.horizon.filter(|&horizon| horizon != 0 && horizon != i64::MAX)
    }
}

fn check_header(spec: &WorkloadSpec) -> Result<(), ConfigError> {
    if !CATEGORIES.contains(&spec.category.as_str()) {
        return Err(ConfigError::invalid(
            "workload.spec.category",
            &spec.category,
            "language, multimodal, reasoning, or empty",
        ));
    }
    if let Some(horizon) = spec.own_horizon() {
        checks::time("workload.spec.horizon", horizon, 0)?;
    }
    for (class, target) in &spec.goodput_slo_targets {
        let dimensions = [("ttft_ms", target.ttft_ms), ("itl_ms", target.itl_ms), ("e2e_ms", target.e2e_ms)];
        for (name, target) in dimensions {
            let path = format!("workload.spec.goodput_slo_targets.{class}.{name}");
            checks::not_negative(path, target.unwrap_or(0.0))?;
        }
    }
    checks::not_negative("workload.spec.aggregate_rate", spec.aggregate_rate).map(|_| ())
}

/// What the entries of a plan are made from.
struct Resolver<'spec> {
    spec: &'spec WorkloadSpec,
    sources: &'spec [Source<'spec>],
    num_requests: Option<u64>,
    horizon: Option<i64>,
    /// The timeout of the settings.
    timeout: ExplicitTimeout,
    is_time_varying: bool,
}

impl Resolver<'_> {
    fn entries(&self, warnings: &mut Vec<String>) -> Result<Vec<Entry>, ConfigError> {
        let arrivals =
            if self.is_time_varying { self.window_by_window(warnings)? } else { self.renewal(warnings)? };
        let entry = |(source, arrivals): (&Source, Arrivals)| Entry {
            path: source.path.clone(),
            id: source.id.to_owned(),
            population: source.population,
            arrivals,
            input: source.input.clone(),
            output: source.output.clone(),
            group: source.group.clone(),
            class: source.class.to_owned(),
            tenant: source.tenant.to_owned(),
            timeout: self.timeout.or(self.own_timeout(source)),
        };
        Ok(self.sources.iter().zip(arrivals).map(entry).collect())
    }

    /// The timeout of a source itself (W-9). Window by window the reference takes no notice of it.
    fn own_timeout(&self, source: &Source) -> Option<Micros> {
        match source.timeout {
            None if source.users.is_some() => Some(DEFAULT_TIMEOUT),
            Some(timeout) if timeout > 0 && !(self.is_time_varying && source.users.is_none()) => {
                Some(Micros(timeout))
            }
            _ => None,
        }
    }

    /// One renewal process per open-loop client.
    fn renewal(&self, warnings: &mut Vec<String>) -> Result<Vec<Arrivals>, ConfigError> {
        let has_open_loop = self.sources.iter().any(|source| source.users.is_none());
        if has_open_loop && self.spec.aggregate_rate == 0.0 {
            return Err(ConfigError::invalid(
                "workload.spec.aggregate_rate",
                self.spec.aggregate_rate,
                "a finite number above 0, or windows with trace_rate",
            ));
        }
        let active = rates::active_times(self.sources);
        let sums = rates::sums_of_fractions(self.sources, &active);
        let arrivals = self.sources.iter().zip(active).zip(sums);
        Ok(arrivals.map(|((source, active), sum)| self.renewal_of(source, active, sum, warnings)).collect())
    }

    fn renewal_of(
        &self,
        source: &Source,
        windows: Option<Windows>,
        sum_of_fractions: f64,
        warnings: &mut Vec<String>,
    ) -> Arrivals {
        let Some(arrival) = source.arrival.filter(|_| source.users.is_none()) else {
            return self.users(source);
        };
        let rate = rate_per_microsecond(self.spec.aggregate_rate, source.fraction, sum_of_fractions);
        let path = format!("{}.arrival", source.path);
        Arrivals::Renewal { gaps: distribution::gaps(arrival, rate, &path, warnings), windows }
    }

    /// A fixed number of requests per window.
    fn window_by_window(&self, warnings: &mut Vec<String>) -> Result<Vec<Arrivals>, ConfigError> {
        time_varying::check_absolute_rates(self.spec, self.sources)?;
        let is_silent = |source: &&Source| source.users.is_none() && source.windows.is_empty();
        let silent: Vec<&str> =
            self.sources.iter().filter(is_silent).map(|source| source.path.as_str()).collect();
        if !silent.is_empty() {
            warnings.push(format!(
                "{}: no requests, because other clients have windows with parameters of their own and these \
                 have no windows",
                silent.join(", ")
            ));
        }
        let ignores_timeout = |source: &&Source| {
            self.timeout == ExplicitTimeout::NotGiven
                && source.users.is_none()
                && source.timeout.is_some_and(|timeout| timeout > 0)
        };
        if let Some(source) = self.sources.iter().find(ignores_timeout) {
            warnings.push(format!(
                "{}.timeout: has no effect when windows have parameters of their own",
                source.path
            ));
        }
        let arrivals = |source: &Source| match source.users {
            Some(_) => self.users(source),
            None if source.windows.is_empty() => Arrivals::Never,
            None => time_varying::arrivals(self.spec, self.sources, source, self.horizon, warnings),
        };
        Ok(self.sources.iter().map(arrivals).collect())
    }

    /// The virtual users of a closed-loop client; no more of them start than there may be requests.
    fn users(&self, source: &Source) -> Arrivals {
        let (count, think_time) = source.users.unwrap_or_default();
        let limit = self.num_requests.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(u32::MAX);
        Arrivals::Users { count, started: count.min(limit), think_time }
    }
}

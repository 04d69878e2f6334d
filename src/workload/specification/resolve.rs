//! From a specification to a plan.

use super::checked_clients::{CheckedClient, clients};
use super::slo::Classes;
use super::{checks, distribution, inference_perf, rates, time_varying};
use crate::config::workload_spec::WorkloadSpec;
use crate::config::{Config, StreamsName, check_classes};
use crate::error::ConfigError;
use crate::units::Micros;
use crate::workload::builtin::DEFAULT_TIMEOUT;
use crate::workload::interarrival::rate_per_microsecond;
use crate::workload::lengths::LengthSampler;
use crate::workload::timeout::ExplicitTimeout;
use crate::workload::windows::Windows;
use crate::workload::workload_plan::{Arrivals, BoundPaths, Entry, WorkloadPlan};

/// Labels that a specification may carry.
const CATEGORIES: [&str; 4] = ["", "language", "multimodal", "reasoning"];

/// Checks a specification and resolves it.
pub(in crate::workload) fn plan(config: &Config, spec: &WorkloadSpec) -> Result<WorkloadPlan, ConfigError> {
    if config.workload.concurrency > 0 {
        return Err(ConfigError::conflict(
            "workload.concurrency",
            config.workload.concurrency,
            "workload.spec",
            "0 (in a specification, clients have a concurrency of their own)",
        ));
    }
    check_header(spec)?;
    let num_requests = spec.num_requests.filter(|&count| count > 0);
    let horizon = config.cluster.horizon.filter(|&horizon| horizon != i64::MAX).or(spec.own_horizon());
    let timeout = ExplicitTimeout::new(&config.workload)?;
    let mut warnings = Vec::new();
    let entries = if let Some(benchmark) = &spec.inference_perf {
        check_only_source(spec)?;
        if config.streams == StreamsName::Reference {
            warnings.push(UNDETERMINED.to_owned());
        }
        inference_perf::entries(spec, benchmark, timeout, &mut warnings)?
    } else {
        let mut classes = Classes::new(spec.version.as_deref())?;
        let clients = clients(spec, &mut classes)?;
        classes.check_all_or_nothing()?;
        warnings.append(&mut classes.warnings);
        let is_time_varying = time_varying::is_time_varying(&clients);
        let streams = config.streams;
        let resolver =
            Resolver { spec, clients: &clients, num_requests, horizon, streams, timeout, is_time_varying };
        resolver.entries(&mut warnings)?
    };
    Ok(WorkloadPlan {
        entries,
        ends_by_itself: spec.inference_perf.is_some(),
        seed: spec.seed.unwrap_or(0),
        streams: config.streams,
        block_size: config.memory.block_size_in_tokens,
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

/// What the reference's streams leave open here.
const UNDETERMINED: &str = "workload.spec.inference_perf: requests may arrive a few microseconds off those of BLIS, whose roundings of \
                            the rates and gaps of a benchmark are not known";

/// Refuses clients beside a benchmark.
fn check_only_source(spec: &WorkloadSpec) -> Result<(), ConfigError> {
    let others = spec.clients.len() + spec.cohorts.len();
    if others == 0 {
        return Ok(());
    }
    let place = if spec.clients.is_empty() { "workload.spec.cohorts" } else { "workload.spec.clients" };
    Err(ConfigError::conflict(
        "workload.spec.inference_perf",
        "a benchmark",
        format!("{others} at {place}"),
        "exactly one of clients (with or without cohorts), inference_perf, servegen_data",
    ))
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
    check_classes("workload.spec.goodput_slo_targets", &spec.goodput_slo_targets)?;
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
    clients: &'spec [CheckedClient<'spec>],
    num_requests: Option<u64>,
    horizon: Option<i64>,
    streams: StreamsName,
    /// The timeout of the settings.
    timeout: ExplicitTimeout,
    is_time_varying: bool,
}

impl Resolver<'_> {
    fn entries(&self, warnings: &mut Vec<String>) -> Result<Vec<Entry>, ConfigError> {
        let arrivals =
            if self.is_time_varying { self.window_by_window(warnings)? } else { self.renewal(warnings)? };
        let entry = |(client, arrivals): (&CheckedClient, Arrivals)| Entry {
            path: client.path.clone(),
            id: client.id.to_owned(),
            population: client.population,
            arrivals,
            input: self.media(client).unwrap_or(&client.input).clone(),
            output: client.output.clone(),
            conversations: client.conversations.clone(),
            group: client.group.clone(),
            class: client.class.to_owned(),
            model: client.model.to_owned(),
            tenant: client.tenant.to_owned(),
            timeout: self.timeout.or(self.own_timeout(client)),
        };
        self.warn_of_media(warnings);
        Ok(self.clients.iter().zip(arrivals).map(entry).collect())
    }

    /// The prompts of several media, where these count (S-11).
    fn media<'client>(&self, client: &'client CheckedClient) -> Option<&'client LengthSampler> {
        client.media.as_ref().filter(|_| !self.is_time_varying && client.conversations.is_none())
    }

    fn warn_of_media(&self, warnings: &mut Vec<String>) {
        let ignored =
            self.clients.iter().filter(|&client| client.media.is_some() && self.media(client).is_none());
        for client in ignored {
            let why = if client.conversations.is_some() {
                "in conversations"
            } else {
                "when windows have parameters of their own"
            };
            let path = &client.path;
            warnings.push(format!(
                "{path}.multimodal: has no effect {why}; lengths come from input_distribution"
            ));
        }
    }

    /// The timeout of a source itself (W-9). Window by window the reference takes no notice of it but for conversations (S-5).
    fn own_timeout(&self, client: &CheckedClient) -> Option<Micros> {
        match client.timeout {
            None if client.users.is_some() || client.conversations.is_some() => Some(DEFAULT_TIMEOUT),
            None if client.is_closed_loop && !self.is_time_varying => Some(DEFAULT_TIMEOUT),
            Some(timeout) if timeout > 0 && !(self.is_time_varying && client.is_open()) => {
                Some(Micros(timeout))
            }
            _ => None,
        }
    }

    /// One renewal process per open-loop client.
    fn renewal(&self, warnings: &mut Vec<String>) -> Result<Vec<Arrivals>, ConfigError> {
        let has_open_loop = self.clients.iter().any(|client| client.users.is_none());
        if has_open_loop && self.spec.aggregate_rate == 0.0 {
            return Err(ConfigError::invalid(
                "workload.spec.aggregate_rate",
                self.spec.aggregate_rate,
                "a finite number above 0, or windows with trace_rate",
            ));
        }
        let active = rates::active_times(self.clients);
        let sums = rates::sums_of_fractions(self.clients, &active);
        let arrivals = self.clients.iter().zip(active).zip(sums);
        Ok(arrivals.map(|((client, active), sum)| self.renewal_of(client, active, sum, warnings)).collect())
    }

    fn renewal_of(
        &self,
        client: &CheckedClient,
        windows: Option<Windows>,
        sum_of_fractions: f64,
        warnings: &mut Vec<String>,
    ) -> Arrivals {
        let Some(arrival) = client.arrival.filter(|_| client.users.is_none()) else {
            return self.users(client);
        };
        let rate = rate_per_microsecond(self.spec.aggregate_rate, client.fraction, sum_of_fractions);
        let path = format!("{}.arrival", client.path);
        Arrivals::Renewal {
            interarrival: distribution::interarrival(arrival, rate, &path, warnings),
            windows,
        }
    }

    /// A fixed number of requests per window.
    fn window_by_window(&self, warnings: &mut Vec<String>) -> Result<Vec<Arrivals>, ConfigError> {
        time_varying::check_absolute_rates(self.spec, self.clients)?;
        let is_silent = |client: &&CheckedClient| client.users.is_none() && client.windows.is_empty();
        let silent: Vec<&str> =
            self.clients.iter().filter(is_silent).map(|client| client.path.as_str()).collect();
        if !silent.is_empty() {
            warnings.push(format!(
                "{}: no requests, because other clients have windows with parameters of their own and these \
                 have no windows",
                silent.join(", ")
            ));
        }
        let ignores_timeout = |client: &&CheckedClient| {
            self.timeout == ExplicitTimeout::NotGiven
                && client.is_open()
                && client.timeout.is_some_and(|timeout| timeout > 0)
        };
        if let Some(client) = self.clients.iter().find(ignores_timeout) {
            warnings.push(format!(
                "{}.timeout: has no effect when windows have parameters of their own",
                client.path
            ));
        }
        let arrivals = |client: &CheckedClient| match client.users {
            Some(_) => self.users(client),
            None if client.windows.is_empty() => Arrivals::Never,
            None => {
                time_varying::arrivals(self.spec, self.clients, client, self.horizon, self.streams, warnings)
            }
        };
        Ok(self.clients.iter().map(arrivals).collect())
    }

    /// The virtual users of a closed-loop client; no more of them start than there may be requests.
    fn users(&self, client: &CheckedClient) -> Arrivals {
        let (count, think_time) = client.users.unwrap_or_default();
        let limit = self.num_requests.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(u32::MAX);
        Arrivals::Users { count, started: count.min(limit), think_time }
    }
}

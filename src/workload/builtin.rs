//! The built-in workloads and the closed loop of the command line (workload chapter, W-2 and W-8).

use super::interarrival::{ArrivalLaw, Interarrival, rate_per_microsecond};
use super::lengths::LengthSampler;
use super::timeout::ExplicitTimeout;
use super::workload_plan::{Arrivals, BoundPaths, Entry, Group, WorkloadPlan};
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::config::{Config, WorkloadKind, WorkloadSettings};
use crate::error::ConfigError;
use crate::units::{Micros, Tokens};

/// Name of the only client of a built-in workload.
const CLIENT: &str = "distribution";

/// Name of its prefix group.
const GROUP: &str = "shared";

/// Clients of built-in workloads and users of the closed loop give up after this, unless set otherwise.
pub(super) const DEFAULT_TIMEOUT: Micros = Micros(300_000_000);

/// A clamped normal length: mean, standard deviation, bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Length {
    mean: Tokens,
    std_dev: Tokens,
    min: Tokens,
    max: Tokens,
}

impl Length {
    const fn new(mean: Tokens, std_dev: Tokens, min: Tokens, max: Tokens) -> Self {
        Self { mean, std_dev, min, max }
    }

    fn sampler(self) -> LengthSampler {
        let [mean, std_dev, min, max] = [self.mean, self.std_dev, self.min, self.max].map(f64::from);
        LengthSampler::gaussian(mean, std_dev, min, max)
    }
}

/// Prompt and output lengths and the shared prefix of a built-in workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lengths {
    prompt: Length,
    output: Length,
    prefix: Tokens,
}

impl Lengths {
    /// The presets of W-2.2, or the settings.
    fn of(workload: &WorkloadSettings) -> Self {
        let (prompt, output) = match workload.kind {
            WorkloadKind::Distribution => return Self::from_settings(workload),
            WorkloadKind::Chatbot => (Length::new(256, 100, 2, 800), Length::new(256, 100, 1, 1024)),
            WorkloadKind::Contentgen => (Length::new(1024, 150, 10, 2048), Length::new(1024, 200, 10, 2048)),
            WorkloadKind::Summarization => {
                (Length::new(4096, 500, 100, 8192), Length::new(512, 150, 10, 2048))
            }
            WorkloadKind::Multidoc => {
                (Length::new(10_240, 1200, 500, 20_480), Length::new(1536, 300, 50, 4096))
            }
        };
        Self { prompt, output, prefix: 0 }
    }

    fn from_settings(w: &WorkloadSettings) -> Self {
        Self {
            prompt: Length::new(
                w.prompt_tokens,
                w.prompt_tokens_stdev,
                w.prompt_tokens_min,
                w.prompt_tokens_max,
            ),
            output: Length::new(
                w.output_tokens,
                w.output_tokens_stdev,
                w.output_tokens_min,
                w.output_tokens_max,
            ),
            prefix: w.prefix_tokens,
        }
    }
}

/// The plan of a built-in workload, or of the closed loop if there are virtual users.
pub(super) fn plan(config: &Config) -> Result<WorkloadPlan, ConfigError> {
    let workload = &config.workload;
    if workload.kind == WorkloadKind::Distribution {
        check_ranges(workload)?;
    }
    let lengths = Lengths::of(workload);
    let num_requests = u64::from(workload.num_requests);
    let entry = Entry {
        path: "workload".to_owned(),
        id: CLIENT.to_owned(),
        population: None,
        arrivals: arrivals(workload)?,
        input: lengths.prompt.sampler(),
        output: lengths.output.sampler(),
        conversations: None,
        group: (lengths.prefix > 0).then(|| Group {
            name: GROUP.to_owned(),
            per_member: false,
            length: lengths.prefix,
        }),
        class: String::new(),
        model: String::new(),
        tenant: String::new(),
        timeout: ExplicitTimeout::new(workload)?.or(Some(DEFAULT_TIMEOUT)),
    };
    Ok(WorkloadPlan {
        entries: vec![entry],
        seed: config.seed,
        streams: config.streams,
        block_size: config.memory.block_size_in_tokens,
        num_requests: (num_requests > 0).then_some(num_requests),
        horizon: config.cluster.horizon.filter(|&horizon| horizon != i64::MAX),
        paths: BoundPaths {
            num_requests: "workload.num_requests",
            horizon: "cluster.horizon",
            rate: "workload.rate",
            rate_value: workload.rate,
            prefix: "prefix_tokens",
        },
        ends_by_itself: false,
        warnings: Vec::new(),
    })
}

/// The constant grid of the open loop, or the users of the closed loop.
fn arrivals(workload: &WorkloadSettings) -> Result<Arrivals, ConfigError> {
    if workload.concurrency > 0 {
        let limit = if workload.num_requests > 0 { workload.num_requests } else { u32::MAX };
        return Ok(Arrivals::Users {
            count: workload.concurrency,
            started: workload.concurrency.min(limit),
            think_time: Micros(i64::from(workload.think_time_ms) * 1000),
        });
    }
    if !(workload.rate.is_finite() && workload.rate > 0.0) {
        return Err(ConfigError::invalid("workload.rate", workload.rate, "a finite number above 0"));
    }
    let rate = rate_per_microsecond(workload.rate, 1.0, 1.0);
    Ok(Arrivals::Renewal { interarrival: Interarrival::new(ArrivalLaw::Constant, rate), windows: None })
}

/// The range rules of W-2.1, in their order.
fn check_ranges(w: &WorkloadSettings) -> Result<(), ConfigError> {
    at_least_one("prompt_tokens_min", w.prompt_tokens_min)?;
    at_least_one("prompt_tokens_max", w.prompt_tokens_max)?;
    at_least_one("output_tokens_min", w.output_tokens_min)?;
    at_least_one("output_tokens_max", w.output_tokens_max)?;
    let Lengths { prompt, output, .. } = Lengths::from_settings(w);
    for (name, length) in [("prompt", prompt), ("output", output)] {
        if length.min > length.max {
            return Err(ConfigError::conflict(
                format!("workload.{name}_tokens_min"),
                length.min,
                format!("workload.{name}_tokens_max = {}", length.max),
                "a minimum that is no larger than the maximum",
            ));
        }
    }
    for (name, length) in [("prompt", prompt), ("output", output)] {
        check_length(name, length)?;
    }
    Ok(())
}

fn at_least_one(name: &str, value: Tokens) -> Result<(), ConfigError> {
    if value == 0 {
        return Err(ConfigError::invalid(format!("workload.{name}"), value, "at least 1"));
    }
    Ok(())
}

/// Mean and standard deviation against the bounds. The odd rule that a deviation below `min` is refused,
/// while 0 is accepted, is the reference's.
fn check_length(name: &str, length: Length) -> Result<(), ConfigError> {
    let Length { mean, std_dev, min, max } = length;
    let path = format!("workload.{name}_tokens");
    if !(min..=max).contains(&mean) {
        return Err(ConfigError::invalid(path, mean, format!("{min} to {max} (min to max)")));
    }
    if std_dev > max || (std_dev != 0 && std_dev < min) {
        let expected = format!("0, or {min} to {max} (min to max)");
        return Err(ConfigError::invalid(format!("{path}_stdev"), std_dev, expected));
    }
    if max > MAX_TOKENS_PER_REQUEST {
        return Err(ConfigError::invalid(
            format!("{path}_max"),
            max,
            format!("at most {MAX_TOKENS_PER_REQUEST}"),
        ));
    }
    Ok(())
}

//! Rules that tie settings together, in the order of the chapters.

use crate::config::{
    Config, ExplicitRequests, LatencyModelName, RoutingPolicyName, WorkloadKind, WorkloadSettings,
    is_class_name, limits, no_class_name,
};
use crate::error::ConfigError;
use crate::settings::scorer_list;
use crate::workload::loaded;

/// Appends every violation.
pub(super) fn check(config: &Config, problems: &mut Vec<ConfigError>) {
    model(config, problems);
    classes(config, problems);
    problems.extend(tenant_budgets(config));
    if config.routing.policy == RoutingPolicyName::Weighted {
        problems.extend(scorer_list::check(&config.routing.scorers).err());
    }
    lengths(config, problems);
    workload(config, problems);
    kills(config, problems);
    bursts(config, problems);
    problems.extend(long_name(&config.workload));
}

/// Names, and coefficients: both lists or neither, long enough, finite, >= 0 and not absurd (latency chapter,
/// L-8).
fn model(config: &Config, problems: &mut Vec<ConfigError>) {
    let model = &config.model;
    let names = [("model.name", Some(&model.name)), ("model.hardware", model.hardware.as_ref())];
    for (path, name) in names.into_iter().filter_map(|(path, name)| name.map(|name| (path, name))) {
        if name.trim().is_empty() || name.len() > limits::MAX_NAME_BYTES {
            problems.push(ConfigError::invalid(path, format_args!("{name:?}"), "a name"));
        }
    }
    coefficients("model.alpha_coeffs", 3, model.alpha_coeffs.as_deref(), problems);
    coefficients("model.beta_coeffs", 7, model.beta_coeffs.as_deref(), problems);
    let given = if model.alpha_coeffs.is_some() { "model.alpha_coeffs" } else { "model.beta_coeffs" };
    if model.alpha_coeffs.is_some() != model.beta_coeffs.is_some() {
        let missing = if model.alpha_coeffs.is_some() { "model.beta_coeffs" } else { "model.alpha_coeffs" };
        let other = format!("{missing}, which is not set");
        problems.push(ConfigError::conflict(
            given,
            "one list of coefficients",
            other,
            "both lists or neither",
        ));
    } else if model.alpha_coeffs.is_some() && model.latency_model == LatencyModelName::Roofline {
        let other = "model.latency_model roofline";
        problems.push(ConfigError::conflict(
            given,
            "a list of coefficients",
            other,
            "model.latency_model trained-physics",
        ));
    }
}

fn coefficients(path: &str, min: usize, list: Option<&[f64]>, problems: &mut Vec<ConfigError>) {
    let Some(list) = list else { return };
    if list.len() < min || list.len() > limits::MAX_COEFFICIENTS {
        let expected = format!("a list of {min} to {} numbers", limits::MAX_COEFFICIENTS);
        problems.push(ConfigError::invalid(path, format!("{} numbers", list.len()), expected));
    }
    let bad = |number: f64| !(0.0..=limits::MAX_COEFFICIENT).contains(&number);
    if let Some((index, number)) = list.iter().enumerate().find(|(_, number)| bad(**number)) {
        let expected = format!("a number from 0 to {:e}", limits::MAX_COEFFICIENT);
        problems.push(ConfigError::invalid(format!("{path}[{index}]"), number, expected));
    }
}

/// Names, priorities (cluster chapter, C-1) and targets (metrics chapter, M-8) of SLO classes.
fn classes(config: &Config, problems: &mut Vec<ConfigError>) {
    let max = limits::MAX_CLASS_PRIORITY;
    for (class, priority) in &config.admission.slo_priorities {
        let path = format!("admission.slo_priorities.{class}");
        if !is_class_name(class) {
            problems.push(no_class_name(&path, class));
        } else if i64::from(*priority).abs() > max {
            problems.push(ConfigError::invalid(
                path,
                priority,
                format!("a whole number from -{max} to {max}"),
            ));
        }
    }
    for (class, target) in &config.slo {
        let path = format!("slo.{class}");
        if class.is_empty() || !is_class_name(class) {
            problems.push(no_class_name(&path, class));
        }
        let limits = [("ttft_ms", target.ttft_ms), ("itl_ms", target.itl_ms), ("e2e_ms", target.e2e_ms)];
        for (field, limit) in
            limits.into_iter().filter_map(|(field, limit)| limit.map(|limit| (field, limit)))
        {
            if !limit.is_finite() || limit <= 0.0 {
                problems.push(ConfigError::invalid(
                    format!("{path}.{field}"),
                    limit,
                    "a number of ms greater than 0",
                ));
            }
        }
    }
    let counts =
        [("admission.slo_priorities", config.admission.slo_priorities.len()), ("slo", config.slo.len())];
    for (path, count) in counts.into_iter().filter(|(_, count)| *count > limits::MAX_CLASSES) {
        let expected = format!("at most {} classes", limits::MAX_CLASSES);
        problems.push(ConfigError::invalid(path, format!("{count} classes"), expected));
    }
}

/// Names and shares of tenants with a budget (policy-bundle chapter, P-5).
pub(in crate::settings) fn tenant_budgets(config: &Config) -> Option<ConfigError> {
    const PATH: &str = "admission.tenant_budgets";
    let budgets = &config.admission.tenant_budgets;
    if budgets.len() > limits::MAX_TENANT_BUDGETS {
        let expected = format!("at most {} tenants", limits::MAX_TENANT_BUDGETS);
        return Some(ConfigError::invalid(PATH, format!("{} tenants", budgets.len()), expected));
    }
    budgets.iter().find_map(|(tenant, share)| {
        let path = format!("{PATH}.{tenant}");
        if !is_class_name(tenant) {
            let expected = "a tenant's name without commas, equals signs and spaces at its ends";
            return Some(ConfigError::invalid(path, format_args!("{tenant:?}"), expected));
        }
        let expected = "a number from 0 to 1, the share of the cluster's running slots";
        (!(0.0..=1.0).contains(share)).then(|| ConfigError::invalid(path, share, expected))
    })
}

/// The first name of the workload's own that is too long: names are kept, and shown in tables.
fn long_name(workload: &WorkloadSettings) -> Option<ConfigError> {
    let spec = workload.spec.iter();
    let clients = spec.clone().flat_map(|spec| spec.clients.iter().enumerate()).map(|(at, client)| {
        let names = [
            ("id", &client.id),
            ("tenant_id", &client.tenant_id),
            ("slo_class", &client.slo_class),
            ("prefix_group", &client.prefix_group),
        ];
        ("workload.spec.clients", at, names.to_vec())
    });
    let cohorts = spec.flat_map(|spec| spec.cohorts.iter().enumerate()).map(|(at, cohort)| {
        let names = [
            ("id", &cohort.id),
            ("tenant_id", &cohort.tenant_id),
            ("slo_class", &cohort.slo_class),
            ("prefix_group", &cohort.prefix_group),
        ];
        ("workload.spec.cohorts", at, names.to_vec())
    });
    let in_spec = clients.chain(cohorts).find_map(|(list, at, names)| too_long(list, at, names));
    in_spec.or_else(|| {
        let requests = workload.requests.iter().flat_map(|requests| requests.rows().iter().enumerate());
        requests.into_iter().find_map(|(at, request)| {
            let names = [
                ("slo_class", &request.slo_class),
                ("tenant", &request.tenant),
                ("client", &request.client),
                ("session", &request.session),
            ];
            let optional = [("id", &request.id), ("prefix_group", &request.prefix_group)];
            let given = optional.into_iter().filter_map(|(field, name)| Some((field, name.as_ref()?)));
            too_long("workload.requests", at, names.into_iter().chain(given))
        })
    })
}

/// The first name of a row that is too long.
fn too_long<'n>(
    list: &str,
    at: usize,
    names: impl IntoIterator<Item = (&'static str, &'n String)>,
) -> Option<ConfigError> {
    let long = names.into_iter().find(|(_, name)| name.len() > limits::MAX_NAME_BYTES);
    let expected = format_args!("a name of at most {} bytes", limits::MAX_NAME_BYTES);
    long.map(|(field, name)| ConfigError::invalid(format!("{list}[{at}].{field}"), name, expected))
}

/// Mean, spread and bounds of one length (workload chapter, W-2.1).
struct Length {
    path: &'static str,
    mean: u32,
    stdev: u32,
    min: u32,
    max: u32,
}

impl Length {
    fn bounds(&self) -> Option<ConfigError> {
        let Self { path, min, max, .. } = self;
        let conflict = || {
            let other = format!("{path}_max {max}");
            ConfigError::conflict(
                format!("{path}_min"),
                min,
                other,
                "a minimum that is no larger than the maximum",
            )
        };
        (min > max).then(conflict)
    }

    fn mean_and_stdev(&self) -> Option<ConfigError> {
        let Self { path, mean, stdev, min, max } = self;
        let other = format!("{path}_min {min} and {path}_max {max}");
        if mean < min || mean > max {
            let expected = format!("a mean from {min} to {max}");
            return Some(ConfigError::conflict(*path, mean, other, expected));
        }
        // The reference's odd rule: a small spread below the minimum is refused, none at all is not.
        if stdev > max || (*stdev != 0 && stdev < min) {
            let expected = format!("a standard deviation of 0, or from {min} to {max}");
            return Some(ConfigError::conflict(format!("{path}_stdev"), stdev, other, expected));
        }
        None
    }
}

fn lengths(config: &Config, problems: &mut Vec<ConfigError>) {
    let workload = &config.workload;
    if workload.spec.is_some() || workload.requests.is_some() || workload.kind != WorkloadKind::Distribution {
        return;
    }
    let prompt = Length {
        path: "workload.prompt_tokens",
        mean: workload.prompt_tokens,
        stdev: workload.prompt_tokens_stdev,
        min: workload.prompt_tokens_min,
        max: workload.prompt_tokens_max,
    };
    let output = Length {
        path: "workload.output_tokens",
        mean: workload.output_tokens,
        stdev: workload.output_tokens_stdev,
        min: workload.output_tokens_min,
        max: workload.output_tokens_max,
    };
    let bounds = [prompt.bounds(), output.bounds()];
    problems.extend(bounds.into_iter().flatten());
    let inner = [&prompt, &output].into_iter().filter(|length| length.min <= length.max);
    problems.extend(inner.filter_map(Length::mean_and_stdev));
}

/// Ends of the workload, timeout, closed loop (workload chapter, W-2.1, W-8 and W-9).
fn workload(config: &Config, problems: &mut Vec<ConfigError>) {
    let workload = &config.workload;
    let built_in = workload.spec.is_none() && workload.requests.is_none();
    if built_in && workload.num_requests == 0 && config.cluster.horizon.is_none() {
        let expected = "at least 1 request unless cluster.horizon is set";
        problems.push(ConfigError::invalid("workload.num_requests", 0, expected));
    }
    if workload.timeout == Some(0) {
        let expected = "at least 1 second, or a negative number for no timeout";
        problems.push(ConfigError::invalid("workload.timeout", 0, expected));
    }
    if workload.spec.is_some() && workload.concurrency > 0 {
        let expected = "no specification, or users in the clients of the specification";
        let users = workload.concurrency;
        problems.push(ConfigError::conflict("workload.concurrency", users, "workload.spec", expected));
    }
    let loaded = workload.requests.as_ref().and_then(ExplicitRequests::loaded);
    problems.extend(loaded.and_then(|list| loaded::find(list).err()));
    if workload.spec.is_some() && workload.requests.is_some() {
        let expected = "one of the two";
        problems.push(ConfigError::conflict(
            "workload.spec",
            "a specification",
            "workload.requests",
            expected,
        ));
    }
}

/// Instances that stop: each exists, stops once, and one is left (events chapter, E-1).
fn kills(config: &Config, problems: &mut Vec<ConfigError>) {
    let (kills, instances) = (&config.cluster.kills, config.cluster.num_instances);
    let path = |index: usize, field: &str| format!("cluster.kills[{index}].{field}");
    for (index, kill) in kills.iter().enumerate() {
        if kill.instance >= instances {
            let expected = match instances {
                0 | 1 => "an instance of the cluster, which has only instance 0".to_owned(),
                _ => format!("an instance of the cluster, from 0 to {}", instances - 1),
            };
            problems.push(ConfigError::invalid(path(index, "instance"), kill.instance, expected));
            return;
        }
        if kills[..index].iter().any(|earlier| earlier.instance == kill.instance) {
            let expected = "an instance that does not stop before (duplicate)";
            problems.push(ConfigError::invalid(path(index, "instance"), kill.instance, expected));
            return;
        }
        problems.extend(event_time(path(index, "at"), kill.at));
    }
    // Each stops once, so if they are as many as there are, all do.
    if kills.len() == instances as usize
        && let Some((last, kill)) = kills.iter().enumerate().max_by_key(|(_, kill)| kill.at)
    {
        let value = format!("instance {}", kill.instance);
        let expected = "at least one instance that keeps taking requests";
        let other = format!("cluster.num_instances {instances}: no instance would be left");
        problems.push(ConfigError::conflict(path(last, "instance"), value, other, expected));
    }
}

/// Bursts (events chapter, E-4).
fn bursts(config: &Config, problems: &mut Vec<ConfigError>) {
    let bursts = &config.workload.bursts;
    if bursts.len() > limits::MAX_BURSTS {
        let expected = format!("at most {} bursts", limits::MAX_BURSTS);
        problems.push(ConfigError::invalid("workload.bursts", format!("{} bursts", bursts.len()), expected));
    }
    for (index, burst) in bursts.iter().enumerate() {
        if burst.requests == 0 || u64::from(burst.requests) > limits::MAX_REQUESTS {
            let expected = format!("a whole number from 1 to {}", limits::MAX_REQUESTS);
            let path = format!("workload.bursts[{index}].requests");
            problems.push(ConfigError::invalid(path, burst.requests, expected));
        }
        problems.extend(event_time(format!("workload.bursts[{index}].at"), burst.at));
    }
}

fn event_time(path: String, at: i64) -> Option<ConfigError> {
    let valid = (0..=limits::MAX_TIME_US).contains(&at);
    (!valid).then(|| {
        ConfigError::invalid(path, at, format!("a whole number of µs from 0 to {}", limits::MAX_TIME_US))
    })
}

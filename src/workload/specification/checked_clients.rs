//! Clients and cohorts in one checked form.

use super::conversations::{check_beside_users, conversations};
use super::media::media;
use super::patterns::cohort_windows;
use super::slo::Classes;
use super::{checks, distribution};
use crate::config::limits::MAX_REQUESTS;
use crate::config::workload_spec::{
    ArrivalSpec, ClientSpec, CohortSpec, DistributionSpec, PrefixSharing, WindowSpec, WorkloadSpec,
};
use crate::error::ConfigError;
use crate::units::Micros;
use crate::workload::conversations::ConversationPlan;
use crate::workload::lengths::LengthSampler;
use crate::workload::workload_plan::Group;

/// Most clients and cohorts that a specification may list.
const MAX_ENTRIES: usize = 1000;

/// Most windows of all of them together.
const MAX_WINDOWS: usize = 10_000;

/// Most members of a cohort (W-7.2), and of all cohorts together.
const MAX_POPULATION: i64 = 100_000;
const MAX_MEMBERS: i64 = 1_000_000;

/// A client, or a cohort of identical ones, checked.
pub(super) struct CheckedClient<'spec> {
    /// Where it is.
    pub path: String,
    /// Name.
    pub id: &'spec str,
    /// Members, for a cohort.
    pub population: Option<u32>,
    /// Tenant.
    pub tenant: &'spec str,
    /// SLO class under its present name.
    pub class: &'spec str,
    /// Model that its requests name.
    pub model: &'spec str,
    /// Weight of each member in the aggregate rate; 0 for virtual users.
    pub fraction: f64,
    /// Virtual users and their pause.
    pub users: Option<(u32, Micros)>,
    /// Arrival process; there for all but virtual users.
    pub arrival: Option<&'spec ArrivalSpec>,
    /// Prompt lengths.
    pub input: LengthSampler,
    /// Output lengths.
    pub output: LengthSampler,
    /// Prefix group.
    pub group: Option<Group>,
    /// The client's own timeout, µs.
    pub timeout: Option<i64>,
    /// Whether it says that it waits for answers, which gives it a timeout if it has none.
    pub is_closed_loop: bool,
    /// Conversations that its arrivals begin.
    pub conversations: Option<ConversationPlan>,
    /// Prompts of several media, in place of the prompt lengths.
    pub media: Option<LengthSampler>,
    /// Active times; empty = always.
    pub windows: Vec<Window<'spec>>,
}

/// A time at which a client is active.
pub(super) struct Window<'spec> {
    /// Where it is.
    pub path: String,
    /// Start and end, µs.
    pub span: (i64, i64),
    /// Rate or weight of each member.
    pub trace_rate: Option<f64>,
    /// Arrival process in this window.
    pub arrival: Option<&'spec ArrivalSpec>,
    /// Prompt lengths in this window.
    pub input: Option<LengthSampler>,
    /// Output lengths in this window.
    pub output: Option<LengthSampler>,
}

impl CheckedClient<'_> {
    /// Number of clients.
    pub(super) fn members(&self) -> u32 {
        self.population.unwrap_or(1)
    }

    /// Whether it neither is virtual users nor begins conversations.
    pub(super) fn is_open(&self) -> bool {
        self.users.is_none() && self.conversations.is_none()
    }
}

impl<'spec> Window<'spec> {
    /// A window without its own parameters.
    pub(super) fn plain(path: String, span: (i64, i64)) -> Self {
        Self { path, span, trace_rate: None, arrival: None, input: None, output: None }
    }

    /// Whether it makes the specification time-varying (W-7.3).
    pub(super) fn has_parameters(&self) -> bool {
        self.trace_rate.is_some() || self.arrival.is_some() || self.input.is_some() || self.output.is_some()
    }

    fn new(spec: &'spec WindowSpec, path: String) -> Result<Self, ConfigError> {
        let start = checks::time(format!("{path}.start_us"), spec.start_us, 0)?;
        let end = checks::time(format!("{path}.end_us"), spec.end_us, start + 1)?;
        if let Some(rate) = spec.trace_rate {
            checks::not_negative(format!("{path}.trace_rate"), rate)?;
        }
        if let Some(arrival) = &spec.arrival {
            distribution::check_arrival(arrival, &format!("{path}.arrival"))?;
        }
        Ok(Self {
            span: (start, end),
            trace_rate: spec.trace_rate,
            arrival: spec.arrival.as_ref(),
            input: optional_lengths(spec.input_distribution.as_ref(), &path, "input_distribution")?,
            output: optional_lengths(spec.output_distribution.as_ref(), &path, "output_distribution")?,
            path,
        })
    }
}

/// All clients and cohorts in list order, checked one by one.
pub(super) fn clients<'spec>(
    spec: &'spec WorkloadSpec,
    classes: &mut Classes,
) -> Result<Vec<CheckedClient<'spec>>, ConfigError> {
    let count = spec.clients.len() + spec.cohorts.len();
    if count == 0 || count > MAX_ENTRIES {
        let expected = format!("1 to {MAX_ENTRIES} clients and cohorts");
        return Err(ConfigError::invalid("workload.spec.clients", count, expected));
    }
    let mut clients = Vec::with_capacity(count);
    for (index, client) in spec.clients.iter().enumerate() {
        clients.push(checked_client(client, format!("workload.spec.clients[{index}]"), classes)?);
    }
    for (index, cohort) in spec.cohorts.iter().enumerate() {
        clients.push(checked_cohort(cohort, format!("workload.spec.cohorts[{index}]"), classes)?);
    }
    check_totals(&clients)?;
    check_beside_users(&clients)?;
    Ok(clients)
}

fn check_totals(clients: &[CheckedClient]) -> Result<(), ConfigError> {
    let windows: usize = clients.iter().map(|client| client.windows.len()).sum();
    if windows > MAX_WINDOWS {
        let expected = format!("at most {MAX_WINDOWS} windows in all");
        return Err(ConfigError::invalid("workload.spec.clients", format!("{windows} windows"), expected));
    }
    let members: i64 = clients.iter().map(|client| i64::from(client.members())).sum();
    if members > MAX_MEMBERS {
        let expected = format!("at most {MAX_MEMBERS} members in all");
        return Err(ConfigError::invalid("workload.spec.cohorts", format!("{members} members"), expected));
    }
    Ok(())
}

fn checked_client<'spec>(
    client: &'spec ClientSpec,
    path: String,
    classes: &mut Classes,
) -> Result<CheckedClient<'spec>, ConfigError> {
    let users = users(client, &path)?;
    if users.is_none() {
        checks::positive(format!("{path}.rate_fraction"), client.rate_fraction)?;
    }
    check_slo_target(client.slo_target_us, &path)?;
    let length = checks::tokens(format!("{path}.prefix_length"), client.prefix_length)?;
    let windows = lifecycle_windows(client, &path)?;
    Ok(CheckedClient {
        id: &client.id,
        population: None,
        tenant: &client.tenant_id,
        class: classes.of_client(&client.slo_class, &path)?,
        model: client.model.as_deref().unwrap_or_default(),
        fraction: if users.is_some() { 0.0 } else { client.rate_fraction },
        arrival: arrival(client.arrival.as_ref(), users.is_some(), &path)?,
        input: required_lengths(client.input_distribution.as_ref(), &path, "input_distribution")?,
        output: required_lengths(client.output_distribution.as_ref(), &path, "output_distribution")?,
        group: group(&client.prefix_group, false, length),
        timeout: timeout(client.timeout, &path)?,
        is_closed_loop: client.closed_loop == Some(true),
        conversations: conversations(client.reasoning.as_ref(), client.closed_loop, &windows, &path)?,
        media: media(client.multimodal.as_ref(), &path)?,
        windows,
        users,
        path,
    })
}

fn checked_cohort<'spec>(
    cohort: &'spec CohortSpec,
    path: String,
    classes: &mut Classes,
) -> Result<CheckedClient<'spec>, ConfigError> {
    if !(1..=MAX_POPULATION).contains(&cohort.population) {
        let expected = format!("1 to {MAX_POPULATION}");
        return Err(ConfigError::invalid(format!("{path}.population"), cohort.population, expected));
    }
    checks::positive(format!("{path}.rate_fraction"), cohort.rate_fraction)?;
    check_slo_target(cohort.slo_target_us, &path)?;
    let per_member = cohort.prefix_sharing == PrefixSharing::PerMember;
    if per_member && cohort.prefix_group.is_empty() {
        return Err(ConfigError::conflict(
            format!("{path}.prefix_sharing"),
            "per_member",
            "no prefix_group",
            "a prefix_group to name the members' groups after",
        ));
    }
    let length = checks::tokens(format!("{path}.prefix_length"), cohort.prefix_length)?;
    let windows = cohort_windows(cohort, &path)?;
    Ok(CheckedClient {
        id: &cohort.id,
        population: Some(cohort.population as u32),
        tenant: &cohort.tenant_id,
        class: classes.of_cohort(&cohort.slo_class, &path)?,
        model: cohort.model.as_deref().unwrap_or_default(),
        fraction: cohort.rate_fraction / cohort.population as f64,
        users: None,
        arrival: arrival(cohort.arrival.as_ref(), false, &path)?,
        input: required_lengths(cohort.input_distribution.as_ref(), &path, "input_distribution")?,
        output: required_lengths(cohort.output_distribution.as_ref(), &path, "output_distribution")?,
        group: group(&cohort.prefix_group, per_member, length),
        timeout: timeout(cohort.timeout, &path)?,
        is_closed_loop: cohort.closed_loop == Some(true),
        conversations: conversations(cohort.reasoning.as_ref(), cohort.closed_loop, &windows, &path)?,
        media: media(cohort.multimodal.as_ref(), &path)?,
        windows,
        path,
    })
}

/// The virtual users of a client with `concurrency`, which excludes a share of the rate and windows.
fn users(client: &ClientSpec, path: &str) -> Result<Option<(u32, Micros)>, ConfigError> {
    let limit = MAX_REQUESTS as i64;
    if !(0..=limit).contains(&client.concurrency) {
        let expected = format!("0 to {limit}");
        return Err(ConfigError::invalid(format!("{path}.concurrency"), client.concurrency, expected));
    }
    let think_time = checks::time(format!("{path}.think_time_us"), client.think_time_us, 0)?;
    if client.concurrency == 0 {
        return Ok(None);
    }
    let conflict = |other: &str, expected: &str| {
        ConfigError::conflict(format!("{path}.concurrency"), client.concurrency, other, expected)
    };
    if client.rate_fraction > 0.0 {
        return Err(conflict("rate_fraction", "one of the two"));
    }
    if client.lifecycle.is_some() {
        return Err(conflict("lifecycle", "no lifecycle: windows are not supported for virtual users"));
    }
    Ok(Some((client.concurrency as u32, Micros(think_time))))
}

fn lifecycle_windows<'spec>(
    client: &'spec ClientSpec,
    path: &str,
) -> Result<Vec<Window<'spec>>, ConfigError> {
    let Some(lifecycle) = &client.lifecycle else { return Ok(Vec::new()) };
    let path = format!("{path}.lifecycle.windows");
    if lifecycle.windows.is_empty() {
        return Err(ConfigError::invalid(path, "no window", "at least one window"));
    }
    let windows = lifecycle.windows.iter().enumerate();
    windows.map(|(index, window)| Window::new(window, format!("{path}[{index}]"))).collect()
}

fn arrival<'spec>(
    spec: Option<&'spec ArrivalSpec>,
    is_closed_loop: bool,
    path: &str,
) -> Result<Option<&'spec ArrivalSpec>, ConfigError> {
    let path = format!("{path}.arrival");
    if spec.is_none() && is_closed_loop {
        return Ok(None);
    }
    let spec = checks::required(path.as_str(), spec, "a process: constant, poisson, gamma or weibull")?;
    distribution::check_arrival(spec, &path)?;
    Ok(Some(spec))
}

fn required_lengths(
    spec: Option<&DistributionSpec>,
    path: &str,
    name: &str,
) -> Result<LengthSampler, ConfigError> {
    let path = format!("{path}.{name}");
    let spec = checks::required(path.as_str(), spec, "a distribution: type and params")?;
    distribution::lengths(spec, &path)
}

fn optional_lengths(
    spec: Option<&DistributionSpec>,
    path: &str,
    name: &str,
) -> Result<Option<LengthSampler>, ConfigError> {
    spec.map(|spec| distribution::lengths(spec, &format!("{path}.{name}"))).transpose()
}

fn group(name: &str, per_member: bool, length: u32) -> Option<Group> {
    (!name.is_empty()).then(|| Group { name: name.to_owned(), per_member, length })
}

fn timeout(timeout: Option<i64>, path: &str) -> Result<Option<i64>, ConfigError> {
    timeout.map(|timeout| checks::time(format!("{path}.timeout"), timeout, 0)).transpose()
}

fn check_slo_target(target: i64, path: &str) -> Result<(), ConfigError> {
    checks::time(format!("{path}.slo_target_us"), target, 0).map(|_| ())
}

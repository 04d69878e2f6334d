//! A trace as a workload (workload chapter, W-11.4).

use super::{Recorded, SessionReplay};
use crate::config::ExplicitRequest;
use crate::config::limits::{MAX_TIME_US, MAX_TOKENS_PER_REQUEST};
use crate::config::{Config, SessionScripts, SloTarget, WorkloadSettings};
use crate::error::ConfigError;
use crate::formats::trace::{ADAPTER, TraceHeader, TraceRow, names_column, rows};
use crate::order;
use std::collections::{BTreeMap, HashMap};

/// The reference's end of a replay in which everything arrives at 0, µs.
const HORIZON_WITHOUT_ARRIVALS: i64 = 600_000_000;

/// Said where every round is sent at its own time.
const FOR_SESSIONS: &str = "trace: how its conversations grow and how long they think matters only if their rounds wait for answers: --session-mode closed-loop";

/// The settings that a trace replaces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    /// The requests, in the order of the rows.
    pub requests: Vec<ExplicitRequest>,
    /// What it says of its conversations.
    pub recorded: Recorded,
    /// The later rounds of its conversations, if they wait for answers.
    pub sessions: Option<SessionScripts>,
    /// Latency targets of the header.
    pub targets: BTreeMap<String, SloTarget>,
    /// What was read and is not used, in words.
    pub notes: Vec<String>,
    /// Tokens per hash id of requests that have some; 0 if none has.
    pub hash_block: u32,
    /// Where the reference ends such a run by default, µs: at twice the latest arrival. Ours ends when all
    /// is done, for an end in the middle of the work would change the figures of the run that wrote the trace.
    pub reference_horizon: i64,
}

/// Reads a trace.
///
/// Unlike in the reference an id that occurs twice is refused, when the requests are made.
///
/// # Errors
/// The first thing that is wrong, with line and column or field.
pub fn replay(header: &str, data: &str) -> Result<Replay, ConfigError> {
    let header = TraceHeader::from_yaml(header)?;
    let mut notes = unused(&header, data);
    let mut requests = Vec::new();
    let mut think_times = Vec::new();
    let mut clocks = Clocks::default();
    let mut prefixes: HashMap<String, u32> = HashMap::new();
    for row in rows(data)? {
        let row = row?;
        let number = requests.len() + 1;
        if !row.prefix_group.is_empty() && row.prefix_length > 0 && !prefixes.contains_key(&row.prefix_group)
        {
            prefixes.insert(row.prefix_group.clone(), tokens(row.prefix_length, "prefix_length", number)?);
        }
        let sent = clocks.see(&row);
        think_times.push(row.think_time_us);
        requests.push((sent, request(row, number)?));
    }
    notes.extend(clocks.notes());
    let mut requests = clocks.on_one_clock(requests)?;
    add_prefixes(&mut requests, &prefixes)?;
    number_plainly(&mut requests);
    let has_ids = requests.iter().any(|request| request.hash_ids.is_some());
    let hash_block = match header.hash_block {
        0 if has_ids => WorkloadSettings::default().hash_block,
        block => block,
    };
    let latest = requests.iter().map(|request| request.arrival_us).max().unwrap_or_default();
    let reference_horizon = reference_horizon(latest);
    let recorded = Recorded { think_times, accumulate: accumulates(&header)? };
    if recorded != (Recorded { think_times: vec![0; requests.len()], accumulate: false }) {
        notes.push(FOR_SESSIONS.to_owned());
    }
    Ok(Replay {
        requests,
        recorded,
        sessions: None,
        targets: gated(&header),
        notes,
        hash_block,
        reference_horizon,
    })
}

impl Replay {
    /// The same with the later rounds of conversations sent when the answers before them are there (S-9).
    ///
    /// # Errors
    /// Rounds of a conversation that are not 0, 1, 2, ...
    pub fn in_closed_loop(mut self, replay: &SessionReplay) -> Result<Self, ConfigError> {
        let (sent, sessions) = super::session_replay::closed_loop(&self.requests, &self.recorded, replay)?;
        if sent.len() < self.requests.len() && self.requests.iter().any(|request| request.hash_ids.is_some())
        {
            self.notes
                .push("trace data: hash_ids of rounds that follow from answers are not used".to_owned());
        }
        let latest = sent.iter().map(|request| request.arrival_us).max().unwrap_or_default();
        self.reference_horizon = reference_horizon(latest);
        self.requests = sent;
        number_plainly(&mut self.requests);
        self.sessions = Some(sessions);
        self.notes.retain(|note| note != FOR_SESSIONS);
        Ok(self)
    }

    /// A configuration whose workload is replaced by this one. Dimension by dimension, the latency targets of the
    /// trace hold unless the configuration has some.
    #[must_use]
    pub fn applied_to(self, config: &Config) -> Config {
        let mut config = config.clone();
        config.workload.spec = None;
        config.workload.concurrency = 0;
        config.workload.timeout = None;
        config.workload.requests = Some(self.requests.into());
        config.workload.sessions = self.sessions;
        if self.hash_block > 0 {
            config.workload.hash_block = self.hash_block;
        }
        config.slo = crate::config::merged_targets(self.targets, &config.slo);
        config
    }
}

/// Whether prompts repeat the conversation so far.
fn accumulates(header: &TraceHeader) -> Result<bool, ConfigError> {
    match header.session_context_growth.as_deref() {
        None | Some("") => Ok(false),
        Some("accumulate") => Ok(true),
        Some(other) => {
            let path = "trace header.session_context_growth";
            Err(ConfigError::invalid(path, other, "accumulate, or nothing"))
        }
    }
}

/// Dimensions given as 0 do not count.
fn gated(header: &TraceHeader) -> BTreeMap<String, SloTarget> {
    let gated = |limit: Option<f64>| limit.filter(|&ms| ms != 0.0);
    let targets = header.goodput_slo_targets.iter().map(|(class, target)| {
        let SloTarget { ttft_ms, itl_ms, e2e_ms } = *target;
        (class.clone(), SloTarget { ttft_ms: gated(ttft_ms), itl_ms: gated(itl_ms), e2e_ms: gated(e2e_ms) })
    });
    order::map_of(targets.filter(|(_, target)| *target != SloTarget::default()))
}

/// What newer traces have and a replay does not use (W-12).
fn unused(header: &TraceHeader, data: &str) -> Vec<String> {
    let columns = [ADAPTER].into_iter().filter(|name| names_column(data, name));
    let keys = header.unused().into_iter().map(|key| ("trace header", key));
    keys.chain(columns.map(|name| ("trace data", name)))
        .map(|(place, name)| format!("{place}: {name} is not used"))
        .collect()
}

/// Where the reference ends a replay by default: at twice the latest arrival.
pub fn reference_horizon(latest: i64) -> i64 {
    if latest > 0 { latest.saturating_mul(2).min(MAX_TIME_US) } else { HORIZON_WITHOUT_ARRIVALS }
}

/// `trace data, row 3 (model)`; the first row below the head is row 1.
fn path(number: usize, field: &str) -> String {
    format!("trace data, row {number} ({field})")
}

fn tokens(count: i64, field: &str, number: usize) -> Result<u32, ConfigError> {
    let tokens = u32::try_from(count).ok().filter(|&tokens| tokens <= MAX_TOKENS_PER_REQUEST);
    let expected = format!("at most {MAX_TOKENS_PER_REQUEST} tokens");
    tokens.ok_or_else(|| ConfigError::invalid(path(number, field), count, expected))
}

fn time(time: i64, field: &str, number: usize) -> Result<(), ConfigError> {
    if (0..=MAX_TIME_US).contains(&time) {
        return Ok(());
    }
    Err(ConfigError::invalid(path(number, field), time, format!("0 to {MAX_TIME_US} µs")))
}

/// The clocks of a trace. Recordings of real servers have send times since 1970 beside arrivals since the start
/// (traces chapter, TR-1): a clock whose earliest time is beyond every run begins with that.
#[derive(Debug)]
struct Clocks {
    earliest_send: i64,
    earliest_arrival: i64,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { earliest_send: i64::MAX, earliest_arrival: i64::MAX }
    }
}

impl Clocks {
    /// Takes the times of a row into account; whether it has a send time.
    fn see(&mut self, row: &TraceRow) -> bool {
        let sent = row.send_time_us > 0;
        if sent {
            self.earliest_send = self.earliest_send.min(row.send_time_us);
        }
        self.earliest_arrival = self.earliest_arrival.min(row.arrival_time_us);
        sent
    }

    /// What the times of a clock count from.
    const fn zero(earliest: i64) -> i64 {
        if earliest > MAX_TIME_US && earliest != i64::MAX { earliest } else { 0 }
    }

    fn notes(&self) -> impl Iterator<Item = String> {
        let clocks = [("send_time_us", self.earliest_send), ("arrival_time_us", self.earliest_arrival)];
        clocks.into_iter().filter(|(_, earliest)| Self::zero(*earliest) > 0).map(|(name, zero)| {
            format!("trace data: {name} counts from long before the trace (1970?): its earliest, {zero}, is taken as 0")
        })
    }

    /// The requests with all their times on the clock of the run.
    fn on_one_clock(
        &self,
        requests: Vec<(bool, ExplicitRequest)>,
    ) -> Result<Vec<ExplicitRequest>, ConfigError> {
        let (sends, arrivals) = (Self::zero(self.earliest_send), Self::zero(self.earliest_arrival));
        let deadlines = if arrivals > 0 { arrivals } else { sends };
        let moved = |(index, (sent, mut request)): (usize, (bool, ExplicitRequest))| {
            let (zero, field) = if sent { (sends, "send_time_us") } else { (arrivals, "arrival_time_us") };
            request.arrival_us -= zero;
            time(request.arrival_us, field, index + 1)?;
            if let Some(deadline) = &mut request.deadline_us {
                if *deadline > MAX_TIME_US && deadlines > 0 {
                    // A deadline of 0 would be none.
                    *deadline = (*deadline - deadlines).max(1);
                }
                time(*deadline, "deadline_us", index + 1)?;
            }
            Ok(request)
        };
        requests.into_iter().enumerate().map(moved).collect()
    }
}

fn request(row: TraceRow, number: usize) -> Result<ExplicitRequest, ConfigError> {
    let counted_by_server = row.server_input_tokens > 0 && row.prefix_group.is_empty();
    let (input, input_field) = if counted_by_server {
        (row.server_input_tokens, "server_input_tokens")
    } else {
        (row.input_tokens, "input_tokens")
    };
    let arrival_us = if row.send_time_us > 0 { row.send_time_us } else { row.arrival_time_us };
    time(row.slo_target_us, "slo_target_us", number)?;
    let round = u32::try_from(row.round_index);
    let round = round
        .map_err(|_| ConfigError::invalid(path(number, "round_index"), row.round_index, "0 to 4294967295"))?;
    Ok(ExplicitRequest {
        context_tokens: 0,
        id: Some(format!("request_{}", row.request_id)),
        arrival_us,
        input_tokens: tokens(input, input_field, number)?,
        output_tokens: tokens(row.output_tokens, "output_tokens", number)?,
        budget: None,
        prefix_group: Some(row.prefix_group).filter(|group| !group.is_empty()),
        prefix_length: 0,
        slo_class: row.slo_class,
        tenant: row.tenant_id,
        deadline_us: Some(row.deadline_us).filter(|&deadline| deadline > 0),
        client: row.client_id,
        session: row.session_id,
        round,
        model: row.model,
        streaming: row.streaming,
        slo_target_us: row.slo_target_us,
        row_prefix_length: Some(tokens(row.prefix_length, "prefix_length", number)?),
        hash_ids: Some(row.hash_ids).filter(|ids| !ids.is_empty()),
    })
}

/// Puts the prefix of its group in front of every prompt; a group without a length has none. The length that the row names
/// stays where it is another one.
fn add_prefixes(
    requests: &mut [ExplicitRequest],
    prefixes: &HashMap<String, u32>,
) -> Result<(), ConfigError> {
    for (index, request) in requests.iter_mut().enumerate() {
        if let Some(&prefix) = request.prefix_group.as_ref().and_then(|group| prefixes.get(group)) {
            request.prefix_length = prefix;
            let total = i64::from(request.input_tokens) + i64::from(prefix);
            request.input_tokens = tokens(total, "input_tokens", index + 1)?;
        }
        // One that is longer than the prompt could not be written again.
        let (prefix, all) = (request.prefix_length, request.input_tokens);
        request.row_prefix_length = request.row_prefix_length.filter(|&own| own != prefix && own <= all);
    }
    Ok(())
}

/// Leaves out ids that only number the rows.
fn number_plainly(requests: &mut [ExplicitRequest]) {
    let plain = |(row, request): (usize, &ExplicitRequest)| {
        request.id.as_deref().and_then(|id| id.strip_prefix("request_")) == Some(row.to_string().as_str())
    };
    if requests.iter().enumerate().all(plain) {
        for request in requests.iter_mut() {
            request.id = None;
        }
    }
}

//! The figures of a run whose prompts and answers are computed apart (disaggregation chapter, D-11).

use super::Outcome;
use super::samples::rate;
use crate::config::Role;
use crate::record::{Apart, LegKind, PoolsRecord, RequestState, Way};
use crate::units::{InstanceIndex, LegIndex, RequestIndex};

/// The section on pools.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoolMetrics {
    /// Requests whose KV blocks arrived on their decode instance.
    pub disaggregated: u64,
    /// Parts and requests that the instances which compute prompts completed, per s.
    pub prefill_throughput: f64,
    /// The same of those that compute answers.
    pub decode_throughput: f64,
    /// The larger of the two over the smaller one; `None` if one of them is 0.
    pub load_imbalance_ratio: Option<f64>,
    /// Times to first token of requests in two parts that have one, µs.
    pub ttft: Vec<i64>,
    /// Durations of transfers that ended, µs; without those that began at time 0, as in the reference.
    pub transfers: Vec<i64>,
    /// Only if transfers share the network.
    pub contention: Option<TransferContention>,
}

/// How many transfers shared the network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TransferContention {
    /// Most at a time.
    pub peak: u32,
    /// Mean over the starts of transfers, each with itself.
    pub mean: f64,
}

/// By how much cluster totals differ from the sums over instances, which count parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// Prefill parts among the completed.
    pub prefill_completed: u64,
    /// Requests that were dropped since their decode instance had no room for them.
    pub fallen_through: u64,
    /// Requests whose KV blocks were on their way at the end.
    pub in_transfer: u64,
}

impl Apart {
    /// Whether the decode instance had no room for its prompt.
    pub fn has_fallen_through(&self) -> bool {
        self.transfer_start.happened() && !self.transfer_end.happened()
    }
}

impl PoolsRecord {
    /// The corrections of the cluster totals.
    pub fn corrections(&self) -> Corrections {
        let is_completed_prompt = |leg: &LegIndex| {
            self.legs.kind[*leg] == LegKind::Prefill && self.records.state[*leg] == RequestState::Completed
        };
        // A prompt without an answer is complete with its prefill part (D-9.3).
        let answered = |leg: &LegIndex| match self.ways[self.legs.request[*leg].index()] {
            Way::Apart(row) => self.apart[row as usize].transfer_start.happened(),
            Way::Unrouted | Way::Local(_) => false,
        };
        let legs = (0..self.legs.kind.len()).map(LegIndex::from_index);
        let count = |of: fn(&Apart) -> bool| self.apart.iter().filter(|apart| of(apart)).count() as u64;
        Corrections {
            prefill_completed: legs.filter(|leg| is_completed_prompt(leg) && answered(leg)).count() as u64,
            fallen_through: count(Apart::has_fallen_through),
            in_transfer: count(|apart| apart.transfer_end.happened() && !apart.transferred),
        }
    }
}

impl Outcome {
    /// Requests that no instance could serve, those among them that fell through between two.
    pub fn dropped(&self) -> u64 {
        let fallen_through = self.pools.as_ref().map_or(0, |pools| pools.corrections().fallen_through);
        self.total(|instance| instance.dropped) + fallen_through
    }

    /// Completed requests.
    pub fn completed(&self) -> u64 {
        let prompts = self.pools.as_ref().map_or(0, |pools| pools.corrections().prefill_completed);
        self.total(|instance| instance.completed) - prompts
    }

    /// The instance of a leg.
    pub(super) fn instance_of(&self, pools: &PoolsRecord, leg: LegIndex) -> InstanceIndex {
        let request = pools.legs.request[leg];
        match (pools.legs.kind[leg], pools.parts(request)) {
            (LegKind::Prefill, Some(apart)) => apart.prefill_instance,
            (LegKind::Prefill | LegKind::Whole | LegKind::Decode, _) => self.records.instance[request],
        }
    }

    /// Whether the request is in two parts.
    pub fn is_apart(&self, request: RequestIndex) -> bool {
        self.pools.as_ref().is_some_and(|pools| pools.parts(request).is_some())
    }

    /// Whether the request has a row in the result: one in two parts only if the second one ended (D-10).
    pub fn has_row(&self, request: RequestIndex) -> bool {
        if self.is_apart(request) {
            return self.records.last_scheduled_at[request].happened();
        }
        self.records.enqueued_at[request].happened()
    }
}

/// The section on pools; `None` if no request was in two parts.
pub fn pool_metrics(outcome: &Outcome) -> Option<PoolMetrics> {
    let pools = outcome.pools.as_ref()?;
    if pools.apart.is_empty() {
        return None;
    }
    let duration = outcome.duration();
    let throughput = |serves: fn(Role) -> bool| {
        let instances = pools.roles.iter().zip(&outcome.instances).filter(|&(&role, _)| serves(role));
        rate(instances.map(|(_, instance)| instance.completed).sum(), duration)
    };
    let prefill_throughput = throughput(|role| matches!(role, Role::Prefill | Role::PrefillDecode));
    let decode_throughput = throughput(|role| matches!(role, Role::Decode | Role::PrefillDecode));
    let (larger, smaller) =
        (prefill_throughput.max(decode_throughput), prefill_throughput.min(decode_throughput));
    let load_imbalance_ratio = match (larger > 0.0, smaller > 0.0) {
        (false, _) => Some(1.0),
        (true, false) => None,
        (true, true) => Some(larger / smaller),
    };
    let parents = || pools.apart.iter();
    let arrived = || parents().filter(|apart| apart.transferred);
    let shares: Vec<u32> =
        parents().filter(|apart| apart.transfer_end.happened()).map(|apart| apart.active).collect();
    let contention = pools.contention.then(|| TransferContention {
        peak: shares.iter().copied().max().unwrap_or(0),
        mean: if shares.is_empty() {
            0.0
        } else {
            shares.iter().map(|&share| f64::from(share)).sum::<f64>() / shares.len() as f64
        },
    });
    Some(PoolMetrics {
        disaggregated: arrived().count() as u64,
        prefill_throughput,
        decode_throughput,
        load_imbalance_ratio,
        ttft: parents().filter_map(|apart| outcome.ttft(apart.request)).filter(|&ttft| ttft > 0).collect(),
        transfers: arrived()
            .filter(|apart| apart.transfer_start.0 > 0)
            .map(|apart| (apart.transfer_end - apart.transfer_start).0)
            .collect(),
        contention,
    })
}

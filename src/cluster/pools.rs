//! Pools of instances that compute prompts, answers, or both (disaggregation chapter).

use super::agenda::ClusterEvent;
use super::instance_set::InstanceSet;
use super::routing::Router;
use super::scorers::PromptKey;
use super::view::Reads;
use crate::config::{EncodeDeciderName, PdDeciderName, Role};
use crate::record::{LegKind, LegTable, PoolsRecord, RequestRecords, RequestState, Way};
use crate::units::{Blocks, LegIndex, Micros, RequestIndex, Tokens};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Settings of a run with pools, resolved.
#[derive(Clone, Debug)]
pub struct PoolParams {
    /// What each instance does.
    pub roles: Vec<Role>,
    /// Whether prompt and answer of a request are computed apart.
    pub decider: PdDeciderName,
    /// Tokens of a prompt beyond which they are, if the decider asks for them.
    pub threshold: Tokens,
    /// Whether a request is encoded.
    pub encode: EncodeDeciderName,
    /// Which requests have images, audio or video; empty = none.
    pub multimodal: Vec<bool>,
    /// The network between the pools.
    pub network: Network,
    /// Whether the looked-up blocks of each decision are kept.
    pub keep_lookups: bool,
    /// What chooses prefill instances, if not the main policy.
    pub prefill_router: Option<Router>,
    /// What chooses decode instances, if not the main policy.
    pub decode_router: Option<Router>,
}

impl PoolParams {
    /// Whether the blocks of each prompt that a decode instance has are looked up.
    pub fn looks_up(&self) -> bool {
        self.keep_lookups || self.decider == PdDeciderName::PrefixThreshold
    }

    /// What choices of these pools may read, without those of the main policy.
    pub fn may_read(&self) -> Reads {
        let own = [&self.prefill_router, &self.decode_router].into_iter().flatten();
        let decider = if self.looks_up() { Reads::INDEX } else { Reads::NOTHING };
        own.fold(decider, |reads, router| reads.and(router.may_read()))
    }

    /// Further instances, of which no policy remembers anything yet.
    pub fn add_instances(&mut self, count: usize) {
        for router in [&mut self.prefill_router, &mut self.decode_router].into_iter().flatten() {
            router.add_instances(count);
        }
    }

    /// Whether a request is encoded (D-19).
    pub fn is_encoded(&self, request: RequestIndex) -> bool {
        match self.encode {
            EncodeDeciderName::Never => false,
            EncodeDeciderName::Always => true,
            EncodeDeciderName::Multimodal => self.multimodal.get(request.index()).copied().unwrap_or(false),
        }
    }
}

/// The network that KV blocks go over (D-7.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// Bytes of a KV block.
    pub block_bytes: f64,
    /// GB/s.
    pub bandwidth: f64,
    /// ms.
    pub base_latency: f64,
    /// Whether transfers share the bandwidth.
    pub contention: bool,
}

impl Network {
    /// How long so many blocks are under way if so many transfers are, this one included.
    pub fn duration(&self, blocks: Blocks, active: u32) -> Micros {
        let bytes = f64::from(blocks) * self.block_bytes;
        let (mut rate, base) = (self.bandwidth * 1000.0, self.base_latency * 1000.0);
        if self.contention && active > 1 {
            rate /= f64::from(active);
        }
        Micros(((base + bytes / rate).ceil() as i64).max(1))
    }
}

/// A prompt is about to be sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Start of the step that computed its last token.
    pub time: Micros,
    /// The instance that made it.
    pub from: usize,
    /// The row of its request among those in two parts.
    pub apart: u32,
}

/// The pools of a run, and what is between them.
#[derive(Debug)]
pub(super) struct Pools {
    pub params: PoolParams,
    /// Instances that compute prompts.
    pub prefill: InstanceSet,
    /// Instances that compute answers.
    pub decode: InstanceSet,
    /// Instances that encode, if there are some.
    pub encode: Option<InstanceSet>,
    pub legs: LegTable,
    /// What happened to each leg.
    pub records: RequestRecords,
    /// Class 4: choices of prefill instances, with their time.
    pub choices: VecDeque<(Micros, RequestIndex)>,
    /// Class 5: transfers that start now, before anything else happens.
    pub starts: VecDeque<Start>,
    /// Class 6: ends of transfers, with their number and their row among those in two parts.
    pub transfers: BinaryHeap<Reverse<(Micros, u64, u32)>>,
    /// Transfers so far.
    pub started: u64,
    /// Transfers under way.
    pub active: u32,
    /// An emitting instance that the budget did not suffice for, and how far it is to go.
    pub stretch: Option<(usize, Micros)>,
    /// What is kept.
    pub record: PoolsRecord,
}

impl Pools {
    /// Pools in which nothing has happened.
    pub fn new(params: PoolParams, requests: usize) -> Self {
        let of = |serves: fn(Role) -> bool| {
            let mut set = InstanceSet::none(params.roles.len());
            (0..params.roles.len()).filter(|&at| serves(params.roles[at])).for_each(|at| set.insert(at));
            set
        };
        let prefill = of(|role| matches!(role, Role::Prefill | Role::PrefillDecode));
        let decode = of(|role| matches!(role, Role::Decode | Role::PrefillDecode));
        let encode = params.roles.contains(&Role::Encode).then(|| of(|role| role == Role::Encode));
        let record = PoolsRecord {
            roles: params.roles.clone(),
            contention: params.network.contention,
            ways: vec![Way::Unrouted; requests],
            ..PoolsRecord::default()
        };
        Self {
            params,
            prefill,
            decode,
            encode,
            legs: LegTable::default(),
            records: RequestRecords::default(),
            choices: VecDeque::new(),
            starts: VecDeque::new(),
            transfers: BinaryHeap::new(),
            started: 0,
            active: 0,
            stretch: None,
            record,
        }
    }

    /// Another leg, to which nothing has happened yet but that it is on its way.
    pub fn add_leg(&mut self, request: RequestIndex, kind: LegKind) -> LegIndex {
        self.records.push_row();
        let leg = self.legs.push(request, kind);
        self.records.state[leg] = RequestState::InTransit;
        leg
    }

    /// What the choice of a decode instance reads of the view, together with the decider.
    pub fn reads(&self, main: &Router, prompt: PromptKey) -> Reads {
        let choice = self.params.decode_router.as_ref().unwrap_or(main).reads(prompt);
        let looks_up = self.params.looks_up() && prompt.shared_blocks > 0;
        Reads { index: choice.index || looks_up, ..choice }
    }

    /// The next event of the cluster, if this is the next one that does not come from here: at one time these come last, choices
    /// first (D-4).
    pub fn before(&self, event: Option<ClusterEvent>) -> Option<ClusterEvent> {
        let earlier =
            |event: Option<ClusterEvent>, time: Micros| event.is_none_or(|event| time < event.time());
        let mut next = event;
        if let Some(&(time, request)) = self.choices.front()
            && earlier(next, time)
        {
            next = Some(ClusterEvent::PrefillChoice(time, request));
        }
        if let Some(&Reverse((time, _, row))) = self.transfers.peek()
            && earlier(next, time)
        {
            next = Some(ClusterEvent::TransferEnd(time, row));
        }
        next
    }

    /// Whether prompt and answer of a request are computed apart (D-5.4); `cached`: leading blocks of its prompt on the decode
    /// instance.
    pub fn are_apart(&self, input: Tokens, cached: Tokens) -> bool {
        match self.params.decider {
            PdDeciderName::Never => false,
            PdDeciderName::Always => true,
            PdDeciderName::PrefixThreshold => {
                input > 0 && input.saturating_sub(cached) > self.params.threshold
            }
        }
    }
}

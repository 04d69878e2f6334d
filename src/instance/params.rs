//! What all instances of a run have in common.

use super::kv::{Path, Prompt, PromptRuns};
use super::legs::LegRequests;
use super::queue::Rank;
use crate::config::{PreemptionPolicyName, PriorityPolicyName, SchedulerName};
use crate::record::EndReason;
use crate::units::{Blocks, LegIndex, Micros, Tokens};
use crate::workload::{Context, Requests};
use std::sync::Arc;

/// The instance-level priority of a request: a fixed integer key, lower = more urgent (C-11, I-6).
#[derive(Clone, Debug)]
pub struct PriorityRule {
    /// Where the key comes from.
    pub policy: PriorityPolicyName,
    /// Per class of the workload: highest priority of all classes less that of the class.
    pub by_class: Vec<i64>,
}

impl PriorityRule {
    fn key(&self, class: u16, arrival: Micros) -> i64 {
        match self.policy {
            PriorityPolicyName::SloClass => self.by_class[usize::from(class)],
            PriorityPolicyName::Constant => 0,
            PriorityPolicyName::SloBased => arrival.0,
            PriorityPolicyName::InvertedSlo => -arrival.0,
        }
    }
}

/// Which ends of legs the cluster has to know of; none: instances may lag behind the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reports {
    /// Completions of requests of sessions, which bring further requests.
    pub completions: bool,
    /// Completions of prefill parts, which start transfers. Then an instance stops behind each step that has something to report.
    pub parts: bool,
}

/// The second tier of KV memory (KV tiers chapter, T-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierParams {
    /// Its blocks, at least 1.
    pub blocks: Blocks,
    /// How long the way of one block to the GPU takes.
    pub per_block: Micros,
}

/// Settings of an instance (instance chapter, I-2), resolved.
#[derive(Clone, Debug)]
pub struct InstanceParams {
    /// Order of the wait queue.
    pub scheduler: SchedulerName,
    /// Which request is evicted.
    pub preemption: PreemptionPolicyName,
    /// Which request is urgent.
    pub priority: PriorityRule,
    /// Limit of the running batch.
    pub max_running: u32,
    /// Token budget of a step.
    pub token_budget: Tokens,
    /// Most prompt tokens of one request per step; 0 = off.
    pub prefill_threshold: Tokens,
    /// Longest prompt plus output; 0 = unlimited.
    pub max_model_len: Tokens,
    /// KV blocks.
    pub total_blocks: Blocks,
    /// KV blocks that a running request holds beside those of its tokens, whatever their number. Unless 0, no prompt finds
    /// blocks of another one or of its own.
    pub blocks_beside: Blocks,
    /// The second tier of KV memory, if there is one.
    pub tier: Option<TierParams>,
    /// Tokens per KV block.
    pub block_size: Tokens,
    /// What prompts share.
    pub runs: Arc<PromptRuns>,
    /// Whether changes of cached blocks in the tree of prompts will be asked for.
    pub follow_tree: bool,
    /// Whether rounds of a conversation may meet in an instance: some that do not wait for their answers are in the list.
    pub rounds_overlap: bool,
    /// Longest output of the workload.
    pub longest_output: Tokens,
    /// Whether every step is recorded.
    pub record_steps: bool,
}

impl InstanceParams {
    /// The request as the KV cache identifies it.
    #[inline]
    pub fn prompt(&self, legs: LegRequests<'_>, request: LegIndex) -> Prompt {
        let (requests, row) = (legs.requests(), legs.request(request));
        let (path, shared_blocks) = self.sharing(requests, row.index());
        let context = if self.runs.has_conversations() {
            requests.context(requests.session[row])
        } else {
            Context::Fresh
        };
        Prompt { request, input: requests.input[row], path, shared_blocks, context }
    }

    /// The path of a request's prompt, and how many full blocks of the prompt lie on it.
    #[inline]
    pub fn sharing(&self, requests: &Requests, row: usize) -> (Path, Blocks) {
        self.runs.shared(requests, row, self.block_size)
    }

    /// Progress at which a request leaves: all output produced, or the model's length limit reached (I-8.7).
    pub fn goal(&self, input: Tokens, output: Tokens) -> Tokens {
        let done = input.saturating_add(output.max(1) - 1);
        if self.max_model_len > 0 { done.min(self.max_model_len - 1) } else { done }
    }

    /// The priority key of a request.
    pub fn priority_key(&self, legs: LegRequests<'_>, leg: LegIndex) -> i64 {
        self.priority.key(legs.class(leg), legs.arrival(leg))
    }

    /// The place of a request in a sorted wait queue (I-6).
    pub fn rank(&self, legs: LegRequests<'_>, request: LegIndex, priority: i64) -> Rank {
        let first = match self.scheduler {
            SchedulerName::Fcfs => 0,
            SchedulerName::PriorityFcfs => priority,
            SchedulerName::Sjf => i64::from(legs.input(request)),
            SchedulerName::ReversePriority => -priority,
        };
        Rank { first, arrival: legs.arrival(request).0, id: legs.id_key(request), request }
    }

    /// Why a request of this length and declared output can never be served, if so. The true output length is not
    /// consulted (I-7, rules 2 to 5). If the extremes can be served, so can everything between them.
    pub fn unservable(&self, input: Tokens, budget: i32) -> Option<EndReason> {
        let limit = self.max_model_len;
        if budget < 0 {
            return Some(EndReason::NegativeBudget);
        }
        if limit > 0 {
            if input >= limit {
                return Some(EndReason::InputExceedsMaxModelLen);
            }
            // A budget of 0 becomes "whatever is left", which always fits.
            if u64::from(input) + budget as u64 > u64::from(limit) {
                return Some(EndReason::TotalExceedsMaxModelLen);
            }
        }
        let needed = input.div_ceil(self.block_size).saturating_add(self.blocks_beside);
        (needed > self.total_blocks).then_some(EndReason::InputExceedsKvCapacity)
    }
}

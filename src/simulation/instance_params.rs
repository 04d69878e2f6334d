//! From settings to what all instances of a run have in common.

use crate::cluster::{class_priority, highest_priority};
use crate::config::Config;
use crate::instance::{InstanceParams, PriorityRule, PromptRuns, TierParams};
use crate::latency::ServingSetup;
use crate::units::Micros;
use crate::workload::Requests;
use std::sync::Arc;

/// What prompts share: nothing where no prompt can be continued from its middle.
pub(super) fn prompt_runs(config: &Config, requests: &Requests, setup: &ServingSetup) -> PromptRuns {
    if !setup.prefix_caching() {
        return PromptRuns::default();
    }
    let runs = PromptRuns::new(requests, setup.block_size);
    // Only a second tier can put blocks out of their places (KV tiers chapter, T-6).
    if config.memory.kv_cpu_blocks > 0 { runs.with_places_of_tokens(requests) } else { runs }
}

/// The settings of the run's instances.
pub(super) fn instance_params(
    config: &Config,
    setup: &ServingSetup,
    requests: &Requests,
    runs: Arc<PromptRuns>,
) -> InstanceParams {
    let highest = highest_priority(&config.admission);
    let urgency = |class: &String| i64::from(highest - class_priority(&config.admission, class));
    InstanceParams {
        scheduler: config.instance.scheduler,
        preemption: config.instance.preemption_policy,
        priority: PriorityRule {
            policy: config.instance.priority_policy,
            by_class: requests.classes.iter().map(urgency).collect(),
        },
        max_running: config.instance.max_num_running_reqs,
        token_budget: config.instance.max_num_scheduled_tokens,
        prefill_threshold: config.instance.long_prefill_token_threshold,
        max_model_len: setup.max_model_len,
        total_blocks: setup.total_kv_blocks,
        blocks_beside: setup.blocks_per_sequence,
        tier: tier(config),
        block_size: setup.block_size,
        runs,
        follow_tree: false,
        rounds_overlap: requests.has_listed_rounds(),
        longest_output: requests.output.iter().copied().max().unwrap_or(0),
        record_steps: config.trace.record_steps,
    }
}

/// The second tier of KV memory as it is set (KV tiers chapter, T-1 and T-7).
fn tier(config: &Config) -> Option<TierParams> {
    let memory = &config.memory;
    let transfer = (f64::from(memory.block_size_in_tokens) / memory.kv_transfer_bandwidth).ceil();
    // The cast saturates.
    let per_block = Micros(memory.kv_transfer_base_latency.saturating_add(transfer as i64));
    (memory.kv_cpu_blocks > 0).then_some(TierParams { blocks: memory.kv_cpu_blocks, per_block })
}

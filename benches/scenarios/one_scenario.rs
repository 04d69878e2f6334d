//! A loop that can serve one scenario alone: round-robin, first come first served, one class, no shared prefixes, deadlines
//! that no request misses, KV caches that never fill. It leaves behind all that the engine does, and leaves out what the engine
//! checks at every turn because other settings exist. It shows how far above the floor even such a loop stays.

use blis_playground::cluster::{class_priority, highest_priority};
use blis_playground::latency::{LatencyModel, PrefillMember, StepLoad, TrainedPhysics};
use blis_playground::record::{GatewayRecord, InstanceRecord, RequestRecords, RequestState, WeightedItl};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use blis_playground::workload::{Requests, Workload, generate};
use blis_playground::{Config, ConfigError};
use std::collections::VecDeque;

/// Nobody.
const NONE: u32 = u32::MAX;

/// Simulated time that an instance is advanced in one go, so that neighbouring rows are written soon after one another.
const SLICE: i64 = 1_000_000;

/// The one scenario.
#[derive(Clone, Debug)]
pub struct OneScenario {
    config: Config,
    latency: TrainedPhysics,
    total_blocks: u32,
    block_size: u32,
    /// That of the only class.
    priority: i64,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Results {
    /// The requests.
    pub requests: Requests,
    /// The gateway's decisions.
    pub gateway: GatewayRecord,
    /// What happened to each request.
    pub records: RequestRecords,
    /// Totals of the instances.
    pub instances: Vec<InstanceRecord>,
}

#[derive(Clone, Debug)]
struct Member {
    request: u32,
    input: u32,
    output: u32,
    progress: u32,
    granted: u32,
    /// Next of those that finish with the same step.
    next: u32,
    /// Number of gaps when it began to decode, and their sum.
    since: usize,
    gap_sum: i64,
    /// Remainder of the number of gaps at which it opens a KV block.
    opening: u32,
    ttft: Micros,
}

#[derive(Debug)]
struct Instance {
    /// Next request to come, and when it reaches the queue.
    next: usize,
    arrival_at: i64,
    step_at: i64,
    queue: VecDeque<u32>,
    members: Vec<Member>,
    vacant: Vec<u32>,
    prefilling: Vec<u32>,
    load: Vec<PrefillMember>,
    decodes: u64,
    context: u64,
    running: u32,
    gap_sum: i64,
    /// By how much more requests see the next gap than saw the last.
    change: i64,
    /// Until the run ends, a weight is that difference, modulo 2^64.
    itls: Vec<WeightedItl>,
    /// By number of the step: first of those that finish with it.
    wheel: Vec<u32>,
    used_blocks: u32,
    /// By remainder of the number of gaps: members that open a KV block in such a step.
    opening: Vec<u32>,
    residue: usize,
    totals: InstanceRecord,
}

impl Instance {
    /// Counts a step that schedules `tokens` and opens `fresh` KV blocks.
    fn count_step(&mut self, tokens: u32, fresh: u32, duration: Micros, end: Micros) {
        self.used_blocks += fresh;
        let waiting = self.queue.len() as u64;
        let totals = &mut self.totals;
        totals.cache_misses += u64::from(fresh);
        totals.steps += 1;
        totals.busy += duration;
        totals.scheduled_tokens += u64::from(tokens);
        totals.kv_block_us += u64::from(self.used_blocks) * duration.0 as u64;
        totals.peak_kv_blocks = totals.peak_kv_blocks.max(self.used_blocks);
        totals.sum_batch += u64::from(self.running);
        totals.max_batch = totals.max_batch.max(u64::from(self.running));
        totals.sum_waiting += waiting;
        totals.max_waiting = totals.max_waiting.max(waiting);
        totals.end = end;
    }
}

impl OneScenario {
    /// For these settings, which have to be of the kind described above.
    pub fn new(config: Config) -> Self {
        let (setup, latency) = super::trained_physics(&config);
        let priority = i64::from(highest_priority(&config.admission) - class_priority(&config.admission, ""));
        let (total_blocks, block_size) = (setup.total_kv_blocks, setup.block_size);
        Self { config, latency, total_blocks, block_size, priority }
    }

    /// Generates the requests and serves them.
    ///
    /// # Errors
    /// As [`generate`].
    pub fn run(&self) -> Result<Results, ConfigError> {
        let Workload { requests, .. } = generate(&self.config)?;
        let count = self.config.cluster.num_instances as usize;
        let rows = requests.len();
        let mut records = RequestRecords::with_rows(rows);
        for row in 0..rows {
            let at = requests.arrival[row];
            records.admitted_at[row] = at;
            records.routed_at[row] = at;
            records.instance[row] = InstanceIndex::from_index(row % count);
        }
        let gateway = GatewayRecord {
            arrivals_by_class: vec![rows as u64],
            rejected_by_class: vec![0],
            admission_decisions: rows as u64,
            routing_order: RequestIndex::first(rows).collect(),
            ..GatewayRecord::default()
        };
        let longest = requests.output.iter().copied().max().unwrap_or(0) as usize;
        let mut instances: Vec<_> = (0..count)
            .map(|first| Instance {
                next: first,
                arrival_at: self.queued_at(&requests, first),
                step_at: i64::MAX,
                queue: VecDeque::new(),
                members: Vec::new(),
                vacant: Vec::new(),
                prefilling: Vec::new(),
                load: Vec::new(),
                decodes: 0,
                context: 0,
                running: 0,
                gap_sum: 0,
                change: 0,
                itls: Vec::new(),
                wheel: vec![NONE; (longest + 2).next_power_of_two()],
                used_blocks: 0,
                opening: vec![0; self.block_size as usize],
                residue: 0,
                totals: InstanceRecord { total_kv_blocks: self.total_blocks, ..InstanceRecord::default() },
            })
            .collect();
        let mut until = 0;
        while instances.iter().any(|instance| instance.arrival_at.min(instance.step_at) < i64::MAX) {
            until += SLICE;
            for instance in &mut instances {
                self.advance(instance, until, &requests, &mut records);
            }
        }
        let instances = instances.into_iter().map(|instance| {
            let mut weight = 0_u64;
            let itls = instance.itls.into_iter().map(|gap| {
                weight = weight.wrapping_add(gap.weight);
                WeightedItl { gap: gap.gap, weight }
            });
            InstanceRecord { itls: itls.collect(), ..instance.totals }
        });
        Ok(Results { instances: instances.collect(), gateway, records, requests })
    }

    fn queued_at(&self, requests: &Requests, row: usize) -> i64 {
        let arrival = requests.arrival.get(row);
        arrival.map_or(i64::MAX, |&arrival| (arrival + self.latency.queueing_delay(requests.input[row])).0)
    }

    fn advance(&self, of: &mut Instance, until: i64, requests: &Requests, records: &mut RequestRecords) {
        loop {
            if of.arrival_at.min(of.step_at) >= until {
                return;
            }
            if of.arrival_at <= of.step_at {
                let row = of.next;
                records.enqueued_at[row] = Micros(of.arrival_at);
                records.priority[row] = self.priority;
                of.queue.push_back(row as u32);
                of.totals.routed += 1;
                of.totals.input_tokens += u64::from(requests.input[row]);
                if of.step_at == i64::MAX {
                    of.step_at = of.arrival_at;
                }
                of.next += self.config.cluster.num_instances as usize;
                of.arrival_at = self.queued_at(requests, of.next);
            } else {
                self.step(of, requests, records);
            }
        }
    }

    fn step(&self, of: &mut Instance, requests: &Requests, records: &mut RequestRecords) {
        let now = of.step_at;
        let serving = &self.config.instance;
        let mut budget = serving.max_num_scheduled_tokens - of.decodes as u32;
        of.load.clear();
        let mut fresh = of.opening[of.residue];
        for &slot in &of.prefilling {
            let member = &mut of.members[slot as usize];
            member.granted = (member.input - member.progress).min(budget);
            budget -= member.granted;
            fresh += (member.progress + member.granted).div_ceil(self.block_size)
                - member.progress.div_ceil(self.block_size);
            of.load.push(PrefillMember {
                progress: member.progress,
                input: member.input,
                new: member.granted,
            });
        }
        while budget > 0
            && of.running < serving.max_num_running_reqs
            && let Some(request) = of.queue.pop_front()
        {
            let row = request as usize;
            let input = requests.input[row];
            let granted = input.min(budget);
            budget -= granted;
            fresh += granted.div_ceil(self.block_size);
            let member = Member {
                request,
                input,
                output: requests.output[row],
                progress: 0,
                granted,
                next: NONE,
                since: 0,
                gap_sum: 0,
                opening: 0,
                ttft: Micros(0),
            };
            let slot = if let Some(slot) = of.vacant.pop() {
                of.members[slot as usize] = member;
                slot
            } else {
                of.members.push(member);
                of.members.len() as u32 - 1
            };
            of.prefilling.push(slot);
            of.running += 1;
            of.load.push(PrefillMember { progress: 0, input, new: granted });
            records.first_scheduled_at[row] = Micros(now);
            records.last_scheduled_at[row] = Micros(now);
        }
        let load = StepLoad { prefills: &of.load, decodes: of.decodes, context: of.context, others: 0 };
        let duration = self.latency.step_time(&load, |_| {});
        let gap = duration + self.latency.output_overhead();
        let end = now + duration.0;
        of.count_step(serving.max_num_scheduled_tokens - budget, fresh, duration, Micros(end));
        if of.decodes > 0 {
            of.itls.push(WeightedItl { gap: gap.0, weight: of.change as u64 });
            of.change = 0;
            of.gap_sum += gap.0;
            of.context += of.decodes;
            of.residue = if of.residue + 1 < of.opening.len() { of.residue + 1 } else { 0 };
            let at = of.itls.len() & (of.wheel.len() - 1);
            let mut slot = std::mem::replace(&mut of.wheel[at], NONE);
            while slot != NONE {
                let Member { request, input, output, since, gap_sum, ttft, next, opening, .. } =
                    of.members[slot as usize];
                of.change -= 1;
                of.decodes -= 1;
                of.context -= u64::from(input + output.max(1) - 1);
                of.vacant.push(slot);
                of.running -= 1;
                of.opening[opening as usize] -= 1;
                // The last token is stored, too, just before all blocks are released.
                let stored = input + output - 1;
                of.totals.cache_misses += u64::from(stored.is_multiple_of(self.block_size));
                of.used_blocks -= stored.div_ceil(self.block_size);
                of.totals.completed += 1;
                of.totals.output_tokens += u64::from(output);
                let row = request as usize;
                let gap_sum = of.gap_sum - gap_sum;
                records.itl_sum[row] = gap_sum;
                records.itl_count[row] = (of.itls.len() - since) as u32;
                records.e2e[row] = ttft + Micros(gap_sum) + self.latency.completion_overhead();
                records.ended_at[row] = Micros(end);
                records.state[row] = RequestState::Completed;
                slot = next;
            }
        }
        if !of.prefilling.is_empty() {
            self.prefill(of, Micros(now) + gap, requests, records);
        }
        of.step_at = if of.running == 0 && of.queue.is_empty() { i64::MAX } else { end };
    }

    fn prefill(
        &self,
        of: &mut Instance,
        first_token: Micros,
        requests: &Requests,
        records: &mut RequestRecords,
    ) {
        let Instance { members, prefilling, wheel, itls, .. } = of;
        prefilling.retain(|&slot| {
            let member = &mut members[slot as usize];
            member.progress += member.granted;
            if member.progress < member.input {
                return true;
            }
            let row = member.request as usize;
            member.ttft = first_token - requests.arrival[row];
            records.ttft[row] = member.ttft;
            // Every answer of this scenario has at least two tokens.
            let finish = itls.len() + member.output as usize - 1;
            let place = finish & (wheel.len() - 1);
            let first = &mut wheel[place];
            member.next = std::mem::replace(first, slot);
            member.since = itls.len();
            member.gap_sum = of.gap_sum;
            let offset = member.input % self.block_size;
            let residue = of.residue as u32;
            member.opening =
                if offset > residue { residue + self.block_size - offset } else { residue - offset };
            of.opening[member.opening as usize] += 1;
            of.decodes += 1;
            of.context += u64::from(member.progress);
            of.change += 1;
            false
        });
    }
}

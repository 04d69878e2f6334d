//! What one instance of a run could do with its requests, computed from the latency model without simulating anything.
//!
//! A request takes P steps to read its prompt of I tokens and O - 1 more for the rest of its answer, so of b running ones
//! b / (P + O - 1) come and go per step, or fewer, where the budget of B tokens has room for B / (I + O - 1) only. That
//! over the duration of a step is the rate X(b), and its maximum over the batches that slots, KV blocks and the step budget allow
//! is the capacity. How many prompts are read varies from step to step, about as in a Poisson process, and a step with two
//! takes longer than two steps with one where one is hidden behind the reading of weights; so the duration is averaged
//! over such steps.
//!
//! Held against 15,000 random clusters that were given far more than they carry, nine of ten capacities are between 3%
//! too low and 14% too high where slots or the step budget limit the batch, half of them between 0% and 3% too high.
//! Where the KV cache does, evictions compute tokens twice, which is not in it: there half of them are between 1% and
//! 24% too high, and one in twenty is by more than 63%.

use crate::instance::InstanceParams;
use crate::latency::{LatencyModel, PrefillMember, StepLoad};
use crate::record::{BATCHES, EndReason, RequestRecords, RequestState, Service, Throughput};
use crate::units::{Micros, RequestIndex, Tokens};
use crate::workload::{NO_GROUP, Requests};

/// Rows that the mean lengths are taken from; in longer runs they are spread evenly.
const MOST_ROWS: usize = 1 << 16;

/// Each batch that is tried is this much smaller than the one before.
const SMALLER: f64 = 0.7;

/// Judges an instance by the routed requests; `gateway` is the time between arrival and routing, wanted only if a request
/// has timed out.
pub(super) fn service<L: LatencyModel>(
    latency: &L,
    params: &InstanceParams,
    requests: &Requests,
    records: &RequestRecords,
    gateway: Option<Micros>,
) -> Service {
    let lengths = Lengths::of(requests, records, params);
    let times = StepTimes { latency, params, lengths };
    let batch = times.largest_batch();
    let throughput = times.throughputs(batch);
    Service {
        slots: params.max_running,
        step_budget: params.token_budget,
        batch,
        // A large batch decodes more at a time but leaves less of the step budget for prompts, so the best one may be
        // smaller than the largest.
        capacity: throughput.iter().map(|at| at.rate).fold(0.0, f64::max),
        throughput,
        alone_s: lengths.output * times.decoding(1.0) / 1e6,
        answer_tokens: lengths.output,
        hopeless: gateway
            .map_or(0, |gateway| Alone { latency, params, requests, records, gateway }.hopeless()),
    }
}

/// Moments of the routed requests, tokens.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    /// Mean prompt that has to be computed, the cached part left out.
    prompt: f64,
    /// Mean number of steps in which it is read if a step has nothing else to do.
    pieces: f64,
    /// Mean answer.
    output: f64,
    /// Mean tokens before the current one of a request that is met in a batch: the longer the answer, the longer it
    /// is there, and on average it is half way through.
    context: f64,
    /// The same without the tokens of shared prefixes, which take no extra room.
    own_context: f64,
}

impl Lengths {
    fn of(requests: &Requests, records: &RequestRecords, params: &InstanceParams) -> Self {
        let every = requests.len().div_ceil(MOST_ROWS).max(1);
        let served =
            |row: &usize| records.instance[*row].is_some() && records.state[*row] != RequestState::Dropped;
        let rows = (0..requests.len()).step_by(every).filter(served);
        let largest_piece = match params.prefill_threshold {
            0 => params.token_budget,
            threshold => threshold.min(params.token_budget),
        };
        let largest_piece = f64::from(largest_piece.max(1));
        let (mut count, mut prompts, mut pieces) = (0.0, 0.0, 0.0);
        let (mut outputs, mut contexts, mut own_contexts) = (0.0, 0.0, 0.0);
        for row in rows {
            let output = f64::from(requests.output[row].max(1));
            let (input, cached) = (f64::from(requests.input[row]), f64::from(records.cached_first[row]));
            count += 1.0;
            let prompt = (input - cached).max(1.0);
            prompts += prompt;
            pieces += (prompt / largest_piece).ceil();
            outputs += output;
            contexts += output * (input + output / 2.0);
            own_contexts += output * (input - cached + output / 2.0);
        }
        if count == 0.0 {
            return Self { prompt: 1.0, pieces: 1.0, output: 1.0, context: 1.0, own_context: 1.0 };
        }
        Self {
            prompt: prompts / count,
            pieces: pieces / count,
            output: outputs / count,
            context: contexts / outputs,
            own_context: own_contexts / outputs,
        }
    }
}

/// Durations of steps of mean requests, µs.
struct StepTimes<'a, L> {
    latency: &'a L,
    params: &'a InstanceParams,
    lengths: Lengths,
}

impl<L: LatencyModel> StepTimes<'_, L> {
    fn step(&self, decodes: f64, prefills: &[PrefillMember]) -> f64 {
        let (decodes, context) = (decodes.max(0.0) as u64, self.lengths.context);
        let load = StepLoad { prefills, decodes, context: (decodes as f64 * context) as u64, others: 0 };
        let each = |progress: &mut Vec<Tokens>| progress.resize(decodes as usize, context as Tokens);
        self.latency.step_time(&load, each).0 as f64
    }

    /// Duration of a step with this number of decoding requests.
    fn decoding(&self, batch: f64) -> f64 {
        self.step(batch, &[]).max(1.0)
    }

    /// The largest batch that slots, KV blocks and the step budget allow; not always whole, at least 1.
    fn largest_batch(&self) -> f64 {
        let room = f64::from(self.params.total_blocks) * f64::from(self.params.block_size);
        // The last block of a request is half empty on average.
        let kv = room / (self.lengths.own_context + f64::from(self.params.block_size) / 2.0);
        let max = f64::from(self.params.max_running).min(f64::from(self.params.token_budget));
        max.min(kv).max(1.0)
    }

    /// Requests per second by the number running, from the largest batch down.
    fn throughputs(&self, largest: f64) -> [Throughput; BATCHES] {
        let mut batch = largest;
        [(); BATCHES].map(|()| {
            let at = Throughput { running: batch, rate: self.throughput(batch) };
            batch = (batch * SMALLER).max(1.0);
            at
        })
    }

    /// Requests per second with this number running.
    fn throughput(&self, batch: f64) -> f64 {
        let Lengths { prompt, output, .. } = self.lengths;
        let budget = f64::from(self.params.token_budget);
        let decodes_each = (output - 1.0).max(0.0);
        let pieces = self.lengths.pieces.max(prompt / (budget - batch).max(1.0));
        let per_step = (batch / (pieces + decodes_each)).min(budget / (prompt + decodes_each));
        let (reading, decoding) = (per_step * pieces, per_step * decodes_each);
        let piece = prompt / pieces;
        let duration = |now: f64| self.mixed(now, piece, (reading + decoding - now).max(0.0));
        // Two numbers with the mean and, where batch and budget have room, the variance of a Poisson distribution.
        let most = ((budget - decoding) / piece).min(reading + decoding).max(reading);
        let few = (reading - reading.sqrt()).max(0.0);
        let many = (reading + reading.sqrt().max(1.0)).min(most);
        let step = if many > few {
            let share = (reading - few) / (many - few);
            share * duration(many) + (1.0 - share) * duration(few)
        } else {
            duration(reading)
        };
        1e6 * per_step / step.max(1.0)
    }

    /// Duration of a step in which some requests read pieces of their prompts and others decode; the part of `reading` after
    /// the point is a piece that is so much shorter.
    fn mixed(&self, reading: f64, piece: f64, decoding: f64) -> f64 {
        let member = |new: f64| PrefillMember {
            progress: ((self.lengths.prompt - piece) / 2.0) as Tokens,
            input: self.lengths.prompt as Tokens,
            new: new.round() as Tokens,
        };
        let mut prefills = vec![member(piece); reading as usize];
        let rest = member(reading.fract() * piece);
        if rest.new > 0 {
            prefills.push(rest);
        }
        self.step(decoding.round(), &prefills)
    }
}

/// How long a request takes on an instance that has nothing else to do.
struct Alone<'a, L> {
    latency: &'a L,
    params: &'a InstanceParams,
    requests: &'a Requests,
    records: &'a RequestRecords,
    gateway: Micros,
}

impl<L: LatencyModel> Alone<'_, L> {
    /// Requests that timed out and would have done so on an idle instance.
    fn hopeless(&self) -> u64 {
        let rows = RequestIndex::first(self.requests.len());
        rows.filter(|&row| self.is_hopeless(row)).count() as u64
    }

    fn is_hopeless(&self, request: RequestIndex) -> bool {
        let row = request.index();
        if self.records.state[row] != RequestState::TimedOut {
            return false;
        }
        let given = (self.requests.deadline[row] - self.requests.arrival[row]).0;
        let input = self.requests.input[row];
        let start = self.gateway + self.latency.queueing_delay(input);
        if self.records.end_reason[row] == EndReason::PastDueAtEnqueue {
            return start.0 > given;
        }
        let prefix = if self.requests.group[row] == NO_GROUP { 0 } else { self.requests.prefix[row] };
        let goal = self.params.goal(input, self.requests.output[row]);
        // A step under way ends whatever the deadline, so only the start of the last one counts.
        let steps = i64::from(goal.saturating_sub(input)) - 1;
        let tokens = input.saturating_sub(prefix).max(1).min(input);
        let mut time = start.0.saturating_add(self.reading(input, tokens, steps < 0));
        let decode = |progress: Tokens| {
            let load = StepLoad { prefills: &[], decodes: 1, context: u64::from(progress), others: 0 };
            self.latency.step_time(&load, |each| each.push(progress)).0
        };
        // Steps only get longer as the context grows, so the extremes decide most cases.
        if time.saturating_add(steps.max(0).saturating_mul(decode(input))) >= given {
            return true;
        }
        if time.saturating_add(steps.max(0).saturating_mul(decode(goal))) < given {
            return false;
        }
        for progress in input..goal.saturating_sub(1) {
            time = time.saturating_add(decode(progress));
            if time >= given {
                return true;
            }
        }
        false
    }

    /// Time to compute `tokens` of a prompt in as many steps as the budget takes, µs; with `but_the_last`, up to
    /// the start of the last step.
    fn reading(&self, input: Tokens, tokens: Tokens, but_the_last: bool) -> i64 {
        if tokens == 0 {
            // An empty prompt is admitted in a step of no token (KV-5.5).
            return i64::from(!but_the_last);
        }
        let (budget, threshold) = (self.params.token_budget, self.params.prefill_threshold);
        let chunk = if threshold > 0 { threshold.min(budget) } else { budget }.max(1);
        let mut progress = input - tokens;
        let mut time = 0_i64;
        while progress < input {
            let new = chunk.min(input - progress);
            if but_the_last && progress + new == input {
                break;
            }
            let members = [PrefillMember { progress, input, new }];
            let load = StepLoad { prefills: &members, decodes: 0, context: 0, others: 0 };
            time = time.saturating_add(self.latency.step_time(&load, |_| {}).0);
            progress += new;
        }
        time
    }
}

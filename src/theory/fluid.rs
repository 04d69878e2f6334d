//! The aged fluid: a prediction of the tail latency of an overloaded cluster.
//!
//! Requests are a fluid that keeps its age. It flows to each instance at lambda / k, waits in one queue, fills free
//! slots, and drains by age: of the answers that are a tokens long so far, the share given by the law of lengths
//! ends with the next token. A step that admits n prompts takes i0 + i1 b + n c, where i1 is decoding alone and c a
//! prompt's prefill; slots and the token budget of the step limit n. Nothing is random, so a load below capacity
//! has no wait for a slot at all. The first token comes two steps after that wait at the latest: the one under way
//! and the request's own.

use super::calibration::Calibration;
use super::ceilings::{Ceilings, far_from_capacity};
use super::conditions::Conditions;
use super::{Bound, Overlay, Quantity, judged};
use crate::order;

/// The answers are cut into at most this many ages.
const AGES: usize = 2048;
/// Most ticks until all have been admitted, about; beyond, a tick gets longer.
const TICKS: f64 = 30_000.0;
/// No step is shorter than this, ms: time goes on also for coefficients of 0.
const SHORTEST_STEP_MS: f64 = 1e-3;
/// Arrivals with a larger squared variation are too bursty for a mean flow.
const BURSTY: f64 = 1.5;

/// How far the predicted 99th percentile may lie from the measured one, as a share of it.
const TTFT_BOUND: f64 = 0.25;

/// One instance's share of the arrivals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inflow {
    /// Requests per second.
    pub rate: f64,
    /// Requests in total.
    pub requests: f64,
}

/// What the fluid predicts, 99th percentiles in ms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prediction {
    /// Wait for a free slot.
    pub wait_p99_ms: f64,
    /// Time to first token.
    pub ttft_p99_ms: f64,
}

/// Lets the requests flow in, for answers of these lengths.
pub fn predict(calibration: &Calibration, inflow: Inflow, outputs: &[u32]) -> Prediction {
    let usable = inflow.rate > 0.0 && inflow.requests > 0.0 && !outputs.is_empty();
    if !usable {
        return Prediction::default();
    }
    let tokens = tokens_per_tick(calibration, inflow, outputs);
    let mut fluid = Fluid::new(calibration, inflow, survival(outputs, tokens), tokens);
    // Time goes on with every tick and all answers end, so slots get free and this comes to an end.
    while fluid.admitted < inflow.requests * (1.0 - 1e-9) {
        fluid.tick();
    }
    let alone_ms = calibration.i0_ms + calibration.decode_i1_ms + calibration.prefill_per_prompt_ms;
    let overhead_ms = (calibration.idle_ttft_ms - alone_ms).max(0.0);
    Prediction {
        wait_p99_ms: percentile(&mut fluid.waits, 0.99),
        ttft_p99_ms: percentile(&mut fluid.first_tokens, 0.99) + overhead_ms,
    }
}

/// Decode steps that are taken as one.
fn tokens_per_tick(calibration: &Calibration, inflow: Inflow, outputs: &[u32]) -> f64 {
    let longest = outputs.iter().copied().max().unwrap_or(1);
    let by_age = f64::from(longest) / AGES as f64;
    let arrivals_ms = 1000.0 * inflow.requests / inflow.rate;
    let steps_while_arriving = arrivals_ms / calibration.i0_ms.max(SHORTEST_STEP_MS);
    let steps_of_work = inflow.requests * calibration.mean_output / calibration.usable_slots().max(1.0);
    let steps_of_prefill =
        inflow.requests * calibration.mean_input / f64::from(calibration.step_tokens.max(1));
    let by_time = (steps_while_arriving + steps_of_work + steps_of_prefill) / TICKS;
    by_age.max(by_time).ceil().max(1.0)
}

/// Share of the answers that are longer than a number of ticks, for 0 ticks to the longest.
fn survival(outputs: &[u32], tokens: f64) -> Vec<f64> {
    let age = |output: u32| (f64::from(output) / tokens).ceil() as usize;
    let longest = outputs.iter().map(|&output| age(output)).max().unwrap_or(0);
    // One entry at least for age 0.
    let mut ending = vec![0.0; longest + 1];
    for &output in outputs {
        ending[age(output)] += 1.0 / outputs.len() as f64;
    }
    let longer = ending.iter().scan(1.0, |rest, share| {
        *rest -= share;
        Some(f64::max(*rest, 0.0))
    });
    longer.collect()
}

struct Fluid<'a> {
    calibration: &'a Calibration,
    inflow: Inflow,
    /// Share of answers longer than this number of ticks.
    survival: Vec<f64>,
    tokens: f64,
    time_ms: f64,
    admitted: f64,
    /// What each tick admitted, the latest last.
    cohorts: Vec<f64>,
    /// How long the last tick took.
    last_ms: f64,
    /// Wait for a slot in ms and the amount that waited so long.
    waits: Vec<(f64, f64)>,
    /// Wait for the first token, likewise.
    first_tokens: Vec<(f64, f64)>,
}

impl<'a> Fluid<'a> {
    fn new(calibration: &'a Calibration, inflow: Inflow, survival: Vec<f64>, tokens: f64) -> Self {
        Self {
            calibration,
            inflow,
            survival,
            tokens,
            time_ms: 0.0,
            admitted: 0.0,
            cohorts: Vec::new(),
            last_ms: 0.0,
            waits: Vec::new(),
            first_tokens: Vec::new(),
        }
    }

    /// Requests still running: each cohort's share that is longer than its age. The latest is one tick old.
    fn running(&self) -> f64 {
        self.cohorts.iter().rev().zip(&self.survival[1..]).map(|(cohort, alive)| cohort * alive).sum()
    }

    fn tick(&mut self) {
        let calibration = self.calibration;
        let running = self.running();
        let arrived = (self.time_ms / 1000.0 * self.inflow.rate).min(self.inflow.requests);
        let budget = (f64::from(calibration.step_tokens) - running).max(1.0);
        let by_budget = self.tokens * budget / calibration.mean_input;
        let by_slots = (calibration.usable_slots().max(1.0) - running).max(0.0);
        let entering = (arrived - self.admitted).max(0.0).min(by_budget).min(by_slots);
        let decoding_ms = calibration.i0_ms + calibration.decode_i1_ms * (running + entering);
        let reading_ms = entering * calibration.prefill_per_prompt_ms;
        let step_ms = (decoding_ms + reading_ms / self.tokens).max(SHORTEST_STEP_MS);
        if entering > 0.0 {
            let arrival_ms = 1000.0 * (self.admitted + entering / 2.0) / self.inflow.rate;
            // What arrives during a tick is let in at its end: half of it is not waiting but rounding.
            let wait_ms = (self.time_ms - arrival_ms - self.last_ms / 2.0).max(0.0);
            self.waits.push((wait_ms, entering));
            // A share of a prompt takes a step just as a whole one does.
            let own_step_ms = step_ms.max(decoding_ms + calibration.prefill_per_prompt_ms);
            self.first_tokens.push((wait_ms + 2.0 * own_step_ms, entering));
        }
        self.admitted += entering;
        self.cohorts.push(entering);
        self.last_ms = self.tokens * step_ms;
        self.time_ms += self.last_ms;
    }
}

/// The wait that this share of the fluid stays below.
fn percentile(waits: &mut Vec<(f64, f64)>, share: f64) -> f64 {
    order::sort_by(waits, |left, right| left.0.total_cmp(&right.0));
    let mut rest = share * waits.iter().map(|(_, amount)| amount).sum::<f64>();
    for &(wait, amount) in &*waits {
        rest -= amount;
        if rest <= 0.0 {
            return wait;
        }
    }
    waits.last().map_or(0.0, |&(wait, _)| wait)
}

/// Predicted tail latency.
pub fn overlay(ceilings: &Ceilings, calibration: &Calibration, run: &Conditions, outputs: &[u32]) -> Overlay {
    let inflow = Inflow { rate: run.rate_per_instance, requests: run.routed / run.instances };
    let load = run.rate_per_instance / ceilings.capacity();
    let Prediction { wait_p99_ms, ttft_p99_ms } = predict(calibration, inflow, outputs);
    let values = vec![
        Quantity::new("wait_p99_ms", wait_p99_ms, "ms"),
        Quantity::new("ttft_p99_ms", ttft_p99_ms, "ms").beside(run.ttft_p99_ms, Bound::share(TTFT_BOUND)),
    ];
    let variation = run.arrival_variation;
    judged(
        ("fluid", "Aged fluid"),
        values,
        [
            (run.rate_per_instance > 0.0, "there is no stream of arrivals".to_owned()),
            (run.open_loop, "users wait for their answers, so arrivals adapt to the capacity".to_owned()),
            (run.balanced, "the instances do not get equal shares of the requests".to_owned()),
            (run.timed_out == 0, format!("{} requests gave up waiting", run.timed_out)),
            (!run.kv_bound, "the KV cache was full, and evicted requests are computed again".to_owned()),
            (variation <= BURSTY, format!("arrivals are bursty (squared variation {variation:.1})")),
            far_from_capacity(load),
        ],
        if load > 1.0 {
            format!(
                "{load:.2} times the capacity arrives, steadily and evenly spread, so the mean flow decides"
            )
        } else {
            format!(
                "{load:.2} of the capacity arrives, steadily and evenly spread, so no request waits for a slot"
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration() -> Calibration {
        Calibration {
            i0_ms: 10.0,
            i1_ms: 0.0,
            decode_i1_ms: 0.0,
            prefill_per_prompt_ms: 0.0,
            prefill_ceiling: 1e9,
            idle_ttft_ms: 10.0,
            mean_input: 1.0,
            mean_output: 100.0,
            output_variation: 0.0,
            mean_context: 51.0,
            slots: 10,
            kv_tokens: 1e9,
            step_tokens: 1_000_000,
        }
    }

    #[test]
    fn below_capacity_nobody_waits_longer_than_two_steps() {
        // Ten slots of one second each serve 10/s; a step takes 10 ms.
        let inflow = Inflow { rate: 8.0, requests: 1000.0 };
        let prediction = predict(&calibration(), inflow, &[100]);
        assert!(prediction.wait_p99_ms < 1e-9, "{prediction:?}");
        assert!((prediction.ttft_p99_ms - 20.0).abs() < 1e-6, "{prediction:?}");
    }

    #[test]
    fn in_long_overload_the_wait_is_the_excess_over_the_capacity() {
        // At 20/s the queue grows by 10/s; after 100 s, 1000 wait for 100 s. p99 is 1% less.
        let inflow = Inflow { rate: 20.0, requests: 2000.0 };
        let wait = predict(&calibration(), inflow, &[100]).wait_p99_ms;
        assert!((wait / 99_000.0 - 1.0).abs() < 0.02, "{wait}");
    }

    #[test]
    fn free_slots_absorb_a_short_overload() {
        let inflow = Inflow { rate: 20.0, requests: 10.0 };
        assert!(predict(&calibration(), inflow, &[100]).wait_p99_ms < 10.0);
    }

    #[test]
    fn survival_is_the_share_of_longer_answers() {
        assert_eq!(survival(&[1, 2, 2, 4], 1.0), [1.0, 0.75, 0.25, 0.25, 0.0]);
    }
}

//! What no simulator of this kind can do without, however clever: per step one evaluation of the latency formula
//! on running sums; per request one pair of length draws and one ordered insert and removal.

use blis_playground::Config;
use blis_playground::latency::{LatencyModel, StepLoad, TrainedPhysics};
use blis_playground::record::{RequestRecords, RequestState};
use blis_playground::units::{InstanceIndex, Micros};
use blis_playground::workload::LengthSampler;
use blis_playground::workload::streams::stream;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

/// Requests of a step, about the mean batch of 12 × 100,000.
const BATCH: u64 = 220;

/// Requests in the ordered set: about as many are in the cluster at a time.
const IN_FLIGHT: usize = 3_000;

/// The floor of a run with this many steps and requests.
#[derive(Clone, Debug)]
pub struct Floor {
    latency: TrainedPhysics,
    lengths: LengthSampler,
    steps: u64,
    requests: u64,
}

impl Floor {
    /// For the model of the default settings.
    pub fn new(steps: u64, requests: u64) -> Self {
        let (_, latency) = super::trained_physics(&Config::default());
        Self { latency, lengths: LengthSampler::gaussian(512.0, 256.0, 2.0, 7000.0), steps, requests }
    }

    /// Does the work and returns a number that depends on all of it.
    pub fn run(&self) -> u64 {
        self.time_steps() ^ self.order_requests()
    }

    /// What the floor leaves out though no simulator can: what happened to the requests is written into fresh columns,
    /// each request's as it would be when it completes.
    pub fn write_columns(&self) -> RequestRecords {
        let rows = self.requests as usize;
        let mut records = RequestRecords::with_rows(rows);
        for row in 0..rows {
            let time = Micros(row as i64);
            records.state[row] = RequestState::Completed;
            records.instance[row] = InstanceIndex::from_index(row % 12);
            records.admitted_at[row] = time;
            records.routed_at[row] = time;
            records.enqueued_at[row] = time;
            records.first_scheduled_at[row] = time;
            records.last_scheduled_at[row] = time;
            records.ttft[row] = time;
            records.itl_sum[row] = time.0;
            records.itl_count[row] = 1;
            records.e2e[row] = time;
            records.ended_at[row] = time;
        }
        records
    }

    fn time_steps(&self) -> u64 {
        let (mut clock, mut context) = (0_u64, BATCH * 512);
        for _ in 0..self.steps {
            let load = StepLoad { prefills: &[], decodes: black_box(BATCH), context, others: 0 };
            let duration = self.latency.step_time(&load, |_| {});
            clock += duration.0 as u64;
            // Grows by a token per request and falls back, as the context of a batch does.
            context = if context > BATCH * 1024 { BATCH * 512 } else { context + BATCH };
        }
        clock
    }

    fn order_requests(&self) -> u64 {
        let (mut inputs, mut outputs) = (stream(42, "input"), stream(42, "output"));
        let mut ends = BinaryHeap::with_capacity(IN_FLIGHT + 1);
        let mut sum = 0_u64;
        for request in 0..self.requests {
            let (input, output) = (self.lengths.draw(&mut inputs), self.lengths.draw(&mut outputs));
            // Arrivals every 5 ms, some 30 ms per token of the answer: the order is as in a run.
            let end = 5_000 * request + 30_000 * u64::from(output);
            ends.push(Reverse((end, request as u32)));
            if ends.len() > IN_FLIGHT
                && let Some(Reverse((end, first))) = ends.pop()
            {
                sum = sum.wrapping_add(end ^ u64::from(first)) + u64::from(input);
            }
        }
        black_box(sum)
    }
}

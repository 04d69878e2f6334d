//! Arrivals of time-varying clients: a fixed number per window (workload chapter, W-7.3).

use super::{Streams, Talker, Variates};
use crate::error::ConfigError;
use crate::workload::conversations::{NO_ROUND, Planned, Start};
use crate::workload::sources::{Arrival, Source};
use crate::workload::workload_plan::{Arrivals, WindowPlan, WorkloadPlan};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Windows whose arrivals are being drawn, client by client and window by window.
#[derive(Debug, Default)]
pub(super) struct PerWindow {
    /// The source that comes next.
    source: usize,
    /// The gaps of its window so far, and the stream of the further ones.
    gaps: Vec<f64>,
    rng: Option<Xoshiro256PlusPlus>,
    /// Arrivals of its conversations that are still to come, the last one first, and what draws these.
    starts: Vec<Arrival>,
    talker: Option<Talker>,
    /// The conversations that have begun.
    pub planned: Planned,
}

impl PerWindow {
    /// Appends arrivals, window by window; at most `budget` gaps are drawn, which it uses up. Returns whether all are
    /// there.
    ///
    /// # Errors
    /// More rounds of conversations than may be planned.
    pub(super) fn advance(
        &mut self,
        plan: &WorkloadPlan,
        sources: &[Source],
        streams: Streams,
        rows: &mut Vec<Arrival>,
        budget: &mut u64,
    ) -> Result<bool, ConfigError> {
        while let Some(source) = sources.get(self.source) {
            let entry = &plan.entries[source.entry as usize];
            if let Arrivals::PerWindow(windows) = &entry.arrivals {
                let window = &windows[source.part as usize];
                if self.talker.is_none() {
                    let rng = self.rng.get_or_insert_with(|| streams.of_source(source, "arrivals"));
                    if !draw_gaps(window, rng, &mut self.gaps, budget) {
                        return Ok(false);
                    }
                    let scale = (window.end - window.start) as f64 / self.gaps.iter().sum::<f64>();
                    let to = if entry.conversations.is_some() { &mut self.starts } else { &mut *rows };
                    place(window, scale, &self.gaps, self.source as u32, to);
                    self.gaps.clear();
                    self.rng = None;
                    if let Some(conversations) = &entry.conversations {
                        self.starts.truncate(if conversations.is_single { 1 } else { usize::MAX });
                        self.starts.reverse();
                        self.talker = Some(streams.of_conversations(source));
                    }
                }
                if !self.talk(plan, source, budget)? {
                    return Ok(false);
                }
            }
            self.source += 1;
        }
        Ok(true)
    }

    /// Plans the conversations of a window; returns whether all are there.
    fn talk(&mut self, plan: &WorkloadPlan, source: &Source, budget: &mut u64) -> Result<bool, ConfigError> {
        let Some(talker) = &mut self.talker else { return Ok(true) };
        loop {
            if !self.planned.advance(plan, talker, budget)? {
                return Ok(false);
            }
            let Some(start) = self.starts.pop() else { break };
            let start =
                Start { entry: source.entry, source: start.source, part: source.part, at: start.time };
            self.planned.begin(start, talker);
        }
        self.talker = None;
        Ok(true)
    }
}

/// Draws the further gaps of a window; returns whether all are there.
fn draw_gaps(
    window: &WindowPlan,
    rng: &mut Xoshiro256PlusPlus,
    gaps: &mut Vec<f64>,
    budget: &mut u64,
) -> bool {
    let variates = Variates::get();
    let missing = window.gaps_to_draw - gaps.len() as u64;
    let now = missing.min(*budget);
    *budget -= now;
    gaps.extend((0..now).map(|_| window.interarrival.sampler.draw(variates, rng) as f64));
    now == missing
}

/// Turns stretched gaps into arrivals. The last gap would end exactly on the window's end, where an arrival
/// does not count, so the window has one request less than gaps.
fn place(window: &WindowPlan, scale: f64, gaps: &[f64], source: u32, rows: &mut Vec<Arrival>) {
    let Some((_, inner_gaps)) = gaps.split_last() else { return };
    let mut arrival = window.start;
    for gap in inner_gaps {
        arrival += (gap * scale) as i64;
        if arrival < window.end {
            rows.push(Arrival { time: arrival, source, planned: NO_ROUND });
        }
    }
}

//! Arrivals of time-varying clients: a fixed number per window (workload chapter, W-7.3).

use super::sources::{Arrival, Source, Streams};
use super::variates::Variates;
use super::workload_plan::{Arrivals, WindowPlan, WorkloadPlan};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The arrivals of all windows, client by client and window by window.
pub(super) fn arrivals(plan: &WorkloadPlan, sources: &[Source], streams: &Streams) -> Vec<Arrival> {
    let mut rows = Vec::new();
    let mut gaps = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        if let Arrivals::PerWindow(windows) = &plan.entries[source.entry as usize].arrivals {
            let window = &windows[source.part as usize];
            gaps.clear();
            draw_gaps(window, &mut streams.of_source(source, "arrivals"), &mut gaps);
            let scale = (window.end - window.start) as f64 / gaps.iter().sum::<f64>();
            place(window, scale, &gaps, index as u32, &mut rows);
        }
    }
    rows
}

/// Draws the gaps of a window.
fn draw_gaps(window: &WindowPlan, rng: &mut Xoshiro256PlusPlus, gaps: &mut Vec<f64>) {
    let variates = Variates::get();
    gaps.extend((0..window.gaps_to_draw).map(|_| window.interarrival.draw(variates, rng) as f64));
}

/// Turns stretched gaps into arrivals. The last gap would end exactly on the window's end, where an arrival
/// does not count, so the window has one request less than gaps.
fn place(window: &WindowPlan, scale: f64, gaps: &[f64], source: u32, rows: &mut Vec<Arrival>) {
    let Some((_, inner_gaps)) = gaps.split_last() else { return };
    let mut arrival = window.start;
    for gap in inner_gaps {
        arrival += (gap * scale) as i64;
        if arrival < window.end {
            rows.push(Arrival { arrival, source });
        }
    }
}

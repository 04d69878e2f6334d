//! The guide's excess: arrivals per instance minus what it serves, and the wait that follows from it.
//!
//! With e = lambda / k - mu, a queue grows by e per second, and a request that arrives at the end of the arrivals at T waits
//! for e T / mu. It takes for granted that an instance serves mu from the first second on.

use super::calibration::Calibration;
use super::ceilings::{Ceiling, Ceilings, beside_served, far_from_capacity};
use super::conditions::Conditions;
use super::{Bound, Overlay, Quantity, judged};

/// How far the predicted wait may lie from the measured one, as a share of it.
const WAIT_BOUND: f64 = 0.25;

/// A wait for the step under way and the one before is none for capacity.
fn wait_bound(calibration: &Calibration) -> Bound {
    Bound { share: WAIT_BOUND, slack: 2.0 * calibration.itl_ms(calibration.usable_slots()) }
}

/// The excess and its prediction.
pub fn overlay(ceilings: &Ceilings, calibration: &Calibration, run: &Conditions) -> Overlay {
    let capacity = ceilings.capacity();
    let excess = run.rate_per_instance - capacity;
    let wait_ms = 1000.0 * (excess * run.arrival_span_s / capacity).max(0.0);
    let values = vec![
        Quantity::new("rate_per_instance", run.rate_per_instance, "requests/s"),
        beside_served(Quantity::new("capacity", capacity, "requests/s"), run),
        Quantity::new("excess", excess, "requests/s"),
        Quantity::new("wait_at_end_ms", wait_ms, "ms").beside(run.last_wait_ms, wait_bound(calibration)),
    ];
    let filling_s = run.filling_s(calibration);
    let needed_s = filling_s + calibration.full_residence_s();
    let short = format!(
        "requests arrive for {:.1} s only: free slots absorb the first {filling_s:.1} s, and the first answers \
         take another {:.1} s, so the instances do not serve at their full rate yet",
        run.arrival_span_s,
        calibration.full_residence_s()
    );
    let overloaded = excess > 0.0;
    let holds = if overloaded {
        format!(
            "each instance gets {excess:.1} requests/s more than it can serve, and the slots filled long ago"
        )
    } else {
        format!("each instance could serve {:.1} requests/s more than arrive, so no queue builds up", -excess)
    };
    judged(
        ("excess", "Excess over capacity"),
        values,
        [
            (run.rate_per_instance > 0.0, "there is no stream of arrivals".to_owned()),
            (run.open_loop, "users wait for their answers, so arrivals adapt to the capacity".to_owned()),
            (run.balanced, "the instances do not get equal shares of the requests".to_owned()),
            (run.timed_out == 0, format!("{} requests gave up waiting", run.timed_out)),
            (
                !overloaded || ceilings.binding() != Ceiling::Prefill,
                "reading prompts (prefill) limits admission while slots are still free".to_owned(),
            ),
            (!overloaded || run.arrival_span_s >= needed_s, short),
            far_from_capacity(run.rate_per_instance / capacity),
            (overloaded || !run.growing, "a queue grew although the mean rate is below capacity".to_owned()),
        ],
        holds,
    )
}

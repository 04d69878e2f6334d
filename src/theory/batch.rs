//! How large the running batch becomes and how long the gap between tokens is then.
//!
//! b requests run, each for O itl(b); with a arrivals per second, b = a O itl(b), so
//! b* = a O i0 / (1 - a O i1) and ITL = i0 + i1 b*.

use super::calibration::Calibration;
use super::conditions::Conditions;
use super::{Bound, Overlay, Quantity, judged};

/// How far batch and gap may lie from what the run shows; its gaps are those of the whole run, while batches fill and empty,
/// too. Below one running request, chance decides.
const BATCH_BOUND: Bound = Bound { share: 0.2, slack: 1.0 };
/// How far the share of the slots in use may lie off: one in a hundred slots is nothing.
const OCCUPANCY_BOUND: Bound = Bound { share: 0.15, slack: 0.01 };

/// Running requests per instance at an arrival rate per second and instance; infinite at the asymptote.
pub fn batch_fixed_point(calibration: &Calibration, rate_per_instance: f64) -> f64 {
    let offered = rate_per_instance * calibration.mean_output / 1000.0;
    let rest = 1.0 - offered * calibration.i1_ms;
    if rest > 0.0 { offered * calibration.i0_ms / rest } else { f64::INFINITY }
}

/// Batch size and gap between tokens of a steady cluster.
pub fn fixed_point(calibration: &Calibration, run: &Conditions) -> Overlay {
    let batch = batch_fixed_point(calibration, run.rate_per_instance);
    let values = vec![
        Quantity::new("batch", batch, "requests").beside(run.running, BATCH_BOUND),
        Quantity::new("itl_ms", calibration.itl_ms(batch), "ms").beside(run.itl_ms, BATCH_BOUND),
    ];
    let slots = f64::from(calibration.slots);
    judged(
        ("batch", "Batch size at which arrivals and answers balance"),
        values,
        [
            (run.rate_per_instance > 0.0, "there is no stream of arrivals".to_owned()),
            (run.open_loop, "users wait for their answers, so the number of users sets the batch".to_owned()),
            (batch < slots, format!("the balance would need more than the {slots:.0} slots")),
            (
                batch < calibration.kv_slots() && !run.kv_bound,
                "the KV cache was full, so fewer requests ran than slots allow".to_owned(),
            ),
            (run.balanced, "the instances do not get equal shares of the requests".to_owned()),
            (run.stationary && !run.growing, unsteady(run)),
        ],
        format!(
            "arrivals and departures balance with {batch:.0} of {slots:.0} slots busy, and L = λW in the second \
             half of the arrivals"
        ),
    )
}

/// How full the slots and the KV cache are. "Busy" would be no measure: an instance with one request is busy.
pub fn occupancy(calibration: &Calibration, run: &Conditions) -> Overlay {
    let slots = f64::from(calibration.slots);
    let batch = batch_fixed_point(calibration, run.rate_per_instance);
    let values = vec![
        Quantity::new("slots", (batch / slots).min(1.0), "").beside(run.running / slots, OCCUPANCY_BOUND),
        Quantity::new("kv", (batch.min(slots) / calibration.kv_slots()).min(1.0), ""),
    ];
    let full = run.filled && batch >= slots;
    judged(
        ("occupancy", "Slots in use"),
        values,
        [
            (run.rate_per_instance > 0.0, "there is no stream of arrivals".to_owned()),
            (
                run.open_loop,
                "users wait for their answers, so the number of users sets the occupancy".to_owned(),
            ),
            (!run.kv_bound, "the KV cache was full before the slots were".to_owned()),
            (run.balanced, "the instances do not get equal shares of the requests".to_owned()),
            (full || (run.stationary && !run.growing), unsteady(run)),
        ],
        if full { "all slots are busy and stay so".to_owned() } else { "the load is steady".to_owned() },
    )
}

/// Why a run is not steady.
pub(super) fn unsteady(run: &Conditions) -> String {
    let expected = run.window_rate * run.time_in_system_s;
    if run.growing {
        "the cluster is overloaded: there is no steady state".to_owned()
    } else if run.in_system < expected {
        format!(
            "the cluster is still filling: {:.0} requests in the system, λW = {expected:.0}",
            run.in_system
        )
    } else {
        format!("the cluster is emptying: {:.0} requests in the system, λW = {expected:.0}", run.in_system)
    }
}

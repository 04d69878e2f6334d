//! Little's law L = lambda W, as a test of whether a run is steady.
//!
//! The second half of the arrivals is measured. L counts the requests in the system then, W is how long those that
//! arrive then stay (possibly far beyond), so the two agree only if the system is at the end as it was at the start.

use super::batch::unsteady;
use super::conditions::Conditions;
use super::{Bound, Overlay, Quantity, judged};

/// How far the two sides may lie apart; the check of steadiness is a little stricter.
const LITTLE_BOUND: f64 = 0.06;

/// Both sides of the law.
pub fn overlay(run: &Conditions) -> Overlay {
    let expected = run.window_rate * run.time_in_system_s;
    let values = vec![
        Quantity::new("lambda_w", expected, "requests").beside(run.in_system, Bound::share(LITTLE_BOUND)),
        Quantity::new("lambda", run.window_rate, "requests/s"),
        Quantity::new("w_s", run.time_in_system_s, "s"),
    ];
    judged(
        ("little", "Little's law: L = λW"),
        values,
        [
            (run.window_s > 0.0 && expected > 0.0, "no requests arrive over a span of time".to_owned()),
            (run.stationary && !run.growing, unsteady(run)),
        ],
        format!(
            "{:.0} requests are in the system on average and λW is {expected:.0}: the load is steady over {:.1} s",
            run.in_system, run.window_s
        ),
    )
}

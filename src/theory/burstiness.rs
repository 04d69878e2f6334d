//! How variable arrivals and answers are: the factor (ca² + cs²) / 2 of Kingman's formula.
//!
//! The formula itself is for one server; with hundreds of slots only the comparison is sound: burstiness is
//! invisible until a burst can fill the slots.

use super::calibration::Calibration;
use super::conditions::Conditions;
use super::{Overlay, Quantity, judged};

/// The two variations and their mean.
pub fn overlay(calibration: &Calibration, run: &Conditions) -> Overlay {
    let factor = f64::midpoint(run.arrival_variation, calibration.output_variation);
    let values = vec![
        Quantity::new("arrivals", run.arrival_variation, ""),
        Quantity::new("answers", calibration.output_variation, ""),
        Quantity::new("factor", factor, ""),
    ];
    let used = 100.0 * run.running / f64::from(calibration.slots);
    judged(
        ("burstiness", "Burstiness (Kingman's factor)"),
        values,
        [
            (run.routed > 2.0, "there are too few arrivals".to_owned()),
            (
                run.slots_reached,
                format!("with {used:.0}% of the slots in use, bursts still find free slots and do not wait"),
            ),
            (!run.growing, "the queue grows for lack of capacity, not because of bursts".to_owned()),
        ],
        format!("bursts fill all slots for a while, although {used:.0}% are in use on average"),
    )
}

//! The four limits of an instance's throughput.
//!
//! * slots: R / (O itl(R)), all slots busy;
//! * KV cache: the same with the requests that the cache has room for;
//! * prefill: prompts per second of an instance that does nothing else;
//! * asymptote: 1 / (O i1), no number of slots serves more.

use super::calibration::Calibration;
use super::conditions::Conditions;
use super::{Bound, Overlay, Quantity, judged};
use serde::Serialize;

const PER_SECOND: &str = "requests/s";
/// Prefix-cache hits above this share make prompts notably cheaper than measured. (Those of evicted requests, which
/// find their own blocks again, do not.)
const MANY_HITS: f64 = 0.05;

/// How far a capacity may lie from what full instances serve, as a share of that. Reading prompts beside decoding takes
/// longer than alone, and evicted requests are computed twice, so a ceiling is always a little optimistic.
const SERVED_BOUND: f64 = 0.2;

/// This close to capacity, chance decides and not the mean flow.
const NEAR_CAPACITY: f64 = 0.15;

/// The check that a prediction from the mean flow needs; `load` is the share of the capacity that arrives.
pub(super) fn far_from_capacity(load: f64) -> (bool, String) {
    let far = (load - 1.0).abs() >= NEAR_CAPACITY;
    (far, format!("the load is {load:.2} of the capacity: so close to 1, chance decides"))
}

/// The limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub enum Ceiling {
    /// The number of running requests.
    Slots,
    /// The memory for their tokens.
    Kv,
    /// Reading prompts.
    Prefill,
}

impl Ceiling {
    const fn words(self) -> &'static str {
        match self {
            Self::Slots => "the slots of the batch",
            Self::Kv => "the KV cache",
            Self::Prefill => "reading prompts (prefill)",
        }
    }
}

/// Requests per second of one instance at each limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Ceilings {
    /// With all slots busy.
    pub slots: f64,
    /// With the KV cache full.
    pub kv: f64,
    /// With prompts only.
    pub prefill: f64,
    /// With any number of slots; infinite if a running request costs nothing.
    pub asymptote: f64,
}

impl Ceilings {
    /// From measured constants.
    pub fn of(calibration: &Calibration) -> Self {
        let served =
            |running: f64| 1000.0 * running / (calibration.mean_output * calibration.itl_ms(running));
        Self {
            slots: served(f64::from(calibration.slots)),
            kv: served(calibration.kv_slots()),
            prefill: calibration.prefill_ceiling,
            asymptote: 1000.0 / (calibration.mean_output * calibration.i1_ms),
        }
    }

    /// The limit that is met first. The asymptote lies above the slots' limit and never is.
    pub fn binding(&self) -> Ceiling {
        if self.prefill < self.slots && self.prefill < self.kv {
            Ceiling::Prefill
        } else if self.kv < self.slots {
            Ceiling::Kv
        } else {
            Ceiling::Slots
        }
    }

    /// Requests per second that one instance can serve: the lowest limit.
    pub fn capacity(&self) -> f64 {
        self.slots.min(self.kv).min(self.prefill)
    }
}

/// A capacity beside what the instances served, if they served all they could: below capacity they serve what arrives.
pub(super) const fn beside_served(capacity: Quantity, run: &Conditions) -> Quantity {
    capacity.beside_if(run.saturated, run.served_per_instance, Bound::share(SERVED_BOUND))
}

/// The limits beside what each instance served in the second half of the arrivals.
pub fn overlay(ceilings: &Ceilings, run: &Conditions) -> Overlay {
    let capacity = ceilings.capacity();
    let values = vec![
        Quantity::new("slots", ceilings.slots, PER_SECOND),
        Quantity::new("kv", ceilings.kv, PER_SECOND),
        Quantity::new("prefill", ceilings.prefill, PER_SECOND),
        Quantity::new("asymptote", ceilings.asymptote, PER_SECOND),
        beside_served(Quantity::new("capacity", capacity, PER_SECOND), run),
    ];
    let hits = format!(
        "{:.0}% of the KV blocks come from the prefix cache, so prompts are cheaper than in the calibration",
        100.0 * run.cache_hits
    );
    let limit = ceilings.binding().words();
    let holds = format!(
        "lengths are those of the calibration; {limit} would bind first, at {capacity:.1} requests/s per \
         instance, and {:.1} arrive",
        run.rate_per_instance
    );
    judged(
        ("ceilings", "Four ceilings per instance"),
        values,
        [
            (run.routed > 0.0, "no request was routed".to_owned()),
            (run.preempted || run.cache_hits <= MANY_HITS, hits),
            (run.balanced, "the instances do not get equal shares of the requests".to_owned()),
        ],
        holds,
    )
}

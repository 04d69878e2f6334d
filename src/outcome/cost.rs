//! What a cluster costs, and what an answer token costs on it. Not in BLIS.

use crate::record::Rented;
use serde::Serialize;

const SECONDS_PER_HOUR: f64 = 3600.0;
const TOKENS: f64 = 1e6;

/// The cost of a run, at the price of `model.gpu_price` or, without one, the usual price of its GPU.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Cost {
    /// GPUs of all instances.
    pub gpus: u64,
    /// US dollars per GPU and hour.
    pub usd_per_gpu_hour: f64,
    /// US dollars per hour for all GPUs.
    pub usd_per_hour: f64,
    /// US dollars for the time in which this run gave a million tokens of completed answers; `null` without any.
    pub usd_per_million_tokens: Option<f64>,
}

impl Cost {
    /// The cost of GPUs that give this many output tokens of completed requests per second; none without a price.
    pub fn of(rented: Rented, tokens_per_sec: f64) -> Option<Self> {
        let Rented { gpus, usd_per_gpu_hour } = rented;
        let usd_per_gpu_hour = usd_per_gpu_hour?;
        let usd_per_hour = usd_per_gpu_hour * gpus as f64;
        let per_million = usd_per_hour / SECONDS_PER_HOUR / tokens_per_sec * TOKENS;
        let usd_per_million_tokens = (tokens_per_sec > 0.0).then_some(per_million);
        Some(Self { gpus, usd_per_gpu_hour, usd_per_hour, usd_per_million_tokens })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_gives_3_6_million_tokens_costs_its_price_for_them() {
        let rented = Rented { gpus: 4, usd_per_gpu_hour: Some(2.25) };
        let cost = Cost::of(rented, 1000.0).expect("there is a price");
        assert_eq!((cost.usd_per_hour, cost.usd_per_million_tokens), (9.0, Some(2.5)));
    }

    #[test]
    fn without_tokens_or_without_a_price_there_is_no_cost_of_a_token() {
        let free = Rented { gpus: 1, usd_per_gpu_hour: Some(0.0) };
        assert_eq!(Cost::of(free, 0.0).expect("a price of zero").usd_per_million_tokens, None);
        assert_eq!(Cost::of(free, 1.0).expect("a price of zero").usd_per_million_tokens, Some(0.0));
        assert_eq!(Cost::of(Rented { usd_per_gpu_hour: None, ..free }, 1.0), None);
    }
}

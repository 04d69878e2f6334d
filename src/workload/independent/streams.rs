//! Named random streams: one master seed, one generator per purpose (workload chapter, W-10).
//!
//! No purpose draws from the stream of another, so drawing more or fewer numbers for one purpose cannot shift
//! another. The names in use are `router` (routing ties) and, per client,
//! `client/<id>/<k>/<purpose>` where k counts earlier clients with the same id.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The name of the stream that breaks ties in routing.
pub const ROUTER: &str = "router";

/// The generator of the stream `name` under the master seed `seed`: xoshiro256++, its state expanded from the
/// 64-bit xxh3 hash of the name keyed with the seed.
pub fn stream(seed: i64, name: &str) -> Xoshiro256PlusPlus {
    let state = xxhash_rust::xxh3::xxh3_64_with_seed(name.as_bytes(), seed as u64);
    Xoshiro256PlusPlus::seed_from_u64(state)
}

/// A uniform integer in 0..n without bias (Lemire's multiplication with rejection); 0 if `n` is 0.
pub fn below(rng: &mut Xoshiro256PlusPlus, n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    // Products whose low half falls below 2^32 mod n would make some results more likely.
    let threshold = n.wrapping_neg() % n;
    loop {
        let product = (rng.next_u64() >> 32) * u64::from(n);
        if product as u32 >= threshold {
            return (product >> 32) as u32;
        }
    }
}

/// A uniform double in [0, 1): the upper 53 bits of one draw.
pub(in crate::workload) fn unit(rng: &mut Xoshiro256PlusPlus) -> f64 {
    const STEP: f64 = 1.0 / (1u64 << 53) as f64;
    (rng.next_u64() >> 11) as f64 * STEP
}

/// A uniform double in (0, 1], for logarithms and divisions.
pub fn positive_unit(rng: &mut Xoshiro256PlusPlus) -> f64 {
    1.0 - unit(rng)
}

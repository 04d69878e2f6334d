//! temp
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{SeedableRng, Rng};
pub fn stream(seed: i64, _n: &str) -> Xoshiro256PlusPlus { Xoshiro256PlusPlus::seed_from_u64(seed as u64) }
pub fn below(r: &mut Xoshiro256PlusPlus, n: u32) -> u32 { (r.next_u64() % u64::from(n)) as u32 }

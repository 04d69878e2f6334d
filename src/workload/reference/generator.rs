//! The generator of the reference: an additive lagged Fibonacci generator (random-streams chapter, N-2, N-4, N-5, N-15).

use super::additive::{ADDITIVE, WORDS};
use super::ziggurat::Ziggurats;
use rand::TryRng;
use std::convert::Infallible;
use std::sync::LazyLock;

/// The shorter lag: y(n) = y(n-607) + y(n-273).
pub(super) const LAG: usize = 273;

/// Token ids are below this.
const TOKEN_IDS: u64 = 128_000;

/// A 31-bit draw of at least 2^31 minus this is drawn again, for token ids would not be equally likely otherwise.
const TOKEN_ID_EXCESS: u64 = (1 << 31) % TOKEN_IDS;

/// Added to a raw value, it changes the top bit exactly if the value is one that is drawn again as a token id.
const REJECTING: u64 = TOKEN_ID_EXCESS << 32;

/// A stream of the reference. It has the interface of `rand`; what the reference makes of raw values is here and in the modules
/// beside it, for `rand` makes other numbers of them.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceStream {
    /// The latest values, oldest first; those from `at` on have not been given out.
    values: Box<[u64; WORDS]>,
    at: usize,
    /// Whether any of them is drawn again as a token id: 99.2 % of the blocks have none.
    has_rejectable: bool,
}

/// Modulus of the multiplicative generator that fills the state.
const LEHMER_MODULUS: u64 = (1 << 31) - 1;
const LEHMER_FACTOR: u64 = 48_271;
/// Its first results are discarded.
const LEHMER_DISCARDED: usize = 20;
/// Stands for a seed of 0.
const LEHMER_OF_ZERO: u64 = 89_482_311;

/// The results that a seed gives, three for each word of the state. The n-th one is the seed times the n-th power of the factor,
/// so that none waits for the one before it.
pub(super) fn lehmer_words(seed: i64) -> [[u64; 3]; WORDS] {
    static POWERS: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let powers = std::iter::successors(Some(LEHMER_FACTOR), |power| Some(lehmer(*power, LEHMER_FACTOR)));
        powers.skip(LEHMER_DISCARDED).take(3 * WORDS).collect()
    });
    let reduced = seed.rem_euclid(LEHMER_MODULUS as i64) as u64;
    let start = if reduced == 0 { LEHMER_OF_ZERO } else { reduced };
    let powers = &POWERS[..];
    std::array::from_fn(|word| std::array::from_fn(|part| lehmer(start, powers[3 * word + part])))
}

/// A product modulo 2^31 - 1; both factors are below it.
fn lehmer(a: u64, b: u64) -> u64 {
    let product = a * b;
    let folded = (product >> 31) + (product & LEHMER_MODULUS);
    if folded >= LEHMER_MODULUS { folded - LEHMER_MODULUS } else { folded }
}

impl ReferenceStream {
    /// The stream of a seed. Seeds that agree modulo 2^31 - 1 give the same one.
    pub fn new(seed: i64) -> Self {
        let mut values = Box::new([0; WORDS]);
        for (word, ([a, b, c], additive)) in lehmer_words(seed).into_iter().zip(ADDITIVE).enumerate() {
            // In time order the word 333 comes first, then 332 and so on.
            values[(333 + WORDS - word) % WORDS] = (a << 40) ^ (b << 20) ^ c ^ additive;
        }
        Self { values, at: WORDS, has_rejectable: false }
    }

    /// The stream of a name under a master seed (N-10).
    pub fn named(master: i64, name: &str) -> Self {
        Self::new(named_seed(master, name))
    }

    /// Replaces all values by the next ones.
    fn refill(&mut self) {
        let mut seen = 0;
        // In stretches of the shorter lag, so that no sum needs one of its own stretch.
        let (front, back) = self.values.split_at_mut(WORDS - LAG);
        add(&mut front[..LAG], back, &mut seen);
        let (first, rest) = self.values.split_at_mut(LAG);
        add(&mut rest[..LAG], first, &mut seen);
        let (first, last) = self.values.split_at_mut(2 * LAG);
        add(last, &first[LAG..][..WORDS - 2 * LAG], &mut seen);
        self.has_rejectable = seen >> 63 == 1;
        self.at = 0;
    }

    /// The next raw value.
    #[inline]
    pub fn raw(&mut self) -> u64 {
        if self.at == WORDS {
            self.refill();
        }
        let value = self.values[self.at];
        self.at += 1;
        value
    }

    /// An integer of 63 bits.
    #[inline]
    pub fn int63(&mut self) -> i64 {
        (self.raw() & (u64::MAX >> 1)) as i64
    }

    /// An integer of 32 bits.
    #[inline]
    pub fn uint32(&mut self) -> u32 {
        (self.int63() >> 31) as u32
    }

    /// An integer of 31 bits.
    #[inline]
    pub fn int31(&mut self) -> u32 {
        (self.int63() >> 32) as u32
    }

    /// A uniform integer in 0..n; 0 if `n` is 0. For a power of two it is the lowest bits of one draw.
    pub fn below(&mut self, n: u64) -> u64 {
        // Small bounds take draws of 31 bits, large ones of 63.
        let range: u64 = if n < 1 << 31 { 1 << 31 } else { 1 << 63 };
        let mut draw = || if n < 1 << 31 { u64::from(self.int31()) } else { self.int63() as u64 };
        if n == 0 {
            return 0;
        }
        if n.is_power_of_two() {
            return draw() & (n - 1);
        }
        let largest = range - 1 - range % n;
        loop {
            let drawn = draw();
            if drawn <= largest {
                return drawn % n;
            }
        }
    }

    /// A uniform double in [0, 1). Small ones have more bits than a fraction with 53 of them.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1u64 << 63) as f64;
        loop {
            // The conversion rounds to the nearest double, which may be 2^63.
            let unit = self.int63() as f64 * SCALE;
            if unit < 1.0 {
                return unit;
            }
        }
    }

    /// A draw from the normal distribution with mean 0 and standard deviation 1.
    pub fn normal(&mut self) -> f64 {
        Ziggurats::get().normal(self)
    }

    /// A draw from the exponential distribution with mean 1.
    pub fn exponential(&mut self) -> f64 {
        Ziggurats::get().exponential(self)
    }

    /// A token id.
    pub fn token_id(&mut self) -> u32 {
        self.below(TOKEN_IDS) as u32
    }

    /// Passes over token ids. What they are does not matter, but how many raw values they take does.
    pub fn skip_token_ids(&mut self, mut count: u64) {
        while count > 0 {
            if self.at == WORDS {
                self.refill();
            }
            let left = (WORDS - self.at) as u64;
            let passed = count.min(left) as usize;
            let rejected = if self.has_rejectable {
                let passed = &self.values[self.at..self.at + passed];
                passed.iter().filter(|value| rejection(**value) >> 63 == 1).count() as u64
            } else {
                0
            };
            self.at += passed;
            count -= passed as u64 - rejected;
        }
    }
}

/// Adds values to others, and notes in the top bit of `seen` whether a sum is drawn again as a token id.
#[inline]
fn add(to: &mut [u64], from: &[u64], seen: &mut u64) {
    let mut any = 0;
    for (to, from) in to.iter_mut().zip(from) {
        *to = to.wrapping_add(*from);
        any |= rejection(*to);
    }
    *seen |= any;
}

/// A word whose top bit tells whether the raw value is drawn again as a token id.
#[inline]
const fn rejection(value: u64) -> u64 {
    value ^ value.wrapping_add(REJECTING)
}

/// The seed of a name under a master seed: its 64-bit FNV-1a hash, exclusive or.
pub(super) fn named_seed(master: i64, name: &str) -> i64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = name.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    master ^ hash as i64
}

impl TryRng for ReferenceStream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.uint32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.raw())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.raw().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

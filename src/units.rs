//! Quantities with their own types, so that a time cannot be passed where an index is wanted.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A point or a span of simulated time in whole microseconds; 0 is the start of the simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Micros(pub i64);

impl Micros {
    /// The start of the simulation, or an empty span.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens: an unlimited horizon.
    pub const FOREVER: Self = Self(i64::MAX);
    /// Marks "did not happen" in result columns.
    pub const NEVER: Self = Self(i64::MIN);

    /// Whether this column entry holds a time (is not [`Micros::NEVER`]).
    pub const fn happened(self) -> bool {
        self.0 != i64::MIN
    }

    /// `Some(time)` unless it is [`Micros::NEVER`].
    pub const fn get(self) -> Option<i64> {
        if self.happened() { Some(self.0) } else { None }
    }

    /// Milliseconds as a double, the unit of printed figures.
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Seconds as a double.
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// Sums stay at [`Micros::FOREVER`] instead of overflowing: a model with absurd coefficients gives such spans.
impl Add for Micros {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Micros {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} µs", self.0)
    }
}

/// A number of tokens of one request or one step.
pub type Tokens = u32;

/// A number of KV-cache blocks of one instance.
pub type Blocks = u32;

/// The place of a request in the workload list (and in every result column).
#[cfg_attr(target_arch = "wasm32", tsify::declare)]
pub type RequestIndex = u32;

/// The number of an instance, from 0; printed as `instance_<i>`.
#[cfg_attr(target_arch = "wasm32", tsify::declare)]
pub type InstanceIndex = u32;

/// Truncates a model duration toward zero as in I-1 of the instance chapter: NaN and anything
/// from 2^63 on become the largest time.
pub fn truncate_to_micros(value: f64) -> Micros {
    // 2^63 is exactly representable; `as` saturates, and maps NaN to 0, which the first arm takes.
    if value.is_nan() { Micros::FOREVER } else { Micros(value as i64) }
}

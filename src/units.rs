//! Quantities with their own types, so that a time cannot be passed where an index is wanted.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A point or a span of simulated time in whole microseconds; 0 is the start of the simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
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

/// Defines a 32-bit row number that the compiler tells apart from every other number.
///
/// Vectors and slices can be indexed by it, so that a row needs no cast.
///
/// With `internal` before its name it stays inside the engine: it is no number in JSON and JavaScript.
macro_rules! index_type {
    ($(#[$meta:meta])* $name:ident) => {
        $crate::units::index_type! {
            $(#[$meta])*
            #[derive(Serialize, Deserialize)]
            #[serde(transparent)]
            internal $name
        }

        impl From<u32> for $name {
            fn from(number: u32) -> Self {
                Self(number)
            }
        }

        impl From<$name> for u32 {
            fn from(index: $name) -> Self {
                index.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
    ($(#[$meta:meta])* internal $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The index with this number.
            #[inline]
            pub const fn new(number: u32) -> Self {
                Self(number)
            }

            /// The index of a place in a vector; such places are far below 2^32.
            #[inline]
            pub const fn from_index(index: usize) -> Self {
                Self(index as u32)
            }

            /// The first `count` indices, in order.
            pub fn first(count: usize) -> impl ExactSizeIterator<Item = Self> + DoubleEndedIterator + Clone {
                (0..count as u32).map(Self)
            }

            /// The number.
            #[inline]
            pub const fn get(self) -> u32 {
                self.0
            }

            /// The place in a vector.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl<T> std::ops::Index<$name> for [T] {
            type Output = T;
            #[inline]
            fn index(&self, at: $name) -> &T {
                &self[at.index()]
            }
        }

        impl<T> std::ops::IndexMut<$name> for [T] {
            #[inline]
            fn index_mut(&mut self, at: $name) -> &mut T {
                &mut self[at.index()]
            }
        }

        impl<T> std::ops::Index<$name> for Vec<T> {
            type Output = T;
            #[inline]
            fn index(&self, at: $name) -> &T {
                &self[at.index()]
            }
        }

        impl<T> std::ops::IndexMut<$name> for Vec<T> {
            #[inline]
            fn index_mut(&mut self, at: $name) -> &mut T {
                &mut self[at.index()]
            }
        }
    };
}
pub(crate) use index_type;

index_type! {
    /// The place of a request in the workload list (and in every result column).
    #[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
    RequestIndex
}

index_type! {
    /// The place of a leg among what instances serve: a leg is one stay of a request at an instance.
    LegIndex
}

index_type! {
    /// The number of an instance, from 0; printed as `instance_<i>`.
    #[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
    InstanceIndex
}

impl InstanceIndex {
    /// Marks "no instance" in result columns.
    pub const NONE: Self = Self(u32::MAX);

    /// `Some(instance)` unless it is [`InstanceIndex::NONE`].
    #[inline]
    pub fn some(self) -> Option<Self> {
        self.is_some().then_some(self)
    }

    /// Whether this column entry holds an instance (is not [`InstanceIndex::NONE`]).
    #[inline]
    pub const fn is_some(self) -> bool {
        self.0 != u32::MAX
    }
}

/// Truncates a model duration toward zero as in I-1 of the instance chapter: NaN and anything
/// from 2^63 on become the largest time.
pub fn truncate_to_micros(value: f64) -> Micros {
    // 2^63 is exactly representable; `as` saturates, and maps NaN to 0, which the first arm takes.
    if value.is_nan() { Micros::FOREVER } else { Micros(value as i64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_leads_to_its_place_in_vectors_and_slices() {
        let mut column = vec!['a', 'b', 'c'];
        for (row, letter) in RequestIndex::first(column.len()).zip("abc".chars()) {
            assert_eq!((column[row], column.as_slice()[row]), (letter, letter));
        }
        column[RequestIndex::new(1)] = 'x';
        column.as_mut_slice()[RequestIndex::from_index(2)] = 'y';
        assert_eq!(column, ['a', 'x', 'y']);
    }

    #[test]
    fn an_index_is_a_plain_number_in_text_and_json() {
        let row = RequestIndex::new(7);
        assert_eq!((format!("{row:>3}"), row.get(), row.index()), ("  7".to_owned(), 7, 7));
        assert_eq!(serde_json::to_string(&row).expect("a number"), "7");
        assert_eq!(serde_json::from_str::<RequestIndex>("7").expect("an index"), row);
    }

    #[test]
    fn no_instance_is_none() {
        assert_eq!((InstanceIndex::NONE.is_some(), InstanceIndex::NONE.some()), (false, None));
        let first = InstanceIndex::new(0);
        assert_eq!((first.is_some(), first.some()), (true, Some(first)));
    }
}

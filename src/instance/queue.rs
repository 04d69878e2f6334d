//! The wait queue and its order (instance chapter, I-6).

use crate::config::SchedulerName;
use crate::units::LegIndex;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// What stands behind the id of a request in the id of one of its legs (disaggregation chapter, D-3). Of one request these are in
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Nothing: the request has one leg.
    None = 0,
    /// `_decode`.
    Decode = 1,
    /// `_prefill`.
    Prefill = 2,
}

impl Suffix {
    const fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Decode => "_decode",
            Self::Prefill => "_prefill",
        }
    }
}

/// A request's id as an ordering key: compared as text, byte by byte (`request_10` before `request_2`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdKey {
    digits: u128,
    text: Option<Box<str>>,
}

impl IdKey {
    /// The key of `request_<number>`: its decimal digits, left-aligned, and behind them what ends the number. The end of the id
    /// comes before a digit, the `_` of a suffix after all digits.
    pub fn numbered(number: u64, suffix: Suffix) -> Self {
        const WIDTH: u32 = 21;
        let mut length = 1;
        let mut rest = number / 10;
        while rest > 0 {
            rest /= 10;
            length += 1;
        }
        let mut divisor = 10_u64.pow(length - 1);
        let mut digits = 0_u128;
        for place in 0..WIDTH {
            let digit = if place < length {
                let digit = number / divisor % 10 + 1;
                divisor = (divisor / 10).max(1);
                digit
            } else if place == length && suffix != Suffix::None {
                11
            } else {
                0
            };
            digits = digits * 12 + u128::from(digit);
        }
        Self { digits: digits * 3 + suffix as u128, text: None }
    }

    /// The key of a follow-up where the other requests are numbered: `session_…` comes behind `request_…`.
    pub fn behind_numbered(id: &str, suffix: Suffix) -> Self {
        Self { digits: u128::MAX, ..Self::text(id, suffix) }
    }

    /// The key of any other id. Such keys must not be mixed with those of numbers in one run.
    pub fn text(id: &str, suffix: Suffix) -> Self {
        Self { digits: 0, text: Some([id, suffix.text()].concat().into()) }
    }
}

/// Position of a waiting request: smaller is served first. All parts are fixed while it waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// What the scheduler sorts by first.
    pub first: i64,
    /// Client arrival.
    pub arrival: i64,
    /// Last resort.
    pub id: IdKey,
    /// The request; never decides, since ids are unique.
    pub request: LegIndex,
}

/// Waiting requests. Cancelled ones stay inside until they reach the front; the caller knows which are alive.
#[derive(Clone, Debug)]
pub enum WaitQueue {
    /// Enqueue order, evicted requests at the front.
    Arrival(VecDeque<LegIndex>),
    /// Sorted by [`Rank`]. The reference sorts once per step before it reads the head, which is the same.
    Ranked(BinaryHeap<Reverse<Rank>>),
}

impl WaitQueue {
    /// An empty queue for a scheduler.
    pub fn new(scheduler: SchedulerName) -> Self {
        match scheduler {
            SchedulerName::Fcfs => Self::Arrival(VecDeque::new()),
            _ => Self::Ranked(BinaryHeap::new()),
        }
    }

    /// Adds a newcomer; `rank` is only computed if the order needs it.
    pub fn push_back(&mut self, request: LegIndex, rank: impl FnOnce() -> Rank) {
        match self {
            Self::Arrival(queue) => queue.push_back(request),
            Self::Ranked(queue) => queue.push(Reverse(rank())),
        }
    }

    /// Puts an evicted request back.
    pub fn push_front(&mut self, request: LegIndex, rank: impl FnOnce() -> Rank) {
        match self {
            Self::Arrival(queue) => queue.push_front(request),
            Self::Ranked(queue) => queue.push(Reverse(rank())),
        }
    }

    /// The next request for which `alive` holds; others before it are thrown away.
    pub fn head(&mut self, alive: impl Fn(LegIndex) -> bool) -> Option<LegIndex> {
        loop {
            let head = match self {
                Self::Arrival(queue) => queue.front().copied(),
                Self::Ranked(queue) => queue.peek().map(|Reverse(rank)| rank.request),
            }?;
            if alive(head) {
                return Some(head);
            }
            self.pop();
        }
    }

    /// Everything inside, cancelled requests too; in order only if [`WaitQueue::keeps_arrival_order`].
    pub fn requests(&self) -> Vec<LegIndex> {
        match self {
            Self::Arrival(queue) => queue.iter().copied().collect(),
            Self::Ranked(queue) => queue.iter().map(|Reverse(rank)| rank.request).collect(),
        }
    }

    /// Whether the queue is a plain one.
    pub const fn keeps_arrival_order(&self) -> bool {
        matches!(self, Self::Arrival(_))
    }

    /// Removes the head.
    pub fn pop(&mut self) {
        match self {
            Self::Arrival(queue) => {
                queue.pop_front();
            }
            Self::Ranked(queue) => {
                queue.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_ids_compare_as_text() {
        let numbers = [0_u64, 1, 2, 9, 10, 11, 19, 20, 99, 100, 101, 110, 1000, u64::MAX, u64::MAX / 10];
        let suffixes = [Suffix::None, Suffix::Decode, Suffix::Prefill];
        let legs: Vec<_> =
            numbers.iter().flat_map(|&number| suffixes.map(|suffix| (number, suffix))).collect();
        for &(a, of_a) in &legs {
            for &(b, of_b) in &legs {
                let (text, other) =
                    (format!("request_{a}{}", of_a.text()), format!("request_{b}{}", of_b.text()));
                let keys = IdKey::numbered(a, of_a).cmp(&IdKey::numbered(b, of_b));
                assert_eq!(keys, text.cmp(&other), "{text} against {other}");
            }
        }
    }
}

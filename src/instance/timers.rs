//! Deadlines of the requests that reached the wait queue (instance chapter, I-9).

use crate::units::{LegIndex, Micros};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    at: Micros,
    /// Order of scheduling decides between equal times. An instance schedules less often than there are indices.
    sequence: u32,
    request: LegIndex,
}

/// Timers by (time, order of scheduling). Deadlines usually come in ascending order, which a plain queue
/// keeps for nothing; the others go through a heap.
#[derive(Clone, Debug)]
pub struct Timers {
    ascending: VecDeque<Timer>,
    others: BinaryHeap<Reverse<Timer>>,
    sequence: u32,
    /// Time of the next one: read far more often than it changes.
    next: Micros,
}

impl Default for Timers {
    fn default() -> Self {
        Self { ascending: VecDeque::new(), others: BinaryHeap::new(), sequence: 0, next: Micros::FOREVER }
    }
}

impl Timers {
    /// Schedules a deadline.
    pub fn schedule(&mut self, at: Micros, request: LegIndex) {
        let timer = Timer { at, sequence: self.sequence, request };
        self.sequence += 1;
        if self.ascending.back().is_none_or(|last| last.at <= at) {
            self.ascending.push_back(timer);
        } else {
            self.others.push(Reverse(timer));
        }
        self.next = self.next.min(at);
    }

    /// Time of the next timer, whether or not its request is still there; [`Micros::FOREVER`] without any.
    pub const fn next(&self) -> Micros {
        self.next
    }

    /// Throws timers away as long as the next one is that of a request for which `gone` holds.
    pub fn drop_while(&mut self, gone: impl Fn(LegIndex) -> bool) {
        while let Some(timer) = self.peek()
            && gone(timer.request)
        {
            self.remove(timer);
        }
    }

    /// Takes the next timer out.
    pub fn pop(&mut self) -> Option<(Micros, LegIndex)> {
        let timer = self.peek()?;
        self.remove(timer);
        Some((timer.at, timer.request))
    }

    /// Removes the next one, which is `timer`.
    #[inline]
    fn remove(&mut self, timer: Timer) {
        if self.others.is_empty() || self.ascending.front() == Some(&timer) {
            self.ascending.pop_front();
        } else {
            self.others.pop();
        }
        self.next = self.peek().map_or(Micros::FOREVER, |timer| timer.at);
    }

    #[inline]
    fn peek(&self) -> Option<Timer> {
        let ascending = self.ascending.front().copied();
        if self.others.is_empty() {
            return ascending;
        }
        let other = self.others.peek().map(|&Reverse(timer)| timer);
        match (ascending, other) {
            (Some(ascending), Some(other)) => Some(ascending.min(other)),
            (ascending, other) => ascending.or(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_come_out_by_time_then_by_order_of_scheduling() {
        let mut timers = Timers::default();
        for (at, request) in [(50, 0), (70, 1), (50, 2), (60, 3), (70, 4), (10, 5)] {
            timers.schedule(Micros(at), LegIndex::new(request));
        }
        let order: Vec<_> =
            std::iter::from_fn(|| timers.pop()).map(|(at, request)| (at.0, request.get())).collect();
        assert_eq!(order, [(10, 5), (50, 0), (50, 2), (60, 3), (70, 1), (70, 4)]);
        assert_eq!(timers.next(), Micros::FOREVER);
    }
}

//! Times at which a client is active (workload chapter, W-7.2).

use crate::order;

/// Half-open spans [start, end), µs, sorted and disjoint; never empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Windows(Vec<(i64, i64)>);

impl Windows {
    /// Sorts and joins spans that touch or overlap; `None` if there are none.
    pub(super) fn new(mut spans: Vec<(i64, i64)>) -> Option<Self> {
        order::sort_by_key(&mut spans, |&span| span);
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
        for (start, end) in spans {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        (!joined.is_empty()).then_some(Self(joined))
    }

    /// The end of the last span: nothing happens from here on.
    pub(super) fn end(&self) -> i64 {
        self.0.last().map_or(0, |span| span.1)
    }

    /// Whether `time` lies in a span. `cursor` remembers the place between calls with rising times.
    pub(super) fn contains(&self, time: i64, cursor: &mut usize) -> bool {
        while self.0.get(*cursor).is_some_and(|span| span.1 <= time) {
            *cursor += 1;
        }
        self.0.get(*cursor).is_some_and(|span| span.0 <= time)
    }

    /// Whether some span of one starts before a span of the other ends, and the other way round.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(a), Some(b)) = (mine.peek(), theirs.peek()) {
            if spans_overlap(**a, **b) {
                return true;
            }
            if a.1 <= b.1 {
                mine.next();
            } else {
                theirs.next();
            }
        }
        false
    }

    /// The active time before `end`, µs.
    pub(super) fn covered_before(&self, end: i64) -> f64 {
        self.0.iter().map(|span| (span.1.min(end) - span.0).max(0) as f64).sum()
    }
}

/// Whether each span starts before the other ends.
pub(super) fn spans_overlap(a: (i64, i64), b: (i64, i64)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_windows_are_one_but_do_not_overlap_their_neighbour() {
        let phases = Windows::new(vec![(10, 20), (0, 10)]).expect("not empty");
        assert_eq!(phases.end(), 20);
        assert_eq!(phases.covered_before(15), 15.0);
        let later = Windows::new(vec![(20, 30)]).expect("not empty");
        assert!(!phases.overlaps(&later));
        assert!(phases.overlaps(&Windows::new(vec![(19, 30)]).expect("not empty")));
    }

    #[test]
    fn a_window_holds_its_start_but_not_its_end() {
        let windows = Windows::new(vec![(5, 7), (9, 10)]).expect("not empty");
        let mut cursor = 0;
        let active: Vec<i64> = (0..12).filter(|&t| windows.contains(t, &mut cursor)).collect();
        assert_eq!(active, [5, 6, 9]);
    }
}

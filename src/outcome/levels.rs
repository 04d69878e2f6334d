//! How many requests were in the system while requests arrived, window by window.

use super::Outcome;
use crate::record::RequestState;
use crate::units::{Micros, RequestIndex};

/// Windows into which the arrivals are cut.
pub const WINDOWS: usize = 16;

/// Means over equally long windows from the first arrival to the last, or to the end of a run that is cut before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    /// Start of the first window, s.
    pub start_s: f64,
    /// Length of all windows together, s.
    pub span_s: f64,
    /// Requests routed and not yet over.
    pub in_system: [f64; WINDOWS],
    /// Those of them that had not been scheduled yet.
    pub waiting: [f64; WINDOWS],
    /// Routed requests that arrived.
    pub arrivals: [u32; WINDOWS],
}

impl Levels {
    /// Measures a run; `None` if its arrivals span less than 1 µs per window.
    pub fn of(outcome: &Outcome) -> Option<Self> {
        let (first, last) = arrival_span(outcome)?;
        let length = (last - first) as f64 / WINDOWS as f64;
        if length < 1.0 {
            return None;
        }
        let mut in_system = Presence::new(first, length);
        let mut waiting = Presence::new(first, length);
        let mut arrivals = [0; WINDOWS];
        for row in outcome.rows() {
            let Some(stay) = Stay::of(outcome, row) else { continue };
            in_system.add(stay.from, stay.to);
            waiting.add(stay.from, stay.scheduled.min(stay.to));
            if (first..=last).contains(&stay.from) {
                arrivals[in_system.window(stay.from)] += 1;
            }
        }
        Some(Self {
            start_s: Micros(first).as_secs(),
            span_s: (last - first) as f64 / 1e6,
            in_system: in_system.means(),
            waiting: waiting.means(),
            arrivals,
        })
    }
}

/// From the first arrival to the last, or to the end of a run that was cut before; bursts beside them do not count.
fn arrival_span(outcome: &Outcome) -> Option<(i64, i64)> {
    let listed = outcome.rows().filter(|row| !outcome.burst.contains(&row.index()));
    let routed = listed.filter(|&row| outcome.has_arrived(row));
    let arrivals = routed.map(|row| outcome.requests.arrival[row].0);
    let (first, last) =
        arrivals.fold((i64::MAX, i64::MIN), |(first, last), at| (first.min(at), last.max(at)));
    (last > first).then_some((first, last))
}

/// When a routed request was in the system, µs.
struct Stay {
    from: i64,
    scheduled: i64,
    to: i64,
}

impl Stay {
    /// `None` for a request that was refused, dropped or not routed.
    fn of(outcome: &Outcome, row: RequestIndex) -> Option<Self> {
        let records = &outcome.records;
        if !records.enqueued_at[row].happened() || records.state[row] == RequestState::Dropped {
            return None;
        }
        let or_never = |time: Micros| time.get().unwrap_or(Micros::FOREVER.0);
        Some(Self {
            from: outcome.requests.arrival[row].0,
            scheduled: or_never(records.first_scheduled_at[row]),
            to: or_never(records.ended_at[row]),
        })
    }
}

/// Adds stays up window by window, in constant time per stay.
struct Presence {
    first: i64,
    length: f64,
    /// Time spent in windows that a stay begins or ends in, µs.
    partly: [f64; WINDOWS],
    /// Stays that last through this and all later windows, as differences.
    through: [i64; WINDOWS + 1],
}

impl Presence {
    fn new(first: i64, length: f64) -> Self {
        Self { first, length, partly: [0.0; WINDOWS], through: [0; WINDOWS + 1] }
    }

    /// The window in which a time lies; the last one for later times.
    fn window(&self, time: i64) -> usize {
        (((time - self.first) as f64 / self.length) as usize).min(WINDOWS - 1)
    }

    fn add(&mut self, from: i64, to: i64) {
        let end = self.length * WINDOWS as f64;
        let (start, stop) = (((from - self.first) as f64).max(0.0), ((to - self.first) as f64).min(end));
        if stop <= start {
            return;
        }
        let (begin, last) = (self.window(from.max(self.first)), self.window(to));
        if begin == last {
            self.partly[begin] += stop - start;
            return;
        }
        self.partly[begin] += (begin + 1) as f64 * self.length - start;
        self.partly[last] += stop - last as f64 * self.length;
        self.through[begin + 1] += 1;
        self.through[last] -= 1;
    }

    fn means(&self) -> [f64; WINDOWS] {
        let mut means = [0.0; WINDOWS];
        let mut through = 0;
        for (window, mean) in means.iter_mut().enumerate() {
            through += self.through[window];
            *mean = through as f64 + self.partly[window] / self.length;
        }
        means
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{RowBuilder, outcome};
    use super::*;

    /// 1,601 requests, one per ms, each in the system for 50 ms, 10 of which it waits.
    fn even() -> Levels {
        let row = |number: i64| {
            let arrival = number * 1000;
            let times = (Some(arrival + 10_000), Some(arrival + 50_000));
            RowBuilder { scheduled: times.0, ended: times.1, ..RowBuilder::completed(arrival, 10, &[]) }
        };
        let rows: Vec<RowBuilder> = (0..=1600).map(row).collect();
        Levels::of(&outcome(1, &rows)).expect("arrivals over 1.6 s")
    }

    #[test]
    fn an_even_flow_has_even_levels_after_the_first_window() {
        let levels = even();
        assert_eq!((levels.start_s, levels.span_s), (0.0, 1.6));
        assert!(levels.in_system[1..].iter().all(|level| (level - 50.0).abs() < 1.0), "{levels:?}");
        assert!(levels.waiting[1..].iter().all(|level| (level - 10.0).abs() < 1.0), "{levels:?}");
        // The first 50 ms fill up: 25 on average for half of the first 100 ms.
        assert!((levels.in_system[0] - 37.5).abs() < 1.0);
        assert_eq!(levels.arrivals[..15], [100; 15]);
    }

    #[test]
    fn what_never_ends_stays_to_the_last_window() {
        let rows: Vec<RowBuilder> =
            (0..=160).map(|number| RowBuilder::queued(number * 1000, number * 1000)).collect();
        let levels = Levels::of(&outcome(1, &rows)).expect("arrivals over 160 ms");
        assert!((levels.waiting[15] - 155.5).abs() < 1.0, "{levels:?}");
        assert_eq!(levels.waiting, levels.in_system);
    }

    #[test]
    fn arrivals_at_one_time_have_no_windows() {
        assert_eq!(Levels::of(&outcome(1, &vec![RowBuilder::queued(5, 5); 100])), None);
        assert_eq!(Levels::of(&outcome(1, &[])), None);
    }
}

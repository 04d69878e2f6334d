//! Whether the queue was still growing when arrivals stopped: then the tail latencies are a property of the
//! length of the run and not of the cluster.

use super::Outcome;
use super::records::RequestState;
use crate::units::{Micros, RequestIndex};

/// Windows per quarter of the arrival span.
const WINDOWS: usize = 4;
/// Windows in the three later quarters, which are looked at; the first is warm-up.
const WATCHED: usize = 3 * WINDOWS;
/// The last quarter must exceed both earlier ones by this factor; steady growth from nothing gives 1.4.
const GROWTH_FACTOR: f64 = 1.2;
/// ... and the one before by this many standard errors.
const STANDARD_ERRORS: f64 = 2.0;

/// Whether the number of waiting requests was still growing as the last request arrived.
///
/// The span from first to last arrival is cut into quarters. For each of the last three, the mean number of
/// requests in wait queues (from their entry to their first scheduling, or to their timeout) is taken in four
/// windows. The queue was growing if in the last quarter
/// * more than one request per instance waited on average,
/// * at least 1.2 times as many waited as in either quarter before, and
/// * the rise over the quarter before exceeds two standard errors, the noise being estimated from the
///   differences of successive windows (which a steady rise inflates little).
pub fn queue_growing(outcome: &Outcome) -> bool {
    let Some(windows) = mean_waiting(outcome) else {
        return false;
    };
    let quarter = |number: usize| mean(&windows[number * WINDOWS..(number + 1) * WINDOWS]);
    let (second, third, last) = (quarter(0), quarter(1), quarter(2));
    last > outcome.instances.len() as f64
        && last >= GROWTH_FACTOR * second.max(third)
        && last - third > STANDARD_ERRORS * standard_error(&windows[WINDOWS..])
}

/// Mean number of waiting requests in each watched window; `None` if arrivals span less than 16 µs.
fn mean_waiting(outcome: &Outcome) -> Option<[f64; WATCHED]> {
    let arrived = outcome.rows().filter(|&row| outcome.has_arrived(row));
    let arrivals = arrived.map(|row| outcome.requests.arrival[row as usize].0);
    let (first, last) =
        arrivals.fold((i64::MAX, i64::MIN), |(first, last), at| (first.min(at), last.max(at)));
    let all_windows = (4 * WINDOWS) as i128;
    let span = i128::from(last) - i128::from(first);
    if span < all_windows {
        return None;
    }
    let mut bounds = [0i64; WATCHED + 1];
    for (number, bound) in bounds.iter_mut().enumerate() {
        // Between first and last, so it fits.
        *bound = (i128::from(first) + span * (WINDOWS + number) as i128 / all_windows) as i64;
    }
    let waited = waiting_time_before(outcome, &bounds);
    let mut means = [0.0; WATCHED];
    for (number, mean) in means.iter_mut().enumerate() {
        let length = bounds[number + 1] - bounds[number];
        *mean = (waited[number + 1] - waited[number]) as f64 / length as f64;
    }
    Some(means)
}

/// The waiting time of all requests together up to each of these times.
fn waiting_time_before(outcome: &Outcome, bounds: &[i64; WATCHED + 1]) -> [i128; WATCHED + 1] {
    let mut waited = [0i128; WATCHED + 1];
    for row in outcome.rows() {
        let Some((from, to)) = waiting_interval(outcome, row).filter(|(from, to)| to > from) else {
            continue;
        };
        for (total, &bound) in waited.iter_mut().zip(bounds) {
            *total += i128::from((to.min(bound) - from).max(0));
        }
    }
    waited
}

/// When a request entered the queue and when it first left it; a later stay after a preemption does not count.
fn waiting_interval(outcome: &Outcome, row: RequestIndex) -> Option<(i64, i64)> {
    let (records, row) = (&outcome.records, row as usize);
    let from = records.enqueued_at[row].get()?;
    let timed_out =
        if records.state[row] == RequestState::TimedOut { records.ended_at[row].get() } else { None };
    let to = records.first_scheduled_at[row].get().or(timed_out).unwrap_or(Micros::FOREVER.0);
    Some((from, to))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard error of the difference between the means of the two halves, from successive differences.
fn standard_error(windows: &[f64]) -> f64 {
    let squares: f64 = windows.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
    let variance = squares / (2.0 * (windows.len() - 1) as f64);
    (variance * 2.0 / WINDOWS as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Row, outcome};
    use super::*;

    /// One request per ms for a second, each waiting as long as the function of its number says, in µs.
    fn growing(instances: usize, wait: impl Fn(i64) -> i64) -> bool {
        let rows: Vec<Row> = (0..1000)
            .map(|number| {
                let arrival = number * 1000;
                Row { scheduled: Some(arrival + wait(number)), ..Row::completed(arrival, 10, &[]) }
            })
            .collect();
        queue_growing(&outcome(instances, &rows))
    }

    #[test]
    fn a_steadily_growing_wait_is_growth() {
        assert!(growing(4, |number| number * 100));
    }

    #[test]
    fn growth_that_begins_late_is_growth() {
        assert!(growing(4, |number| (number - 850).max(0) * 1000));
    }

    #[test]
    fn no_wait_is_no_growth() {
        assert!(!growing(1, |_| 0));
    }

    #[test]
    fn a_constant_backlog_is_no_growth() {
        assert!(!growing(1, |_| 50_000));
    }

    #[test]
    fn a_backlog_that_has_levelled_off_is_no_growth() {
        assert!(!growing(1, |number| number.min(400) * 100));
    }

    #[test]
    fn less_than_one_waiting_request_per_instance_is_no_growth() {
        // At the end 10 requests wait.
        assert!(growing(4, |number| number * 10));
        assert!(!growing(12, |number| number * 10));
    }

    #[test]
    fn a_queue_that_comes_and_goes_is_no_growth() {
        assert!(!growing(1, |number| if number / 50 % 2 == 1 { 40_000 } else { 0 }));
    }

    #[test]
    fn one_burst_at_the_end_among_equal_ones_is_no_growth() {
        assert!(!growing(1, |number| if number % 250 >= 230 { 20_000 } else { 0 }));
    }

    #[test]
    fn requests_never_scheduled_wait_to_the_end() {
        let rows: Vec<Row> = (0..1000).map(|number| Row::queued(number * 1000, number * 1000)).collect();
        assert!(queue_growing(&outcome(4, &rows)));
    }

    #[test]
    fn timeouts_that_bound_the_queue_end_its_growth() {
        let rows: Vec<Row> = (0..1000)
            .map(|number| {
                let ended = Some(number * 1000 + 100_000);
                Row { state: RequestState::TimedOut, ended, ..Row::queued(number * 1000, number * 1000) }
            })
            .collect();
        assert!(!queue_growing(&outcome(4, &rows)));
    }

    #[test]
    fn simultaneous_arrivals_and_empty_runs_have_no_growth() {
        assert!(!queue_growing(&outcome(1, &[])));
        assert!(!queue_growing(&outcome(1, &vec![Row::queued(5, 5); 100])));
    }
}

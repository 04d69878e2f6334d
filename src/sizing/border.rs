//! Which cluster or rate to try next: a decision over all that is known, made again each time.
//!
//! Halving takes for granted that where more instances are enough, still more are. Simulations do not promise that, so
//! the neighbours of an answer are tried, and what contradicts it is named.

/// What is known of a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Known<At> {
    pub at: At,
    /// Whether it holds with the seeds that were run.
    pub passes: bool,
    /// Whether all seeds were run, or one was enough to fail.
    pub certain: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next<At> {
    /// Try this one, with one seed or with all.
    Try { at: At, all_seeds: bool },
    /// This is the answer.
    Found(At),
    /// There is none within the bounds.
    Nothing,
}

/// Searches for the smallest count that passes, from a first guess.
pub(super) fn next_count(known: &[Known<u32>], guess: u32, max: u32) -> Next<u32> {
    let find = |at: u32| known.iter().find(|known| known.at == at);
    // What fails above a passing count counts as failing from below.
    let failed = known.iter().filter(|known| !known.passes).map(|known| known.at).max().unwrap_or(0);
    let passed = known.iter().filter(|known| known.passes && known.at > failed).map(|known| known.at).min();
    let Some(passed) = passed else {
        return match failed {
            0 => Next::Try { at: guess.clamp(1, max), all_seeds: false },
            _ if failed >= max => Next::Nothing,
            // One more, two more, four more ...
            _ => {
                let tried = known.iter().filter(|known| known.at >= guess.min(failed)).count() as u32;
                let step = 1u32 << tried.saturating_sub(1).min(16);
                Next::Try { at: failed.saturating_add(step).min(max), all_seeds: false }
            }
        };
    };
    if passed - failed > 1 {
        // The guess is good: what it is one off from is tried before halves.
        let near = passed == guess && failed == 0;
        let at = if near { passed - 1 } else { u32::midpoint(passed, failed) };
        return Next::Try { at, all_seeds: false };
    }
    if !find(passed).is_some_and(|known| known.certain) {
        return Next::Try { at: passed, all_seeds: true };
    }
    if passed < max && find(passed + 1).is_none() {
        return Next::Try { at: passed + 1, all_seeds: false };
    }
    Next::Found(passed)
}

/// How close the two sides of the highest passing rate are, as a ratio.
const PRECISION: f64 = 1.02;
/// Rates this far from the guess are given up, as a ratio.
const WIDEST: f64 = 4096.0;
/// Shares of the highest passing rate at which it has to pass as well.
const BELOW: [f64; 2] = [0.9, 0.7];

/// Searches for the highest rate that passes, to within 2%, from a first guess.
pub(super) fn next_rate(known: &[Known<f64>], guess: f64) -> Next<f64> {
    let failed =
        known.iter().filter(|known| !known.passes).map(|known| known.at).fold(f64::INFINITY, f64::min);
    let passing = known.iter().filter(|known| known.passes && known.at < failed);
    let passed = passing.map(|known| known.at).fold(0.0, f64::max);
    let one = |at: f64| Next::Try { at: rounded(at), all_seeds: false };
    if known.is_empty() {
        return one(guess);
    }
    let step = libm::pow(1.03, f64::from(1u32 << known.len().min(12)));
    if passed == 0.0 {
        return if failed < guess / WIDEST { Next::Nothing } else { one(failed / step) };
    }
    if failed.is_infinite() && passed < guess * WIDEST {
        return one(passed * step);
    }
    if failed / passed > PRECISION {
        let middle = rounded((passed * failed).sqrt());
        if middle > passed && middle < failed {
            return one(middle);
        }
    }
    let find = |at: f64| known.iter().find(|known| known.at == at);
    if !find(passed).is_some_and(|known| known.certain) {
        return Next::Try { at: passed, all_seeds: true };
    }
    let below = BELOW.iter().map(|share| rounded(passed * share)).find(|&at| find(at).is_none());
    below.map_or(Next::Found(passed), one)
}

/// Three digits and a half: the steps are finer than the precision.
fn rounded(rate: f64) -> f64 {
    let digit = libm::pow(10.0, libm::log10(rate).floor() - 2.0) / 2.0;
    let steps = (rate / digit).round();
    // Dividing by a whole number keeps 17.05 from becoming 17.050000000000001.
    if digit < 1.0 { steps / (1.0 / digit).round() } else { steps * digit }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows a search with a rule instead of runs; gives the answer and how many values were tried.
    fn follow<T: Copy + PartialEq>(
        next: impl Fn(&[Known<T>]) -> Next<T>,
        holds: impl Fn(T) -> bool,
    ) -> (Next<T>, usize) {
        let mut known: Vec<Known<T>> = Vec::new();
        for _ in 0..200 {
            match next(&known) {
                Next::Try { at, all_seeds } => {
                    known.retain(|known| known.at != at);
                    known.push(Known { at, passes: holds(at), certain: all_seeds || !holds(at) });
                }
                end => return (end, known.len()),
            }
        }
        panic!("the search does not end");
    }

    fn count(holds: impl Fn(u32) -> bool, guess: u32, max: u32) -> (Next<u32>, usize) {
        follow(|known| next_count(known, guess, max), holds)
    }

    #[test]
    fn every_border_is_found_from_every_guess() {
        for border in 1..=64 {
            for guess in 1..=64 {
                assert_eq!(count(|at| at >= border, guess, 64).0, Next::Found(border), "from {guess}");
            }
        }
    }

    #[test]
    fn a_good_guess_needs_three_counts() {
        assert_eq!(count(|at| at >= 12, 12, 256), (Next::Found(12), 3));
        assert!(count(|at| at >= 12, 11, 256).1 <= 4);
    }

    #[test]
    fn where_nothing_holds_nothing_is_found() {
        let (end, tried) = count(|_| false, 3, 256);
        assert_eq!(end, Next::Nothing);
        assert!(tried < 12, "{tried}");
    }

    #[test]
    fn a_count_that_fails_above_one_that_holds_is_not_believed() {
        assert_eq!(count(|at| at >= 7 && at != 8, 7, 64).0, Next::Found(9));
    }

    fn rate(holds: impl Fn(f64) -> bool, guess: f64) -> (Next<f64>, usize) {
        follow(|known| next_rate(known, guess), holds)
    }

    #[test]
    fn the_highest_rate_is_found_to_two_percent() {
        for border in [0.0371, 0.5, 3.3, 68.9, 70.0, 1234.5] {
            for guess in [1.0, 66.0, 800.0] {
                let (Next::Found(found), _) = rate(|at| at <= border, guess) else {
                    panic!("{border} was not found from {guess}")
                };
                assert!(found <= border && found * 1.021 >= border, "{found} of {border} from {guess}");
            }
        }
        assert!(rate(|at| at <= 68.9, 66.7).1 <= 8);
    }

    #[test]
    fn a_lower_rate_that_fails_bounds_the_answer() {
        let (Next::Found(found), _) = rate(|at| at <= 100.0 && !(88.0..=92.0).contains(&at), 99.0) else {
            panic!("there is one")
        };
        assert!(found < 88.0, "{found}");
    }

    #[test]
    fn rates_without_end_and_without_beginning_end_the_search() {
        assert!(matches!(rate(|_| true, 10.0).0, Next::Found(at) if at >= 40_000.0));
        assert_eq!(rate(|_| false, 10.0).0, Next::Nothing);
    }

    #[test]
    fn rates_have_few_digits() {
        let cases =
            [(17.0512, 17.05), (68.94, 68.95), (1234.6, 1235.0), (0.043_21, 0.0432), (12_345.0, 12_350.0)];
        for (exact, short) in cases {
            assert_eq!(rounded(exact), short);
        }
    }
}

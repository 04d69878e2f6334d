//! Counting pairs in which the earlier request took more than twice as long (metrics chapter, M-6).

/// The number of pairs `i < j` with `durations[i] > 2 * durations[j]`, in O(n log n): halves are counted
/// and sorted by themselves, then one walk over both counts the pairs between them.
pub fn count_double_inversions(durations: &[i64]) -> u64 {
    let mut sorted = durations.to_vec();
    let mut spare = vec![0; durations.len()];
    count_and_sort(&mut sorted, &mut spare)
}

fn count_and_sort(values: &mut [i64], spare: &mut [i64]) -> u64 {
    let middle = values.len() / 2;
    if middle == 0 {
        return 0;
    }
    let (left, right) = values.split_at_mut(middle);
    let within = count_and_sort(left, &mut spare[..middle]) + count_and_sort(right, &mut spare[middle..]);
    let between = count_between(left, right);
    merge(left, right, spare);
    values.copy_from_slice(spare);
    within + between
}

/// Pairs of an earlier and a later value, both sides ascending.
fn count_between(earlier: &[i64], later: &[i64]) -> u64 {
    let mut exceeded = 0;
    let mut pairs = 0;
    for &duration in earlier {
        while later.get(exceeded).is_some_and(|&other| i128::from(duration) > 2 * i128::from(other)) {
            exceeded += 1;
        }
        pairs += exceeded as u64;
    }
    pairs
}

fn merge(left: &[i64], right: &[i64], merged: &mut [i64]) {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    for place in merged {
        let from_left = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => a <= b,
            (first, _) => first.is_some(),
        };
        let next = if from_left { left.next() } else { right.next() };
        *place = *next.expect("the halves together are as long as the merged slice");
    }
}

// proptest does not run in a browser; the figures there are checked by their digests.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn exactly_twice_is_no_inversion() {
        assert_eq!(count_double_inversions(&[20, 10]), 0);
        assert_eq!(count_double_inversions(&[21, 10]), 1);
    }

    #[test]
    fn a_later_longer_request_is_no_inversion() {
        assert_eq!(count_double_inversions(&[10, 100]), 0);
    }

    #[test]
    fn the_longest_times_do_not_overflow() {
        assert_eq!(count_double_inversions(&[i64::MAX, i64::MAX, 1]), 2);
    }

    proptest! {
        #[test]
        fn agrees_with_looking_at_every_pair(durations in proptest::collection::vec(0i64..50, 0..80)) {
            let mut pairs = 0;
            for (i, earlier) in durations.iter().enumerate() {
                pairs += durations[i + 1..].iter().filter(|later| *earlier > 2 * **later).count() as u64;
            }
            prop_assert_eq!(count_double_inversions(&durations), pairs);
        }
    }
}

//! Sorting many times of a narrow range: summaries of long runs are computed hundreds of times.

/// Below this length a comparison sort is as fast.
const RADIX_FROM: usize = 1024;
/// Bits of one digit: three passes cover 32 bits, and the counters stay in the first-level cache.
const DIGIT_BITS: u32 = 11;
const BUCKETS: usize = 1 << DIGIT_BITS;

/// The values in ascending order.
pub(super) fn ascending(mut values: Vec<i64>) -> Vec<i64> {
    let (Some(&smallest), Some(&largest)) = (values.iter().min(), values.iter().max()) else {
        return values;
    };
    match u32::try_from(largest.abs_diff(smallest)) {
        Ok(range) if values.len() >= RADIX_FROM => sort_by_digits(&mut values, smallest, range),
        _ => values.sort_unstable(),
    }
    values
}

/// Sorts by the distance from the smallest value, lowest digit first.
fn sort_by_digits(values: &mut [i64], smallest: i64, range: u32) {
    let mut keys: Vec<u32> = values.iter().map(|value| value.abs_diff(smallest) as u32).collect();
    let mut spare = vec![0; keys.len()];
    let mut shift = 0;
    while shift < u32::BITS && range >> shift > 0 {
        distribute(&keys, &mut spare, shift);
        std::mem::swap(&mut keys, &mut spare);
        shift += DIGIT_BITS;
    }
    for (value, key) in values.iter_mut().zip(keys) {
        *value = smallest + i64::from(key);
    }
}

/// One stable pass: copies `keys` ordered by the digit at `shift`.
fn distribute(keys: &[u32], ordered: &mut [u32], shift: u32) {
    let digit = |key: u32| (key >> shift) as usize & (BUCKETS - 1);
    let mut places = [0usize; BUCKETS];
    for &key in keys {
        places[digit(key)] += 1;
    }
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    for &key in keys {
        let place = &mut places[digit(key)];
        ordered[*place] = key;
        *place += 1;
    }
}

// proptest does not run in a browser; the figures there are checked by their digests.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_standard_sort(
            values in proptest::collection::vec(any::<i64>(), 0..3000),
            bits in 1u32..=64,
            offset in -1_000_000i64..1_000_000,
        ) {
            // Every width of range, so that one, two, three passes and the fallback all occur.
            let narrow: Vec<i64> =
                values.iter().map(|value| (((*value as u64) >> (64 - bits)) as i64).wrapping_add(offset)).collect();
            let mut expected = narrow.clone();
            expected.sort_unstable();
            prop_assert_eq!(ascending(narrow), expected);
        }
    }
}

//! Sorting and maps where speed does not matter, compiled once: the generic ones of the standard library take some
//! kilobytes again for every type, in a module that browsers have to fetch.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts, equal ones staying in their order.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<u32> = (0..items.len() as u32).collect();
    sort_places(&mut places, &|left, right| compare(&items[left as usize], &items[right as usize]));
    let mut unsorted: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(places.into_iter().filter_map(|place| unsorted[place as usize].take()));
}

/// Sorts by a key, equal ones staying in their order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |left, right| key(left).cmp(&key(right)));
}

/// Sorts requests, instances and other places by a key, equal ones staying in their order.
pub fn sort_indices<I: Copy + From<u32> + Into<u32>, K: Ord>(indices: &mut [I], key: impl Fn(I) -> K) {
    let mut places: Vec<u32> = indices.iter().map(|&index| index.into()).collect();
    sort_places(&mut places, &|left, right| key(left.into()).cmp(&key(right.into())));
    for (index, place) in indices.iter_mut().zip(places) {
        *index = place.into();
    }
}

/// The one copy of the algorithm.
#[inline(never)]
fn sort_places(places: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    places.sort_by(|&left, &right| compare(left, right));
}

/// A map of these pairs, later ones winning; `collect` would bring a sort of the pairs with it.
pub fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_in_their_order() {
        let mut words = ["pear", "fig", "plum", "kiwi", "date", "nut", ""].map(str::to_owned).to_vec();
        sort_by_key(&mut words, String::len);
        assert_eq!(words, ["", "fig", "nut", "pear", "plum", "kiwi", "date"]);
        sort_by(&mut words, |left, right| right.cmp(left));
        assert_eq!(words, ["plum", "pear", "nut", "kiwi", "fig", "date", ""]);
        let mut requests = vec![5_u32, 3, 4, 1];
        sort_indices(&mut requests, |request| request % 2);
        assert_eq!(requests, [4, 5, 3, 1]);
    }

    #[test]
    fn the_later_of_two_pairs_with_one_key_wins() {
        assert_eq!(map_of([("b", 1), ("a", 2), ("b", 3)]), BTreeMap::from([("a", 2), ("b", 3)]));
    }
}

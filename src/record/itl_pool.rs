//! The inter-token gaps of an instance.

use crate::order;

/// Gaps per page.
const PAGE: usize = 512;

/// A counter per possible value is worth while up to this many values per gap.
const DENSE_VALUES_PER_GAP: u64 = 16;
/// ... and always up to this many values.
const ALWAYS_DENSE: u64 = 1 << 12;

/// An inter-token gap and how many tokens of completed requests had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WeightedItl {
    /// The gap in µs.
    pub gap: i64,
    /// Number of tokens.
    pub weight: u64,
}

/// Gaps with their weights, in no particular order; a gap may occur more than once, and with weight 0. In pages, so
/// that a pool that grows is never copied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItlPool {
    /// All but the last are full.
    pages: Vec<Vec<WeightedItl>>,
}

impl ItlPool {
    /// Appends a gap.
    #[inline]
    pub fn push(&mut self, gap: WeightedItl) {
        match self.pages.last_mut() {
            Some(page) if page.len() < PAGE => page.push(gap),
            _ => self.push_page(gap),
        }
    }

    #[cold]
    fn push_page(&mut self, gap: WeightedItl) {
        let mut page = Vec::with_capacity(PAGE);
        page.push(gap);
        self.pages.push(page);
    }

    /// The gap that was appended at this place; it has to exist.
    pub fn at(&self, place: usize) -> WeightedItl {
        self.pages[place / PAGE][place % PAGE]
    }

    /// The same, to be changed.
    pub fn at_mut(&mut self, place: usize) -> &mut WeightedItl {
        &mut self.pages[place / PAGE][place % PAGE]
    }

    /// All gaps.
    pub fn iter(&self) -> std::iter::Flatten<std::slice::Iter<'_, Vec<WeightedItl>>> {
        self.pages.iter().flatten()
    }

    /// All gaps, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut WeightedItl> {
        self.pages.iter_mut().flatten()
    }
}

impl<'a> IntoIterator for &'a ItlPool {
    type Item = &'a WeightedItl;
    type IntoIter = std::iter::Flatten<std::slice::Iter<'a, Vec<WeightedItl>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Extend<WeightedItl> for ItlPool {
    fn extend<I: IntoIterator<Item = WeightedItl>>(&mut self, gaps: I) {
        gaps.into_iter().for_each(|gap| self.push(gap));
    }
}

impl FromIterator<WeightedItl> for ItlPool {
    fn from_iter<I: IntoIterator<Item = WeightedItl>>(gaps: I) -> Self {
        let mut pool = Self::default();
        pool.extend(gaps);
        pool
    }
}

/// The distinct gaps in ascending order, each with all tokens that had it; gaps come in any order, those without a
/// token do not count.
pub fn merged<'a>(gaps: impl Iterator<Item = &'a WeightedItl> + Clone) -> Vec<WeightedItl> {
    let (count, bounds) = extent(gaps.clone());
    let Some((smallest, largest)) = bounds else {
        return Vec::new();
    };
    let range = largest.abs_diff(smallest);
    if range < ALWAYS_DENSE.max(count.saturating_mul(DENSE_VALUES_PER_GAP)) {
        merge_by_counting(gaps, smallest, range)
    } else {
        merge_by_sorting(gaps.copied().collect())
    }
}

/// The number of gaps with a weight, and the smallest and largest of them.
fn extent<'a>(gaps: impl Iterator<Item = &'a WeightedItl>) -> (u64, Option<(i64, i64)>) {
    let weighted = gaps.filter(|gap| gap.weight > 0);
    weighted.fold((0, None), |(count, bounds), gap| {
        let (smallest, largest) = bounds.unwrap_or((gap.gap, gap.gap));
        (count + 1, Some((smallest.min(gap.gap), largest.max(gap.gap))))
    })
}

fn merge_by_counting<'a>(
    gaps: impl Iterator<Item = &'a WeightedItl>,
    smallest: i64,
    range: u64,
) -> Vec<WeightedItl> {
    let mut weights = vec![0u64; range as usize + 1];
    for gap in gaps.filter(|gap| gap.weight > 0) {
        weights[gap.gap.abs_diff(smallest) as usize] += gap.weight;
    }
    let values = smallest..;
    let merged = values.zip(weights).filter(|(_, weight)| *weight > 0);
    merged.map(|(gap, weight)| WeightedItl { gap, weight }).collect()
}

fn merge_by_sorting(mut gaps: Vec<WeightedItl>) -> Vec<WeightedItl> {
    gaps.retain(|gap| gap.weight > 0);
    order::sort_by_key(&mut gaps, |gap| gap.gap);
    gaps.dedup_by(|later, kept| {
        let same = later.gap == kept.gap;
        if same {
            kept.weight += later.weight;
        }
        same
    });
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_where_they_were_put() {
        for count in [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE] {
            let gaps: Vec<_> = (0..count).map(|at| WeightedItl { gap: at as i64, weight: 1 }).collect();
            let mut pool: ItlPool = gaps.iter().copied().collect();
            assert!(pool.iter().eq(&gaps));
            assert!(gaps.iter().enumerate().all(|(place, gap)| pool.at_mut(place) == gap));
        }
    }
}

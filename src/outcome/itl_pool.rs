//! The inter-token gaps of an instance.

/// Gaps per page.
const PAGE: usize = 512;

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

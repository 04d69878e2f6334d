//! Which instances may have changed since they were last copied.

/// Several sets of instances, a bit each: a look visits those that have moved and leaves the others in peace.
#[derive(Clone, Debug)]
pub struct Touched<const SETS: usize> {
    /// Per 64 instances a word of every set.
    words: Vec<[u64; SETS]>,
}

impl<const SETS: usize> Touched<SETS> {
    /// All of them in every set: nothing has been copied yet.
    pub fn all(instances: usize) -> Self {
        let mut words = vec![[u64::MAX; SETS]; instances.div_ceil(64)];
        if let Some(last) = words.last_mut()
            && !instances.is_multiple_of(64)
        {
            *last = [(1 << (instances % 64)) - 1; SETS];
        }
        Self { words }
    }

    /// The instance may have changed in every respect.
    #[inline]
    pub fn insert_everywhere(&mut self, instance: usize) {
        for word in &mut self.words[instance / 64] {
            *word |= 1 << (instance % 64);
        }
    }

    /// The instance may have changed in the respect of one set.
    #[inline]
    pub fn insert(&mut self, set: usize, instance: usize) {
        self.words[instance / 64][set] |= 1 << (instance % 64);
    }

    /// Visits every instance of a set, in order, and takes it out.
    #[inline]
    pub fn drain(&mut self, set: usize, mut visit: impl FnMut(usize)) {
        for (at, words) in self.words.iter_mut().enumerate() {
            let mut rest = std::mem::take(&mut words[set]);
            while rest != 0 {
                visit(64 * at + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Touched;

    fn drained(touched: &mut Touched<2>, set: usize) -> Vec<usize> {
        let mut found = Vec::new();
        touched.drain(set, |instance| found.push(instance));
        found
    }

    #[test]
    fn all_are_touched_at_first_then_those_inserted() {
        for instances in [1, 63, 64, 65, 200] {
            let mut touched = Touched::all(instances);
            assert_eq!(drained(&mut touched, 0), (0..instances).collect::<Vec<_>>());
            assert!(drained(&mut touched, 0).is_empty());
            touched.insert(0, instances - 1);
            touched.insert_everywhere(0);
            touched.insert(0, instances - 1);
            let expected = if instances == 1 { vec![0] } else { vec![0, instances - 1] };
            assert_eq!(drained(&mut touched, 0), expected);
            assert_eq!(drained(&mut touched, 1), (0..instances).collect::<Vec<_>>());
            touched.insert_everywhere(0);
            assert_eq!(drained(&mut touched, 1), [0]);
        }
    }
}

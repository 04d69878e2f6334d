//! Which instances may have changed since they were last copied.

/// A set of instances, a bit each: a look visits those that have moved and leaves the others in peace.
#[derive(Clone, Debug)]
pub struct Touched {
    words: Vec<u64>,
}

impl Touched {
    /// All of them: nothing has been copied yet.
    pub fn all(instances: usize) -> Self {
        let mut words = vec![u64::MAX; instances.div_ceil(64)];
        if let Some(last) = words.last_mut()
            && !instances.is_multiple_of(64)
        {
            *last = (1 << (instances % 64)) - 1;
        }
        Self { words }
    }

    /// The instance may have changed.
    pub fn insert(&mut self, instance: usize) {
        self.words[instance / 64] |= 1 << (instance % 64);
    }

    /// Visits every instance that may have changed, in order, and forgets that it has.
    pub fn drain(&mut self, mut visit: impl FnMut(usize)) {
        for (at, word) in self.words.iter_mut().enumerate() {
            let mut rest = std::mem::take(word);
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

    fn drained(touched: &mut Touched) -> Vec<usize> {
        let mut found = Vec::new();
        touched.drain(|instance| found.push(instance));
        found
    }

    #[test]
    fn all_are_touched_at_first_then_those_inserted() {
        for instances in [1, 63, 64, 65, 200] {
            let mut touched = Touched::all(instances);
            assert_eq!(drained(&mut touched), (0..instances).collect::<Vec<_>>());
            assert!(drained(&mut touched).is_empty());
            touched.insert(instances - 1);
            touched.insert(0);
            touched.insert(instances - 1);
            let expected = if instances == 1 { vec![0] } else { vec![0, instances - 1] };
            assert_eq!(drained(&mut touched), expected);
        }
    }
}

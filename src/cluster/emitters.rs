//! Which instance goes next, where what instances do creates events of the cluster.

use super::cut::Cut;
use crate::units::Micros;

/// The next event of every instance in a tournament: the earliest is known at once, and a change costs one comparison
/// per round.
#[derive(Clone, Debug)]
pub(super) struct Emitters {
    /// Number of instances that the tournament has room for, a power of two; fixed as long as no instance is added to a run
    /// under way.
    width: usize,
    /// The earliest time of every pairing: the final at 1, the instances themselves from `width` on.
    earliest: Vec<Micros>,
}

impl Emitters {
    /// Instances that have nothing to do.
    pub fn new(instances: usize) -> Self {
        let width = instances.next_power_of_two();
        Self { width, earliest: vec![Micros::FOREVER; 2 * width] }
    }

    /// The next event of an instance; [`Micros::FOREVER`] if it has none.
    pub fn set(&mut self, instance: usize, time: Micros) {
        let mut at = self.width + instance;
        self.earliest[at] = time;
        while at > 1 {
            at /= 2;
            self.earliest[at] = self.earliest[2 * at].min(self.earliest[2 * at + 1]);
        }
    }

    /// The earliest event of all.
    pub fn first_time(&self) -> Micros {
        self.earliest[1]
    }

    /// The earliest event before the cut and its instance, of equal times the lowest.
    pub fn first_before(&self, cut: Cut) -> Option<(usize, Micros)> {
        let time = self.earliest[1];
        let mut at = 1;
        while at < self.width {
            at *= 2;
            if self.earliest[at] > time {
                at += 1;
            }
        }
        let instance = at - self.width;
        (time < Micros::FOREVER && cut.is_behind(time, instance)).then_some((instance, time))
    }
}

// proptest does not run in a browser.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_is_what_a_search_finds(
            instances in 1_usize..20,
            changes in prop::collection::vec((0_usize..20, 0_i64..8), 0..60),
            cut in 0_i64..9,
        ) {
            let mut emitters = Emitters::new(instances);
            let mut times = vec![Micros::FOREVER; instances];
            let cut = Cut::before(Micros(cut));
            for (instance, time) in changes {
                let instance = instance % instances;
                times[instance] = Micros(time);
                emitters.set(instance, Micros(time));
                let first = times.iter().copied().enumerate().min_by_key(|&(at, time)| (time, at));
                let expected = first.filter(|&(at, time)| cut.is_behind(time, at));
                prop_assert_eq!(emitters.first_before(cut), expected);
            }
        }
    }

    #[test]
    fn instances_without_work_are_never_first() {
        assert_eq!(Emitters::new(3).first_before(Cut::before(Micros::FOREVER)), None);
    }
}

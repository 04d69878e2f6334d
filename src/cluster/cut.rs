//! Positions in the order of all events.

use crate::units::Micros;

/// Everything before `time` is done, and at `time` what instances with an index below `below` do (question 1 of
/// `docs/spec/growth.md`). Within a microsecond instances run in ascending order, so a pair says everything.
///
/// A cluster event happens at a cut: at [`Cut::before`] its time. An event that instance i creates at its own time t
/// happens at `{t, i}`, with i itself standing just behind the step that created it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    time: Micros,
    below: usize,
}

impl Cut {
    /// Before all that instances do at `time`.
    pub const fn before(time: Micros) -> Self {
        Self { time, below: 0 }
    }

    /// Behind what this instance does at `time`, in so far as it has done it.
    pub const fn behind_step(time: Micros, instance: usize) -> Self {
        Self { time, below: instance }
    }

    /// Whether an event of this instance at `time` lies before the cut.
    pub fn is_behind(self, time: Micros, instance: usize) -> bool {
        Self { time, below: instance } < self
    }

    /// The time before which the events of this instance lie before the cut.
    pub fn until(self, instance: usize) -> Micros {
        if instance < self.below { self.time + Micros(1) } else { self.time }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_ordered_by_time_and_instance() {
        let times = [Micros(4), Micros(5), Micros(6)];
        let cuts = [Cut::before(Micros(5)), Cut { time: Micros(5), below: 2 }, Cut::before(Micros(6))];
        // How many of the nine events of three instances, in order, lie before each cut.
        for (cut, before) in cuts.into_iter().zip([3, 5, 6]) {
            let events = times.iter().flat_map(|&time| (0..3).map(move |instance| (time, instance)));
            for (number, (time, instance)) in events.enumerate() {
                assert_eq!(cut.is_behind(time, instance), number < before, "{cut:?}: {time}, {instance}");
                assert_eq!(time < cut.until(instance), number < before, "{cut:?}: {time}, {instance}");
            }
        }
    }
}

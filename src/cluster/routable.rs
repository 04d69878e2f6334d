//! The instances that a decision sees and chooses among.

use super::instance_set::InstanceSet;
use super::view::{Columns, View};
use crate::instance::Path;
use crate::units::{Blocks, InstanceIndex};

/// Which instances these are.
#[derive(Clone, Copy, Debug)]
pub enum Routable<'a> {
    /// Every instance of the view.
    All,
    /// Those of a set.
    Only(&'a InstanceSet),
}

impl<'a> From<Option<&'a InstanceSet>> for Routable<'a> {
    /// Without a set, all.
    fn from(set: Option<&'a InstanceSet>) -> Self {
        set.map_or(Self::All, Self::Only)
    }
}

/// What the view shows of the routable instances. A decision speaks of one by its *place*, from 0 in instance order; if all
/// instances are routable, that is the instance, and the columns are the view's own.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    view: &'a View,
    /// What decisions read of the routable instances, by place.
    pub columns: &'a Columns,
    /// The instance at each place; `None` if all are routable.
    members: Option<&'a [InstanceIndex]>,
}

/// Room for what the view shows of some of the instances.
#[derive(Clone, Debug, Default)]
pub struct Subset {
    members: Vec<InstanceIndex>,
    columns: Columns,
}

impl Subset {
    /// What the view shows of the routable instances.
    pub fn seen<'a>(&'a mut self, view: &'a View, routable: Routable<'_>) -> Seen<'a> {
        match routable {
            Routable::All => Seen::all(view),
            Routable::Only(set) => {
                self.gather(view, set);
                Seen { view, columns: &self.columns, members: Some(&self.members) }
            }
        }
    }

    #[cold]
    fn gather(&mut self, view: &View, set: &InstanceSet) {
        let Columns { queue_depth, batch_size, utilization, free_blocks, in_flight } = view.columns();
        self.members.clear();
        self.members.extend(set.iter().map(InstanceIndex::from_index));
        let subset = &mut self.columns;
        let pick = |from: &[f64], to: &mut Vec<f64>| {
            to.clear();
            to.extend(set.iter().map(|instance| from[instance]));
        };
        pick(queue_depth, &mut subset.queue_depth);
        pick(batch_size, &mut subset.batch_size);
        pick(utilization, &mut subset.utilization);
        pick(in_flight, &mut subset.in_flight);
        subset.free_blocks.clear();
        subset.free_blocks.extend(set.iter().map(|instance| free_blocks[instance]));
    }
}

impl<'a> Seen<'a> {
    /// All instances are routable.
    pub const fn all(view: &'a View) -> Self {
        Self { view, columns: view.columns(), members: None }
    }

    /// Number of routable instances.
    pub const fn count(&self) -> usize {
        self.columns.len()
    }

    /// The instance at a place.
    #[inline]
    pub fn instance(&self, place: usize) -> InstanceIndex {
        self.members.map_or_else(|| InstanceIndex::from_index(place), |members| members[place])
    }

    /// The place of an instance, if it is routable.
    #[inline]
    pub fn place(&self, instance: InstanceIndex) -> Option<usize> {
        match self.members {
            None => (instance.index() < self.count()).then_some(instance.index()),
            Some(members) => members.binary_search(&instance).ok(),
        }
    }

    /// How many of the first `shared` blocks of a path are found in the cache of the instance at a place.
    pub fn found(&self, place: usize, path: Path, shared: Blocks) -> Blocks {
        self.view.found(self.instance(place).index(), path, shared)
    }
}

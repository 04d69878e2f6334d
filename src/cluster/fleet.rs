//! The instances of a run. They are added and never removed, so that their numbers keep their meaning.

use super::instance_set::InstanceSet;
use super::setup::{Pool, Setup};
use crate::instance::{Instance, InstanceParams};
use crate::units::{InstanceIndex, Micros};

/// The instances, and what the clock knows of each.
#[derive(Debug)]
pub(super) struct Fleet<L> {
    pub setups: Vec<Setup<L>>,
    pub instances: Vec<Instance>,
    /// Per instance, its setup.
    pub setup_of: Vec<usize>,
    /// Per instance, a time before which it has nothing to do.
    pub idle_until: Vec<Micros>,
    /// Instances that are being advanced.
    pub due: InstanceSet,
    /// Instances that are left where they are: their only request can never fit.
    pub parked: Vec<bool>,
}

impl<L> Fleet<L> {
    /// The instances of these pools, pool after pool.
    pub fn new(pools: Vec<Pool<L>>) -> Self {
        let mut fleet = Self {
            setups: Vec::new(),
            instances: Vec::new(),
            setup_of: Vec::new(),
            idle_until: Vec::new(),
            due: InstanceSet::default(),
            parked: Vec::new(),
        };
        for pool in pools {
            fleet.add(pool);
        }
        fleet
    }

    /// Further instances, with nothing to do.
    fn add(&mut self, Pool { setup, instances: count }: Pool<L>) {
        let all = self.instances.len() + count as usize;
        let indices = (self.instances.len()..all).map(InstanceIndex::from_index);
        self.instances.extend(indices.map(|index| Instance::new(index, &setup.params)));
        self.setup_of.resize(all, self.setups.len());
        self.idle_until.resize(all, Micros::FOREVER);
        self.due.resize(all);
        self.parked.resize(all, false);
        self.setups.push(setup);
    }

    /// The setup of an instance.
    pub fn setup(&self, instance: usize) -> &Setup<L> {
        &self.setups[self.setup_of[instance]]
    }

    /// Whether something holds for the settings of every pool.
    pub fn all(&self, holds: impl Fn(&InstanceParams) -> bool) -> bool {
        self.setups.iter().all(|setup| holds(&setup.params))
    }
}

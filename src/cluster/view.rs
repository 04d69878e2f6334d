//! What the gateway sees of the instances, and how old it is (routing chapter, R-3 and R-4).

use super::instance_set::InstanceSet;
use crate::config::RoutingSettings;
use crate::instance::{Instance, Path, PromptRuns, RunMap};
use crate::units::{Blocks, Micros};
use std::sync::Arc;

/// Which parts of the view a decision reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Queue depth, batch size or KV use.
    pub snapshot: bool,
    /// Requests in flight.
    pub in_flight: bool,
    /// Prefix caches.
    pub index: bool,
}

impl Reads {
    /// The decision is the same whatever the view shows.
    pub const NOTHING: Self = Self { snapshot: false, in_flight: false, index: false };

    /// Queue depth, batch size or KV use only.
    pub const SNAPSHOT: Self = Self { snapshot: true, ..Self::NOTHING };

    /// Requests in flight only.
    pub const IN_FLIGHT: Self = Self { in_flight: true, ..Self::NOTHING };

    /// Prefix caches only.
    pub const INDEX: Self = Self { index: true, ..Self::NOTHING };

    /// The effective load.
    pub const LOAD: Self = Self::SNAPSHOT.and(Self::IN_FLIGHT);

    /// Reads of either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            snapshot: self.snapshot || other.snapshot,
            in_flight: self.in_flight || other.in_flight,
            index: self.index || other.index,
        }
    }
}

/// What decisions read of instances, one entry each. It is kept in floating point, as scores are computed from it: all
/// numbers are whole and below 2^53 (config::limits), except for shares.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Waiting requests.
    pub queue_depth: Vec<f64>,
    /// Running requests.
    pub batch_size: Vec<f64>,
    /// Share of KV blocks in use.
    pub utilization: Vec<f64>,
    /// KV blocks not in use; of copies that age, 0 before the first refresh.
    pub free_blocks: Vec<Blocks>,
    /// Requests in flight, always current.
    pub in_flight: Vec<f64>,
}

/// The view: one entry per instance, in instance order. Instances are added and never removed.
#[derive(Clone, Debug)]
pub struct View {
    columns: Columns,
    runs: Arc<PromptRuns>,
    prompts_share: bool,
    /// Per instance and run of a prefix group: the position up to which its blocks are found.
    of_groups: Vec<Blocks>,
    /// The same per instance of those runs of the tree of prompts of which some are.
    of_tree: Vec<RunMap<Blocks>>,
    /// KV blocks, per instance.
    total_blocks: Vec<Blocks>,
    snapshots: Clock,
    index: Clock,
    in_flight_wanted: bool,
}

/// How old copies may get, and how old they are: decisions cause refreshes, not timers.
#[derive(Clone, Debug)]
struct Clock {
    interval: i64,
    last: Micros,
    freshness: Freshness,
    /// Instances that may differ from copies that age.
    behind: InstanceSet,
}

/// What becomes of copies when an instance is advanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Freshness {
    /// Nothing: no decision reads them.
    Unused,
    /// They follow it immediately: every decision would refresh them.
    Live,
    /// They age until a decision refreshes them.
    Stale,
}

impl Clock {
    fn new(interval: i64, wanted: bool) -> Self {
        let freshness = match interval {
            _ if !wanted => Freshness::Unused,
            0 => Freshness::Live,
            _ => Freshness::Stale,
        };
        Self { interval, last: Micros::ZERO, freshness, behind: InstanceSet::default() }
    }

    const fn age(&self, now: Micros) -> Micros {
        if self.interval == 0 { Micros::ZERO } else { Micros(now.0 - self.last.0) }
    }

    const fn due(&self, now: Micros) -> bool {
        self.interval > 0 && now.0 - self.last.0 >= self.interval
    }

    const fn wind(&mut self, now: Micros) {
        if self.due(now) {
            self.last = now;
        }
    }

    /// Whether a decision at `now` needs the instances as they are then; `reads`: whether it reads these copies.
    fn needs_instances(&self, now: Micros, reads: bool) -> bool {
        match self.freshness {
            Freshness::Unused => false,
            Freshness::Live => reads,
            Freshness::Stale => self.due(now),
        }
    }

    /// Whether a decision at `now` refreshes copies that age.
    fn refreshes(&self, now: Micros) -> bool {
        self.freshness == Freshness::Stale && self.due(now)
    }
}

impl View {
    /// The view of no instance.
    pub fn new(runs: Arc<PromptRuns>, routing: &RoutingSettings, wanted: Reads) -> Self {
        Self {
            columns: Columns::default(),
            prompts_share: !runs.is_empty(),
            runs,
            of_groups: Vec::new(),
            of_tree: Vec::new(),
            total_blocks: Vec::new(),
            snapshots: Clock::new(routing.snapshot_refresh_interval, wanted.snapshot),
            index: Clock::new(routing.cache_signal_delay, wanted.index),
            in_flight_wanted: wanted.in_flight,
        }
    }

    /// Further instances with this many KV blocks each, of which nothing has been seen: all zero, but live copies
    /// are right from the start.
    pub fn add_instances(&mut self, count: usize, total_blocks: Blocks) {
        let instances = self.instances() + count;
        let Columns { queue_depth, batch_size, utilization, free_blocks, in_flight } = &mut self.columns;
        for column in [queue_depth, batch_size, utilization, in_flight] {
            column.resize(instances, 0.0);
        }
        let free = if self.snapshots.freshness == Freshness::Live { total_blocks } else { 0 };
        free_blocks.resize(instances, free);
        self.of_groups.resize(instances * self.runs.group_runs(), 0);
        self.of_tree.resize(instances, RunMap::default());
        self.total_blocks.resize(instances, total_blocks);
        for clock in [&mut self.snapshots, &mut self.index] {
            clock.behind.resize(instances);
            (instances - count..instances).for_each(|at| clock.behind.insert(at));
        }
    }

    /// What decisions read of the instances.
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// This instance has been advanced.
    #[inline]
    pub fn advanced(&mut self, at: usize, instance: &mut Instance) {
        match self.snapshots.freshness {
            Freshness::Unused => {}
            Freshness::Live => self.copy_snapshot(at, instance),
            Freshness::Stale => self.snapshots.behind.insert(at),
        }
        match self.index.freshness {
            Freshness::Unused => {}
            Freshness::Live => self.copy_found(at, instance),
            Freshness::Stale => self.index.behind.insert(at),
        }
        if self.in_flight_wanted {
            self.columns.in_flight[at] = f64::from(instance.in_flight());
        }
    }

    /// A request has been sent to this instance.
    #[inline]
    pub fn sent_to(&mut self, at: usize, instance: &Instance) {
        if self.in_flight_wanted {
            self.columns.in_flight[at] = f64::from(instance.in_flight());
        }
    }

    /// Whether a decision at `now` that reads `reads` needs the instances advanced to `now`.
    pub fn needs_instances(&self, now: Micros, reads: Reads) -> bool {
        reads.in_flight
            || self.snapshots.needs_instances(now, reads.snapshot)
            || self.index.needs_instances(now, reads.index)
    }

    /// Whether nothing is ever read: then a refresh only winds the clocks.
    pub fn is_blind(&self) -> bool {
        self.snapshots.freshness == Freshness::Unused
            && self.index.freshness == Freshness::Unused
            && !self.in_flight_wanted
    }

    /// What is left of a refresh if nothing is ever read.
    #[inline]
    pub const fn wind_clocks(&mut self, now: Micros) {
        self.snapshots.wind(now);
        self.index.wind(now);
    }

    /// Whether copies of the prefix caches are to be renewed at `now`.
    pub fn caches_are_due(&self, now: Micros) -> bool {
        self.index.refreshes(now)
    }

    /// Renews copies of the prefix caches if it is time. The instances have been advanced to `now` if
    /// [`View::caches_are_due`] returned true.
    pub fn refresh_caches(&mut self, now: Micros, instances: &mut [Instance]) {
        if self.index.refreshes(now) {
            self.renew(|view| &mut view.index, instances, Self::copy_found);
        }
        self.index.wind(now);
    }

    /// Renews copies that age if it is time. The instances have been advanced to `now` if
    /// [`View::needs_instances`] returned true.
    pub fn refresh(&mut self, now: Micros, instances: &mut [Instance]) {
        if self.snapshots.refreshes(now) {
            self.renew(
                |view| &mut view.snapshots,
                instances,
                |view, at, instance| view.copy_snapshot(at, instance),
            );
        }
        self.refresh_caches(now, instances);
        self.snapshots.wind(now);
    }

    /// How many of the first `shared` blocks of a path are found in the cache of an instance.
    #[inline]
    pub fn found(&self, instance: usize, path: Path, shared: Blocks) -> Blocks {
        let groups = self.runs.group_runs();
        self.runs.leading(path, shared, |run| {
            let run_of_group = run as usize;
            if run_of_group < groups {
                self.of_groups[instance * groups + run_of_group]
            } else {
                self.of_tree[instance].get(&run).copied().unwrap_or(0)
            }
        })
    }

    /// How old the copies of queue depth, batch size and KV use are at `now`.
    pub fn snapshot_age(&self, now: Micros) -> Micros {
        self.snapshots.age(now)
    }

    /// How old the copies of the prefix caches are at `now`.
    pub fn cache_age(&self, now: Micros) -> Micros {
        self.index.age(now)
    }

    /// Number of instances.
    pub const fn instances(&self) -> usize {
        self.total_blocks.len()
    }

    #[cold]
    fn renew(
        &mut self,
        clock: impl Fn(&mut Self) -> &mut Clock,
        instances: &mut [Instance],
        copy: impl Fn(&mut Self, usize, &mut Instance),
    ) {
        let mut behind = std::mem::take(&mut clock(self).behind);
        behind.drain(|at| copy(self, at, &mut instances[at]));
        clock(self).behind = behind;
    }

    #[inline]
    fn copy_snapshot(&mut self, at: usize, instance: &Instance) {
        let snapshot = instance.snapshot();
        let total_blocks = self.total_blocks[at];
        self.columns.queue_depth[at] = f64::from(snapshot.queue_depth);
        self.columns.batch_size[at] = f64::from(snapshot.batch_size);
        self.columns.utilization[at] = f64::from(snapshot.used_blocks) / f64::from(total_blocks);
        self.columns.free_blocks[at] = total_blocks - snapshot.used_blocks;
    }

    #[inline]
    fn copy_found(&mut self, at: usize, instance: &mut Instance) {
        if self.prompts_share {
            self.copy_found_runs(at, instance);
        }
    }

    fn copy_found_runs(&mut self, at: usize, instance: &mut Instance) {
        let groups = self.runs.group_runs();
        for (copy, found) in self.of_groups[at * groups..].iter_mut().zip(instance.found_of_groups()) {
            *copy = found;
        }
        let of_tree = &mut self.of_tree[at];
        instance.drain_changes(|run, found| {
            if found == 0 {
                of_tree.remove(&run);
            } else {
                of_tree.insert(run, found);
            }
        });
    }
}

impl Columns {
    /// Queue depth + batch size + requests in flight (R-3, "effective load").
    pub fn load(&self, at: usize) -> f64 {
        self.queue_depth[at] + self.batch_size[at] + self.in_flight[at]
    }

    /// The smallest effective load.
    pub fn least_load(&self) -> f64 {
        self.loads().fold(f64::INFINITY, f64::min)
    }

    /// The largest effective load.
    pub fn most_load(&self) -> f64 {
        self.loads().fold(0.0, f64::max)
    }

    /// The effective loads, in order.
    pub fn loads(&self) -> impl Iterator<Item = f64> + '_ {
        let queues_and_batches = self.queue_depth.iter().zip(&self.batch_size);
        queues_and_batches.zip(&self.in_flight).map(|((queue, batch), in_flight)| queue + batch + in_flight)
    }

    /// Number of entries.
    pub const fn len(&self) -> usize {
        self.queue_depth.len()
    }
}

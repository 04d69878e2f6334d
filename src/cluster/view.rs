//! What the gateway sees of the instances, and how old it is (routing chapter, R-3 and R-4).

use super::touched::Touched;
use crate::config::{RoutingSettings, ScorerName};
use crate::instance::Instance;
use crate::units::{Blocks, Micros};

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
    /// Reads of either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            snapshot: self.snapshot || other.snapshot,
            in_flight: self.in_flight || other.in_flight,
            index: self.index || other.index,
        }
    }

    /// Whether nothing is read.
    pub const fn nothing(self) -> bool {
        !(self.snapshot || self.in_flight || self.index)
    }

    /// What a scorer reads.
    pub const fn of_scorer(scorer: ScorerName) -> Self {
        let (snapshot, in_flight, index) = match scorer {
            ScorerName::QueueDepth
            | ScorerName::LoadAware
            | ScorerName::RunningRequests
            | ScorerName::VllmDp
            | ScorerName::KvUtilization => (true, false, false),
            ScorerName::LoadBalance => (true, true, false),
            ScorerName::ActiveRequests => (false, true, false),
            ScorerName::PrecisePrefixCache | ScorerName::NoHitLru => (false, false, true),
            ScorerName::PrefixAffinity => (false, false, false),
        };
        Self { snapshot, in_flight, index }
    }
}

/// The view: one entry per instance, in instance order.
#[derive(Clone, Debug)]
pub struct View {
    /// Waiting requests.
    pub queue_depth: Vec<u32>,
    /// Running requests.
    pub batch_size: Vec<u32>,
    /// Share of KV blocks in use.
    pub utilization: Vec<f64>,
    /// KV blocks not in use; 0 before the first refresh.
    pub free_blocks: Vec<Blocks>,
    /// Requests in flight, always current.
    pub in_flight: Vec<u32>,
    /// Leading findable prefix blocks, per instance and group.
    leading: Vec<u32>,
    groups: usize,
    total_blocks: Blocks,
    snapshots: Clock,
    index: Clock,
    /// Instances that may differ from their copies, by [`SNAPSHOT`] and so on.
    behind: Touched<3>,
    in_flight_wanted: bool,
}

/// The set of instances whose queue, batch and KV use may have changed.
const SNAPSHOT: usize = 0;
/// The set of instances whose prefix cache may have changed.
const INDEX: usize = 1;
/// The set of instances whose requests in flight may have changed.
const IN_FLIGHT: usize = 2;

/// A refresh interval and the time of the last refresh: looks cause refreshes, not timers.
#[derive(Clone, Copy, Debug)]
struct Clock {
    interval: i64,
    last: Micros,
    /// Whether anything that refreshes with this clock is ever read.
    wanted: bool,
}

impl Clock {
    const fn is_live(self) -> bool {
        self.interval == 0
    }

    fn age(self, now: Micros) -> Micros {
        if self.is_live() { Micros::ZERO } else { now - self.last }
    }

    const fn due(self, now: Micros) -> bool {
        !self.is_live() && now.0 - self.last.0 >= self.interval
    }

    const fn wind(&mut self, now: Micros) {
        if self.due(now) {
            self.last = now;
        }
    }
}

impl View {
    /// The view before anything was seen: all zero.
    pub fn new(
        instances: usize,
        groups: usize,
        total_blocks: Blocks,
        routing: &RoutingSettings,
        wanted: Reads,
    ) -> Self {
        Self {
            queue_depth: vec![0; instances],
            batch_size: vec![0; instances],
            utilization: vec![0.0; instances],
            free_blocks: vec![0; instances],
            in_flight: vec![0; instances],
            leading: vec![0; instances * groups],
            groups,
            total_blocks,
            snapshots: Clock {
                interval: routing.snapshot_refresh_interval,
                last: Micros::ZERO,
                wanted: wanted.snapshot,
            },
            index: Clock { interval: routing.cache_signal_delay, last: Micros::ZERO, wanted: wanted.index },
            behind: Touched::all(instances),
            in_flight_wanted: wanted.in_flight,
        }
    }

    /// The instance has been advanced.
    #[inline]
    pub fn advanced(&mut self, instance: usize) {
        self.behind.insert_everywhere(instance);
    }

    /// A request has been sent to the instance.
    pub fn sent_to(&mut self, instance: usize) {
        self.behind.insert(IN_FLIGHT, instance);
    }

    /// Whether a look at `now` that reads `reads` needs the instances advanced to `now`.
    pub fn needs_instances(&self, now: Micros, reads: Reads) -> bool {
        reads.in_flight
            || (self.snapshots.wanted
                && (self.snapshots.due(now) || (self.snapshots.is_live() && reads.snapshot)))
            || (self.index.wanted && (self.index.due(now) || (self.index.is_live() && reads.index)))
    }

    /// Whether nothing is ever read: then a look only winds the clocks.
    pub const fn is_blind(&self) -> bool {
        !(self.snapshots.wanted || self.index.wanted || self.in_flight_wanted)
    }

    /// What is left of a look if nothing is ever read.
    #[inline]
    pub const fn wind_clocks(&mut self, now: Micros) {
        self.snapshots.wind(now);
        self.index.wind(now);
    }

    /// Looks at the instances that may have changed. They have been advanced to `now` if [`View::needs_instances`] said
    /// so.
    #[inline]
    pub fn look(&mut self, now: Micros, reads: Reads, instances: &[Instance]) {
        if reads.nothing() && !self.snapshots.due(now) && !self.index.due(now) {
            return;
        }
        self.look_at(now, reads, instances);
    }

    fn look_at(&mut self, now: Micros, reads: Reads, instances: &[Instance]) {
        let due = self.snapshots.due(now);
        if self.snapshots.wanted && (due || (self.snapshots.is_live() && reads.snapshot)) {
            self.copy_snapshots(instances);
        }
        if due {
            self.snapshots.last = now;
        }
        let due = self.index.due(now);
        if self.index.wanted && (due || (self.index.is_live() && reads.index)) {
            let Self { leading, groups, behind, .. } = self;
            behind.drain(INDEX, |at| {
                leading[at * *groups..][..*groups].copy_from_slice(instances[at].leading_prefix_blocks());
            });
        }
        if due {
            self.index.last = now;
        }
        if reads.in_flight {
            let Self { in_flight, behind, .. } = self;
            behind.drain(IN_FLIGHT, |at| in_flight[at] = instances[at].in_flight());
        }
    }

    /// Leading blocks of the group's prefix found in the cache of an instance.
    pub fn leading(&self, instance: usize, group: u32) -> u32 {
        self.leading[instance * self.groups + group as usize]
    }

    /// Queue depth + batch size + requests in flight (R-3, "effective load").
    pub fn load(&self, instance: usize) -> u64 {
        u64::from(self.queue_depth[instance])
            + u64::from(self.batch_size[instance])
            + u64::from(self.in_flight[instance])
    }

    /// How old the copies of queue depth, batch size and KV use are at `now`.
    pub fn snapshot_age(&self, now: Micros) -> Micros {
        self.snapshots.age(now)
    }

    /// How old the copies of the prefix caches are at `now`.
    pub fn cache_age(&self, now: Micros) -> Micros {
        self.index.age(now)
    }

    /// The smallest effective load of all instances.
    pub fn least_load(&self) -> u64 {
        let queues_and_batches = self.queue_depth.iter().zip(&self.batch_size);
        // None of the three can be larger than the number of requests of a run (config::limits).
        let loads = queues_and_batches
            .zip(&self.in_flight)
            .map(|((queue, batch), in_flight)| queue + batch + in_flight);
        u64::from(loads.min().unwrap_or(0))
    }

    /// Number of instances.
    pub fn instances(&self) -> usize {
        self.queue_depth.len()
    }

    fn copy_snapshots(&mut self, instances: &[Instance]) {
        let Self { queue_depth, batch_size, utilization, free_blocks, total_blocks, behind, .. } = self;
        behind.drain(SNAPSHOT, |at| {
            let look = instances[at].look();
            queue_depth[at] = look.queue_depth;
            batch_size[at] = look.batch_size;
            utilization[at] = f64::from(look.used_blocks) / f64::from(*total_blocks);
            free_blocks[at] = *total_blocks - look.used_blocks;
        });
    }
}

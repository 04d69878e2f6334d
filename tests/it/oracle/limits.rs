//! Why requests waited, step by step by the rule of `outcome::limits`, and whether the engine under test agrees.

use super::cluster::Cluster;
use super::queue;
use super::request::Request;
use blis_playground::config::InstanceSettings;
use blis_playground::record::{EndReason, Limit, LimitRecord, LimitTimes, RequestState};
use blis_playground::units::{Micros, RequestIndex};
use blis_playground::{Config, Simulation};

/// What an instance of the reference engine notes.
#[derive(Debug, Default)]
pub struct Waits {
    /// Limit, from, to: one entry per step after whose formation a request waits, or during which one came.
    pub stretches: Vec<(Limit, i64, i64)>,
    /// Whether no request waited after the last batch had been formed.
    pub nothing_left_over: bool,
    /// When the first request came since then.
    pub newcomer: Option<i64>,
}

impl Waits {
    /// The next batch is formed, or no request is left for it.
    pub fn end_of_step(&mut self, time: i64) {
        if let Some(from) = self.newcomer.take() {
            self.stretches.push((Limit::StepUnderWay, from, time));
        }
    }

    /// Nothing waits here any more.
    pub fn stop(&mut self, time: i64) {
        self.end_of_step(time);
        for (_, from, to) in &mut self.stretches {
            *to = (*to).min(time).max(*from);
        }
    }

    /// What belongs to a limit between two times.
    fn within(&self, limit: Limit, from: i64, to: i64) -> Micros {
        let same = self.stretches.iter().filter(|&&(other, ..)| other == limit);
        Micros(same.map(|&(_, start, end)| (end.min(to) - start.max(from)).max(0)).sum())
    }

    fn times(&self, from: i64, to: i64) -> LimitTimes {
        LimitTimes {
            step_budget: self.within(Limit::StepBudget, from, to),
            slots: self.within(Limit::Slots, from, to),
            kv_blocks: self.within(Limit::KvBlocks, from, to),
            step_under_way: self.within(Limit::StepUnderWay, from, to),
        }
    }
}

/// Time and place of everything that counts.
pub fn compare(cluster: &Cluster<'_>, horizon: i64, actual: &LimitRecord) {
    let requests = &cluster.requests;
    let completed =
        |request: &&Request| matches!(request.state, RequestState::Completed | RequestState::LengthCapped);
    let last = requests.iter().filter(completed).filter_map(|request| request.ended_at).max();
    let clocks = cluster.instances.iter().map(|instance| instance.clock);
    let to = last.unwrap_or_else(|| clocks.max().unwrap_or(0).min(horizon));
    let arrived = requests.iter().map(|request| request.arrival).filter(|&arrival| arrival <= horizon);
    let from = arrived.min().unwrap_or(to).min(to);
    assert_eq!((actual.from.0, actual.to.0), (from, to), "time of the run");
    for (instance, actual) in cluster.instances.iter().zip(&actual.instances) {
        let expected = instance.waits.times(from, to);
        assert_eq!(*actual, expected, "waiting at instance {}", instance.index);
    }
    sum_to_one(actual);
}

fn sum_to_one(record: &LimitRecord) {
    let limits = record.shares();
    for shares in limits.per_instance.iter().chain([&limits.overall]) {
        let parts =
            [shares.step_budget, shares.slots, shares.kv_blocks, shares.step_under_way, shares.nothing];
        assert!(parts.iter().all(|part| (0.0..=1.0).contains(part)), "{shares:?}");
        assert!((parts.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
    }
}

/// The waits of some requests.
pub fn compare_waits(config: &Config, cluster: &Cluster<'_>) {
    for request in cluster.requests.iter().step_by(cluster.requests.len() / 3 + 1) {
        let simulation = Simulation::new(config).expect("a valid configuration");
        let actual = simulation.explain_wait(RequestIndex::from_index(request.row));
        let Some(from) = request.enqueued_at else {
            assert_eq!(actual, None, "request {} joined no queue", request.row);
            continue;
        };
        let actual = actual.expect("a request that joined a queue");
        let gave_up =
            request.ended_at.filter(|_| [EndReason::Queued, EndReason::Crashed].contains(&request.reason));
        let to = request.first_scheduled_at.or(gave_up);
        let instance = &cluster.instances[request.instance.expect("an instance")];
        let admitted = request.first_scheduled_at.is_some();
        let during = |&start: &i64| start >= from && to.is_none_or(|to| start <= to);
        let steps = instance.steps.iter().filter(|step| during(&step.start.0));
        let place = format!("wait of request {}", request.row);
        assert_eq!(actual.instance.index(), instance.index, "{place}");
        assert_eq!((actual.from_us.0, actual.to_us.map(|to| to.0)), (from, to), "{place}");
        assert_eq!((actual.admitted, Some(actual.before)), (admitted, request.stood_behind), "{place}");
        assert_eq!(actual.steps, steps.clone().count() as u64, "{place}");
        let admissions = steps.map(|step| step.newly_scheduled.len() as u64).sum::<u64>();
        assert_eq!(actual.admissions, admissions, "{place}");
        assert_eq!(actual.times_us, instance.waits.times(from, to.unwrap_or(i64::MAX)), "{place}");
        if let Some(to) = to {
            assert_eq!(actual.times_us.sum().0, to - from, "{place}: every moment of it has a reason");
        }
    }
}

/// Number of requests that stand before the newest of a queue, in the order in which the next step will find it.
pub fn stood_behind(settings: &InstanceSettings, waiting: &[usize], requests: &[Request]) -> Option<u32> {
    let mut sorted = waiting.to_vec();
    queue::sort(settings, &mut sorted, requests);
    let newest = waiting.last()?;
    sorted.iter().position(|other| other == newest).map(|place| place as u32)
}

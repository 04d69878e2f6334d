//! The shared event loop: one ordered set of events for gateway and instances (C-2, C-3).

use super::admission::{Bucket, is_over_budget, refusal};
use super::conversations::Conversations;
use super::instance::{Common, Effects, Instance, InstanceEvent};
use super::request::Request;
use super::routing::Router;
use super::scorers::Memory;
use super::view::View;
use blis_playground::Config;
use blis_playground::config::{Kill, KillMode};
use blis_playground::record::{EndReason, RejectionReason, RequestState, StopRecord, TieBreak};
use blis_playground::units::{InstanceIndex, Micros, RequestIndex};
use blis_playground::workload::Requests;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Event {
    Arrival(usize),
    Admission(usize),
    Routing(usize),
    Kill(Kill),
    Instance(usize, InstanceEvent),
}

impl Event {
    /// Cluster events before instance events, those by instance; then the class or priority of the event.
    fn rank(self) -> (usize, u8) {
        match self {
            Self::Arrival(_) => (0, 0),
            Self::Admission(_) => (0, 1),
            Self::Routing(_) => (0, 2),
            Self::Kill(_) => (0, 9),
            Self::Instance(index, event) => (index + 1, event.priority()),
        }
    }
}

/// Virtual users (C-3.3).
#[derive(Debug)]
pub struct Users<'a> {
    /// Every request of the run under test: lengths of follow-ups are taken from it, nothing else is.
    pub drawn: &'a Requests,
    pub think_time: i64,
    /// Follow-ups that may still be made.
    pub remaining: Option<u64>,
}

/// A cluster at work.
#[derive(Debug)]
pub struct Cluster<'a> {
    config: &'a Config,
    common: Common<'a>,
    events: BTreeMap<(i64, (usize, u8), u64), Event>,
    created: u64,
    pub requests: Vec<Request>,
    pub instances: Vec<Instance>,
    /// Instances that have not stopped, in order (E-1).
    routable: Vec<usize>,
    pub stops: Vec<StopRecord>,
    view: View,
    bucket: Bucket,
    pub router: Router<'a>,
    users: Option<Users<'a>>,
    pub conversations: Conversations,
    pub arrivals_by_class: Vec<u64>,
    pub rejected_by_class: Vec<u64>,
    pub admission_decisions: u64,
    pub routing_order: Vec<RequestIndex>,
    pub rejections: Vec<(RequestIndex, RejectionReason)>,
    pub routing_rejections: u64,
}

impl<'a> Cluster<'a> {
    pub fn new(
        config: &'a Config,
        common: Common<'a>,
        requests: Vec<Request>,
        users: Option<Users<'a>>,
        conversations: Conversations,
        ties: &'a [TieBreak],
    ) -> Self {
        let count = config.cluster.num_instances as usize;
        let classes = common.classes.len();
        let memory = Memory::new(count, common.names.clone(), common.block_size);
        let mut cluster = Self {
            config,
            events: BTreeMap::new(),
            created: 0,
            instances: (0..count).map(|index| Instance::new(index, &common)).collect(),
            routable: (0..count).collect(),
            stops: Vec::new(),
            view: View::new(&config.routing, count),
            bucket: Bucket::full(&config.admission),
            router: Router::new(&config.routing, config.trace, memory, ties),
            users,
            conversations,
            arrivals_by_class: vec![0; classes],
            rejected_by_class: vec![0; classes],
            admission_decisions: 0,
            routing_order: Vec::new(),
            rejections: Vec::new(),
            routing_rejections: 0,
            common,
            requests,
        };
        for row in 0..cluster.requests.len() {
            cluster.schedule(cluster.requests[row].arrival, Event::Arrival(row));
        }
        for &kill in &config.cluster.kills {
            cluster.schedule(kill.at, Event::Kill(kill));
        }
        cluster
    }

    fn schedule(&mut self, time: i64, event: Event) {
        self.events.insert((time, event.rank(), self.created), event);
        self.created += 1;
    }

    /// Executes all events up to the horizon.
    pub fn run(&mut self) {
        let mut now = 0;
        while let Some(((time, ..), event)) = self.events.pop_first() {
            if time > self.common.horizon {
                break;
            }
            assert!(time >= now, "INV-3");
            now = time;
            match event {
                Event::Arrival(row) => self.arrive(row, time),
                Event::Admission(row) => self.decide_admission(row, time),
                Event::Routing(row) => self.route(row, time),
                Event::Kill(kill) => self.kill(kill),
                Event::Instance(index, event) => self.run_instance(index, time, event),
            }
        }
        for instance in &mut self.instances {
            // The horizon may have come before the next step.
            instance.waits.end_of_step(instance.pending.unwrap_or(now));
            instance.record.still_queued = instance.waiting.len() as u64;
            instance.record.still_running = u64::from(instance.batch_size());
            let running = instance.running.iter().flatten();
            instance.record.unfinished_output_tokens +=
                running.map(|&row| self.requests[row].generated()).sum::<u64>();
            instance.record.used_kv_blocks_end = instance.cache.used();
        }
    }

    fn arrive(&mut self, row: usize, time: i64) {
        let request = &mut self.requests[row];
        request.state = RequestState::InTransit;
        self.arrivals_by_class[request.class] += 1;
        self.schedule(time + self.config.admission.latency, Event::Admission(row));
    }

    /// Whether the request names a model that no instance serves.
    fn is_foreign(&self, row: usize) -> bool {
        let model = &self.requests[row].model;
        !model.is_empty() && *model != self.config.model.name
    }

    fn decide_admission(&mut self, row: usize, time: i64) {
        let foreign = self.is_foreign(row);
        if foreign {
            self.view.refresh_caches(&self.instances, time);
        } else {
            self.view.refresh(&self.instances, time);
        }
        let class = &self.common.classes[self.requests[row].class];
        let over_budget = is_over_budget(self.config, &self.requests, row, class);
        let request = &mut self.requests[row];
        request.admitted_at = Some(time);
        self.admission_decisions += 1;
        let settings = &self.config.admission;
        let routable: &[usize] = if foreign { &[] } else { &self.routable };
        let seen: Vec<_> = routable.iter().map(|&instance| self.view.seen[instance].clone()).collect();
        let refused = if over_budget {
            Some(RejectionReason::TenantBudget)
        } else {
            refusal(settings, &mut self.bucket, &seen, time, class, request.input)
        };
        if let Some(reason) = refused {
            request.state = RequestState::Rejected;
            self.rejected_by_class[request.class] += 1;
            self.rejections.push((RequestIndex::from_index(row), reason));
        } else {
            self.schedule(time + self.config.routing.latency, Event::Routing(row));
        }
    }

    fn route(&mut self, row: usize, time: i64) {
        if self.is_foreign(row) {
            self.view.refresh_caches(&self.instances, time);
            let request = &mut self.requests[row];
            (request.state, request.reason) = (RequestState::Rejected, EndReason::OtherModel);
            self.routing_rejections += 1;
            return;
        }
        self.view.refresh(&self.instances, time);
        let chosen = self.router.route(&self.view, &self.routable, &mut self.requests[row]);
        self.requests[row].routed_at = Some(time);
        self.requests[row].instance = Some(chosen);
        self.routing_order.push(RequestIndex::from_index(row));
        self.view.seen[chosen].in_flight += 1;
        self.instances[chosen].record.routed += 1;
        self.schedule(time, Event::Instance(chosen, InstanceEvent::Arrival(row)));
    }

    /// E-1 to E-3.
    fn kill(&mut self, Kill { instance, at, mode }: Kill) {
        let index = instance as usize;
        self.routable.retain(|&other| other != index);
        let held = u64::from(self.view.seen[index].in_flight);
        let lost = if mode == KillMode::Crash { held } else { 0 };
        if mode == KillMode::Crash {
            self.events.retain(|_, event| {
                !matches!(event, Event::Instance(other, event)
                    if *other == index && *event != InstanceEvent::Left)
            });
            self.instances[index].crash(&mut self.requests, at);
            self.view.seen[index].in_flight = 0;
        }
        let stopped = InstanceIndex::from_index(index);
        self.stops.push(StopRecord {
            instance: stopped,
            at: Micros(at),
            mode,
            held,
            answered: self.instances[index].record.completed,
            lost,
        });
    }

    fn run_instance(&mut self, index: usize, time: i64, event: InstanceEvent) {
        let effects = self.instances[index].execute(&self.common, &mut self.requests, time, event);
        let Effects { scheduled, ended, completed, gave_up } = effects;
        self.view.seen[index].in_flight -= ended as u32;
        for (time, event) in scheduled {
            self.schedule(time, Event::Instance(index, event));
        }
        for row in gave_up {
            self.conversations.cancel(&self.requests[row]);
        }
        for (row, end) in completed {
            self.follow_up(row, end);
            self.go_on(row, end);
        }
    }

    /// The next round of the conversation whose round has just been answered.
    fn go_on(&mut self, row: usize, end: i64) {
        let next = self.requests.len();
        let answered = &self.requests[row];
        if let Some(request) = self.conversations.go_on(answered, end, self.common.horizon, next) {
            self.schedule(request.arrival, Event::Arrival(next));
            self.requests.push(request);
        }
    }

    /// The next request of the user whose request has just been completed.
    fn follow_up(&mut self, row: usize, end: i64) {
        let (Some(users), Some(user)) = (&mut self.users, self.requests[row].user) else { return };
        let arrival = end + users.think_time;
        if arrival > self.common.horizon || users.remaining == Some(0) {
            return;
        }
        users.remaining = users.remaining.map(|remaining| remaining - 1);
        let next = self.requests.len();
        assert!(next < users.drawn.len(), "request {next} of user {user} at {arrival} is missing");
        let mut request = Request::from_row(users.drawn, next);
        assert_eq!(
            (request.user, request.round, request.arrival),
            (Some(user), self.requests[row].round + 1, arrival),
            "user, round and arrival of follow-up {next}"
        );
        request.state = RequestState::NotArrived;
        self.requests.push(request);
        self.schedule(arrival, Event::Arrival(next));
    }
}

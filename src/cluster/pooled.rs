//! The loop of runs whose prompts and answers are computed apart (disaggregation chapter, D-4 and D-14).
//!
//! A prefill part that is complete starts a transfer at the time of its last step, so an instance that has one *emits*: its events
//! happen in the order of all events, and it stops behind each step that completes a prefill part. All other instances may lag;
//! they are brought forward when blocks are reserved on them, when a transfer to them ends, and where a decision reads them. With
//! sessions, completions bring arrivals, perhaps at the very time of their step, so that every instance with work emits.

use super::agenda::ClusterEvent;
use super::cut::Cut;
use super::engine::Engine;
use super::pools::{Pools, Start};
use super::routable::Routable;
use super::routing::ChoiceLog;
use super::run::Advance;
use crate::instance::{Completion, Instance, LegRequests, StepContext};
use crate::latency::LatencyModel;
use crate::record::{Apart, ChoiceName, EncodeChoice, EndReason, LegKind, RequestState, Way};
use crate::units::{InstanceIndex, Micros, RequestIndex};
use crate::workload::Answer;
use std::cmp::Reverse;

/// An emitting instance goes on for so long at most, so that one that never comes to an end is found.
const LONGEST_STRETCH: Micros = Micros(10_000);

impl<L: LatencyModel> Engine<L> {
    /// Executes every event up to and including `until`.
    pub(super) fn run_pooled(&mut self, until: Micros, budget: &mut u64) -> Advance {
        let last = self.horizon.min(until);
        while self.ending.is_none() {
            let advance = if let Some(start) = self.next_start() {
                self.start_transfer(start, budget)
            } else {
                let event = self.next_cluster_event().filter(|event| event.time() <= last);
                let limit = event.map_or(Micros(last.0.saturating_add(1)), ClusterEvent::time);
                let emitters = self.general.emitters.as_ref();
                let first = emitters.and_then(|emitters| emitters.first_before(Cut::before(limit)));
                match (first, event) {
                    (Some((instance, time)), _) => self.emit(instance, time, limit, budget),
                    (None, Some(event)) => self.happen(event, budget),
                    (None, None) if until < Micros::FOREVER => {
                        return self.bring_forward(until + Micros(1), budget);
                    }
                    (None, None) => self.wind_down(budget),
                }
            };
            if advance != Advance::Reached {
                return advance;
            }
        }
        Advance::Over
    }

    fn next_start(&self) -> Option<Start> {
        self.pools.as_ref().and_then(|pools| pools.starts.front().copied())
    }

    /// Lets the first emitting instance go on until another one, or the cluster, comes first.
    fn emit(&mut self, instance: usize, time: Micros, limit: Micros, budget: &mut u64) -> Advance {
        let next = self.fleet.idle_until[instance];
        if next > time {
            self.note_part_events(instance);
            return Advance::Reached;
        }
        let under_way = self.pools.as_ref().and_then(|pools| pools.stretch).filter(|&(at, _)| at == instance);
        if under_way.is_none() && self.hopeless_request(instance).is_some() {
            // Left to the end of the run, unless something comes.
            if let Some(emitters) = &mut self.general.emitters {
                emitters.set(instance, Micros::FOREVER);
            }
            return Advance::Reached;
        }
        let mut bound = limit.min(time + LONGEST_STRETCH);
        if let Some(emitters) = &mut self.general.emitters {
            emitters.set(instance, Micros::FOREVER);
            if let Some((other, at)) = emitters.first_before(Cut::before(Micros::FOREVER)) {
                bound = bound.min(Cut::behind_step(at, other).until(instance));
            }
        }
        // Goes on to the end that was set, so that what is found between two stretches does not depend on the budget.
        let bound = under_way.map_or(bound, |(_, end)| end.min(bound));
        let advance = self.advance(instance, bound, budget);
        self.note_part_events(instance);
        if let Some(pools) = &mut self.pools {
            pools.stretch = (advance == Advance::OutOfBudget).then_some((instance, bound));
        }
        advance
    }

    /// Keeps the tournament in step with an instance, and takes over what it has completed.
    pub(super) fn note_part_events(&mut self, instance: usize) {
        let emits = self.general.sessions.is_some() || self.fleet.instances[instance].has_prefill_parts();
        if let Some(emitters) = &mut self.general.emitters {
            emitters.set(instance, if emits { self.fleet.idle_until[instance] } else { Micros::FOREVER });
        }
        let mut completed: Vec<Completion> = self.fleet.instances[instance].take_completions().collect();
        if completed.is_empty() {
            return;
        }
        let Some(pools) = &mut self.pools else { return };
        let legs = LegRequests::new(&self.requests, Some(&pools.legs));
        // Requests on one instance in the order of the batch, parts behind them in the order of their ids as texts (D-4, D-13).
        if completed.len() > 1 {
            completed.sort_by_cached_key(|completion| {
                let is_part = legs.kind(completion.leg) != LegKind::Whole;
                is_part.then(|| legs.id_key(completion.leg))
            });
        }
        for Completion { step, end, leg, context } in completed {
            let request = pools.legs.request[leg];
            if pools.legs.kind[leg] == LegKind::Prefill {
                // Without an answer it is complete (D-9.3).
                if let Way::Apart(apart) = pools.record.ways[request.index()]
                    && self.requests.output[request] > 0
                {
                    pools.starts.push_back(Start { time: step, from: instance, apart });
                }
                continue;
            }
            let Some(sessions) = &mut self.general.sessions else { continue };
            let answer = Answer { request, at: end, context };
            if let Some(next) = sessions.closed_loop.follow_up(&mut self.requests, answer, self.horizon) {
                self.records.push_row();
                pools.record.ways.push(Way::Unrouted);
                let row = next.index();
                self.steps.add(u64::from(self.requests.input[row]) + u64::from(self.requests.output[row]));
                self.general.agenda.add_arrival(self.requests.arrival[row], next);
            }
        }
    }

    /// Reserves the blocks of a prompt that is complete, and sends it on (D-7).
    fn start_transfer(&mut self, start: Start, budget: &mut u64) -> Advance {
        let Some(pools) = &self.pools else { return Advance::Reached };
        let request = pools.record.apart[start.apart as usize].request;
        let to = self.records.instance[request].index();
        let until = Cut::behind_step(start.time, start.from).until(to);
        if to != start.from && self.fleet.idle_until[to] < until {
            let advance = self.advance(to, until, budget);
            self.note_part_events(to);
            if advance != Advance::Reached {
                return advance;
            }
        }
        let Some(pools) = &mut self.pools else { return Advance::Reached };
        pools.starts.pop_front();
        let leg = pools.add_leg(request, LegKind::Decode);
        let legs = LegRequests::new(&self.requests, Some(&pools.legs));
        let params = &self.fleet.setups[self.fleet.setup_of[to]].params;
        let instance = &mut self.fleet.instances[to];
        let reserved = instance.reserve(leg, params, legs);
        self.view.advanced(to, instance);
        let blocks = self.requests.input[request].div_ceil(params.block_size);
        let apart = &mut pools.record.apart[start.apart as usize];
        (apart.decode, apart.transfer_start, apart.blocks) = (Some(leg), start.time, blocks);
        if reserved {
            pools.active += 1;
            let network = &pools.params.network;
            let end = start.time + network.duration(blocks, pools.active);
            apart.transfer_end = end;
            apart.active = if network.contention { pools.active } else { 0 };
            pools.transfers.push(Reverse((end, pools.started, start.apart)));
            pools.started += 1;
        } else {
            pools.records.state[leg] = RequestState::Dropped;
            pools.records.end_reason[leg] = EndReason::InsufficientDecodeKv;
            pools.records.ended_at[leg] = start.time;
        }
        Advance::Reached
    }

    /// The blocks of a prompt have arrived: its decode part joins the queue (D-8.1).
    pub(super) fn end_transfer(&mut self, time: Micros, row: u32, budget: &mut u64) -> Advance {
        if *budget == 0 {
            return Advance::OutOfBudget;
        }
        let Some(pools) = &self.pools else { return Advance::Reached };
        let to = self.records.instance[pools.record.apart[row as usize].request].index();
        if self.fleet.idle_until[to] < time {
            let advance = self.advance(to, time, budget);
            self.note_part_events(to);
            if advance != Advance::Reached {
                return advance;
            }
        }
        let Some(pools) = &mut self.pools else { return Advance::Reached };
        pools.transfers.pop();
        pools.active -= 1;
        let apart = &mut pools.record.apart[row as usize];
        apart.transferred = true;
        if let Some(leg) = apart.decode {
            self.with_context(to, |instance, ctx| instance.receive(leg, time, ctx));
        }
        self.fleet.idle_until[to] = self.fleet.instances[to].next_event();
        self.view.advanced(to, &mut self.fleet.instances[to]);
        self.note_part_events(to);
        self.clock = time;
        *budget = budget.saturating_sub(1);
        Advance::Reached
    }

    /// An instance, and what it reads and writes outside itself.
    fn with_context(&mut self, at: usize, act: impl FnOnce(&mut Instance, &mut StepContext<'_, L>)) {
        let Some(Pools { legs, records, .. }) = self.pools.as_deref_mut() else { return };
        let setup = &self.fleet.setups[self.fleet.setup_of[at]];
        let requests = LegRequests::new(&self.requests, Some(legs));
        let mut ctx = setup.context((self.horizon, self.reports), requests, records);
        act(&mut self.fleet.instances[at], &mut ctx);
    }

    /// What follows from the choice of a decode instance: whether the request is served in two parts, where it is encoded, and its way
    /// to its first instance (D-3).
    pub(super) fn send_on(&mut self, time: Micros, request: RequestIndex) {
        let prompt = self.prompt_key(request);
        let chosen = self.records.instance[request].index();
        let Some(pools) = &mut self.pools else { return };
        let input = self.requests.input[request];
        let found = self.view.found(chosen, prompt.path, prompt.shared_blocks);
        if pools.params.keep_lookups {
            pools.record.cached_blocks.push(found);
        }
        let block_size = self.fleet.setups[0].params.block_size;
        let apart = pools.are_apart(input, found * block_size);
        if let Some(encode) = pools.encode.as_ref().filter(|_| pools.params.is_encoded(request)) {
            let log = ChoiceLog {
                choice: ChoiceName::Encode,
                ties: &mut self.record.tie_breaks,
                candidates: &mut pools.record.encode_candidates,
                kept: self.record.candidates_per_decision,
            };
            let decision =
                self.router.decide(request, prompt, None, (&self.view, Routable::Only(encode)), log);
            pools.record.encodings.push(EncodeChoice {
                request,
                instance: decision.instance,
                score: decision.score,
                regret: decision.regret,
            });
        }
        if apart {
            let prefill = pools.add_leg(request, LegKind::Prefill);
            pools.record.ways[request.index()] = Way::Apart(pools.record.apart.len() as u32);
            pools.record.apart.push(Apart {
                request,
                prefill,
                prefill_instance: InstanceIndex::NONE,
                prefill_score: f64::NAN,
                prefill_regret: f64::NAN,
                decode: None,
                transfer_start: Micros::NEVER,
                transfer_end: Micros::NEVER,
                transferred: false,
                active: 0,
                blocks: 0,
                first_gap: Micros::NEVER,
            });
            pools.choices.push_back((time, request));
            return;
        }
        let regret = self.records.regret[request];
        if !regret.is_nan() {
            self.record.add_regret(regret);
        }
        let leg = pools.add_leg(request, LegKind::Whole);
        pools.record.ways[request.index()] = Way::Local(leg);
        let queued_at = time + self.fleet.setup(chosen).latency.queueing_delay(input);
        self.fleet.instances[chosen].inject(leg, time, queued_at);
        self.view.sent_to(chosen, &self.fleet.instances[chosen]);
        self.fleet.idle_until[chosen] = self.fleet.idle_until[chosen].min(queued_at);
        self.note_part_events(chosen);
    }

    /// Chooses the instance that computes the prompt of a request (D-3, event 3).
    pub(super) fn choose_prefill(
        &mut self,
        time: Micros,
        request: RequestIndex,
        budget: &mut u64,
    ) -> Advance {
        if *budget == 0 {
            return Advance::OutOfBudget;
        }
        let prompt = self.prompt_key(request);
        let Some(pools) = &self.pools else { return Advance::Reached };
        let reads = pools.params.prefill_router.as_ref().unwrap_or(&self.router).reads(prompt);
        let advance = self.refresh_view(time, reads, budget);
        if advance != Advance::Reached {
            return advance;
        }
        let Some(pools) = &mut self.pools else { return Advance::Reached };
        pools.choices.pop_front();
        let log = ChoiceLog {
            choice: ChoiceName::Prefill,
            ties: &mut self.record.tie_breaks,
            candidates: &mut pools.record.prefill_candidates,
            kept: self.record.candidates_per_decision,
        };
        let router = pools.params.prefill_router.as_mut().unwrap_or(&mut self.router);
        let decision =
            router.decide(request, prompt, None, (&self.view, Routable::Only(&pools.prefill)), log);
        let Way::Apart(row) = pools.record.ways[request.index()] else { return Advance::Reached };
        let apart = &mut pools.record.apart[row as usize];
        apart.prefill_instance = decision.instance;
        (apart.prefill_score, apart.prefill_regret) = (decision.score, decision.regret);
        let (leg, at) = (apart.prefill, decision.instance.index());
        let queued_at = time + self.fleet.setup(at).latency.queueing_delay(self.requests.input[request]);
        self.fleet.instances[at].inject_part(leg, time, queued_at);
        self.view.sent_to(at, &self.fleet.instances[at]);
        self.fleet.idle_until[at] = self.fleet.idle_until[at].min(queued_at);
        self.note_part_events(at);
        self.clock = time;
        *budget = budget.saturating_sub(1);
        Advance::Reached
    }
}

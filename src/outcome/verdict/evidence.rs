//! What a run shows that bears on its verdict.

use super::{Losses, expected};
use crate::outcome::Outcome;
use crate::outcome::levels::{Levels, WINDOWS};
use crate::record::{Ending, RequestState, Service, StopRecord};
use crate::workload::Pattern;

/// Windows of a quarter of the arrivals.
const QUARTER: usize = WINDOWS / 4;

/// Conversations that begin within this share of the time that one lasts begin together.
const TOGETHER: f64 = 0.1;

/// The signs of a run. Rates are per second, times in s.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Evidence {
    pub pattern: Pattern,
    pub ending: Ending,
    /// When the run was cut although requests were unfinished; `None` if it was not.
    pub cut_at_s: Option<f64>,
    pub service: Service,
    pub losses: Losses,
    /// How long requests waited that gave up, if all waited the same time.
    pub patience_s: Option<f64>,
    /// Instances that take requests when the last one arrives.
    pub instances: f64,
    /// Instances that stopped while requests arrived, in the order of time.
    pub stops: Vec<StopRecord>,
    /// Requests of bursts.
    pub burst: u64,
    /// Virtual users that sent no more because a request of theirs was lost.
    pub users_gone: u64,
    /// Requests that arrived.
    pub arrived: u64,
    /// Requests that arrived and were routed to an instance that could serve them.
    pub routed: u64,
    pub unfinished: u64,
    pub evictions: u64,
    /// Virtual users.
    pub users: u64,
    /// Largest share of an instance's KV cache in use.
    pub kv_peak: f64,
    /// Whether there is a second tier of KV memory, where waiting requests can hold blocks.
    pub tiered: bool,
    /// Where requests are rounds of conversations that begin over some time.
    pub conversations: Option<Conversations>,
    /// `None` if all requests arrive at one time, or none does.
    pub flow: Option<Flow>,
}

/// How conversations follow each other, s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Conversations {
    /// From the first request of the first one to that of the last one.
    pub begin_s: f64,
    /// From the first request of a conversation to its last one, on average.
    pub last_s: f64,
}

impl Conversations {
    /// `None` if no request has a later round.
    fn of(outcome: &Outcome) -> Option<Self> {
        let requests = &outcome.requests;
        let sessions = requests.sessions.as_ref()?;
        let mut spans: Vec<Option<(i64, i64)>> = vec![None; sessions.names.len()];
        for row in outcome.rows().filter(|&row| outcome.has_arrived(row)) {
            let at = requests.arrival[row].0;
            if let Some(span) = spans.get_mut(requests.session[row] as usize) {
                let (first, last) = span.unwrap_or((at, at));
                *span = Some((first.min(at), last.max(at)));
            }
        }
        let spans: Vec<(i64, i64)> = spans.into_iter().flatten().collect();
        let first = spans.iter().map(|&(first, _)| first).min()?;
        let last = spans.iter().map(|&(first, _)| first).max()?;
        let lasted: i64 = spans.iter().map(|&(first, last)| last - first).sum();
        (lasted > 0).then(|| Self {
            begin_s: (last - first) as f64 / 1e6,
            last_s: lasted as f64 / 1e6 / spans.len() as f64,
        })
    }

    /// Whether all of them begin at about one time, as those of a group of agents.
    pub(super) fn begin_together(&self) -> bool {
        self.begin_s < TOGETHER * self.last_s
    }
}

/// The signs of requests that arrive over some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flow {
    pub span_s: f64,
    /// Means over quarters of the arrivals.
    pub in_system: [f64; 4],
    pub waiting: [f64; 4],
    /// Routed arrivals, of the whole cluster.
    pub rate: f64,
    /// Those of the instance that gets most.
    pub busiest_rate: f64,
    /// Its share of the load: arrivals over capacity, by the arrivals seen.
    pub seen_load: f64,
    /// The same by the offered rate, where that is known.
    pub load: f64,
    /// Relative standard error of the number of arrivals.
    pub noise: f64,
    /// Relative standard error of the load.
    pub load_noise: f64,
    /// Dispersion of the arrivals: variance over mean of their number per window; 1 for a Poisson process.
    pub dispersion: f64,
    /// Load of the window in which most arrive.
    pub peak_load: f64,
    /// The start and the end of that window.
    pub peak_s: (f64, f64),
    /// Most waiting requests in a window.
    pub peak_waiting: f64,
    /// Requests in the system to be expected in the long run, by [`expected::level`].
    pub expected: f64,
    /// Time in the system by Little's law, in the second half.
    pub residence_s: f64,
}

impl Evidence {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let total = |counter: fn(&crate::record::InstanceRecord) -> u64| outcome.total(counter);
        let kv_peak = outcome
            .instances
            .iter()
            .map(|instance| f64::from(instance.peak_kv_blocks) / f64::from(instance.total_kv_blocks.max(1)));
        let unfinished = total(|instance| instance.still_queued + instance.still_running);
        let timed_out = total(|instance| instance.timed_out);
        let hopeless = outcome.service.hopeless.min(timed_out);
        let dropped = total(|instance| instance.dropped);
        let finished = outcome.ending == Ending::Finished;
        let routed = total(|instance| instance.routed) - dropped;
        let listed = outcome.rows().filter(|row| !outcome.burst.contains(&row.index()));
        let last_arrival = listed.filter(|&row| outcome.has_arrived(row));
        let last_arrival = last_arrival.map(|row| outcome.requests.arrival[row]).max().unwrap_or_default();
        let stops: Vec<_> = outcome.stops.iter().copied().filter(|stop| stop.at < last_arrival).collect();
        Self {
            pattern: outcome.pattern,
            ending: outcome.ending,
            cut_at_s: (finished && unfinished > 0).then(|| outcome.duration().as_secs()),
            service: outcome.service,
            losses: Losses {
                timed_out: timed_out - hopeless,
                lost: total(|instance| instance.lost),
                rejected: outcome.gateway.rejected,
                other_model: outcome.gateway.routing_rejections,
                too_long: dropped,
                hopeless,
            },
            patience_s: if timed_out > 0 { patience_s(outcome) } else { None },
            instances: outcome.instances.len().saturating_sub(stops.len()).max(1) as f64,
            burst: outcome.burst.len() as u64,
            users_gone: users_gone(outcome),
            arrived: outcome.gateway.arrivals_by_class.iter().sum(),
            routed,
            unfinished,
            evictions: total(|instance| instance.preemptions),
            users: outcome.requests.users(),
            kv_peak: kv_peak.fold(0.0, f64::max),
            tiered: outcome.instances.iter().any(|instance| instance.tier.is_some()),
            conversations: if outcome.pattern == Pattern::Conversations {
                Conversations::of(outcome)
            } else {
                None
            },
            flow: Levels::of(outcome).and_then(|levels| Flow::of(outcome, &levels, routed, stops.len())),
            stops,
        }
    }

    /// Evictions per routed request.
    pub(super) fn eviction_share(&self) -> f64 {
        self.evictions as f64 / self.routed.max(1) as f64
    }
}

impl Flow {
    fn of(outcome: &Outcome, levels: &Levels, routed: u64, stopped: usize) -> Option<Self> {
        let counted: f64 = levels.arrivals.iter().map(|&count| f64::from(count)).sum();
        if counted == 0.0 || routed == 0 {
            return None;
        }
        let mean = counted / WINDOWS as f64;
        let squares: f64 =
            levels.arrivals.iter().map(|&count| f64::from(count) - mean).map(|off| off * off).sum();
        let dispersion = squares / (WINDOWS - 1) as f64 / mean;
        let (in_system, waiting) = (quarters(&levels.in_system), quarters(&levels.waiting));
        let rate = counted / levels.span_s;
        let servable = outcome.instances.iter().map(|instance| instance.routed - instance.dropped);
        let max = servable.max().unwrap_or(0) as f64;
        let asked = outcome.offered_rate.filter(|_| outcome.gateway.turned_away() == 0);
        // Those that are left share what comes from the last stop on.
        let left = outcome.instances.len().saturating_sub(stopped).max(1) as f64;
        let shared = if stopped > 0 { asked.unwrap_or(rate) / left } else { 0.0 };
        // A burst is no part of the rate, but is routed as everything else.
        let seen_rate = if outcome.burst.is_empty() {
            max / levels.span_s
        } else {
            max / routed as f64 * asked.unwrap_or(rate)
        };
        let busiest_rate = seen_rate.max(shared);
        let per_load = if outcome.service.capacity > 0.0 { 1.0 / outcome.service.capacity } else { 0.0 };
        let seen_load = busiest_rate * per_load;
        let noise = (dispersion / counted).sqrt();
        let busiest_window = (0..WINDOWS).max_by_key(|&window| levels.arrivals[window]).unwrap_or(0);
        let window_s = levels.span_s / WINDOWS as f64;
        let peak_start = levels.start_s + busiest_window as f64 * window_s;
        Some(Self {
            span_s: levels.span_s,
            in_system,
            waiting,
            rate,
            busiest_rate,
            seen_load,
            load: asked
                .filter(|_| outcome.burst.is_empty() && stopped == 0)
                .map_or(seen_load, |asked| seen_load * asked / rate),
            noise,
            // Of a rate that is known, only the mean lengths are uncertain.
            load_noise: if asked.is_some() { 0.4 / counted.sqrt() } else { noise },
            dispersion,
            peak_load: seen_load * f64::from(levels.arrivals[busiest_window]) / mean,
            peak_s: (peak_start, peak_start + window_s),
            peak_waiting: levels.waiting.iter().copied().fold(0.0, f64::max),
            expected: expected::level(&outcome.service, left, asked.unwrap_or(rate), dispersion),
            residence_s: f64::midpoint(in_system[2], in_system[3]) / rate,
        })
    }

    /// Mean number in the system in the second half of the arrivals.
    pub(super) fn level(&self) -> f64 {
        f64::midpoint(self.in_system[2], self.in_system[3])
    }

    /// Mean residence times that the arrivals lasted.
    pub(super) fn residences(&self) -> f64 {
        self.span_s / self.residence_s.max(1e-9)
    }
}

fn quarters(windows: &[f64; WINDOWS]) -> [f64; 4] {
    std::array::from_fn(|quarter| {
        windows[quarter * QUARTER..(quarter + 1) * QUARTER].iter().sum::<f64>() / QUARTER as f64
    })
}

/// The time from arrival to deadline of the requests that timed out, if it is the same for all.
fn patience_s(outcome: &Outcome) -> Option<f64> {
    let timed_out = |&row: &usize| outcome.records.state[row] == RequestState::TimedOut;
    let mut patience = (0..outcome.requests.len())
        .filter(timed_out)
        .map(|row| (outcome.requests.deadline[row] - outcome.requests.arrival[row]).0);
    let first = patience.next()?;
    patience.all(|other| other == first).then_some(first as f64 / 1e6)
}

/// Users a request of which was lost: they send no more.
fn users_gone(outcome: &Outcome) -> u64 {
    let gone = |&row: &usize| {
        outcome.records.state[row] == RequestState::Lost && outcome.requests.user(row).is_some()
    };
    (0..outcome.requests.len()).filter(gone).count() as u64
}

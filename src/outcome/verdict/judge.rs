//! Which verdict the evidence calls for.

use super::evidence::{Evidence, Flow};
use super::{Certainty, VerdictKind};
use crate::record::Ending;
use crate::workload::Pattern;

/// More than this share of the arrivals lost to load means overload.
const LOSSES: f64 = 0.001;
/// Mean residence times that arrivals have to last.
const RESIDENCES: f64 = 9.0;
/// Rounds that virtual users have to make on average.
const ROUNDS: f64 = 4.0;
/// A queue that grew is a sign of overload from this load on.
const OVERLOAD: f64 = 1.02;
/// A batch that fills up, with nothing waiting yet, is one only from this load on.
const CLEAR_OVERLOAD: f64 = 1.1;
/// ... and after this number of residence times.
const FILLING_RESIDENCES: f64 = 2.0;
/// Arrivals must be known this well for growth to count.
const OVERLOAD_NOISE: f64 = 0.12;
/// Below this load there is room, with all doubt about the load on its side.
const ROOM: f64 = 0.99;
/// Below this one a queue that grew was a burst.
const MUCH_ROOM: f64 = 0.85;
/// Below this one a batch that grew was chance, if it had long to settle.
const SOME_ROOM: f64 = 0.96;
/// Residence times after which it had long to settle.
const LONG: f64 = 10.0;
/// Between room and this load only a long and level run is proof.
const BORDER: f64 = 1.0;
/// Least number of requests of such a proof, and largest noise of its arrivals.
const PROOF_REQUESTS: u64 = 100;
const PROOF_NOISE: f64 = 0.06;
/// Largest dispersion of its arrivals: bursts can be rarer than the run is long.
const PROOF_DISPERSION: f64 = 3.0;
/// Times that the cluster must have had to settle in such a proof; see [`settling_s`].
const PROOF_SETTLINGS: f64 = 2.0;
/// An instance whose KV cache was this full may tip over into evicting again and again.
const KV_FULL: f64 = 0.8;
/// ... if its load is above this and arrivals are not even.
const KV_LOAD: f64 = 0.85;
const EVEN: f64 = 0.6;
/// Queues of uneven arrivals take this many of [`fluctuation`]'s residence times to show their size.
const FLUCTUATIONS: f64 = 0.3;
/// Where the rate is known no better than this, an instance of few slots has not shown what bursts do to it.
pub(super) const UNKNOWN_RATE: f64 = 0.25;
const FEW_SLOTS: f64 = 4.0;
/// What an eviction per request adds to the load, and the most that is added.
const EVICTION_COST: f64 = 0.5;
const MOST_EVICTIONS: f64 = 0.3;

/// By what a verdict is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// More requests were lost to load than may be.
    Lost,
    /// The queue grew.
    QueueGrew,
    /// The batches grew although they can never hold all.
    BatchesGrew,
    /// Evictions took more steps than any run needs.
    Evictions,
    /// No request arrived.
    NoRequest,
    /// None was let in, or none could be served.
    NoneServed,
    /// All requests arrived at one time.
    Burst,
    /// A request can never fit, and the run was given up.
    Livelock,
    /// Users have made too few rounds.
    FewRounds,
    /// Arrivals lasted too short a time.
    Short,
    /// Batches were still filling, or the queue grew although there is room.
    Filling,
    /// So close to the limit that the run is inconclusive.
    AtTheLimit,
    /// The KV cache ran full now and then.
    KvAtTheLimit,
    /// Arrivals come in bursts that the run is too short for.
    Bursty,
    /// Users wait for their answers.
    Users,
    /// There is room for more.
    Room,
    /// Little room, but a long and level run.
    Level,
    /// The rate changes, and the queue of the busiest time was gone at the end.
    Recovered,
}

impl Sign {
    pub(super) const fn kind(self) -> VerdictKind {
        match self {
            Self::Lost | Self::QueueGrew | Self::BatchesGrew | Self::Evictions => VerdictKind::Overloaded,
            Self::NoRequest
            | Self::NoneServed
            | Self::Burst
            | Self::Livelock
            | Self::FewRounds
            | Self::Short
            | Self::Filling
            | Self::AtTheLimit
            | Self::KvAtTheLimit
            | Self::Bursty => VerdictKind::TooShort,
            Self::Users | Self::Room | Self::Level | Self::Recovered => VerdictKind::Steady,
        }
    }
}

/// The sign that decides.
pub(super) fn sign(evidence: &Evidence) -> Sign {
    match evidence.ending {
        Ending::Livelock { .. } => return Sign::Livelock,
        Ending::StepLimit { .. } => return Sign::Evictions,
        Ending::Finished => {}
    }
    if evidence.arrived == 0 {
        return Sign::NoRequest;
    }
    if evidence.losses.timed_out as f64 > LOSSES * evidence.arrived as f64 {
        return Sign::Lost;
    }
    if evidence.routed == 0 || evidence.routed == evidence.losses.hopeless {
        return Sign::NoneServed;
    }
    let Some(flow) = &evidence.flow else { return Sign::Burst };
    match evidence.pattern {
        Pattern::Users if (evidence.arrived as f64) < ROUNDS * evidence.users as f64 => Sign::FewRounds,
        Pattern::Users => Sign::Users,
        Pattern::Windows | Pattern::List => of_changing_rate(evidence, flow),
        Pattern::Streams => of_streams(evidence, flow),
    }
}

/// How the levels moved.
#[derive(Clone, Copy, Debug)]
struct Trend {
    queue_grew: bool,
    batches_grew: bool,
    level: bool,
}

impl Trend {
    fn of(flow: &Flow, instances: f64) -> Self {
        let ([_, second, third, last], [_, waited, waited_then, waiting]) = (flow.in_system, flow.waiting);
        let queue_grew = waiting > 0.5 * instances
            && waiting > 1.2 * waited_then
            && waited_then > 1.1 * waited
            && waiting > 0.05 * last;
        let batches_grew = last > 1.15 * third && third > 1.15 * second && last - third > 0.5 * instances;
        let level = last < 1.12 * third.min(second)
            && waiting < 1.25 * waited.max(instances)
            && waiting < 1.25 * waited_then.max(instances);
        Self { queue_grew, batches_grew, level }
    }
}

fn of_streams(evidence: &Evidence, flow: &Flow) -> Sign {
    let trend = Trend::of(flow, evidence.instances);
    let redone = 1.0 + EVICTION_COST * evidence.eviction_share().min(MOST_EVICTIONS);
    let low = redone * flow.load.min(flow.seen_load) * (1.0 - flow.load_noise);
    let high = redone * flow.load * (1.0 + flow.load_noise);
    let residences = flow.residences();
    if low > OVERLOAD && trend.queue_grew && flow.noise < OVERLOAD_NOISE {
        return Sign::QueueGrew;
    }
    if low > CLEAR_OVERLOAD && trend.batches_grew && residences > FILLING_RESIDENCES {
        return Sign::BatchesGrew;
    }
    let long = residences >= LONG;
    let burst = high <= MUCH_ROOM && (long || !trend.batches_grew);
    let chance = high <= SOME_ROOM && long && !trend.queue_grew;
    let moved = (trend.queue_grew && !burst) || (trend.batches_grew && !chance);
    let room = high <= ROOM && !moved;
    let proven = high <= BORDER
        && residences >= LONG
        && trend.level
        && evidence.routed >= PROOF_REQUESTS
        && flow.noise < PROOF_NOISE
        && flow.dispersion < PROOF_DISPERSION
        && flow.span_s >= PROOF_SETTLINGS * settling_s(evidence, flow);
    let reservation = reservation(evidence, flow, high);
    match (room, proven) {
        _ if residences < RESIDENCES => {
            if moved {
                Sign::Filling
            } else {
                Sign::Short
            }
        }
        (false, false) if high > SOME_ROOM => Sign::AtTheLimit,
        (false, false) => Sign::Filling,
        (true, _) => reservation.unwrap_or(Sign::Room),
        (false, true) => reservation.unwrap_or(Sign::Level),
    }
}

/// Evidence against a steady run although its levels do not move.
fn reservation(evidence: &Evidence, flow: &Flow, load: f64) -> Option<Sign> {
    if evidence.kv_peak > KV_FULL && load > KV_LOAD && flow.dispersion > EVEN {
        return Some(Sign::KvAtTheLimit);
    }
    let needed = FLUCTUATIONS * fluctuation(evidence, flow, load);
    let unknown = flow.noise > UNKNOWN_RATE && evidence.service.batch <= FEW_SLOTS;
    (flow.residences() < needed || unknown).then_some(Sign::Bursty)
}

/// How long queues of uneven arrivals take to come and go, in residence times: by heavy-traffic theory
/// (c² / 2) / ((1 - load)² slots), c² being the dispersion of the arrivals.
pub(super) fn fluctuation(evidence: &Evidence, flow: &Flow, load: f64) -> f64 {
    let room = (1.0 - load).max(0.02);
    f64::midpoint(flow.dispersion, 0.1) / (room * room * evidence.service.batch.max(1.0))
}

/// Time in which the batches come near their final size. A batch of b serves X(b) requests per second, and a small
/// difference from its final size dies out at the rate X'(b): that is W² / W0, with W the time that requests spend
/// here and W0 the time that they would take alone.
pub(super) fn settling_s(evidence: &Evidence, flow: &Flow) -> f64 {
    flow.residence_s * flow.residence_s / evidence.service.alone_s.max(1e-9)
}

/// Where the rate changes on purpose, or comes from a trace, the busiest time decides.
fn of_changing_rate(evidence: &Evidence, flow: &Flow) -> Sign {
    let trend = Trend::of(flow, evidence.instances);
    let waiting = flow.waiting[3];
    if trend.queue_grew && flow.seen_load > 1.0 {
        return Sign::QueueGrew;
    }
    if flow.residences() < RESIDENCES {
        return if trend.queue_grew || trend.batches_grew { Sign::Filling } else { Sign::Short };
    }
    if flow.peak_load <= ROOM && !trend.queue_grew {
        return Sign::Room;
    }
    if flow.seen_load <= ROOM && waiting <= evidence.instances.max(0.25 * flow.peak_waiting) {
        return Sign::Recovered;
    }
    if flow.seen_load > ROOM { Sign::AtTheLimit } else { Sign::Filling }
}

/// How sure the verdict is.
pub(super) fn certainty(sign: Sign, evidence: &Evidence) -> Certainty {
    let Some(flow) = &evidence.flow else { return Certainty::Certain };
    let certain = match sign {
        Sign::Lost | Sign::Evictions | Sign::NoRequest | Sign::NoneServed | Sign::Livelock | Sign::Users => {
            true
        }
        Sign::QueueGrew | Sign::BatchesGrew => flow.load.min(flow.seen_load) > 1.15,
        Sign::Room => flow.load < MUCH_ROOM && flow.residences() > 2.0 * LONG,
        _ => false,
    };
    if certain { Certainty::Certain } else { Certainty::Likely }
}

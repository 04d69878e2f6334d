//! Which verdict the evidence calls for.

use super::evidence::{Conversations, Evidence, Flow};
use super::{Certainty, VerdictKind};
use crate::record::Ending;
use crate::workload::Pattern;

/// More than this share of the arrivals lost to load means overload.
const LOSSES: f64 = 0.001;
/// Mean residence times that arrivals have to last.
const RESIDENCES: f64 = 9.0;
/// Rounds that virtual users have to make on average.
const ROUNDS: f64 = 4.0;
/// How many times as long as one of them lasts conversations have to begin: before, there are more of them all the time.
const LIFETIMES: f64 = 3.0;
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
/// Below this one growth up to the level to be expected is chance.
const SOME_ROOM: f64 = 0.98;
/// ... to which the level may lack this factor.
const NEARLY: f64 = 1.1;
/// Below this one a run is not at the limit.
const LIMIT: f64 = 0.96;
/// Below this one the verdict is certain, if the run is long.
const MUCH_ROOM: f64 = 0.85;
/// Residence times of a long run.
const LONG: f64 = 10.0;
/// Between room and this load only a long and level run is proof.
const BORDER: f64 = 1.0;
/// Least number of requests of such a proof.
const PROOF_REQUESTS: u64 = 100;
/// Times that the cluster must have had to settle in such a proof; see [`settling_s`].
const PROOF_SETTLINGS: f64 = 2.0;
/// A run whose level is to be expected to rise by more than this factor, and one per instance, has not shown it.
const HIGHER: f64 = 1.75;
/// ... if its load is above this: below, bursts are over too soon to add to each other.
const BURST_LOAD: f64 = 0.7;
/// Arrivals are uneven above this dispersion.
const EVEN: f64 = 0.6;
/// An instance whose KV cache was this full may tip over into evicting again and again if arrivals are uneven ...
const KV_FULL: f64 = 0.95;
/// ... and if it evicted this many per request in any case, above this load.
pub(super) const FEW_EVICTIONS: f64 = 0.02;
const KV_LOAD: f64 = 0.85;
/// The same for more of them, above less load: each shows that the cache, not the slots, limits the batch. Of otherwise
/// steady runs with 0.1 to 0.5, longer ones refuted 2 of 23; of those with more, 4 of 9.
const MANY_EVICTIONS: f64 = 0.5;
const MANY_EVICTIONS_LOAD: f64 = 0.55;
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
    /// No user is left: a request of each was lost.
    UsersGone,
    /// The instances that are left cannot serve what arrives, but too little came since to show it.
    Beyond,
    /// Arrivals lasted too short a time.
    Short,
    /// Conversations began for too short a time.
    FewConversations,
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
            | Self::UsersGone
            | Self::Beyond
            | Self::Short
            | Self::FewConversations
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
    if evidence.users > 0 && evidence.users_gone == evidence.users {
        return Sign::UsersGone;
    }
    let Some(flow) = &evidence.flow else { return Sign::Burst };
    match evidence.pattern {
        Pattern::Users if (evidence.arrived as f64) < ROUNDS * evidence.users as f64 => Sign::FewRounds,
        Pattern::Users => Sign::Users,
        Pattern::Windows | Pattern::Conversations | Pattern::List => of_changing_rate(evidence, flow),
        Pattern::Streams if evidence.burst > 0 => of_burst(evidence, flow),
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
    let settled = high <= SOME_ROOM && flow.expected <= NEARLY * flow.in_system[3];
    let moved = (trend.queue_grew || trend.batches_grew) && !settled;
    let room = high <= ROOM && !moved;
    let proven = high <= BORDER
        && residences >= LONG
        && trend.level
        && evidence.routed >= PROOF_REQUESTS
        && flow.span_s >= PROOF_SETTLINGS * settling_s(evidence, flow);
    if residences < RESIDENCES {
        return if moved { Sign::Filling } else { Sign::Short };
    }
    if flow.load > OVERLOAD && !evidence.stops.is_empty() {
        return Sign::Beyond;
    }
    match (room, proven) {
        (false, false) if high > LIMIT => Sign::AtTheLimit,
        (false, false) => Sign::Filling,
        (true, _) => reservation(evidence, flow, high).unwrap_or(Sign::Room),
        (false, true) => reservation(evidence, flow, high).unwrap_or(Sign::Level),
    }
}

/// Evidence against a steady run although its levels do not move.
fn reservation(evidence: &Evidence, flow: &Flow, load: f64) -> Option<Sign> {
    let uneven = flow.dispersion > EVEN;
    let evictions = evidence.eviction_share();
    let full = evidence.kv_peak > KV_FULL && uneven;
    if ((full || evictions > FEW_EVICTIONS) && load > KV_LOAD)
        || (evictions > MANY_EVICTIONS && load > MANY_EVICTIONS_LOAD)
    {
        return Some(Sign::KvAtTheLimit);
    }
    let level = flow.level();
    let rises =
        load > BURST_LOAD && flow.expected > HIGHER * level && flow.expected - level > evidence.instances;
    rises.then_some(if uneven { Sign::Bursty } else { Sign::AtTheLimit })
}

/// Time in which the batches come near their final size. A batch of b serves X(b) requests per second, and a small
/// difference from its final size dies out at the rate X'(b): that is W² / W0, with W the time that requests spend
/// here and W0 the time that they would take alone.
fn settling_s(evidence: &Evidence, flow: &Flow) -> f64 {
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
    let begin_too_short =
        |conversations: Conversations| conversations.begin_s < LIFETIMES * conversations.last_s;
    if evidence.conversations.is_some_and(begin_too_short) {
        return Sign::FewConversations;
    }
    if flow.peak_load <= ROOM && !trend.queue_grew {
        return Sign::Room;
    }
    if flow.seen_load <= ROOM && waiting <= evidence.instances.max(0.25 * flow.peak_waiting) {
        return Sign::Recovered;
    }
    if flow.seen_load > ROOM { Sign::AtTheLimit } else { Sign::Filling }
}

/// Where a burst comes beside streams, these decide whether the cluster keeps up, and then whether the burst is over.
fn of_burst(evidence: &Evidence, flow: &Flow) -> Sign {
    let trend = Trend::of(flow, evidence.instances);
    if trend.queue_grew && flow.load > OVERLOAD {
        return Sign::QueueGrew;
    }
    let residences = flow.residences();
    if trend.batches_grew && flow.load > CLEAR_OVERLOAD && residences > FILLING_RESIDENCES {
        return Sign::BatchesGrew;
    }
    if residences < RESIDENCES {
        return if trend.queue_grew || trend.batches_grew { Sign::Filling } else { Sign::Short };
    }
    if flow.load > OVERLOAD {
        return if evidence.stops.is_empty() { Sign::Filling } else { Sign::Beyond };
    }
    if flow.load > LIMIT {
        return Sign::AtTheLimit;
    }
    if flow.waiting[3] <= evidence.instances.max(0.25 * flow.peak_waiting) {
        return if flow.peak_load <= ROOM { Sign::Room } else { Sign::Recovered };
    }
    Sign::Filling
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

//! A verdict's reason as a sentence with figures, and how long a run would have to be.

use super::evidence::{Evidence, Flow};
use super::judge::{self, Sign};
use crate::config::KillMode;
use crate::outcome::words;
use crate::record::Ending;
use crate::units::Micros;
use crate::workload::Pattern;

/// Residence times that a run should last; a little more than the least that can be enough.
const ENOUGH_RESIDENCES: f64 = 12.0;
/// Lifetimes of a conversation for which others should begin.
const ENOUGH_LIFETIMES: f64 = 4.0;
/// The same where the run is at the limit.
const LIMIT_RESIDENCES: f64 = 40.0;
/// A longer run is not suggested by more than this factor: the next one is a better guide.
const MOST_LONGER: f64 = 64.0;

/// One sentence, without a full stop; `enough` is how many requests would decide, if a longer run does.
pub(super) fn reason(sign: Sign, evidence: &Evidence, enough: Option<u64>) -> String {
    let mut sentence = main_clause(sign, evidence);
    if let Some(enough) = enough {
        sentence.push_str(": run at least ");
        sentence.push_str(&words::plural(enough, "request"));
    }
    for aside in asides(sign, evidence) {
        sentence.push_str("; ");
        sentence.push_str(&aside);
    }
    sentence
}

fn main_clause(sign: Sign, evidence: &Evidence) -> String {
    let flow = evidence.flow.as_ref();
    match (sign, flow) {
        (Sign::Lost, _) => lost(evidence),
        (Sign::Evictions, _) => "evictions took more steps than any run of this size needs".to_owned(),
        (Sign::NoRequest, _) => "no request arrived".to_owned(),
        (Sign::NoneServed, _) => "no request could be served".to_owned(),
        (Sign::Livelock, _) => livelock(evidence.ending, evidence.tiered),
        (Sign::FewRounds, _) => format!(
            "{} users sent {} requests, so hardly any of them has made several rounds",
            count(evidence.users as f64),
            count(evidence.arrived as f64)
        ),
        (Sign::Users, _) => format!(
            "each of the {} users waits for its answer before it sends the next request, so no queue grows \
             without end",
            count((evidence.users - evidence.users_gone) as f64)
        ),
        (Sign::UsersGone, _) => format!(
            "a request of each of the {} users got lost, and they sent no more",
            count(evidence.users as f64)
        ),
        (_, None) => format!(
            "all {} requests arrive at once, which shows how long a burst takes and not what the cluster carries",
            count(evidence.arrived as f64)
        ),
        (_, Some(flow)) => of_flow(sign, evidence, flow),
    }
}

fn of_flow(sign: Sign, evidence: &Evidence, flow: &Flow) -> String {
    let last = flow.in_system[3];
    match sign {
        Sign::QueueGrew => format!(
            "the queue grew from {} to {} while requests arrived; {}",
            count(flow.waiting[1]),
            count(flow.waiting[3]),
            comparison(evidence, flow)
        ),
        Sign::BatchesGrew => format!(
            "requests in the system rose from {} to {} while more arrived; {}",
            count(flow.in_system[1]),
            count(last),
            comparison(evidence, flow)
        ),
        Sign::Short => format!(
            "requests arrived for {}, and a request takes {}; batches were {} full",
            seconds(flow.span_s),
            seconds(expected_residence_s(evidence, flow)),
            percent(fullness(evidence, flow))
        ),
        Sign::FewConversations => few_conversations(evidence),
        Sign::Filling => format!("batches were {} full and still filling", percent(fullness(evidence, flow))),
        Sign::AtTheLimit => format!(
            "the load is {} of what the instances can serve, so close to the limit that only a much longer run can tell",
            percent(flow.load)
        ),
        Sign::Beyond => format!(
            "the load is {} of what the instances that are left can serve, but too little came since to show it",
            percent(flow.load)
        ),
        Sign::KvAtTheLimit if evidence.eviction_share() > judge::FEW_EVICTIONS => format!(
            "the KV cache ran full and requests were evicted {} times, which computes their tokens again: a burst could set \
             off evictions that never end",
            count(evidence.evictions as f64)
        ),
        Sign::KvAtTheLimit => format!(
            "the KV cache was {} full at times, and a burst could set off evictions that never end",
            percent(evidence.kv_peak)
        ),
        Sign::Bursty => format!(
            "arrivals are uneven at {} load, so that about {} requests in the system are to be expected in the long run, and \
             {} arrivals showed {}",
            percent(flow.load),
            count(flow.expected),
            count(evidence.arrived as f64),
            count(flow.level())
        ),
        Sign::Recovered => format!(
            "the busiest time ({} to {}) brings {} of what the instances can serve and left {} waiting, all but {} of \
             which were gone at the end",
            seconds(flow.peak_s.0),
            seconds(flow.peak_s.1),
            percent(flow.peak_load),
            count(flow.peak_waiting),
            count(flow.waiting[3])
        ),
        _ => format!(
            "{} requests in the system, no longer growing, at {} of what the instances can serve",
            count(last),
            percent(flow.load)
        ),
    }
}

/// Conversations beside the time for which they begin.
fn few_conversations(evidence: &Evidence) -> String {
    match &evidence.conversations {
        Some(conversations) if conversations.begin_together() => format!(
            "all conversations begin {} and last {}: this shows how long they take together, and not what the cluster \
             carries if new ones keep coming",
            if conversations.begin_s < 0.001 {
                "at once".to_owned()
            } else {
                format!("within {}", seconds(conversations.begin_s))
            },
            seconds(conversations.last_s)
        ),
        Some(conversations) => format!(
            "conversations begin for {} and last {}, so that there are more of them nearly all the time",
            seconds(conversations.begin_s),
            seconds(conversations.last_s)
        ),
        None => "there are too few conversations".to_owned(),
    }
}

/// Arrivals beside what an instance can serve.
fn comparison(evidence: &Evidence, flow: &Flow) -> String {
    let subject = if evidence.instances > 1.0 { "the busiest instance" } else { "the instance" };
    format!(
        "{subject} gets {} requests/s and can serve about {}",
        words::number(flow.busiest_rate),
        words::number(evidence.service.capacity)
    )
}

fn lost(evidence: &Evidence) -> String {
    let after =
        evidence.patience_s.map_or_else(String::new, |patience| format!(" after {}", seconds(patience)));
    format!(
        "{} of {} gave up{after}",
        count(evidence.losses.timed_out as f64),
        count(evidence.arrived as f64)
    )
}

fn livelock(ending: Ending, tiered: bool) -> String {
    match ending {
        Ending::Livelock { instance, request, at } if tiered => format!(
            "the run was given up at {at}: request {request} is evicted again and again on instance {instance}, where its KV \
             blocks do not fit beside those that waiting requests hold"
        ),
        Ending::Livelock { instance, request, at } => format!(
            "the run was given up at {at}: request {request} can never fit into the KV cache of instance {instance}"
        ),
        Ending::Finished | Ending::StepLimit { .. } => "the run was given up".to_owned(),
    }
}

/// Losses that are reported whatever the verdict is.
fn asides(sign: Sign, evidence: &Evidence) -> Vec<String> {
    let arrived = evidence.arrived as f64;
    let losses = &evidence.losses;
    let mut asides = Vec::new();
    let mut say = |number: u64, what: &str| {
        if number > 0 {
            asides.push(format!("{} of {} {what}", count(number as f64), count(arrived)));
        }
    };
    if sign != Sign::Lost {
        say(losses.timed_out, "gave up");
    }
    say(losses.lost, "got lost when an instance crashed");
    say(losses.rejected, "were rejected by the admission policy, as configured");
    say(losses.other_model, "name a model that no instance serves");
    say(losses.too_long, "were longer than the model or the KV cache allows");
    say(losses.hopeless, "had a deadline that not even an idle instance meets");
    if let Some(flow) = &evidence.flow
        && sign.kind() == super::VerdictKind::Steady
        && sign != Sign::Recovered
        && flow.waiting[3] > 0.05 * flow.in_system[3]
        && flow.waiting[3] > evidence.instances
    {
        asides.push(format!("{} of them wait, which a longer run would not change", count(flow.waiting[3])));
    }
    match evidence.stops.as_slice() {
        [] => {}
        [stop] => {
            let what = match stop.mode {
                KillMode::Drain => "stopped",
                KillMode::Crash => "crashed",
            };
            let when = match stop.at {
                Micros::ZERO => "at the start".to_owned(),
                at => format!("at {}", seconds(at.as_secs())),
            };
            asides.push(format!("instance {} {what} {when}, and {} left", stop.instance, left(evidence)));
        }
        stops => asides.push(format!("{} instances stopped, and {} left", stops.len(), left(evidence))),
    }
    if let Some(cut) = evidence.cut_at_s {
        asides.push(format!(
            "{} were unfinished when the run was cut at {}",
            count(evidence.unfinished as f64),
            seconds(cut)
        ));
    }
    asides
}

/// The instances that are left, with their verb.
fn left(evidence: &Evidence) -> String {
    if evidence.instances > 1.0 { format!("{} are", count(evidence.instances)) } else { "one is".to_owned() }
}

/// About how many requests would be enough, to two figures; `None` where more of the same would not help.
pub(super) fn enough_requests(sign: Sign, evidence: &Evidence) -> Option<u64> {
    if evidence.pattern == Pattern::List {
        return None;
    }
    let arrived = evidence.arrived as f64;
    // More of them at one time are more load, and no longer run.
    let together = evidence.conversations.is_some_and(|conversations| conversations.begin_together());
    let wanted = match sign {
        _ if together => return None,
        Sign::FewConversations => {
            let conversations = evidence.conversations.as_ref()?;
            arrived
                * (ENOUGH_LIFETIMES * conversations.last_s / conversations.begin_s).clamp(1.3, MOST_LONGER)
        }
        Sign::FewRounds => 5.0 * evidence.users as f64,
        Sign::Short | Sign::Filling | Sign::AtTheLimit | Sign::Beyond | Sign::KvAtTheLimit | Sign::Bursty => {
            let flow = evidence.flow.as_ref()?;
            let needed_s = needed_s(sign, evidence, flow);
            arrived * (needed_s / flow.span_s).clamp(1.3, MOST_LONGER)
        }
        _ => return None,
    };
    let wanted = wanted.ceil() as u64;
    let unit = std::iter::successors(Some(1_u64), |unit| unit.checked_mul(10))
        .find(|&unit| wanted < 100 * unit)
        .unwrap_or(1);
    Some(wanted.div_ceil(unit) * unit)
}

fn needed_s(sign: Sign, evidence: &Evidence, flow: &Flow) -> f64 {
    let residence = expected_residence_s(evidence, flow);
    let load = flow.load * (1.0 + flow.load_noise);
    let capacity = evidence.service.capacity.max(1e-9);
    if flow.load > 1.03 {
        // Batches fill at the excess rate, and then a queue has to be seen growing.
        let excess = flow.busiest_rate - capacity;
        return 1.2 * evidence.service.batch / excess.max(0.01 * capacity) + 2.0 * residence;
    }
    let residences = match sign {
        Sign::AtTheLimit | Sign::KvAtTheLimit => LIMIT_RESIDENCES,
        _ => ENOUGH_RESIDENCES,
    };
    residence * residences.max(1.2 * fluctuation(evidence, flow, load).min(LIMIT_RESIDENCES))
}

/// How long queues of uneven arrivals take to come and go, in residence times: by heavy-traffic theory
/// (c² / 2) / ((1 - load)² slots), c² being the dispersion of the arrivals.
fn fluctuation(evidence: &Evidence, flow: &Flow, load: f64) -> f64 {
    let room = (1.0 - load).max(0.02);
    f64::midpoint(flow.dispersion, 0.1) / (room * room * evidence.service.batch.max(1.0))
}

/// Time in the system once the batches have their final size. With W0 alone and a batch of b at capacity X, each
/// request running adds (1 - X W0 / b) / X to the time of the others, so W = W0 / (1 - load (1 - X W0 / b)).
fn expected_residence_s(evidence: &Evidence, flow: &Flow) -> f64 {
    let service = &evidence.service;
    let shared = (1.0 - service.capacity * service.alone_s / service.batch.max(1.0)).clamp(0.0, 1.0);
    let settled = service.alone_s / (1.0 - shared * flow.load.min(0.99)).max(0.01);
    settled.max(flow.residence_s)
}

/// Running requests over what the batch has room for.
fn fullness(evidence: &Evidence, flow: &Flow) -> f64 {
    let running = (flow.in_system[3] - flow.waiting[3]) / evidence.instances;
    (running / evidence.service.batch.max(1.0)).min(1.0)
}

/// A count, which may be a mean.
fn count(value: f64) -> String {
    words::count(value.round() as u64)
}

fn seconds(value: f64) -> String {
    words::duration(1000.0 * value)
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

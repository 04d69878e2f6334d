//! What of a run with the reference's streams the reference itself may give otherwise (random-streams chapter, N-20).

use super::RequestRecords;
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::config::{SchedulerName, StreamsName};
use crate::workload::{NO_SESSION, Pattern, Requests};

/// A note for each such thing; none for independent streams, which do not claim to reproduce anything.
pub(super) fn notes(
    streams: StreamsName,
    scheduler: SchedulerName,
    pattern: Pattern,
    requests: &Requests,
    records: &RequestRecords,
) -> Vec<String> {
    if streams == StreamsName::Independent {
        return Vec::new();
    }
    let mut notes = Vec::new();
    if scheduler == SchedulerName::PriorityFcfs && arrive_together(requests, records) {
        notes.push(
            "priority inversions may be counted otherwise by BLIS, which puts requests that arrive at the same time in any order"
                .to_owned(),
        );
    }
    let longest = |lengths: &[u32]| lengths.iter().any(|&length| length >= MAX_TOKENS_PER_REQUEST);
    if pattern != Pattern::List && (longest(&requests.input) || longest(&requests.output)) {
        notes.push(format!(
            "lengths were cut at {MAX_TOKENS_PER_REQUEST} tokens, which BLIS does not do: from there on its run differs"
        ));
    }
    let follows_up = || {
        requests.session.iter().zip(&requests.round).any(|(&user, &round)| user != NO_SESSION && round > 0)
    };
    if requests.own_start.is_some() && follows_up() {
        notes.push(
            "the shared prefix ends one or two tokens before a KV block does: BLIS may find a follow-up's block in the cache by \
             accident of its tokens, which is not looked for here"
                .to_owned(),
        );
    }
    notes
}

/// Whether two requests of a class arrived at one time and went to the same instance: priority inversions compare such pairs.
fn arrive_together(requests: &Requests, records: &RequestRecords) -> bool {
    let rows = requests.arrival.iter().zip(&requests.class).zip(records.instance.iter());
    let mut places: Vec<_> = rows.map(|((&arrival, &class), &instance)| (arrival, class, instance)).collect();
    crate::order::sort_by_key(&mut places, |&place| place);
    places.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{InstanceIndex, Micros};

    fn notes_on(change: impl FnOnce(&mut Requests)) -> Vec<String> {
        let mut requests = Requests {
            arrival: vec![Micros(5), Micros(5)],
            input: vec![1; 2],
            output: vec![1; 2],
            class: vec![0, 1],
            session: vec![NO_SESSION; 2],
            round: vec![0; 2],
            ..Requests::default()
        };
        change(&mut requests);
        let mut records = RequestRecords::default();
        records.grow_to(2);
        records.instance.iter_mut().for_each(|instance| *instance = InstanceIndex::from_index(0));
        let noted =
            |streams| notes(streams, SchedulerName::PriorityFcfs, Pattern::Streams, &requests, &records);
        assert_eq!(noted(StreamsName::Independent), [""; 0]);
        noted(StreamsName::Reference)
    }

    #[test]
    fn a_run_that_blis_gives_to_the_digit_has_no_note() {
        assert_eq!(notes_on(|_| {}), [""; 0]);
    }

    #[test]
    fn what_blis_may_give_otherwise_is_named() {
        let one =
            |notes: Vec<String>| -> String { <[String; 1]>::try_from(notes).expect("one note")[0].clone() };
        assert!(one(notes_on(|requests| requests.class = vec![1, 1])).starts_with("priority inversions"));
        let cut = notes_on(|requests| requests.output[1] = MAX_TOKENS_PER_REQUEST);
        assert!(one(cut).starts_with("lengths were cut at 10000000 tokens"));
        let follow_up = notes_on(|requests| {
            (requests.session, requests.round) = (vec![0, 0], vec![0, 1]);
            requests.own_start = Some(vec![7, 0]);
        });
        assert!(one(follow_up).starts_with("the shared prefix ends one or two tokens"));
    }
}

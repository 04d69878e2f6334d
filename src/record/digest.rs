//! The fingerprint of a run: equal digests mean equal results, column by column, bit by bit.

use super::fingerprint::{Fingerprint, figure_bytes};
use super::{
    Apart, Candidate, EncodeChoice, Ending, GatewayRecord, InstanceRecord, LegTable, Outcome, PoolsRecord,
    RejectionReason, RequestRecords, TieBreak, TierRecord, merged,
};
use crate::units::{LegIndex, RequestIndex};
use crate::workload::{Models, PromptTree, Requests, Sessions};

/// 16 hexadecimal digits: XXH3-64 over the little-endian bytes of all columns, each after its length.
///
/// Covers requests, records, instances (gaps sorted and merged, since their order has no meaning), the
/// gateway and the ending; not the step log, which is only kept on request. NaNs count as one value.
pub fn digest(outcome: &Outcome) -> String {
    let mut fingerprint = Fingerprint::new();
    fingerprint.requests(&outcome.requests);
    fingerprint.records(&outcome.records);
    fingerprint.number(outcome.instances.len() as u64);
    for instance in &outcome.instances {
        fingerprint.instance(instance);
    }
    fingerprint.gateway(&outcome.gateway);
    fingerprint.ending(outcome.ending);
    if let Some(pools) = &outcome.pools {
        fingerprint.pools(pools, &outcome.gateway.tie_breaks);
    }
    fingerprint.finish()
}

/// The structures are taken apart field by field, so that a new column cannot be forgotten here.
impl Fingerprint {
    fn requests(&mut self, requests: &Requests) {
        let Requests {
            arrival,
            input,
            output,
            budget,
            deadline,
            group,
            prefix,
            class,
            tenant,
            client,
            session,
            round,
            classes,
            tenants,
            clients,
            groups,
            own_start,
            ids,
            follow_ups_from,
            // In the ids of the follow-ups.
            first_users: _,
            sessions,
            models,
            tree,
        } = requests;
        self.times(arrival);
        self.words(input);
        self.words(output);
        self.column(budget, i32::to_le_bytes);
        self.times(deadline);
        self.words(group);
        self.words(prefix);
        self.column(class, u16::to_le_bytes);
        self.column(tenant, u16::to_le_bytes);
        self.words(client);
        self.sessions(session, sessions.as_ref());
        self.words(round);
        for names in [classes, tenants, clients, groups] {
            self.texts(names);
        }
        self.number(u64::from(ids.is_some() || follow_ups_from.is_some()));
        if follow_ups_from.is_some() {
            let all: Vec<String> = RequestIndex::first(arrival.len()).map(|row| requests.id(row)).collect();
            self.texts(&all);
        } else {
            self.texts(ids.as_deref().unwrap_or_default());
        }
        // Only where there are some, so that digests without are what they were before there were these columns.
        if let Some(Models { names, of_request }) = models {
            self.texts(names);
            self.column(of_request, u16::to_le_bytes);
        }
        if let Some(own_start) = own_start {
            self.column(own_start, u64::to_le_bytes);
        }
        if let Some(PromptTree { hash_block, parent, leaf }) = tree {
            self.text("tree");
            self.number(u64::from(*hash_block));
            self.words(parent);
            self.words(leaf);
        }
    }

    /// The sessions of the requests; what virtual users have is hashed as it was before there were conversations.
    fn sessions(&mut self, session: &[u32], sessions: Option<&Sessions>) {
        self.words(session);
        if let Some(Sessions { names, context, forks }) = sessions {
            self.text("sessions");
            self.texts(names);
            self.column(context, |context| [context as u8]);
            self.column(forks, |fork| {
                let mut bytes = [0; 12];
                for (place, word) in [fork.session, fork.round, fork.at].into_iter().enumerate() {
                    bytes[4 * place..4 * place + 4].copy_from_slice(&word.to_le_bytes());
                }
                bytes
            });
        }
    }

    fn pools(&mut self, pools: &PoolsRecord, ties: &[TieBreak]) {
        let PoolsRecord {
            // Settings.
            roles: _,
            contention: _,
            legs: LegTable { request, kind },
            records,
            // Follow from the legs.
            ways: _,
            apart,
            encodings,
            cached_blocks,
            prefill_candidates,
            encode_candidates,
        } = pools;
        self.text("pools");
        self.column(ties, |tie| [tie.choice as u8]);
        self.column(request, |request| request.get().to_le_bytes());
        self.column(kind, |kind| [kind as u8]);
        self.records(records);
        self.number(apart.len() as u64);
        for parts in apart {
            let Apart {
                request: _,
                prefill,
                prefill_instance,
                prefill_score,
                prefill_regret,
                decode,
                transfer_start,
                transfer_end,
                transferred,
                active,
                blocks,
                first_gap,
            } = parts;
            for number in [prefill.get(), prefill_instance.get(), decode.map_or(u32::MAX, LegIndex::get)] {
                self.number(u64::from(number));
            }
            self.column(&[*prefill_score, *prefill_regret], figure_bytes);
            self.times(&[*transfer_start, *transfer_end, *first_gap]);
            for number in [u32::from(*transferred), *active, *blocks] {
                self.number(u64::from(number));
            }
        }
        self.number(encodings.len() as u64);
        for EncodeChoice { request, instance, score, regret } in encodings {
            self.number(u64::from(request.get()));
            self.number(u64::from(instance.get()));
            self.column(&[*score, *regret], figure_bytes);
        }
        self.words(cached_blocks);
        for candidates in [prefill_candidates, encode_candidates] {
            self.candidates(candidates);
        }
    }

    fn records(&mut self, records: &RequestRecords) {
        let RequestRecords {
            state,
            end_reason,
            admitted_at,
            routed_at,
            instance,
            score,
            regret,
            enqueued_at,
            priority,
            first_scheduled_at,
            last_scheduled_at,
            ttft,
            itl_sum,
            itl_count,
            e2e,
            ended_at,
            preemptions,
            cached_first,
            cached_last,
        } = records;
        self.column(state, |state| [state as u8]);
        self.column(end_reason, |reason| [reason as u8]);
        self.column(instance, |instance| instance.get().to_le_bytes());
        for words in [itl_count, preemptions, cached_first, cached_last] {
            self.words(words);
        }
        for times in
            [admitted_at, routed_at, enqueued_at, first_scheduled_at, last_scheduled_at, ttft, e2e, ended_at]
        {
            self.times(times);
        }
        for figures in [score, regret] {
            self.column(figures, figure_bytes);
        }
        for integers in [priority, itl_sum] {
            self.column(integers, i64::to_le_bytes);
        }
    }

    fn instance(&mut self, record: &InstanceRecord) {
        let InstanceRecord {
            routed,
            completed,
            length_capped,
            timed_out,
            dropped,
            lost,
            still_queued,
            still_running,
            input_tokens,
            output_tokens,
            // Younger than the recorded digests, which stay as they are.
            unfinished_output_tokens: _,
            steps,
            zero_token_steps,
            busy,
            scheduled_tokens,
            max_batch,
            max_waiting,
            sum_waiting,
            sum_batch,
            preemptions,
            kv_allocation_failures,
            total_kv_blocks,
            peak_kv_blocks,
            kv_block_us,
            used_kv_blocks_end,
            cache_hits,
            cache_misses,
            end,
            itls,
            tier,
        } = record;
        for counter in [routed, completed, length_capped, timed_out, dropped, still_queued, still_running] {
            self.number(*counter);
        }
        // Younger than the recorded digests, which are those of runs without.
        if *lost > 0 {
            self.number(*lost);
        }
        for counter in [input_tokens, output_tokens, steps, zero_token_steps, scheduled_tokens, max_batch] {
            self.number(*counter);
        }
        for counter in [max_waiting, sum_waiting, sum_batch, preemptions, kv_allocation_failures] {
            self.number(*counter);
        }
        for counter in [kv_block_us, cache_hits, cache_misses] {
            self.number(*counter);
        }
        self.words(&[*total_kv_blocks, *peak_kv_blocks, *used_kv_blocks_end]);
        self.times(&[*busy, *end]);
        let merged = merged(itls.iter());
        self.column(&merged, |gap| gap.gap.to_le_bytes());
        self.column(&merged, |gap| gap.weight.to_le_bytes());
        // Only where there is one, so that digests without are what they were before.
        if let Some(TierRecord { capacity, used, reloads, failed, stores, evictions, transfer }) = tier {
            self.text("tier");
            self.words(&[*capacity, *used]);
            for counter in [reloads, failed, stores, evictions] {
                self.number(*counter);
            }
            self.times(&[*transfer]);
        }
    }

    fn gateway(&mut self, record: &GatewayRecord) {
        let GatewayRecord {
            arrivals_by_class,
            rejected_by_class,
            admission_decisions,
            rejected,
            // To be seen in the records.
            routing_rejections: _,
            routing_order,
            rejections,
            tie_breaks,
            candidates,
            candidates_per_decision,
            regret_sum,
            regret_max,
        } = record;
        for counters in [arrivals_by_class, rejected_by_class] {
            self.column(counters, u64::to_le_bytes);
        }
        self.number(*admission_decisions);
        self.number(*rejected);
        self.column(routing_order, |request| request.get().to_le_bytes());
        self.number(rejections.len() as u64);
        for (request, reason) in rejections {
            self.number(u64::from(request.get()));
            self.rejection(*reason);
        }
        for field in [|tie: TieBreak| tie.request.get(), |tie: TieBreak| tie.tied, |tie: TieBreak| tie.pick] {
            self.column(tie_breaks, |tie| field(tie).to_le_bytes());
        }
        self.candidates(candidates);
        self.number(*candidates_per_decision as u64);
        self.column(&[*regret_sum, *regret_max], figure_bytes);
    }

    fn candidates(&mut self, candidates: &[Candidate]) {
        let fields: [fn(Candidate) -> u32; 5] = [
            |candidate| candidate.instance.get(),
            |candidate| candidate.queue_depth,
            |candidate| candidate.batch_size,
            |candidate| candidate.in_flight,
            |candidate| candidate.free_kv_blocks,
        ];
        for field in fields {
            self.column(candidates, |candidate| field(candidate).to_le_bytes());
        }
        self.column(candidates, |candidate| figure_bytes(candidate.score));
    }

    fn rejection(&mut self, reason: RejectionReason) {
        match reason {
            RejectionReason::RejectAll => self.number(0),
            RejectionReason::InsufficientTokens => self.number(1),
            RejectionReason::TierShed { priority, min, load } => {
                self.number(2);
                self.column(&[priority, min], i32::to_le_bytes);
                self.number(load);
            }
            RejectionReason::GaieSaturated { saturation } => {
                self.number(3);
                self.column(&[saturation], figure_bytes);
            }
            RejectionReason::TenantBudget => self.number(4),
        }
    }

    fn ending(&mut self, ending: Ending) {
        match ending {
            Ending::Finished => self.number(0),
            Ending::Livelock { instance, request, at } => {
                self.number(1);
                self.words(&[instance.get(), request.get()]);
                self.times(&[at]);
            }
            Ending::StepLimit { steps, at } => {
                self.number(2);
                self.number(steps);
                self.times(&[at]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::WeightedItl;
    use super::*;
    use crate::outcome::testing::{RowBuilder, outcome};
    use crate::record::ChoiceName;
    use crate::units::{Micros, RequestIndex};

    fn run() -> Outcome {
        outcome(
            2,
            &[
                RowBuilder::completed(0, 10, &[5, 7, 5]),
                RowBuilder { class: "batch", ..RowBuilder::rejected(3) },
            ],
        )
    }

    #[test]
    fn equal_runs_have_equal_digests_of_sixteen_digits() {
        assert_eq!(digest(&run()), digest(&run()));
        assert_eq!(digest(&run()).len(), 16);
    }

    #[test]
    fn any_changed_column_changes_the_digest() {
        let changes: [fn(&mut Outcome); 15] = [
            |run| run.requests.arrival[0].0 += 1,
            |run| run.requests.classes[1].push('x'),
            |run| run.requests.ids = Some(vec![]),
            |run| run.requests.tree = Some(PromptTree::default()),
            |run| run.records.cached_last[1] = 1,
            |run| run.records.score[0] = f64::NAN,
            |run| run.instances[1].peak_kv_blocks = 1,
            |run| run.instances[1].tier = Some(TierRecord::default()),
            |run| run.instances[0].itls.at_mut(0).gap += 1,
            |run| {
                let tie =
                    TieBreak { request: RequestIndex::new(0), tied: 2, pick: 1, choice: ChoiceName::Main };
                run.gateway.tie_breaks.push(tie);
            },
            |run| run.gateway.rejections.push((RequestIndex::new(1), RejectionReason::RejectAll)),
            |run| run.gateway.rejections.push((RequestIndex::new(1), RejectionReason::InsufficientTokens)),
            |run| run.gateway.rejections.push((RequestIndex::new(1), RejectionReason::TenantBudget)),
            |run| run.gateway.regret_max = 1.0,
            |run| run.ending = Ending::StepLimit { steps: 1, at: Micros(1) },
        ];
        let mut digests = vec![digest(&run())];
        for change in changes {
            let mut changed = run();
            change(&mut changed);
            digests.push(digest(&changed));
        }
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), 16);
    }

    #[test]
    fn the_order_and_grouping_of_gaps_do_not_matter() {
        let mut regrouped = run();
        regrouped.instances[0].itls =
            [WeightedItl { gap: 7, weight: 1 }, WeightedItl { gap: 5, weight: 2 }].into_iter().collect();
        assert_eq!(digest(&regrouped), digest(&run()));
    }

    #[test]
    fn every_nan_counts_as_the_same() {
        let (mut one, mut other) = (run(), run());
        one.records.score[0] = f64::NAN;
        other.records.score[0] = f64::from_bits(f64::NAN.to_bits() | 1 | (1 << 63));
        assert_eq!(digest(&one), digest(&other));
    }
}

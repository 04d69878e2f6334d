//! One instance behind a gateway that lets everything through, with a latency model of the test's choice.

use blis_playground::cluster::{
    Admission, Advance, Drive, Engine, Parts, Pool, Reads, Router, Run, Setup, TieSource, View,
    class_priority, highest_priority,
};
use blis_playground::config::{
    AdmissionSettings, PreemptionPolicyName, PriorityPolicyName, RoutingSettings, SchedulerName, StreamsName,
    TraceSettings,
};
use blis_playground::instance::{InstanceParams, PriorityRule, PromptRuns};
use blis_playground::latency::{LatencyModel, StepLoad};
use blis_playground::outcome::Outcome;
use blis_playground::record::RequestRecords;
use blis_playground::units::{Micros, Tokens};
use blis_playground::workload::{NO_GROUP, NO_SESSION, Pattern, Requests};
use serde::Deserialize;
use std::sync::Arc;

/// base + per prefill token + per decode + floor(context · c / 64), the recordings' test model.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct TestModel {
    pub base: i64,
    pub per_prefill_token: i64,
    pub per_decode: i64,
    pub ctx_mul_div64: i64,
    pub queueing: i64,
    pub output_token: i64,
    pub post_decode: i64,
}

impl LatencyModel for TestModel {
    fn step_time(&self, load: &StepLoad<'_>, _progress: impl FnOnce(&mut Vec<Tokens>)) -> Micros {
        let prefill: i64 = load.prefills.iter().map(|member| i64::from(member.new)).sum();
        let time = self.base
            + self.per_prefill_token * prefill
            + self.per_decode * load.decodes as i64
            + self.ctx_mul_div64 * load.context as i64 / 64;
        Micros(time.max(1))
    }

    fn queueing_delay(&self, _input: Tokens) -> Micros {
        Micros(self.queueing)
    }

    fn output_overhead(&self) -> Micros {
        Micros(self.output_token)
    }

    fn completion_overhead(&self) -> Micros {
        Micros(self.post_decode)
    }
}

/// Settings of the instance.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub total_blocks: u32,
    pub block_size: u32,
    pub max_running: u32,
    pub token_budget: u32,
    /// 0 = off.
    pub prefill_threshold: u32,
    /// 0 = unlimited.
    pub max_model_len: u32,
    pub scheduler: SchedulerName,
    pub preemption: PreemptionPolicyName,
    pub horizon: Micros,
}

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub id: String,
    pub arrival: i64,
    pub input: u32,
    pub output: u32,
    pub budget: i32,
    /// Name of the prefix group and number of shared tokens.
    pub prefix: Option<(String, u32)>,
    pub class: String,
    /// 0 = none.
    pub deadline: i64,
}

/// The place of a name in a list to which it is added if missing.
fn number_of(name: &str, names: &mut Vec<String>) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

/// The rows as the engine wants them.
pub fn requests(rows: &[Row]) -> Requests {
    let mut requests = Requests::default();
    for row in rows {
        let (group, prefix) = match &row.prefix {
            Some((group, prefix)) => (number_of(group, &mut requests.groups) as u32, *prefix),
            None => (NO_GROUP, 0),
        };
        requests.arrival.push(Micros(row.arrival));
        requests.input.push(row.input);
        requests.output.push(row.output);
        requests.budget.push(row.budget);
        requests.deadline.push(Micros(row.deadline));
        requests.group.push(group);
        requests.prefix.push(prefix);
        requests.class.push(number_of(&row.class, &mut requests.classes) as u16);
        requests.tenant.push(0);
        requests.client.push(0);
        requests.session.push(NO_SESSION);
        requests.round.push(0);
    }
    requests.ids = Some(rows.iter().map(|row| row.id.clone()).collect());
    requests
}

/// Runs the requests to the end, with every step recorded.
pub fn run<L: LatencyModel>(settings: &Settings, latency: L, requests: Requests) -> Outcome {
    let mut engine = Box::new(Engine::new(parts(settings, latency, requests)));
    let advance = engine.run_until(Micros::FOREVER, &mut { u64::MAX });
    assert_eq!(advance, Advance::Over, "an unlimited budget suffices");
    engine.finish()
}

fn parts<L>(settings: &Settings, latency: L, requests: Requests) -> Parts<L> {
    let prefixes = Arc::new(PromptRuns::new(&requests, settings.block_size));
    let admission = AdmissionSettings::default();
    let routing = RoutingSettings::default();
    let urgency =
        |class: &String| i64::from(highest_priority(&admission) - class_priority(&admission, class));
    let by_class = requests.classes.iter().map(urgency).collect();
    let trace = TraceSettings { counterfactual_k: 0, record_candidates: false, record_steps: true };
    let setup = Setup {
        latency,
        params: InstanceParams {
            scheduler: settings.scheduler,
            preemption: settings.preemption,
            priority: PriorityRule { policy: PriorityPolicyName::SloClass, by_class },
            max_running: settings.max_running,
            token_budget: settings.token_budget,
            prefill_threshold: settings.prefill_threshold,
            max_model_len: settings.max_model_len,
            total_blocks: settings.total_blocks,
            blocks_beside: 0,
            tier: None,
            rounds_overlap: false,
            block_size: settings.block_size,
            runs: prefixes.clone(),
            follow_tree: false,
            longest_output: requests.output.iter().copied().max().unwrap_or(0),
            record_steps: true,
        },
    };
    Parts {
        pool_params: None,
        rented: blis_playground::record::Rented::default(),
        pools: vec![Pool { setup, instances: 1 }],
        horizon: settings.horizon,
        routable: None,
        pattern: Pattern::List,
        offered_rate: None,
        streams: StreamsName::Reference,
        drive: Drive::Plain,
        closed_loop: None,
        admission: Admission::new(&admission, &requests.classes),
        budgets: None,
        router: Router::new(&routing, trace, prefixes.clone(), TieSource::none()),
        view: View::new(prefixes, &routing, Reads::default()),
        admission_latency: Micros::ZERO,
        routing_latency: Micros::ZERO,
        records: RequestRecords::with_rows(requests.len()),
        requests,
        model: String::new(),
        burst: 0,
        kills: Vec::new(),
    }
}

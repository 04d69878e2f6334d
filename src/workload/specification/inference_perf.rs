//! The load of the benchmark tool inference-perf, expanded into clients (sessions chapter, S-12).

use super::checks;
use crate::config::limits::{MAX_REQUESTS, MAX_TIME_US};
use crate::config::workload_spec::{InferencePerfSpec, SharedPrefixSpec, StageSpec, WorkloadSpec};
use crate::error::ConfigError;
use crate::units::Micros;
use crate::workload::builtin::DEFAULT_TIMEOUT;
use crate::workload::conversations::ConversationPlan;
use crate::workload::interarrival::{ArrivalLaw, Interarrival};
use crate::workload::lengths::LengthSampler;
use crate::workload::timeout::ExplicitTimeout;
use crate::workload::windows::Windows;
use crate::workload::workload_plan::{Arrivals, Entry, Group};

/// Where the benchmark stands in a configuration.
const PATH: &str = "workload.spec.inference_perf";

/// SLO class of all its requests.
const CLASS: &str = "standard";

/// Most clients, those of all stages together.
const MAX_CLIENTS: u64 = 20_000;

/// Most stages.
const MAX_STAGES: usize = 1_000;

/// A second, µs.
const SECOND: i64 = 1_000_000;

/// The users that the tool has.
struct Users {
    prompts: u64,
    per_prompt: u64,
    question: LengthSampler,
    answer: LengthSampler,
    system_prompt: u32,
    talk: bool,
}

impl Users {
    fn new(spec: &SharedPrefixSpec) -> Result<Self, ConfigError> {
        let path = |name: &str| format!("{PATH}.shared_prefix.{name}");
        let count = |name: &str, value: i64| match u64::try_from(value) {
            Ok(count) if (1..=MAX_CLIENTS).contains(&count) => Ok(count),
            _ => Err(ConfigError::invalid(path(name), value, format!("1 to {MAX_CLIENTS}"))),
        };
        let prompts = count("num_unique_system_prompts", spec.num_unique_system_prompts)?;
        let per_prompt = count("num_users_per_system_prompt", spec.num_users_per_system_prompt)?;
        let length = |name: &str, value: i64| {
            checks::tokens(path(name), value).map(|tokens| LengthSampler::Constant(tokens.max(1)))
        };
        Ok(Self {
            prompts,
            per_prompt,
            question: length("question_len", spec.question_len)?,
            answer: length("output_len", spec.output_len)?,
            system_prompt: checks::tokens(path("system_prompt_len"), spec.system_prompt_len)?,
            talk: spec.enable_multi_turn_chat,
        })
    }

    const fn count(&self) -> u64 {
        self.prompts * self.per_prompt
    }

    /// A client of one of these users.
    fn client(&self, stage: Option<usize>, user: u64, arrivals: Arrivals, timeout: ExplicitTimeout) -> Entry {
        let (prompt, own) = (user / self.per_prompt, user % self.per_prompt);
        let stage = stage.map(|stage| format!("stage-{stage}-")).unwrap_or_default();
        let group = format!("prompt-{prompt}");
        Entry {
            path: PATH.to_owned(),
            id: format!("{stage}{group}-user-{own}"),
            population: None,
            arrivals,
            input: self.question.clone(),
            output: self.answer.clone(),
            conversations: None,
            group: Some(Group { name: group.clone(), per_member: false, length: self.system_prompt }),
            class: CLASS.to_owned(),
            model: String::new(),
            tenant: group,
            timeout: timeout.or(self.talk.then_some(DEFAULT_TIMEOUT)),
        }
    }
}

/// A stage with the requests that it has.
struct Stage {
    rate: f64,
    start: i64,
    end: i64,
    requests: u64,
}

/// The stages, one after the other.
fn stages(specs: &[StageSpec]) -> Result<Vec<Stage>, ConfigError> {
    if specs.is_empty() || specs.len() > MAX_STAGES {
        let expected = format!("1 to {MAX_STAGES} stages");
        return Err(ConfigError::invalid(format!("{PATH}.stages"), specs.len(), expected));
    }
    let mut start = 0;
    let mut stages = Vec::with_capacity(specs.len());
    for (index, &StageSpec { rate, duration }) in specs.iter().enumerate() {
        let path = format!("{PATH}.stages[{index}]");
        checks::positive(format!("{path}.rate"), rate)?;
        let left = (MAX_TIME_US - start) / SECOND;
        if !(1..=left).contains(&duration) {
            return Err(ConfigError::invalid(format!("{path}.duration"), duration, format!("1 to {left} s")));
        }
        let requests = rate * duration as f64;
        if requests > MAX_REQUESTS as f64 {
            let others = format!("duration = {duration}");
            let expected = format!("at most {MAX_REQUESTS} requests");
            return Err(ConfigError::conflict(format!("{path}.rate"), rate, others, expected));
        }
        let end = start + duration * SECOND;
        stages.push(Stage { rate, start, end, requests: requests as u64 });
        start = end;
    }
    Ok(stages)
}

/// The clients that stand for a benchmark.
pub(super) fn entries(
    spec: &WorkloadSpec,
    benchmark: &InferencePerfSpec,
    timeout: ExplicitTimeout,
    warnings: &mut Vec<String>,
) -> Result<Vec<Entry>, ConfigError> {
    let expected =
        "num_unique_system_prompts, num_users_per_system_prompt, system_prompt_len, question_len, output_len";
    let path = format!("{PATH}.shared_prefix");
    let users = Users::new(checks::required(path.as_str(), benchmark.shared_prefix.as_ref(), expected)?)?;
    let stages = stages(&benchmark.stages)?;
    let clients = users.count() * stages.len() as u64;
    if clients > MAX_CLIENTS {
        let all = format!("{clients} clients");
        return Err(ConfigError::invalid(
            path,
            all,
            format!("at most {MAX_CLIENTS}, in all stages together"),
        ));
    }
    let mean = stages.iter().map(|stage| stage.requests as f64).sum::<f64>()
        / stages.last().map_or(1.0, |stage| stage.end as f64 / SECOND as f64);
    let differs = (spec.aggregate_rate - mean).abs() > 1e-6 * mean.max(1.0);
    if spec.aggregate_rate > 0.0 && differs {
        warnings.push(format!(
            "workload.spec.aggregate_rate: {} has no effect beside inference_perf, whose stages have {mean:.3} requests per second",
            spec.aggregate_rate
        ));
    }
    let mut entries = Vec::with_capacity(clients as usize);
    for (number, stage) in stages.iter().enumerate() {
        let number = (stages.len() > 1).then_some(number);
        // In several stages of single requests each user sends as many as it likes.
        let shares = if number.is_some() && !users.talk {
            vec![0; users.count() as usize]
        } else {
            shares(stage, &users)?
        };
        for (user, share) in shares.into_iter().enumerate() {
            let arrivals = arrivals(stage, &users, number.is_some(), share);
            let mut client = users.client(number, user as u64, arrivals, timeout);
            client.conversations = users.talk.then(|| conversation(stage, &users, share));
            entries.push(client);
        }
    }
    Ok(entries)
}

/// The requests of a stage, spread over its users: the first ones get one more.
fn shares(stage: &Stage, users: &Users) -> Result<Vec<u32>, ConfigError> {
    let count = users.count();
    if stage.requests < count {
        return Err(ConfigError::conflict(
            format!("{PATH}.shared_prefix"),
            format!("{count} users"),
            format!("a stage of {} requests", stage.requests),
            "stages with at least one request (rate times duration) for every user",
        ));
    }
    let more = stage.requests % count;
    Ok((0..count).map(|user| (stage.requests / count + u64::from(user < more)) as u32).collect())
}

/// When the requests or the conversation of a user come. A single stage has exactly its number of requests; several stages are
/// windows of renewal processes that begin at 0.
fn arrivals(stage: &Stage, users: &Users, is_one_of_several: bool, share: u32) -> Arrivals {
    let rate = stage.rate / users.count() as f64 / 1e6;
    let law = if is_one_of_several || users.talk {
        ArrivalLaw::Poisson
    } else {
        ArrivalLaw::Spread { count: share, span: stage.end - stage.start }
    };
    let windows = is_one_of_several.then(|| Windows::new(vec![(stage.start, stage.end)])).flatten();
    Arrivals::Renewal { interarrival: Interarrival::new(law, rate), windows }
}

/// The conversation of a user: its share of the requests, each after the time in which every user sends one.
fn conversation(stage: &Stage, users: &Users, share: u32) -> ConversationPlan {
    ConversationPlan {
        rounds: share,
        think_time: Micros((users.count() as f64 / stage.rate * 1e6) as i64),
        grows: false,
        is_single: true,
        is_closed: true,
        label: None,
        first_window: stage.start,
    }
}

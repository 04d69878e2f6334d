//! Which questions a file raises, with the answers that hold.

use super::answers::{
    ARRIVALS, BENCHMARK, Choice, HASH_BLOCK, KEEP_FAILURES, LOG_TYPE, Process, Question, RATE, ROUNDS, SEED,
    TOKENS_PER_IMAGE, UNCHAINED, WARM_UP,
};
use super::decide::SIZES;
use super::format::Format;
use super::mapping::Role;
use super::preview::Preview;
use super::rows::Rows;

/// What else is known about a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Benchmarks in the file; 0 = it has none.
    pub benchmarks: usize,
    /// The rate that the file names.
    pub rate: Option<f64>,
    /// Rows with images.
    pub has_images: bool,
    /// Rows with a phase.
    pub has_phases: bool,
    /// Conversations begin at times that are made.
    pub starts_sessions: bool,
}

impl Known {
    /// What rows and preview say.
    pub fn of(rows: &Rows, preview: &Preview) -> Self {
        let has = |role| preview.columns.iter().any(|column| column.role == role);
        Self {
            starts_sessions: rows.conversations > 0 && rows.plan.format == Format::Weka,
            has_phases: has(Role::Phase),
            has_images: has(Role::Images),
            ..Self::default()
        }
    }
}

/// Mean arrivals per second where neither the file nor the user names a rate.
pub(super) const USUAL_RATE: f64 = 1.0;

/// The questions of a file.
pub(super) fn of(rows: &Rows, known: Known) -> Vec<Question> {
    let mut questions = vec![failures(rows)];
    questions.extend(hash_block(rows));
    questions.extend(unchained(rows));
    questions.extend(of_format(rows, known));
    questions.extend(arrivals(rows, known));
    questions
}

/// A question with two answers, of which the first is the default.
fn either(id: &'static str, words: &str, choices: [(&str, &str); 2], second: bool) -> Question {
    Question {
        id,
        words: words.to_owned(),
        choices: choices.map(|(value, words)| Choice::new(value, words)).to_vec(),
        answer: choices[usize::from(second)].0.to_owned(),
        is_default: !second,
    }
}

fn number(id: &'static str, words: &str, answer: &impl ToString, is_default: bool) -> Question {
    Question { id, words: words.to_owned(), choices: Vec::new(), answer: answer.to_string(), is_default }
}

fn failures(rows: &Rows) -> Question {
    either(
        KEEP_FAILURES,
        "What becomes of requests that failed or have no output?",
        [("no", "they are dropped"), ("yes", "they are kept with one output token: their prompts were load")],
        rows.plan.answers.keep_failures,
    )
}

fn hash_block(rows: &Rows) -> Option<Question> {
    let plan = &rows.plan;
    let asked = plan.format.known().hash_block > 0
        && (rows.columns.leaf.is_used() || plan.hash_block.is_none() || plan.answers.hash_block.is_some());
    let mut choices = vec![Choice::new("auto", "the size that fits the prompts")];
    choices.extend(SIZES.map(|size| Choice::new(size.to_string(), format!("{size} tokens"))));
    asked.then(|| Question {
        id: HASH_BLOCK,
        words: "How many tokens does a hash id stand for?".to_owned(),
        choices,
        answer: plan.hash_block.map_or("auto".to_owned(), |size| size.to_string()),
        is_default: plan.answers.hash_block.is_none(),
    })
}

fn unchained(rows: &Rows) -> Option<Question> {
    let drops = rows.plan.answers.drop_unchained;
    (rows.ids.unchained > 0 || drops).then(|| {
        either(
            UNCHAINED,
            "Some ids stand behind different ones. What does an id stand for?",
            [
                ("chain", "its own block only: identities are made of all ids up to it"),
                ("drop", "the prompt up to it: rows that contradict are dropped"),
            ],
            drops,
        )
    })
}

/// What only some formats raise.
fn of_format(rows: &Rows, known: Known) -> Vec<Question> {
    let answers = &rows.plan.answers;
    let mut questions = Vec::new();
    if known.has_images || rows.plan.format == Format::AzureLmm {
        let tokens = answers.tokens_per_image;
        let words = "How many tokens is an image? 0 leaves the text alone.";
        questions.push(number(TOKENS_PER_IMAGE, words, &tokens, tokens == 0));
    }
    if known.has_phases || answers.keep_warm_up {
        let choices = [("drop", "it is left out"), ("keep", "it is kept")];
        questions.push(either(WARM_UP, "What becomes of the warm-up?", choices, answers.keep_warm_up));
    }
    if rows.plan.format == Format::Burstgpt {
        let words = "Is the type of the log (conversation or API) an SLO class?";
        let choices = [("ignore", "no"), ("class", "yes")];
        questions.push(either(LOG_TYPE, words, choices, answers.log_type_as_class));
    }
    if known.benchmarks > 1 {
        let places = 1..=known.benchmarks;
        questions.push(Question {
            id: BENCHMARK,
            words: "Which of the benchmarks?".to_owned(),
            choices: places
                .map(|place| Choice::new(place.to_string(), format!("benchmark {place}")))
                .collect(),
            answer: answers.benchmark.unwrap_or(1).to_string(),
            is_default: answers.benchmark.is_none(),
        });
    }
    if rows.plan.format == Format::Sharegpt {
        let choices = [("first", "the first"), ("all", "all, each by itself: none repeats what came before")];
        let words = "Which rounds of a conversation are requests?";
        questions.push(either(ROUNDS, words, choices, answers.all_rounds));
    }
    questions
}

fn arrivals(rows: &Rows, known: Known) -> Vec<Question> {
    if !rows.plan.makes_arrivals && !known.starts_sessions {
        return Vec::new();
    }
    let answers = &rows.plan.answers;
    let what = if known.starts_sessions { "conversations begin" } else { "requests arrive" };
    let choices = [("poisson", "at random (Poisson)"), ("constant", "at equal distances")];
    let rate = answers.rate.or(known.rate).unwrap_or(USUAL_RATE);
    vec![
        either(
            ARRIVALS,
            &format!("The file has no times. How do {what}?"),
            choices,
            answers.process == Process::Constant,
        ),
        number(RATE, "How many per second?", &rate, answers.rate.is_none()),
        number(SEED, "Seed of the random arrivals", &answers.seed, answers.seed == 0),
    ]
}

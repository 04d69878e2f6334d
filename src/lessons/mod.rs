//! The lessons: what their data means, and whether their claims are true.
//!
//! A lesson is a file in `web/views/lessons/course/` or one of a teacher's own, and nothing else; the README of that folder
//! describes the format, [`Lesson`] defines it. [`check`] says what is wrong with a lesson without running it; it is the same
//! for ours and for a teacher's, in the page and on the command line. The rest is native: it runs the scenes, checks the
//! claims ([`claim`]) and fills in the texts ([`template`]).

pub mod check;
pub mod claim;
pub mod template;

pub use claim::{Claim, Statement, Term};

use crate::config::{Config, StreamsName};
use crate::error::ConfigError;
use crate::figures::figures;
use crate::formats::{json, reader};
use crate::settings::misfit_of;
use crate::simulation::Simulation;
use crate::sweep::with_seed;
use crate::theory::calibrate;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How errors name a lesson as a whole.
const WHOLE: &str = "lesson";

/// Settings by URL key. A value that is not a string stands for its JSON text.
pub type Pairs = Map<String, Value>;

/// The figures of each scene that was run, in their JSON form, by the scene's name.
pub type SceneFigures = BTreeMap<String, Value>;

/// Longest text of a lesson, in bytes.
pub const MAX_BYTES: usize = 100_000;

/// A guided experiment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Name for links.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What is to be predicted.
    pub question: String,
    /// The situation that the question is about.
    pub situation: String,
    /// What one may predict; exactly one is right.
    pub answers: Vec<Answer>,
    /// Settings that all scenes share, on top of [`defaults`].
    pub base: Pairs,
    /// The runs, in the order in which they are shown.
    pub scenes: Vec<Scene>,
    /// What differs between the scenes.
    pub change: String,
    /// Figures to show for every scene, the most important first.
    pub metrics: Vec<String>,
    /// What the runs prove.
    pub claims: Vec<Statement>,
    /// Names of the scenes that a text calls good enough for long: at ten times the length they must be as good.
    #[serde(default)]
    pub holds: Vec<String>,
    /// What happened, with live figures.
    pub reveal: String,
    /// Why, with live figures.
    pub why: String,
    /// Something to try next on the same scene.
    pub explore: Explore,
    /// How long it takes in a class.
    pub minutes: u32,
    /// What is played after the reveal.
    pub pictures: Option<Pictures>,
    /// Notes for the teacher.
    pub teacher: Option<TeacherNotes>,
}

/// The order of the lessons.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Their ids.
    pub lessons: Vec<String>,
    /// The way through the course for a class.
    pub class: ClassPath,
}

/// Some lessons, in the order of the course.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassPath {
    /// How long a class is.
    pub minutes: u32,
    /// Their ids.
    pub lessons: Vec<String>,
}

/// Two scenes side by side.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    /// Their names.
    pub scenes: [String; 2],
    /// From and to this moment of simulated time.
    pub seconds: [f64; 2],
}

/// Notes for the teacher.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherNotes {
    /// What to say before the bet.
    pub before: String,
    /// What most people bet, and why.
    pub bets: String,
    /// What to ask afterwards, with live figures.
    pub after: String,
}

/// A possible prediction.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The prediction.
    pub text: String,
    /// Whether it comes true.
    #[serde(default)]
    pub right: bool,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Name in claims and texts.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// Settings beyond the shared ones.
    pub pairs: Pairs,
}

/// A suggestion for the reader.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explore {
    /// The suggestion.
    pub text: String,
    /// The scene to start from.
    pub scene: String,
    /// Settings to change in it.
    pub pairs: Pairs,
    /// The same in words, to follow "with".
    pub change: String,
}

/// What a lesson does not set: the defaults, with independent streams. A lesson changes one thing only, and with them nothing
/// else changes.
pub fn defaults() -> Config {
    Config { streams: StreamsName::Independent, ..Config::default() }
}

impl Lesson {
    /// Reads a lesson's text; [`check::problems`] says what else may be wrong with it.
    ///
    /// # Errors
    /// What is no JSON, longer than [`MAX_BYTES`] or not of a lesson's form: with the place.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        if text.len() > MAX_BYTES {
            let (length, expected) = (text.len(), format_args!("at most {MAX_BYTES} bytes"));
            return Err(ConfigError::invalid(WHOLE, format_args!("{length} bytes"), expected));
        }
        let value = json::read(text).map_err(|error| ConfigError::malformed(WHOLE, error))?;
        reader::read_owned(&value).map_err(|mismatch| misfit_of(WHOLE, &value, &mismatch))
    }

    /// The scene of this name.
    pub fn scene(&self, name: &str) -> Option<&Scene> {
        self.scenes.iter().find(|scene| scene.name == name)
    }

    /// The configuration of a scene for one seed, with further settings on top.
    ///
    /// # Errors
    /// A pair that is no setting.
    pub fn config(&self, scene: &Scene, more: &Pairs, seed: i64) -> Result<Config, ConfigError> {
        let pairs = self.base.iter().chain(&scene.pairs).chain(more);
        let texts = pairs.map(|(key, value)| (key, pair_text(value)));
        Ok(with_seed(&Config::from_pairs(&defaults(), texts)?, seed))
    }

    /// Runs every scene with this seed.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn run(&self, seed: i64) -> Result<SceneFigures, ConfigError> {
        self.run_longer(1, seed)
    }

    /// Runs every scene with this seed and a multiple of its requests.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn run_longer(&self, times: u32, seed: i64) -> Result<SceneFigures, ConfigError> {
        let mut all = SceneFigures::new();
        for scene in &self.scenes {
            let mut config = self.config(scene, &Pairs::new(), seed)?;
            config.workload.num_requests *= times;
            if let Some(spec) = &mut config.workload.spec {
                spec.num_requests = spec.num_requests.map(|requests| requests * u64::from(times));
            }
            let theory = self.speaks_of(&format!("{}.theory.", scene.name));
            all.insert(scene.name.clone(), self.run_scene(scene, &config, theory)?);
        }
        Ok(all)
    }

    fn run_scene(&self, scene: &Scene, config: &Config, theory: bool) -> Result<Value, ConfigError> {
        let mut simulation = Simulation::new(config)?;
        simulation.track_limits();
        simulation.run_to_end();
        let outcome = simulation.finish();
        let calibration = if theory { Some(calibrate(config)?) } else { None };
        let figures = figures(config, &outcome, calibration.as_ref());
        serde_json::to_value(figures)
            .map_err(|error| ConfigError::malformed(format!("lessons.{}.{}", self.id, scene.name), error))
    }

    /// Whether a text, a claim or a metric mentions figures that begin like this.
    fn speaks_of(&self, beginning: &str) -> bool {
        let metric =
            |metric: &String| format!("{}.{metric}", beginning.split('.').next().unwrap_or_default());
        self.reveal.contains(beginning)
            || self.why.contains(beginning)
            || self.teacher.as_ref().is_some_and(|teacher| teacher.after.contains(beginning))
            || self.metrics.iter().any(|name| metric(name).starts_with(beginning))
            || self
                .claims
                .iter()
                .any(|statement| statement.that.figures().iter().any(|figure| figure.starts_with(beginning)))
    }
}

/// A pair's value as the codec of configurations reads it.
pub fn pair_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The figure at a path like `scene.ttft.p99_ms`.
pub fn lookup<'a>(scenes: &'a SceneFigures, path: &str) -> Option<&'a Value> {
    let (scene, figure) = path.split_once('.')?;
    figure.split('.').try_fold(scenes.get(scene)?, |value, name| value.get(name))
}

//! What is wrong with a lesson, without running it: each problem with its place, its value and what would have been right.
//!
//! Whether its figures exist and its claims hold shows only when it is run, on the seeds [`SEEDS`].

mod scenes;
mod texts;

use super::{Claim, Lesson, Term};
use crate::error::ConfigError;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

/// Seeds on which claims are tried.
pub const SEEDS: RangeInclusive<i64> = 1..=20;
/// Seeds of them that must bear out all claims.
pub const MUST_HOLD: usize = 19;

/// Requests of all scenes of a lesson for one seed.
pub const MAX_REQUESTS: u64 = 1_000_000;
/// Estimated computing time of all scenes for one seed, s.
pub const MAX_SECONDS: f64 = 60.0;
/// Estimated memory of all scenes for one seed, bytes.
pub const MAX_MEMORY: u64 = 1 << 30;

/// Figures that a lesson may show of every scene: those for which the page has a name and an explanation.
pub const METRICS: [&str; 22] = [
    "ttft.p99_ms",
    "ttft.mean_ms",
    "itl.mean_ms",
    "e2e.mean_ms",
    "overloaded",
    "limits.step_budget",
    "limits.slots",
    "limits.kv_blocks",
    "theory.ceilings.prefill",
    "theory.excess.excess",
    "theory.excess.capacity",
    "theory.occupancy.slots_measured",
    "mean_regret",
    "busiest_share",
    "good.requests",
    "rejected",
    "lost",
    "preemptions",
    "cache_hit_rate",
    "conversations.metrics.ttft_warm.mean_ms",
    "conversations.metrics.duration.mean_ms",
    "conversations.moved",
];

/// How many there may be of something.
const ANSWERS: RangeInclusive<usize> = 2..=3;
const SCENES: RangeInclusive<usize> = 2..=8;
const SHOWN: RangeInclusive<usize> = 1..=6;
const CLAIMS: RangeInclusive<usize> = 1..=20;
/// Minutes that a lesson may take.
const MINUTES: RangeInclusive<u32> = 1..=60;
/// End of what may be played, in simulated seconds.
const LAST_SECOND: f64 = 3600.0;
/// Longest `id` and name of a scene, in characters.
const LONGEST_NAME: usize = 40;

/// All problems of a lesson; none means that it can be shown and run.
pub fn problems(lesson: &Lesson) -> Vec<ConfigError> {
    let mut found = Problems::default();
    names(lesson, &mut found);
    answers(lesson, &mut found);
    numbers_of(lesson, &mut found);
    references(lesson, &mut found);
    claims(lesson, &mut found);
    texts::check(lesson, &mut found);
    scenes::check(lesson, &mut found);
    found.0
}

/// What was found; nothing twice, as what all scenes share would be.
#[derive(Default)]
struct Problems(Vec<ConfigError>);

impl Problems {
    fn add(&mut self, problem: ConfigError) {
        if !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    fn invalid(&mut self, path: impl Into<String>, value: impl Display, expected: impl Display) {
        self.add(ConfigError::invalid(path, value, expected));
    }

    fn count(&mut self, path: &str, count: usize, allowed: &RangeInclusive<usize>) {
        if !allowed.contains(&count) {
            self.invalid(path, count, format_args!("{} to {} of them", allowed.start(), allowed.end()));
        }
    }

    /// The second of two equal values is the one too many.
    fn different<'a>(&mut self, values: impl Iterator<Item = (String, &'a str)>) {
        let mut seen = BTreeSet::new();
        for (path, value) in values {
            if !seen.insert(value) {
                self.invalid(path, value, "a value that no other one has");
            }
        }
    }
}

/// `id` and names of scenes stand in addresses, claims and texts.
fn names(lesson: &Lesson, found: &mut Problems) {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let fits = |name: &str, joint: char| {
        (1..=LONGEST_NAME).contains(&name.len())
            && name.chars().all(|letter| plain(letter) || letter == joint)
    };
    if !fits(&lesson.id, '-') {
        let expected = format_args!("1 to {LONGEST_NAME} small letters, digits and hyphens");
        found.invalid("id", &lesson.id, expected);
    }
    for (index, scene) in lesson.scenes.iter().enumerate() {
        if !fits(&scene.name, '_') {
            let expected = format_args!("1 to {LONGEST_NAME} small letters, digits and underscores");
            found.invalid(format!("scenes[{index}].name"), &scene.name, expected);
        }
    }
    let scenes = || lesson.scenes.iter().enumerate();
    found.different(scenes().map(|(index, scene)| (format!("scenes[{index}].name"), scene.name.as_str())));
    found.different(scenes().map(|(index, scene)| (format!("scenes[{index}].label"), scene.label.as_str())));
}

fn answers(lesson: &Lesson, found: &mut Problems) {
    let answers = || lesson.answers.iter().enumerate();
    found.count("answers", lesson.answers.len(), &ANSWERS);
    let right = answers().filter(|(_, answer)| answer.right).count();
    if right != 1 {
        found.invalid("answers", format_args!("{right} that are right"), "exactly one with \"right\": true");
    }
    found
        .different(answers().map(|(index, answer)| (format!("answers[{index}].text"), answer.text.as_str())));
}

fn numbers_of(lesson: &Lesson, found: &mut Problems) {
    found.count("scenes", lesson.scenes.len(), &SCENES);
    found.count("metrics", lesson.metrics.len(), &SHOWN);
    found.count("claims", lesson.claims.len(), &CLAIMS);
    if !MINUTES.contains(&lesson.minutes) {
        let expected = format_args!("a whole number from {} to {}", MINUTES.start(), MINUTES.end());
        found.invalid("minutes", lesson.minutes, expected);
    }
}

/// What names something else in the lesson.
fn references(lesson: &Lesson, found: &mut Problems) {
    let mut scene = |path: String, name: &str| {
        if lesson.scene(name).is_none() {
            found.invalid(path, name, one_of_the_scenes(lesson));
        }
    };
    scene("explore.scene".to_owned(), &lesson.explore.scene);
    for (index, name) in lesson.holds.iter().enumerate() {
        scene(format!("holds[{index}]"), name);
    }
    if let Some(pictures) = &lesson.pictures {
        for (index, name) in pictures.scenes.iter().enumerate() {
            scene(format!("pictures.scenes[{index}]"), name);
        }
        let [from, to] = pictures.seconds;
        if !(0.0 <= from && from < to && to <= LAST_SECOND) {
            let expected = format_args!("two times, 0 ≤ from < to ≤ {LAST_SECOND}");
            found.invalid("pictures.seconds", format_args!("[{from}, {to}]"), expected);
        }
        let [one, other] = pictures.scenes.each_ref().map(String::as_str);
        found.different(
            [("pictures.scenes[0]".to_owned(), one), ("pictures.scenes[1]".to_owned(), other)].into_iter(),
        );
    }
    for (index, metric) in lesson.metrics.iter().enumerate() {
        if !METRICS.contains(&metric.as_str()) {
            let expected = format_args!("one of {}", METRICS.join(", "));
            found.invalid(format!("metrics[{index}]"), metric, expected);
        }
    }
    let metrics = lesson.metrics.iter().enumerate();
    found.different(metrics.map(|(index, metric)| (format!("metrics[{index}]"), metric.as_str())));
    let holds = lesson.holds.iter().enumerate();
    found.different(holds.map(|(index, name)| (format!("holds[{index}]"), name.as_str())));
}

fn claims(lesson: &Lesson, found: &mut Problems) {
    for (index, claim) in lesson.claims.iter().enumerate() {
        let path = format!("claims[{index}].that");
        for figure in claim.that.figures() {
            figure_of(lesson, &path, figure, found);
        }
        if let Claim::Greater(Term::Number(left), _, Term::Number(right))
        | Claim::Less(Term::Number(left), _, Term::Number(right))
        | Claim::Near(Term::Number(left), _, Term::Number(right)) = &claim.that
        {
            let expected = "a figure on at least one side";
            found.invalid(&path, format_args!("{left} and {right}"), expected);
        }
    }
}

/// A figure is named by its scene and its path in it; whether it exists, only a run can tell.
fn figure_of(lesson: &Lesson, path: &str, figure: &str, found: &mut Problems) {
    let parts: Vec<&str> = figure.split('.').collect();
    let plain = |part: &&str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    if parts.len() < 2 || !parts.iter().all(plain) {
        found.invalid(path, figure, "a figure like scene.ttft.p99_ms");
    } else if lesson.scene(parts[0]).is_none() {
        let expected = format_args!("a figure that begins with {}", one_of_the_scenes(lesson));
        found.invalid(path, figure, expected);
    }
}

/// The names to choose from, for messages.
fn one_of_the_scenes(lesson: &Lesson) -> String {
    let names: Vec<&str> = lesson.scenes.iter().map(|scene| scene.name.as_str()).collect();
    format!("the name of a scene: {}", names.join(", "))
}

#[cfg(test)]
mod tests;

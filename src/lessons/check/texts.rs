//! The texts of a lesson: none is empty or endless, live figures stand where a run has been, and numbers that are typed in
//! are settings.

use super::{Problems, figure_of};
use crate::lessons::template::{figures_in, without_figures};
use crate::lessons::{Lesson, Pairs, pair_text};
use std::collections::BTreeSet;

/// Words that an explanation has at least.
const FEWEST_WORDS: usize = 30;

/// A text with its place.
struct Placed<'a> {
    path: String,
    text: &'a str,
    /// Longest, in characters.
    longest: usize,
    /// Whether it is shown after the runs, so that it can have live figures.
    live: bool,
}

/// Appends what is wrong with the texts.
pub(super) fn check(lesson: &Lesson, found: &mut Problems) {
    let allowed = settings_of(lesson);
    for Placed { path, text, longest, live } in texts(lesson) {
        let length = text.chars().count();
        if text.trim().is_empty() {
            found.invalid(&path, "an empty text", "some words");
        } else if length > longest {
            found.invalid(&path, format_args!("{length} characters"), format_args!("at most {longest}"));
        }
        if live {
            match figures_in(text) {
                Ok(figures) => {
                    for figure in figures {
                        figure_of(lesson, &path, figure, found);
                    }
                }
                Err(expression) => {
                    let expected =
                        "{{figure}}, {{one / other}} or {{one - other}}, with or without \" as percent\"";
                    found.invalid(&path, expression, expected);
                }
            }
        } else if text.contains("{{") {
            found.invalid(&path, text, "no live figures: it is read before the runs");
        }
        for number in numbers(&without_figures(text)) {
            if !allowed.contains(&number) {
                let expected = "a number that is a setting of the lesson, or a live figure in {{ }}";
                found.invalid(&path, number, expected);
            }
        }
    }
    if !lesson.reveal.contains("{{") {
        found.invalid("reveal", &lesson.reveal, "at least one live figure in {{ }}");
    }
    let words = lesson.why.split_whitespace().count();
    if words < FEWEST_WORDS {
        found.invalid("why", format_args!("{words} words"), format_args!("at least {FEWEST_WORDS}"));
    }
}

/// Every text that people read.
fn texts(lesson: &Lesson) -> Vec<Placed<'_>> {
    let of = |path: &str, text, longest, live| Placed { path: path.to_owned(), text, longest, live };
    let mut all: Vec<Placed<'_>> = vec![
        of("title", &lesson.title, 100, false),
        of("question", &lesson.question, 300, false),
        of("situation", &lesson.situation, 1500, false),
        of("change", &lesson.change, 500, false),
        of("reveal", &lesson.reveal, 1500, true),
        of("why", &lesson.why, 2500, true),
        of("explore.text", &lesson.explore.text, 500, false),
        of("explore.change", &lesson.explore.change, 100, false),
    ];
    if let Some(teacher) = &lesson.teacher {
        all.push(of("teacher.before", &teacher.before, 2000, false));
        all.push(of("teacher.bets", &teacher.bets, 2000, false));
        all.push(of("teacher.after", &teacher.after, 2000, true));
    }
    let answers = lesson.answers.iter().enumerate();
    all.extend(
        answers.map(|(index, answer)| of(&format!("answers[{index}].text"), &answer.text, 250, false)),
    );
    let scenes = lesson.scenes.iter().enumerate();
    all.extend(scenes.map(|(index, scene)| of(&format!("scenes[{index}].label"), &scene.label, 60, false)));
    let claims = lesson.claims.iter().enumerate();
    all.extend(claims.map(|(index, claim)| of(&format!("claims[{index}].says"), &claim.says, 250, false)));
    all
}

/// The numbers that settings of the lesson contain.
fn settings_of(lesson: &Lesson) -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    let mut allow = |pairs: &Pairs| {
        for value in pairs.values() {
            let text = pair_text(value);
            let parts = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
            allowed.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
        }
    };
    allow(&lesson.base);
    for scene in &lesson.scenes {
        allow(&scene.pairs);
    }
    allow(&lesson.explore.pairs);
    allowed
}

/// Numbers that stand by themselves: `2,000` is one, the 99 of `p99` is none.
fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| letter.is_whitespace() || "()/×–-".contains(letter));
    let words = words.map(|word| word.trim_matches(|letter: char| ".,;:!?%".contains(letter)));
    let starts = words.filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    starts.map(|word| word.replace(',', "")).collect()
}

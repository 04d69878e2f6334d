//! `blis lesson`: whether lessons are of their form, and whether their claims hold.

use crate::failure::Failure;
use crate::files;
use blis_playground::lessons::check::{MUST_HOLD, SEEDS, problems};
use blis_playground::lessons::{Lesson, SceneFigures, lookup, template};
use blis_playground::text::visible;
use clap::ArgMatches;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks every file named, runs what has no problem, and prints what was found.
pub fn lesson(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    let mut all = true;
    for path in flags.get_many::<PathBuf>("files").unwrap_or_default() {
        let text = files::read_named("FILE", path)?;
        let name = path.display().to_string();
        all &= report(&mut out, &visible(&name), &text)?;
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what is found in a lesson, and returns whether it can be taught.
fn report(out: &mut impl Write, name: &str, text: &str) -> std::io::Result<bool> {
    let lesson = match Lesson::from_json(text) {
        Ok(lesson) => lesson,
        Err(problem) => return complain(out, name, &[problem.to_string()]),
    };
    let found: Vec<String> = problems(&lesson).iter().map(ToString::to_string).collect();
    if !found.is_empty() {
        return complain(out, name, &found);
    }
    let held = match trial(&lesson) {
        Ok(held) => held,
        Err(problem) => return complain(out, name, &[problem]),
    };
    let holds = held.iter().all(|&held| held >= MUST_HOLD);
    writeln!(out, "{name}: {}", if holds { "ok" } else { "claims that do not hold" })?;
    for (claim, held) in lesson.claims.iter().zip(held) {
        writeln!(out, "  {held} of {}: {}", SEEDS.count(), visible(&claim.says))?;
    }
    Ok(holds)
}

fn complain(out: &mut impl Write, name: &str, problems: &[String]) -> std::io::Result<bool> {
    writeln!(out, "{name}: {} wrong", problems.len())?;
    for problem in problems {
        writeln!(out, "  {}", visible(problem))?;
    }
    Ok(false)
}

/// On how many seeds each claim holds; else what cannot be run, or which figure does not exist.
fn trial(lesson: &Lesson) -> Result<Vec<usize>, String> {
    let mut held = vec![0; lesson.claims.len()];
    for seed in SEEDS {
        let scenes = lesson.run(seed).map_err(|problem| problem.to_string())?;
        figures_exist(lesson, &scenes)?;
        for (claim, held) in lesson.claims.iter().zip(&mut held) {
            *held += usize::from(claim.that.holds(&scenes).map_err(|missing| missing.to_string())?);
        }
    }
    Ok(held)
}

/// Texts and metrics name only what the runs have.
fn figures_exist(lesson: &Lesson, scenes: &SceneFigures) -> Result<(), String> {
    let after = lesson.teacher.as_ref().map(|teacher| &teacher.after);
    for text in [&lesson.reveal, &lesson.why].into_iter().chain(after) {
        template::fill(text, scenes).map_err(|missing| missing.to_string())?;
    }
    for scene in &lesson.scenes {
        for metric in &lesson.metrics {
            let path = format!("{}.{metric}", scene.name);
            let shown = lookup(scenes, &path).is_some_and(|value| value.is_number() || value.is_boolean());
            if !shown {
                return Err(format!("no figure {path}"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../../web/views/lessons/course/regret.json");

    fn printed(text: &str) -> (String, bool) {
        let mut out = Vec::new();
        let good = report(&mut out, "lesson.json", text).expect("a vector takes everything");
        (String::from_utf8(out).expect("text"), good)
    }

    #[test]
    fn a_lesson_of_ours_is_ok_with_how_often_each_claim_holds() {
        let (text, good) = printed(OURS);
        assert!(good && text.starts_with("lesson.json: ok\n  "), "{text}");
        assert!(text.lines().count() > 2 && text.contains(" of 20: "), "{text}");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let (text, good) = printed(r#"{"id": 5}"#);
        assert!(!good);
        assert_eq!(text, "lesson.json: 1 wrong\n  id: got 5, expected a text\n");
    }

    #[test]
    fn a_figure_that_no_run_has_is_named() {
        let (text, good) = printed(&OURS.replacen("mean_regret}}", "median_regret}}", 1));
        assert!(!good && text.contains("no figure ") && text.contains("median_regret"), "{text}");
    }
}

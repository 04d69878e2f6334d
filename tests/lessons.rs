//! No lesson says anything false: every claim is tried on 20 seeds, every text is filled in.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use blis_playground::lessons::{Lesson, Pairs, SceneFigures, lookup, text};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const SEEDS: std::ops::RangeInclusive<i64> = 1..=20;
/// Seeds that must bear out all claims of a lesson.
const MOST: usize = 19;

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons");
    let entries = std::fs::read_dir(folder).expect("the folder of lessons");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn read(path: &Path) -> Lesson {
    let text = std::fs::read_to_string(path).expect("a readable file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lessons() -> Vec<Lesson> {
    files().iter().map(|path| read(path)).collect()
}

fn lesson(number: u32) -> Lesson {
    lessons().into_iter().find(|lesson| lesson.number == number).expect("a lesson with this number")
}

fn run(lesson: &Lesson, seed: i64) -> SceneFigures {
    lesson.run(seed).unwrap_or_else(|error| panic!("{}: {error}", lesson.id))
}

/// Runs a lesson on all seeds, and checks its claims and its texts.
fn bears_out(number: u32) {
    let lesson = lesson(number);
    let mut borne_out = 0;
    let mut failures = Vec::new();
    for seed in SEEDS {
        let scenes = run(&lesson, seed);
        let mut all = true;
        for claim in &lesson.claims {
            let holds = claim.that.holds(&scenes).unwrap_or_else(|error| panic!("{}: {error}", lesson.id));
            if !holds {
                let figures = claim.that.figures();
                let seen: Vec<_> = figures.iter().map(|figure| (figure, lookup(&scenes, figure))).collect();
                failures.push(format!("seed {seed}: {} {seen:?}", claim.says));
            }
            all &= holds;
        }
        borne_out += usize::from(all);
        for text in [&lesson.reveal, &lesson.why] {
            let filled = text::fill(text, &scenes).unwrap_or_else(|error| panic!("{}: {error}", lesson.id));
            assert!(!filled.contains("{{") && !filled.contains("NaN") && !filled.contains("inf"), "{filled}");
            if seed == 1 {
                println!("{filled}\n");
            }
        }
        for scene in &lesson.scenes {
            for metric in &lesson.metrics {
                let path = format!("{}.{metric}", scene.name);
                let shown = lookup(&scenes, &path);
                assert!(shown.is_some_and(|value| value.is_number() || value.is_boolean()), "no {path}");
                if seed == 1 {
                    println!("{path} = {}", shown.map_or_else(String::new, ToString::to_string));
                }
            }
        }
    }
    println!("{}: {borne_out} of {} seeds", lesson.id, SEEDS.count());
    assert!(borne_out >= MOST, "{} holds for {borne_out} seeds only:\n{}", lesson.id, failures.join("\n"));
}

macro_rules! borne_out {
    ($($name:ident: $number:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            bears_out($number);
        })*

        /// The tests above, so that no lesson is forgotten.
        const TESTED: &[u32] = &[$($number),*];
    };
}

borne_out! {
    lesson_00_three_times_the_machines: 0,
    lesson_01_run_length: 1,
    lesson_02_early_warning: 2,
    lesson_03_how_many_instances: 3,
    lesson_04_big_or_many: 4,
    lesson_05_regret: 5,
    lesson_06_stale_signals: 6,
    lesson_07_rejecting: 7,
    lesson_08_shortest_prompt_first: 8,
    lesson_09_batch_size: 9,
    lesson_10_running_out_of_kv: 10,
    lesson_11_prefix_or_queue: 11,
}

#[test]
fn the_course_is_a_chain_of_twelve() {
    let lessons = lessons();
    assert_eq!(lessons.iter().map(|lesson| lesson.number).collect::<Vec<_>>(), TESTED);
    for (lesson, path) in lessons.iter().zip(files()) {
        let next = lessons.iter().find(|other| other.number == lesson.number + 1);
        assert_eq!(lesson.next, next.map(|next| next.id.clone()), "{}", lesson.id);
        let name = path.file_stem().expect("a file name").to_string_lossy().into_owned();
        assert_eq!(name, format!("{:02}-{}", lesson.number, lesson.id));
    }
}

#[test]
fn every_pair_is_a_setting_in_its_range() {
    for lesson in lessons() {
        for scene in &lesson.scenes {
            let config = lesson.config(scene, &Pairs::new(), 1);
            config.and_then(|config| config.validate().map(|_| ())).unwrap_or_else(|error| {
                panic!("{}, {}: {error}", lesson.id, scene.name);
            });
        }
        let start = lesson.scenes.iter().find(|scene| scene.name == lesson.explore.scene);
        let start = start.unwrap_or_else(|| panic!("{}: no scene {}", lesson.id, lesson.explore.scene));
        assert!(!lesson.explore.pairs.is_empty());
        let config = lesson.config(start, &lesson.explore.pairs, 1);
        config.and_then(|config| config.validate().map(|_| ())).unwrap_or_else(|error| {
            panic!("{}, explore: {error}", lesson.id);
        });
    }
}

#[test]
fn names_are_words_and_occur_once() {
    let mut ids = BTreeSet::new();
    for lesson in lessons() {
        assert!(ids.insert(lesson.id.clone()), "{} twice", lesson.id);
        let names: BTreeSet<&String> = lesson.scenes.iter().map(|scene| &scene.name).collect();
        assert_eq!(names.len(), lesson.scenes.len(), "{}", lesson.id);
        for name in names {
            let plain =
                |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
            assert!(name.chars().all(plain), "{name}");
        }
        assert!(lesson.scenes.len() >= 2 && !lesson.claims.is_empty() && !lesson.metrics.is_empty());
    }
}

#[test]
fn a_prediction_is_one_of_two_or_three_with_one_right() {
    for lesson in lessons() {
        assert!((2..=3).contains(&lesson.answers.len()), "{}", lesson.id);
        assert_eq!(lesson.answers.iter().filter(|answer| answer.right).count(), 1, "{}", lesson.id);
    }
}

#[test]
fn what_is_read_before_a_run_needs_no_figures() {
    for lesson in lessons() {
        let answers = lesson.answers.iter().map(|answer| &answer.text);
        let before =
            [&lesson.title, &lesson.question, &lesson.situation, &lesson.change, &lesson.explore.text];
        let claims = lesson.claims.iter().map(|claim| &claim.says);
        for text in before.into_iter().chain(answers).chain(claims) {
            assert!(!text.contains("{{") && !text.trim().is_empty(), "{}: {text}", lesson.id);
        }
    }
}

#[test]
fn a_reveal_is_made_of_live_figures() {
    for lesson in lessons() {
        assert!(lesson.reveal.contains("{{"), "{}", lesson.id);
        assert!(lesson.why.split_whitespace().count() > 30, "{}", lesson.id);
    }
}

/// Numbers that stand by themselves: `2,000` is one, the 99 of `p99` is none.
fn numbers(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| letter.is_whitespace() || "()/×–-".contains(letter));
    let words = words.map(|word| word.trim_matches(|letter: char| ".,;:!?%".contains(letter)));
    let starts = words.filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    starts.map(|word| word.replace(',', "")).collect()
}

#[test]
fn typed_in_numbers_are_settings_and_not_results() {
    for lesson in lessons() {
        let mut allowed = BTreeSet::new();
        let mut allow = |pairs: &Pairs| {
            for value in pairs.values() {
                let text = blis_playground::lessons::pair_text(value);
                let plain = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
                allowed.extend(plain.filter(|word| !word.is_empty()).map(str::to_owned));
            }
        };
        allow(&lesson.base);
        lesson.scenes.iter().for_each(|scene| allow(&scene.pairs));
        allow(&lesson.explore.pairs);
        let answers = lesson.answers.iter().map(|answer| &answer.text);
        let labels = lesson.scenes.iter().map(|scene| &scene.label);
        let claims = lesson.claims.iter().map(|claim| &claim.says);
        let texts = [
            &lesson.title,
            &lesson.question,
            &lesson.situation,
            &lesson.change,
            &lesson.reveal,
            &lesson.why,
            &lesson.explore.text,
        ];
        for text in texts.into_iter().chain(answers).chain(labels).chain(claims) {
            for number in numbers(&text::without_figures(text)) {
                assert!(
                    allowed.contains(&number),
                    "{}: {number} is no setting of the lesson: {text}",
                    lesson.id
                );
            }
        }
    }
}

//! No lesson makes a false claim: every claim is tried on 20 seeds, every reason also at ten times the requests, and every
//! text is filled in. `LESSONS_FULL=1` tries the reasons on all seeds.

use blis_playground::Simulation;
use blis_playground::config::LatencyModelName;
use blis_playground::lessons::check::{MUST_HOLD, SEEDS, problems};
use blis_playground::lessons::{Course, Lesson, Pairs, Scene, SceneFigures, TeacherNotes, lookup, template};
use blis_playground::outcome::verdict::VerdictKind;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("web/views/lessons/course")
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = folder().join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn course() -> Course {
    read("course")
}

fn lessons() -> Vec<Lesson> {
    course().lessons.iter().map(|id| read(id)).collect()
}

fn run(lesson: &Lesson, seed: i64) -> SceneFigures {
    lesson.run(seed).unwrap_or_else(|error| panic!("{}: {error}", lesson.id))
}

/// Runs a lesson on all seeds, and checks its claims and its texts.
fn bears_out(id: &str) {
    let lesson: Lesson = read(id);
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
        let notes = lesson.teacher.as_ref().map(|teacher| &teacher.after);
        for text in [&lesson.reveal, &lesson.why].into_iter().chain(notes) {
            let filled =
                template::fill(text, &scenes).unwrap_or_else(|error| panic!("{}: {error}", lesson.id));
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
    assert!(
        borne_out >= MUST_HOLD,
        "{} holds for {borne_out} seeds only:\n{}",
        lesson.id,
        failures.join("\n")
    );
}

macro_rules! borne_out {
    ($($name:ident: $id:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            bears_out($id);
        })*

        /// The tests above, so that no lesson is forgotten.
        const TESTED: &[&str] = &[$($id),*];
    };
}

borne_out! {
    three_times_the_machines: "three-times-the-machines",
    run_length: "run-length",
    early_warning: "early-warning",
    how_many_instances: "how-many-instances",
    one_fails: "one-fails",
    after_a_burst: "after-a-burst",
    batch_size: "batch-size",
    running_out_of_kv: "running-out-of-kv",
    big_or_many: "big-or-many",
    stale_signals: "stale-signals",
    regret: "regret",
    prefix_or_queue: "prefix-or-queue",
    sticky_or_balanced: "sticky-or-balanced",
    memory_of_agents: "memory-of-agents",
    a_number_that_lies: "a-number-that-lies",
    shortest_prompt_first: "shortest-prompt-first",
    rejecting: "rejecting",
}

/// Requests per request of the lesson, where it shows whether a reason is more than the length of a run.
const LONGER: u32 = 10;
/// Times that p99 may grow when a run that holds is made longer.
const GROWTH: f64 = 1.5;

/// The seeds of long runs, and how many of them must bear out all reasons: all seeds at full size (`LESSONS_FULL=1`).
fn long_seeds() -> (std::ops::RangeInclusive<i64>, usize) {
    if std::env::var("LESSONS_FULL").is_ok_and(|value| value == "1") {
        (SEEDS, MUST_HOLD)
    } else {
        (1..=2, 2)
    }
}

/// Runs a lesson at ten times its length: its reasons still hold, and so does what it calls good enough.
fn is_true_for_long(id: &str) {
    let lesson: Lesson = read(id);
    let (seeds, enough) = long_seeds();
    let mut borne_out = 0;
    let mut failures = Vec::new();
    for seed in seeds {
        let (short, long) = (run(&lesson, seed), lesson.run_longer(LONGER, seed).expect("settings"));
        let reasons = lesson.claims.iter().filter(|claim| claim.reason);
        let failed: Vec<_> = reasons.filter(|claim| claim.that.holds(&long) != Ok(true)).collect();
        failures.extend(failed.iter().map(|claim| format!("seed {seed}: {}", claim.says)));
        borne_out += usize::from(failed.is_empty());
        for name in &lesson.holds {
            keeps_its_p99(id, seed, &short[name], &long[name]);
        }
    }
    println!("{id}: {borne_out} long seeds");
    assert!(borne_out >= enough, "{id} is true for {borne_out} long seeds only:\n{}", failures.join("\n"));
}

fn keeps_its_p99(id: &str, seed: i64, short: &serde_json::Value, long: &serde_json::Value) {
    let number =
        |figures: &serde_json::Value, path: &str| figures.pointer(path).and_then(serde_json::Value::as_f64);
    let of = |figures, path| number(figures, path).unwrap_or_else(|| panic!("{id}: no {path}"));
    assert!(of(long, "/arrived") >= 0.99 * f64::from(LONGER) * of(short, "/arrived"), "{id}, seed {seed}");
    let (before, after) = (of(short, "/ttft/p99_ms"), of(long, "/ttft/p99_ms"));
    assert!(after <= GROWTH * before, "{id}, seed {seed}: {before} ms, {after} ms");
    assert_eq!(long["overloaded"], false, "{id}, seed {seed}: {}", long["verdict"]);
}

macro_rules! true_for_long {
    ($($name:ident: $id:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            is_true_for_long($id);
        })*

        /// The tests above, so that no reason is forgotten.
        const TRUE_FOR_LONG: &[&str] = &[$($id),*];
    };
}

true_for_long! {
    three_times_the_machines_for_long: "three-times-the-machines",
    run_length_for_long: "run-length",
    early_warning_for_long: "early-warning",
    how_many_instances_for_long: "how-many-instances",
    one_fails_for_long: "one-fails",
    after_a_burst_for_long: "after-a-burst",
    batch_size_for_long: "batch-size",
    running_out_of_kv_for_long: "running-out-of-kv",
    big_or_many_for_long: "big-or-many",
    stale_signals_for_long: "stale-signals",
    regret_for_long: "regret",
    prefix_or_queue_for_long: "prefix-or-queue",
    sticky_or_balanced_for_long: "sticky-or-balanced",
    memory_of_agents_for_long: "memory-of-agents",
    a_number_that_lies_for_long: "a-number-that-lies",
    shortest_prompt_first_for_long: "shortest-prompt-first",
    rejecting_for_long: "rejecting",
}

#[test]
fn no_lesson_that_says_that_something_holds_is_forgotten() {
    assert_eq!(TRUE_FOR_LONG, TESTED);
    for lesson in &lessons() {
        let claims = lesson.claims.iter().map(|claim| &claim.says);
        let texts: Vec<&String> = [&lesson.reveal, &lesson.why].into_iter().chain(claims).collect();
        let says = |word: &str| texts.iter().any(|text| text.contains(word));
        let words =
            [" hold ", " holds ", "is enough", "are enough", " carry ", "keeps up", "stays calm", "steady"];
        if words.iter().any(|word| says(word)) {
            assert!(!lesson.holds.is_empty(), "{} names nothing that holds", lesson.id);
        }
        for name in &lesson.holds {
            assert!(lesson.scenes.iter().any(|scene| &scene.name == name), "{}: no scene {name}", lesson.id);
        }
    }
}

#[test]
fn every_why_rests_on_claims_and_none_is_made_twice() {
    for lesson in lessons() {
        assert!(lesson.claims.iter().any(|claim| claim.reason), "{}: no reason", lesson.id);
        for (i, claim) in lesson.claims.iter().enumerate() {
            let twice = lesson.claims[i + 1..]
                .iter()
                .find(|other| other.says == claim.says || other.that == claim.that);
            assert!(twice.is_none(), "{}: {} twice", lesson.id, claim.says);
        }
    }
}

#[test]
fn the_whole_course_has_the_model_the_gpu_and_the_latency_model_of_its_first_lesson() {
    let lessons = lessons();
    let settings = |lesson: &Lesson, scene: &Scene| {
        let mut config = lesson.config(scene, &Pairs::new(), 1).expect("settings").model;
        config.tp = None;
        config
    };
    let first = settings(&lessons[0], &lessons[0].scenes[0]);
    assert_eq!(first.latency_model, LatencyModelName::Roofline);
    assert!(lessons[0].situation.contains("roofline model"), "{}", lessons[0].situation);
    for lesson in &lessons {
        for key in ["model", "gpu", "tp", "latency"] {
            assert!(lesson.base.contains_key(key), "{}: no {key}", lesson.id);
        }
        for scene in &lesson.scenes {
            assert_eq!(settings(lesson, scene), first, "{}, {}", lesson.id, scene.name);
        }
    }
}

#[test]
fn the_course_has_one_word_for_a_slot() {
    for lesson in lessons() {
        let labels = lesson.scenes.iter().map(|scene| &scene.label);
        let claims = lesson.claims.iter().map(|claim| &claim.says);
        let texts = [&lesson.situation, &lesson.change, &lesson.reveal, &lesson.why, &lesson.explore.text];
        for text in texts.into_iter().chain(labels).chain(claims) {
            for word in text.split(|letter: char| !letter.is_alphabetic()) {
                assert!(!["place", "places"].contains(&word), "{}: {text}", lesson.id);
            }
        }
    }
}

#[test]
fn the_first_change_does_not_give_the_answer_away() {
    let lesson: Lesson = read("run-length");
    let start = lesson.scenes.iter().find(|scene| scene.name == lesson.explore.scene).expect("a scene");
    let config = lesson.config(start, &lesson.explore.pairs, 1).expect("settings");
    let mut simulation = Simulation::new(&config).expect("settings");
    simulation.run_to_end();
    let found = simulation.finish().summary().verdict.kind;
    assert_eq!(found, VerdictKind::Overloaded, "the exercise is to find a cluster that is not overloaded");
}

#[test]
fn the_course_has_each_lesson_once() {
    let order = course().lessons;
    assert_eq!(order, TESTED);
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of lessons")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().expect("a file name").to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut named = order.clone();
    named.push("course".to_owned());
    named.sort();
    assert_eq!(files, named);
    for id in order {
        assert_eq!(read::<Lesson>(&id).id, id);
    }
}

#[test]
fn every_claim_can_be_read_without_the_one_before() {
    let going_on = ["and", "although", "because", "but", "nor", "so", "while", "yet", "it", "they"];
    for lesson in lessons() {
        for claim in &lesson.claims {
            let first = claim.says.split(' ').next().unwrap_or_default().to_lowercase();
            assert!(!going_on.contains(&first.as_str()), "{}: {}", lesson.id, claim.says);
        }
    }
}

/// Minutes of a class that no lesson may take: to hand out the link, and to close.
const AROUND: u32 = 5;

#[test]
fn the_way_for_a_class_keeps_the_order_and_fits_into_its_time() {
    let Course { lessons: order, class } = course();
    let places = class.lessons.iter().map(|id| order.iter().position(|other| other == id).expect("a lesson"));
    assert!(places.is_sorted_by(|place, next| place < next), "{:?}", class.lessons);
    let minutes: u32 = class.lessons.iter().map(|id| read::<Lesson>(id).minutes).sum();
    assert!(minutes + AROUND <= class.minutes, "{minutes} minutes");
    assert!(lessons().iter().all(|lesson| lesson.minutes > 0));
}

#[test]
fn no_lesson_has_a_problem_that_shows_before_it_is_run() {
    for id in course().lessons {
        let text =
            std::fs::read_to_string(folder().join(&id).with_extension("json")).expect("a readable file");
        let lesson = Lesson::from_json(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(problems(&lesson), [], "{id}");
    }
}

#[test]
fn texts_are_short_enough_for_a_room() {
    let words =
        |text: &str| template::without_figures(&text.replace("{{", " x {{")).split_whitespace().count();
    for lesson in lessons() {
        assert!(lesson.question.chars().count() <= 90, "{}: {}", lesson.id, lesson.question);
        assert!(words(&lesson.situation) <= 60, "{}: {}", lesson.id, words(&lesson.situation));
        assert!(words(&lesson.why) <= 110, "{}: {}", lesson.id, words(&lesson.why));
        for answer in &lesson.answers {
            assert!(answer.text.chars().count() <= 65, "{}: {}", lesson.id, answer.text);
        }
    }
}

#[test]
fn every_lesson_of_the_course_has_pictures_and_notes() {
    for lesson in lessons() {
        assert!(lesson.pictures.is_some(), "{}: no pictures", lesson.id);
        let TeacherNotes { before, bets, after } = lesson.teacher.as_ref().expect("notes for the teacher");
        assert!([before, bets, after].into_iter().all(|text| text.len() > 30), "{}", lesson.id);
    }
}

//! No lesson makes a false claim: every claim is tried on 20 seeds, every text is filled in.

use blis_playground::config::LatencyModelName;
use blis_playground::lessons::check::{MUST_HOLD, SEEDS, problems};
use blis_playground::lessons::{Course, Lesson, Pairs, Scene, SceneFigures, lookup, template};
use blis_playground::outcome::verdict::VerdictKind;
use blis_playground::{Config, Simulation};
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
        for text in [&lesson.reveal, &lesson.why] {
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
    big_or_many: "big-or-many",
    regret: "regret",
    stale_signals: "stale-signals",
    rejecting: "rejecting",
    shortest_prompt_first: "shortest-prompt-first",
    batch_size: "batch-size",
    running_out_of_kv: "running-out-of-kv",
    prefix_or_queue: "prefix-or-queue",
}

/// Requests per request of the lesson, where a text states that a cluster holds.
const LONGER: u32 = 10;
/// Times that p99 may grow when a run that holds is made longer.
const GROWTH: f64 = 1.5;

/// Runs what a lesson calls good enough at ten times its length.
fn holds_for_long(id: &str) {
    let lesson: Lesson = read(id);
    for name in &lesson.holds {
        let scene = lesson.scenes.iter().find(|scene| &scene.name == name);
        let scene = scene.unwrap_or_else(|| panic!("{}: no scene {name}", lesson.id));
        for seed in 1..=2 {
            let run = |times| {
                let figures = lesson.run_longer(scene, times, seed);
                figures.unwrap_or_else(|error| panic!("{}: {error}", lesson.id))
            };
            let p99 = |figures: &serde_json::Value| figures["ttft"]["p99_ms"].as_f64().expect("a p99");
            let (short, long) = (run(1), run(LONGER));
            let arrived = |figures: &serde_json::Value| figures["arrived"].as_f64().expect("arrivals");
            assert!(arrived(&long) >= 0.99 * f64::from(LONGER) * arrived(&short), "{}, {name}", lesson.id);
            let (before, after) = (p99(&short), p99(&long));
            assert!(after <= GROWTH * before, "{}, {name}, seed {seed}: {before} ms, {after} ms", lesson.id);
            assert_eq!(long["overloaded"], false, "{}, {name}, seed {seed}: {}", lesson.id, long["verdict"]);
        }
    }
}

macro_rules! holds {
    ($($name:ident: $id:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            holds_for_long($id);
        })*

        /// The lessons in which something holds.
        const HOLDING: &[&str] = &[$($id),*];
    };
}

holds! {
    three_times_the_machines_holds: "three-times-the-machines",
    early_warning_holds: "early-warning",
    how_many_instances_holds: "how-many-instances",
    big_or_many_holds: "big-or-many",
    rejecting_holds: "rejecting",
    prefix_or_queue_holds: "prefix-or-queue",
}

#[test]
fn no_lesson_that_says_that_something_holds_is_forgotten() {
    let lessons = lessons();
    let holding = lessons.iter().filter(|lesson| !lesson.holds.is_empty());
    assert_eq!(holding.map(|lesson| lesson.id.as_str()).collect::<Vec<_>>(), HOLDING);
    for lesson in &lessons {
        let claims = lesson.claims.iter().map(|claim| &claim.says);
        let texts: Vec<&String> = [&lesson.reveal, &lesson.why].into_iter().chain(claims).collect();
        let says = |word: &str| texts.iter().any(|text| text.contains(word));
        let words =
            [" hold ", " holds ", "is enough", "are enough", " carry ", "keeps up", "stays calm", "steady"];
        if words.iter().any(|word| says(word)) {
            assert!(!lesson.holds.is_empty(), "{} names nothing that holds", lesson.id);
        }
    }
}

/// The latency model as texts name it.
fn model_name(config: &Config) -> &'static str {
    match config.model.latency_model {
        LatencyModelName::Roofline => "roofline model",
        LatencyModelName::TrainedPhysics => "trained-physics model",
    }
}

#[test]
fn every_situation_names_the_latency_model_of_its_scenes() {
    for lesson in lessons() {
        for key in ["model", "gpu", "tp", "latency"] {
            assert!(lesson.base.contains_key(key), "{}: no {key}", lesson.id);
        }
        for scene in &lesson.scenes {
            let config = lesson.config(scene, &Pairs::new(), 1).expect("settings");
            let name = model_name(&config);
            let named = lesson.situation.contains(name);
            assert!(named, "{}, {}: the situation does not name the {name}", lesson.id, scene.name);
            let opening = ["three-times-the-machines", "run-length"].contains(&lesson.id.as_str());
            assert_eq!(name == "roofline model", opening, "{}", lesson.id);
        }
    }
    let change = read::<Lesson>("early-warning").situation;
    assert!(change.contains("instead of the roofline model"), "{change}");
}

/// What the reader takes for one cluster: everything that the lessons name before it runs.
fn cluster(lesson: &Lesson, scene: &Scene) -> (Config, String) {
    let mut config = lesson.config(scene, &Pairs::new(), 1).expect("settings");
    let name = model_name(&config).to_owned();
    config.model.latency_model = LatencyModelName::default();
    // The number of candidates in the trace of decisions changes no result.
    config.trace.counterfactual_k = 0;
    (config, name)
}

#[test]
fn one_cluster_has_one_p99_in_the_whole_course() {
    let lessons = lessons();
    let scenes: Vec<_> = lessons
        .iter()
        .flat_map(|lesson| lesson.scenes.iter().map(move |scene| (lesson, cluster(lesson, scene))))
        .collect();
    let mut pairs = 0;
    for (i, (lesson, (config, model))) in scenes.iter().enumerate() {
        for (other, (other_config, other_model)) in &scenes[i + 1..] {
            if config != other_config {
                continue;
            }
            pairs += 1;
            // With the same model the digests are equal. With another, both texts mention it.
            let mentioned = model == other_model
                || (lesson.situation.contains(model.as_str())
                    && other.situation.contains(other_model.as_str()));
            assert!(
                mentioned,
                "{} and {} differ in the latency model and do not say so",
                lesson.id, other.id
            );
        }
    }
    assert!(pairs >= 2, "lessons share clusters: {pairs}");
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
fn the_way_for_a_class_keeps_the_order_and_fits_into_its_time() {
    let Course { lessons: order, class } = course();
    let places = class.lessons.iter().map(|id| order.iter().position(|other| other == id).expect("a lesson"));
    assert!(places.is_sorted_by(|place, next| place < next), "{:?}", class.lessons);
    let minutes: u32 = class.lessons.iter().map(|id| read::<Lesson>(id).minutes).sum();
    assert!(minutes <= class.minutes, "{minutes} minutes");
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

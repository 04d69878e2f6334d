//! A search leads to the same answer however many of its runs are made at a time, and in whatever order.

use super::scenes::{Scene, scenes};
use blis_playground::latency::CustomCatalog;
use blis_playground::sizing::runs::{Several, Shown};
use blis_playground::sizing::{Question, Row, Search, Targets};

fn search(scene: &Scene, question: Question) -> Search {
    let targets = Targets { seeds: 3, max_requests: 60_000, ..scene.targets };
    Search::new(&scene.config, question, targets, CustomCatalog::default()).expect("the targets are in range")
}

/// The last run first, so that all are made, also those that are not needed.
fn backwards(count: usize, run: &(dyn Fn(usize) -> Shown + Sync)) -> Vec<Shown> {
    let mut shown: Vec<Shown> = (0..count).rev().map(run).collect();
    shown.reverse();
    shown
}

/// Each on a thread of its own.
fn at_once(count: usize, run: &(dyn Fn(usize) -> Shown + Sync)) -> Vec<Shown> {
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..count).map(|number| scope.spawn(move || run(number))).collect();
        running.into_iter().map(|run| run.join().expect("no defect")).collect()
    })
}

fn in_order(count: usize, run: &(dyn Fn(usize) -> Shown + Sync)) -> Vec<Shown> {
    (0..count).map(run).collect()
}

#[test]
fn runs_at_a_time_do_not_change_an_answer() {
    let mut found = 0;
    let quick = scenes().into_iter().filter(|scene| scene.quick).step_by(2);
    for scene in quick {
        for question in [Question::Instances { tp: scene.tp }, Question::Rate] {
            let expected: Row = search(&scene, question).run_to_end();
            found += usize::from(expected.answer.is_some());
            let ways: [(&str, Several<'_>); 3] =
                [("backwards", &backwards), ("at once", &at_once), ("in order", &in_order)];
            for (name, several) in ways {
                let mut search = search(&scene, question);
                while !search.advance_several(several).done {}
                assert_eq!(search.row(), expected, "{}, {question:?}, {name}", scene.name);
            }
        }
    }
    assert!(found > 3, "only {found} searches found something");
}

#[test]
fn slices_and_stretches_can_take_turns() {
    let scenes = scenes();
    let scene = scenes.iter().find(|scene| scene.quick).expect("a quick one");
    let question = Question::Instances { tp: scene.tp };
    let expected = search(scene, question).run_to_end();
    let mut search = search(scene, question);
    // A run that is cut into slices is under way when all are asked for.
    while !(search.advance(5_000).done
        || search.advance(5_000).done
        || search.advance_several(&in_order).done)
    {}
    assert_eq!(search.row(), expected);
}

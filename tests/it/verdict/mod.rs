//! Whether verdicts are true: held against runs of 4, 16 and, in doubt, 64 times the length, which are judged without
//! asking the verdict; and the reason given for each kind of run.
//!
//! The normal size takes some seconds. The full one, over scenes that had no part in the choice of the thresholds, is
//! `VERDICT_FROM=50000 VERDICT_SCENES=3000 cargo test --profile full-size --test it verdict::`; `VERDICT_FROM` moves on to
//! other scenes, and `-- --nocapture` lists what was refuted.

mod kinds;
pub mod known;
mod scenes;
mod truth;

use blis_playground::outcome::verdict::{Verdict, VerdictKind, verdict};
use blis_playground::{Outcome, simulate};
use scenes::Scene;
use truth::Truth;

/// Scenes of the normal size.
const SCENES: u64 = 300;
/// Largest share of "steady" that longer runs may refute, and of "overloaded" that they may find level.
const WRONG: f64 = 0.01;
/// Least share of level runs with room and length that must be called steady.
const CALLED_STEADY: f64 = 0.9;
/// Largest load of such a run, and the mean residence times that it lasts.
const MOST_LOAD: f64 = 0.95;
const LEAST_RESIDENCES: f64 = 10.0;

/// A verdict beside what longer runs show.
struct Judged {
    number: u64,
    verdict: Verdict,
    truth: Truth,
    scene: Scene,
    residences: f64,
}

impl Judged {
    fn of(number: u64) -> Option<Self> {
        let scene = scenes::scene(number)?;
        let outcome = simulate(&scene.config).ok()?;
        let truth = Truth::of(&scene.config, &outcome);
        let residences = residences(&outcome);
        Some(Self { number, verdict: verdict(&outcome), truth, scene, residences })
    }

    fn is(&self, kind: VerdictKind) -> bool {
        self.verdict.kind == kind
    }

    fn ought_to_be_steady(&self) -> bool {
        self.truth.is_level() && self.scene.load <= MOST_LOAD && self.residences > LEAST_RESIDENCES
    }
}

/// Arrivals, in mean residence times of the completed requests.
fn residences(outcome: &Outcome) -> f64 {
    let stays: Vec<i64> = outcome.rows().filter_map(|row| outcome.e2e(row)).collect();
    let mean = stays.iter().sum::<i64>() as f64 / stays.len().max(1) as f64;
    let last = outcome.requests.arrival.iter().max().map_or(0, |time| time.0);
    last as f64 / mean.max(1.0)
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn longer_runs_bear_the_verdicts_out() {
    let from = number("VERDICT_FROM", 0);
    let judged: Vec<Judged> =
        (from..from + number("VERDICT_SCENES", SCENES)).filter_map(Judged::of).collect();
    let count = |is: &dyn Fn(&&Judged) -> bool| judged.iter().filter(is).count();
    let (steady, overloaded) =
        (count(&|one| one.is(VerdictKind::Steady)), count(&|one| one.is(VerdictKind::Overloaded)));
    let refuted = list(&judged, |one| one.is(VerdictKind::Steady) && one.truth.is_overloaded());
    let level = list(&judged, |one| one.is(VerdictKind::Overloaded) && one.truth.is_level());
    let ought = count(&|one| one.ought_to_be_steady());
    let missed = list(&judged, |one| one.ought_to_be_steady() && !one.is(VerdictKind::Steady));
    println!(
        "{} scenes: {steady} steady, {} of them refuted; {overloaded} overloaded, {} of them level; of {ought} that \
         ought to be called steady {} are not",
        judged.len(),
        refuted.len(),
        level.len(),
        missed.len()
    );
    let allowed = |share: f64, of: usize| (share * of as f64).ceil() as usize;
    assert!(steady > 0 && overloaded > 0 && ought > 0, "the scenes have to lie around the border");
    assert!(refuted.len() <= allowed(WRONG, steady), "steady but refuted:\n{}", refuted.join("\n"));
    assert!(level.len() <= allowed(WRONG, overloaded), "overloaded but level:\n{}", level.join("\n"));
    assert!(
        missed.len() <= allowed(1.0 - CALLED_STEADY, ought),
        "level with room and length, but not called steady:\n{}",
        missed.join("\n")
    );
}

/// The scenes for which something holds, in words; printed, so that a run lists its exceptions.
fn list(judged: &[Judged], holds: impl Fn(&Judged) -> bool) -> Vec<String> {
    let describe = |one: &Judged| {
        let config = &one.scene.config;
        format!(
            "scene {}: load {:.2}, {} × {} {:?}, {:?}, {:?}: {}: {} | {:?}",
            one.number,
            one.scene.load,
            config.cluster.num_instances,
            config.model.name,
            config.model.latency_model,
            config.routing.policy,
            config.workload.spec.as_ref().map(|spec| &spec.clients[0].arrival),
            one.verdict.kind.words(),
            one.verdict.reason,
            one.truth.runs
        )
    };
    let lines: Vec<String> = judged.iter().filter(|one| holds(one)).map(describe).collect();
    for line in &lines {
        println!("{line}");
    }
    lines
}

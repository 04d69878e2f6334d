//! Coefficients that are known are found again, from our own runs with noise.

use blis_playground::config::workload_spec::{
    ArrivalProcess, ArrivalSpec, ClientSpec, DistributionKind, DistributionSpec, WorkloadSpec,
};
use blis_playground::config::{LatencyModelName, MeasuredLatency};
use blis_playground::latency::CustomCatalog;
use blis_playground::measurements::{FittedLatency, LatencyFit, Measured, MeasuredArrivals};
use blis_playground::{Config, simulate};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A server whose coefficients are known, and how it is measured.
struct Server {
    config: Config,
    truth: &'static [(&'static str, f64)],
    rates: &'static [f64],
    /// Prompt and output lengths, one per rate or one for all.
    lengths: &'static [(u32, u32)],
    process: ArrivalProcess,
}

/// The requests of a benchmark.
fn benchmark(rate: f64, process: ArrivalProcess, lengths: (u32, u32), seed: i64) -> WorkloadSpec {
    let fixed = |value: u32| {
        let params = [("value".to_owned(), f64::from(value))].into_iter().collect();
        Some(DistributionSpec { kind: DistributionKind::Constant, params, file: None })
    };
    let client = ClientSpec {
        id: "benchmark".to_owned(),
        rate_fraction: 1.0,
        arrival: Some(ArrivalSpec { process, cv: None, shape: None, scale: None }),
        input_distribution: fixed(lengths.0),
        output_distribution: fixed(lengths.1),
        ..ClientSpec::default()
    };
    WorkloadSpec {
        seed: Some(seed),
        aggregate_rate: rate,
        num_requests: Some(u64::from(REQUESTS)),
        clients: vec![client],
        ..WorkloadSpec::default()
    }
}

/// Requests of a measurement.
const REQUESTS: u32 = 400;

impl Server {
    /// What a benchmark without noise shows: a run for each rate, with random numbers that the fit does not know.
    fn measure(&self, seed: i64) -> Vec<Measured> {
        let coefficients = self.truth.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        let measured = MeasuredLatency { coefficients, ..MeasuredLatency::default() };
        let run = |(place, &rate): (usize, &f64)| {
            let (input, output) = self.lengths[place % self.lengths.len()];
            let mut config = self.config.clone();
            config.model.measured = Some(measured.clone());
            config.workload.spec = Some(benchmark(rate, self.process, (input, output), seed + place as i64));
            let summary = simulate(&config).expect("valid").summary();
            Measured {
                source: format!("run {place}"),
                rate: Some(rate),
                requests: Some(u64::from(REQUESTS)),
                input_tokens: Some(f64::from(input)),
                output_tokens: Some(f64::from(output)),
                ttft_ms: Some(summary.ttft.mean_ms),
                itl_ms: Some(summary.itl.mean_ms),
                output_tokens_per_s: Some(summary.tokens_per_sec),
                arrivals: Some(MeasuredArrivals::Poisson),
                ..Measured::default()
            }
        };
        self.rates.iter().enumerate().map(run).collect()
    }

    fn fit(&self, rows: &[Measured]) -> FittedLatency {
        let mut fit = LatencyFit::new(&self.config, CustomCatalog::default(), rows, "")
            .expect("rows that can be fitted");
        fit.run_to_end().expect("rows that can be served")
    }

    fn true_value(&self, name: &str) -> Option<f64> {
        self.truth.iter().find(|(own, _)| *own == name).map(|&(_, value)| value)
    }
}

/// The rows with relative noise of a standard deviation.
fn with_noise(rows: &[Measured], noise: f64, seed: u64) -> Vec<Measured> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    // Twelve uniform numbers are a normal one for all that matters here.
    let mut normal = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
    let mut rows = rows.to_vec();
    for row in &mut rows {
        for value in [&mut row.ttft_ms, &mut row.itl_ms, &mut row.output_tokens_per_s] {
            *value = value.map(|value| value * (1.0 + noise * normal()).max(0.2));
        }
    }
    rows
}

const MIXED: [(u32, u32); 5] = [(512, 128), (1024, 256), (256, 192), (2048, 96), (768, 160)];

fn trained_physics() -> Server {
    let mut config = Config::default();
    config.model.tp = Some(1);
    Server {
        config,
        truth: &[("alpha0", 20_232.0), ("beta0", 0.198), ("beta2", 1.1), ("beta9", 2.5)],
        rates: &[0.5, 2.0, 4.0, 5.0, 8.0],
        lengths: &MIXED,
        process: ArrivalProcess::Poisson,
    }
}

fn roofline() -> Server {
    let mut config = Config::default();
    config.model.tp = Some(1);
    config.model.latency_model = LatencyModelName::Roofline;
    Server {
        config,
        truth: &[("mfu_prefill", 0.33), ("bandwidth", 0.72)],
        rates: &[0.5, 2.0, 4.0, 5.0, 8.0],
        lengths: &MIXED,
        process: ArrivalProcess::Poisson,
    }
}

/// A determined coefficient lies this many of its standard errors from the truth at most, in so many of a hundred cases.
const FACTOR: f64 = 3.0;
const OF_A_HUNDRED: usize = 95;

/// Fits with several seeds of noise: the determined coefficients of all of them, and those within the factor.
fn recovered(server: &Server, noise: f64, seeds: std::ops::Range<u64>, must: &[&str]) -> (usize, usize) {
    let (mut all, mut within) = (0, 0);
    for seed in seeds {
        let rows = with_noise(&server.measure(900_001 + 17 * seed as i64), noise, 100 + seed);
        let fit = server.fit(&rows);
        for own in &fit.coefficients {
            let truth = server.true_value(&own.name).unwrap_or(own.before);
            if let Some(error) = own.standard_error {
                assert!(own.determined && own.reason.is_empty() && error > 0.0, "{own:?}");
                all += 1;
                within += usize::from((own.value - truth).abs() <= FACTOR * error);
                assert_eq!(fit.measured.coefficients.get(&own.name), Some(&own.value));
            } else {
                assert!(!own.determined && !own.reason.is_empty(), "{own:?}");
                assert_eq!(own.value, own.before, "{}", own.name);
                assert_eq!(fit.measured.coefficients.get(&own.name), None, "{}", own.name);
            }
        }
        for name in must {
            let own = fit.coefficients.iter().find(|own| own.name == *name).expect("known");
            assert!(own.determined, "noise {noise}, seed {seed}: {own:?}");
        }
        // The noise of the measurements is found, and the predictions are within it.
        assert!(fit.noise_percent < 250.0 * noise, "noise {noise}, seed {seed}: {}", fit.noise_percent);
        assert!(fit.error_percent < fit.error_before_percent, "{fit:?}");
        for compared in fit.rows.iter().flat_map(|row| &row.compared).filter(|compared| compared.used) {
            let expected = 100.0 * noise + compared.chance_percent;
            assert!(
                compared.error_percent.abs() < 4.5 * expected,
                "noise {noise}, seed {seed}: {compared:?}"
            );
        }
    }
    (all, within)
}

fn assert_recovered(server: &Server, noise: f64, seeds: std::ops::Range<u64>, must: &[&str]) {
    let (all, within) = recovered(server, noise, seeds, must);
    println!("noise {noise}: {within} of {all} within {FACTOR} standard errors");
    // Of few cases one may lie outside.
    assert!(within + 1 >= all || within * 100 >= all * OF_A_HUNDRED, "noise {noise}: {within} of {all}");
}

#[test]
fn known_coefficients_of_trained_physics_are_found_again() {
    for (noise, must) in [
        (0.02, ["alpha0", "beta0", "beta2", "beta9"].as_slice()),
        (0.05, &["alpha0", "beta2"]),
        (0.10, &["alpha0", "beta2"]),
    ] {
        assert_recovered(&trained_physics(), noise, seeds(), must);
    }
}

#[test]
fn known_shares_of_the_roofline_are_found_again() {
    for noise in [0.02, 0.05, 0.10] {
        assert_recovered(&roofline(), noise, seeds(), &["mfu_prefill", "bandwidth"]);
    }
}

#[test]
fn overheads_far_from_none_are_found() {
    let server = Server { truth: &[("alpha0", 40_000.0), ("step_overhead", 9_000.0)], ..roofline() };
    let (mut near, mut all) = (0, 0);
    for noise in [0.02, 0.05, 0.10] {
        for seed in seeds() {
            let fit = server.fit(&with_noise(&server.measure(31 + seed as i64), noise, 7 + seed));
            // Whether time per step is the bandwidth's or an overhead may not be told; that it is there is.
            let (before, now) = (fit.error_before_percent, fit.error_percent);
            assert!(before > 50.0, "noise {noise}, seed {seed}: {before}");
            let alpha0 = fit.coefficients.iter().find(|own| own.name == "alpha0").expect("known");
            near += u32::from(alpha0.determined && now < before / 3.0);
            all += 1;
        }
    }
    // As with the coefficients themselves: 95%.
    assert!(20 * near >= 19 * all, "{near} of {all} find the time per request and come within a third");
}

/// Seeds of noise: two, or with `MEASUREMENTS_FULL=1` (at night) 24.
fn seeds() -> std::ops::Range<u64> {
    if std::env::var("MEASUREMENTS_FULL").is_ok_and(|value| value == "1") { 0..24 } else { 0..2 }
}

#[test]
fn evenly_spaced_requests_are_recognised_where_nobody_says_how_they_were_sent() {
    let server = Server { process: ArrivalProcess::Constant, ..roofline() };
    let mut rows = with_noise(&server.measure(5), 0.03, 3);
    for row in &mut rows {
        row.arrivals = None;
    }
    let fit = server.fit(&rows);
    assert!(fit.warnings[0].contains("evenly spaced fits"), "{:?}", fit.warnings);
    let bandwidth = fit.coefficients.iter().find(|own| own.name == "bandwidth").expect("known");
    assert!((bandwidth.value - 0.72).abs() < 0.07, "{bandwidth:?}");
}

#[test]
fn a_fit_in_small_slices_is_the_same_and_shows_progress() {
    let server = trained_physics();
    let rows = with_noise(&server.measure(11), 0.05, 4);
    let whole = server.fit(&rows);
    let mut fit = LatencyFit::new(&server.config, CustomCatalog::default(), &rows, "").expect("rows");
    fit.result().expect_err("not over");
    let (mut shares, mut words) = (vec![0.0], std::collections::BTreeSet::new());
    while !fit.advance(500).done {
        let progress = fit.progress();
        shares.push(progress.share);
        words.insert(progress.doing.split(',').next().unwrap_or_default().to_owned());
    }
    assert!(shares.iter().all(|share| (0.0..1.0).contains(share)) && shares.len() > 100);
    assert!(words.len() > 2, "{words:?}");
    assert_eq!(fit.result().expect("over"), whole);
}

#[test]
fn what_is_fitted_again_begins_where_the_last_fit_ended_and_stays() {
    let server = roofline();
    let rows = with_noise(&server.measure(21), 0.02, 9);
    let first = server.fit(&rows);
    let mut again = roofline();
    again.config.model.measured = Some(first.measured.clone());
    let second = again.fit(&rows);
    assert!((second.error_before_percent - first.error_percent).abs() < 0.3, "{second:?}");
    for (name, value) in &first.measured.coefficients {
        let now = second.coefficients.iter().find(|own| own.name == *name).expect("known");
        assert!((now.value / value - 1.0).abs() < 0.05, "{now:?} after {value}");
    }
}

/// Rows that no coefficients explain: whatever is fitted or kept, the answer comes, is finite, and says that it does not fit.
#[test]
fn rows_that_contradict_each_other_have_an_answer_with_warnings() {
    let mut rows = with_noise(&roofline().measure(31), 0.02, 5);
    for (place, row) in rows.iter_mut().enumerate() {
        let factor = if place % 2 == 0 { 0.2 } else { 5.0 };
        (row.ttft_ms, row.itl_ms) = (row.ttft_ms.map(|ms| ms * factor), row.itl_ms.map(|ms| ms / factor));
    }
    for server in [roofline(), trained_physics()] {
        for rows in [&rows[..], &rows[..2]] {
            let fit = server.fit(rows);
            assert!(
                fit.warnings.iter().any(|words| words.contains("does not follow these measurements")),
                "{fit:?}"
            );
            let is_finite = |own: &blis_playground::measurements::FittedCoefficient| {
                own.value.is_finite() && own.standard_error.is_none_or(f64::is_finite)
            };
            assert!(fit.coefficients.iter().all(is_finite), "{fit:?}");
        }
    }
}

//! Everything that `blis run` prints on standard output, in its order (metrics chapter, M-5).

use super::metrics::{ClusterMetrics, all_instance_metrics, metrics};
use crate::outcome::Outcome;
use crate::outcome::anomalies::anomaly_counters;
use crate::outcome::cache::kv_cache_metrics;
use crate::outcome::classes::class_statistics;
use crate::outcome::decision_log::summarize_decisions;
use crate::outcome::fitness::{FitnessWeights, fitness};
use crate::outcome::goodput::{SloTargets, goodput, has_targets};
use crate::outcome::models::model_metrics;
use crate::outcome::sessions::session_metrics;
use crate::outcome::tenants::tenant_metrics;
use crate::text::visible_json;
use std::fmt;

/// What is printed besides the sections that always are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportOptions {
    /// Latency targets per class, for goodput.
    pub targets: SloTargets,
    /// Weights of the fitness score; empty prints none.
    pub fitness_weights: FitnessWeights,
    /// Whether the decision trace is summed up.
    pub summarize_trace: bool,
}

/// The printed output of a run.
pub fn report(outcome: &Outcome, options: &ReportOptions) -> String {
    Report { outcome, options }.to_string()
}

/// The printed output, written where it is formatted.
struct Report<'a> {
    outcome: &'a Outcome,
    options: &'a ReportOptions,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_report(f, self.outcome, self.options)
    }
}

/// Writes the printed output of a run: JSON blocks first, then the text sections.
///
/// # Errors
/// Those of the writer.
pub fn write_report(out: &mut impl fmt::Write, outcome: &Outcome, options: &ReportOptions) -> fmt::Result {
    write_blocks(out, outcome, &options.targets)?;
    if !options.fitness_weights.is_empty() {
        write!(out, "{}", fitness(outcome, &options.fitness_weights))?;
    }
    write_sections(out, outcome, options)?;
    if options.summarize_trace {
        write!(out, "{}", summarize_decisions(outcome))?;
    }
    Ok(())
}

/// The JSON blocks: the instances', if there are several, then the cluster's.
fn write_blocks(out: &mut impl fmt::Write, outcome: &Outcome, targets: &SloTargets) -> fmt::Result {
    if outcome.instances.len() >= 2 {
        for block in all_instance_metrics(outcome) {
            write_block(out, &block)?;
        }
    }
    let cluster = metrics(outcome);
    match goodput(outcome, targets) {
        Some(goodput) => write_block(out, &cluster.with_goodput(goodput)),
        None => write_block(out, &cluster),
    }
}

fn write_block(out: &mut impl fmt::Write, block: &ClusterMetrics) -> fmt::Result {
    writeln!(out, "=== Simulation Metrics ===\n{}", visible_json(&block.to_json()))
}

/// The text sections, each only if it has something to report.
fn write_sections(out: &mut impl fmt::Write, outcome: &Outcome, options: &ReportOptions) -> fmt::Result {
    let anomalies = anomaly_counters(outcome);
    if !anomalies.is_silent() {
        write!(out, "{anomalies}")?;
    }
    let cache = kv_cache_metrics(outcome);
    if !cache.is_silent() {
        write!(out, "{cache}")?;
    }
    let classes = class_statistics(outcome);
    if classes.0.len() >= 2 || has_targets(&options.targets) {
        write!(out, "{classes}")?;
    }
    if let Some(models) = model_metrics(outcome) {
        write!(out, "{models}")?;
    }
    if let Some(tenants) = tenant_metrics(outcome) {
        write!(out, "{tenants}")?;
    }
    if let Some(sessions) = session_metrics(outcome) {
        write!(out, "{sessions}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SloTarget;
    use crate::outcome::fitness::FitnessKey;
    use crate::outcome::testing::{RowBuilder, outcome};
    use crate::units::Micros;

    /// The three requests of M-10 under a latency model with these times.
    fn three_requests(
        ttft: [i64; 3],
        gaps: [&[i64]; 3],
        scheduled: [i64; 3],
        overhead: i64,
        end: i64,
    ) -> Outcome {
        let rows = [
            RowBuilder {
                class: "critical",
                tenant: "alice",
                input: 100,
                ..RowBuilder::completed(1000, ttft[0], gaps[0])
            },
            RowBuilder {
                class: "standard",
                tenant: "bob",
                input: 200,
                ..RowBuilder::completed(2000, ttft[1], gaps[1])
            },
            RowBuilder {
                class: "standard",
                tenant: "bob",
                input: 300,
                ..RowBuilder::completed(60_000, ttft[2], gaps[2])
            },
        ];
        let mut outcome = outcome(1, &rows);
        outcome.records.last_scheduled_at = scheduled.map(Micros).to_vec();
        for e2e in &mut outcome.records.e2e {
            e2e.0 += overhead;
        }
        outcome.instances[0].end = Micros(end);
        outcome
    }

    fn roofline() -> Outcome {
        let gaps: [&[i64]; 3] = [&[8768, 5774, 5774], &[5774, 5774], &[]];
        three_requests([5776, 13544, 13082], gaps, [1000, 6776, 60_000], 0, 73_082)
    }

    fn metrics_10_options() -> ReportOptions {
        let critical = SloTarget { ttft_ms: Some(50.0), ..SloTarget::default() };
        let standard = SloTarget { ttft_ms: Some(30.0), e2e_ms: Some(1000.0), ..SloTarget::default() };
        let targets =
            SloTargets::from([("critical".to_owned(), critical), ("standard".to_owned(), standard)]);
        ReportOptions { targets, ..ReportOptions::default() }
    }

    #[test]
    fn metrics_10_roofline_prints_the_whole_text() {
        let expected = include_str!("report_chapter_10.txt");
        assert_eq!(report(&roofline(), &metrics_10_options()), expected);
    }

    #[test]
    fn metrics_10_trained_physics_figures() {
        // Gaps follow from the sums 37519 and 24479 and the pooled percentiles of the chapter.
        let gaps: [&[i64]; 3] = [&[13_040, 12_240, 12_239], &[12_240, 12_239], &[]];
        let outcome = three_requests([28_177, 40_172, 29_005], gaps, [16_563, 29_132, 75_563], 777, 88_960);
        let block = metrics(&outcome);
        assert_eq!(block.responses_per_sec, 33.723_021_582_733_814);
        assert_eq!(block.ttft_mean_ms, 32.451_333_333_333_33);
        assert_eq!([block.ttft_p90_ms, block.ttft_p95_ms, block.ttft_p99_ms], [37.9386, 39.0553, 39.94866]);
        assert_eq!(block.e2e_mean_ms, 53.894_333_333_333_336);
        assert_eq!([block.e2e_p90_ms, block.e2e_p95_ms, block.e2e_p99_ms], [66.264, 66.3685, 66.4521]);
        assert_eq!(block.itl_mean_ms, 12.3996);
        assert_eq!(
            [block.itl_p90_ms, block.itl_p95_ms, block.itl_p99_ms],
            [12.72, 12.88, 13.008_000_000_000_001]
        );
        assert_eq!(block.scheduling_delay_p99_ms, 26.90062);
        let means: Vec<_> = outcome.rows().filter_map(|row| outcome.mean_itl(row)).collect();
        assert_eq!(means, [12_506.333_333_333_334, 12239.5, 0.0]);
    }

    #[test]
    fn fixed_decimals_round_the_exact_binary_value_ties_to_even() {
        let printed = [0.125, 0.375, 2.5e-2, 1.005].map(|value: f64| format!("{value:.2}"));
        assert_eq!(printed, ["0.12", "0.38", "0.03", "1.00"]);
        assert_eq!(
            ["0.5", "1.5", "2.5"].map(|value| format!("{:.0}", value.parse::<f64>().unwrap_or(0.0))),
            ["0", "2", "2"]
        );
    }

    #[test]
    fn sections_follow_the_order_of_chapter_5() {
        let mut rows: Vec<RowBuilder> = (0..4)
            .map(|row| RowBuilder { instance: row % 2, session: row, ..RowBuilder::completed(0, 10, &[]) })
            .collect();
        rows.push(RowBuilder { class: "batch", tenant: "bob", ..RowBuilder::completed(5, 10, &[]) });
        rows.push(RowBuilder::rejected(9));
        let mut outcome = outcome(2, &rows);
        outcome.instances[0].preemptions = 1;
        let weights = FitnessWeights::from([(FitnessKey::Throughput, 1.0)]);
        let options =
            ReportOptions { fitness_weights: weights, summarize_trace: true, ..ReportOptions::default() };
        let text = report(&outcome, &options);
        let titles: Vec<&str> = text.lines().filter(|line| line.starts_with("===")).collect();
        let expected = [
            "=== Simulation Metrics ===",
            "=== Simulation Metrics ===",
            "=== Simulation Metrics ===",
            "=== Fitness Evaluation ===",
            "=== Anomaly Counters ===",
            "=== KV Cache Metrics ===",
            "=== Per-SLO Metrics ===",
            "=== Per-Tenant Metrics ===",
            "=== Session Metrics ===",
            "=== Trace Summary ===",
        ];
        assert_eq!(titles, expected);
    }

    #[test]
    fn a_plain_run_on_one_instance_prints_one_block_and_nothing_else() {
        let text = report(&outcome(1, &[RowBuilder::completed(0, 10, &[])]), &ReportOptions::default());
        assert_eq!(text.matches("===").count(), 2);
        assert!(text.contains("\"instance_id\": \"cluster\""));
    }
}

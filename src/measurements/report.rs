//! The result of a fit in words and figures.

use super::attempt::Attempt;
use super::fit::{Compared, FitRow, FittedCoefficient, FittedLatency};
use super::forward::{E2E, ITL, THROUGHPUT, TTFT};
use super::measured::{Measured, rounded};
use crate::config::MeasuredLatency;

/// Rates below which it is said that there are few.
const FEW_RATES: usize = 3;
/// Requests under way, on average, below which a rate is idle.
const IDLE: f64 = 1.5;
/// Chance from which on a figure tells little.
const MUCH_CHANCE: f64 = 0.1;
/// A row is named if the error without it is less than this share.
const OUTLIER: f64 = 0.5;
/// Relative error from which on the model does not follow the measurements.
const BAD_FIT: f64 = 0.15;

impl Attempt {
    pub(super) fn report(&self) -> FittedLatency {
        let coefficients = self.fitted();
        let error = self.error(&self.here);
        FittedLatency {
            measured: self.measured_latency(error),
            latency_model: self.config.model.latency_model,
            coefficients,
            rows: (0..self.rows.len()).map(|row| self.row(row)).collect(),
            error_percent: 100.0 * error,
            error_before_percent: 100.0 * self.error(&self.before),
            noise_percent: 100.0 * self.left,
            degrees_of_freedom: self.freedom() as u32,
            warnings: self.warnings(error),
            runs: self.runs,
            simulated_requests: self.simulated_requests,
        }
    }

    fn freedom(&self) -> usize {
        self.observations.len().saturating_sub(self.choice.fitted.len())
    }

    fn fitted(&self) -> Vec<FittedCoefficient> {
        let errors = self.standard_errors();
        let error_of = |place: usize| {
            let number = self.choice.fitted.iter().position(|&fitted| fitted == place)?;
            // What is left counts in full here, whatever it is.
            Some(errors[number] * self.coefficients[place].size * self.left / self.noise)
        };
        let one = |(place, own): (usize, &super::coefficient::Coefficient)| {
            let standard_error = error_of(place);
            FittedCoefficient {
                name: own.name.to_owned(),
                meaning: own.meaning.to_owned(),
                unit: own.unit.to_owned(),
                before: own.start,
                value: if standard_error.is_some() { self.at[place] * own.size } else { own.start },
                determined: standard_error.is_some(),
                standard_error,
                reason: self.choice.kept.get(place).cloned().unwrap_or_default(),
            }
        };
        self.coefficients.iter().enumerate().map(one).collect()
    }

    /// What goes into the settings.
    fn measured_latency(&self, error: f64) -> MeasuredLatency {
        let mut measured = self.named(&self.at);
        for &place in &self.choice.fitted {
            let own = &self.coefficients[place];
            measured.coefficients.insert(own.name.to_owned(), self.at[place] * own.size);
        }
        let loads: Vec<String> = self.rows.iter().map(Measured::load).collect();
        let sources = self.rows.iter().map(|row| row.source.as_str());
        let first = sources.clone().next().unwrap_or_default();
        let more =
            if self.rows.len() > 1 { format!(" and {} more", self.rows.len() - 1) } else { String::new() };
        measured.note = format!(
            "{} with {} × {} by {}, from {first}{more}: {}; relative error {:.1}%",
            self.config.model.name,
            self.setup.tp,
            self.setup.gpu.name,
            self.config.model.latency_model,
            loads.join(", "),
            100.0 * error
        );
        measured.name = if self.name.trim().is_empty() {
            format!("{} on {} × {}, as measured", self.config.model.name, self.setup.tp, self.setup.gpu.name)
        } else {
            self.name.trim().to_owned()
        };
        measured
    }

    fn row(&self, place: usize) -> FitRow {
        let row = &self.rows[place];
        let quantities = [
            ("ttft", TTFT, row.ttft_ms),
            ("itl", ITL, row.itl_ms),
            ("e2e", E2E, row.e2e_ms),
            ("throughput", THROUGHPUT, row.output_tokens_per_s),
        ];
        let compared = quantities.into_iter().filter_map(|(name, quantity, measured)| {
            let (measured, here) = (measured?, &self.here[place]);
            Some(Compared {
                quantity: name,
                measured,
                predicted: here.means[quantity],
                before: self.before[place].means[quantity],
                error_percent: 100.0 * (here.means[quantity] / measured - 1.0),
                chance_percent: 100.0 * here.chance[quantity].sqrt(),
                used: self.observations.iter().any(|own| own.row == place && own.quantity == quantity),
            })
        });
        FitRow {
            source: row.source.clone(),
            load: row.load(),
            rate: row.rate,
            concurrency: if row.rate.is_some() { None } else { row.concurrency },
            simulated_requests: self.forward.requests[place],
            compared: compared.collect(),
        }
    }

    fn warnings(&self, error: f64) -> Vec<String> {
        let mut said = Vec::new();
        self.warn_of_rates(&mut said);
        self.warn_of_rows(&mut said);
        let freedom = self.freedom();
        if self.choice.fitted.is_empty() {
            said.push("these rows determine no coefficient: all are kept as they are".to_owned());
        } else if freedom < 3 {
            said.push(format!(
                "{} figures for {} coefficients: the standard errors are rough",
                self.observations.len(),
                self.choice.fitted.len()
            ));
        }
        for &place in &self.choice.fitted {
            let own = &self.coefficients[place];
            if self.at[place] <= own.low || self.at[place] >= own.high {
                said.push(format!(
                    "{} ends at its bound of {}: settings that are not those of the server?",
                    own.name,
                    rounded(self.at[place] * own.size)
                ));
            }
        }
        if error > BAD_FIT {
            said.push(format!(
                "the latency model does not follow these measurements: relative error {:.0}%. Are model, GPU, TP, number of \
                 instances, batch limits and lengths those of the server?",
                100.0 * error
            ));
            said.push(format!(
                "the {:.0}% that are left beside chance are mostly this, not noise of the measurements",
                100.0 * self.left
            ));
            self.warn_of_outlier(error, &mut said);
        }
        said
    }

    /// Names the row that most of the error comes from, if there is one.
    fn warn_of_outlier(&self, error: f64, said: &mut Vec<String>) {
        if self.rows.len() < 3 {
            return;
        }
        let left = (0..self.rows.len()).map(|row| (self.error_without(&self.here, row), row));
        let Some((left, row)) = left.min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
        if left < OUTLIER * error {
            let row = &self.rows[row];
            said.push(format!(
                "most of the error is from {} ({}): without it {:.0}% are left, and less once fitted without it. Is it of the \
                 same server, without prompts cached by a run before? If not, leave it out",
                row.source,
                row.load(),
                100.0 * left
            ));
        }
    }

    fn warn_of_rates(&self, said: &mut Vec<String>) {
        let mut different: Vec<&Measured> = Vec::new();
        for row in &self.rows {
            if !different.iter().any(|other| other.has_load_of(row)) {
                different.push(row);
            }
        }
        if different.len() < FEW_RATES {
            said.push(format!(
                "{} different rates: how latencies grow with the load rests on a straight line; 3 to 5 from idle to near \
                 saturation say more",
                different.len()
            ));
        }
        // Little's law.
        let under_way = self.here.iter().zip(&self.rows).map(|(shown, row)| {
            let output = row.output_tokens.unwrap_or(1.0).max(1.0);
            shown.means[THROUGHPUT] / output * shown.means[E2E] / 1000.0
        });
        let most = under_way.fold(0.0, f64::max);
        if most < IDLE {
            said.push(format!(
                "hardly more than one request was under way at any rate ({most:.1} on average): nothing can be said about load"
            ));
        }
        let inputs = self.rows.iter().filter_map(|row| row.input_tokens);
        let (least, greatest) =
            inputs.fold((f64::INFINITY, 0.0_f64), |(least, most), input| (least.min(input), most.max(input)));
        if greatest < 1.1 * least {
            said.push(format!(
                "prompts have {} tokens in all rows: what a request costs and what its tokens cost are told apart only by \
                 what they do under load; a second length says more",
                rounded(least)
            ));
        }
    }

    fn warn_of_rows(&self, said: &mut Vec<String>) {
        for (place, row) in self.rows.iter().enumerate() {
            let chance = self.here[place].chance[TTFT].sqrt();
            let falls_behind = match (row.rate, row.output_tokens_per_s, row.output_tokens) {
                (Some(rate), Some(throughput), Some(output)) => throughput < 0.85 * rate * output,
                _ => false,
            };
            if falls_behind {
                said.push(format!(
                    "{}: {} were sent, and fewer answered: near or above saturation, where the length of the benchmark decides",
                    row.source,
                    row.load()
                ));
            } else if chance > MUCH_CHANCE && row.ttft_ms.is_some() {
                said.push(format!(
                    "{}, {}: chance alone moves the mean TTFT by {:.0}%, so that it counts little: near saturation, or few requests",
                    row.source,
                    row.load(),
                    100.0 * chance
                ));
            }
            let answered = row.requests.unwrap_or(0);
            if row.failed > 0 && row.failed * 20 > answered {
                said.push(format!(
                    "{}: {} of {} requests failed; what they cost is in the times of the others",
                    row.source,
                    row.failed,
                    answered + row.failed
                ));
            }
        }
    }
}

//! How far a simulation is off, in units of noise and chance.
//!
//! Residuals are √(p/m) − √(m/p) of predicted p and measured m: nearly the logarithm of their ratio, the same for twice as
//! much and half as much, and without a logarithm, whose last bits differ between machines.

use super::attempt::Attempt;
use super::forward::{E2E, ITL, Seen, THROUGHPUT, TTFT};
use super::linear;
use super::measured::Measured;

/// How far what is kept may be off, as a share of it: one standard deviation.
const KEPT_RIGHT_TO: f64 = 0.25;
/// Standard errors from 0 up to which a coefficient that begins with 0 is not needed.
const TOLD_FROM_ZERO: f64 = 2.0;
/// Noise above which what is left is no noise, but a model that does not follow: it does not make coefficients undetermined.
const MOST_NOISE: f64 = 0.1;
/// Noise below which no measurement is believed.
const LEAST_NOISE: f64 = 0.005;

/// A figure that the fit looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observation {
    pub row: usize,
    pub quantity: usize,
    pub measured: f64,
}

impl Attempt {
    /// Standard errors of the fitted coefficients, in their sizes and order: by noise and chance, and because what is kept
    /// need not be right.
    pub(super) fn standard_errors(&self) -> Vec<f64> {
        let fitted = &self.choice.fitted;
        let mut errors = self.errors_with(fitted).unwrap_or_else(|| vec![f64::NAN; fitted.len()]);
        // Where 0 fits as well, a little more may fit, too.
        for place in (0..self.at.len()).filter(|&place| self.needless[place]) {
            let with: Vec<usize> = fitted.iter().copied().chain([place]).collect();
            for (error, wider) in errors.iter_mut().zip(self.errors_with(&with).unwrap_or_default()) {
                *error = error.max(wider);
            }
        }
        errors
    }

    /// Standard errors of coefficients that are told together; `None` if they cannot be.
    fn errors_with(&self, told: &[usize]) -> Option<Vec<f64>> {
        let columns: Option<Vec<&[f64]>> = told.iter().map(|&place| self.columns[place].as_deref()).collect();
        let columns = columns?;
        let matrix = linear::products(&columns);
        let mut variances = linear::variances(&matrix)?;
        let widening = widening(self.observations.len(), self.choice.fitted.len());
        for variance in &mut variances {
            *variance *= widening * widening;
        }
        for (place, kept) in self.columns.iter().enumerate().filter(|(place, _)| !told.contains(place)) {
            let Some(kept) = kept else { continue };
            // One that is 0 is taken to be 0.
            let doubt = KEPT_RIGHT_TO * self.at[place];
            let right: Vec<f64> = columns.iter().map(|column| linear::dot(column, kept)).collect();
            let moved = linear::solve(&matrix, &right)?;
            for (variance, moved) in variances.iter_mut().zip(moved) {
                *variance += moved * doubt * moved * doubt;
            }
        }
        Some(variances.into_iter().map(f64::sqrt).collect())
    }

    /// Of the coefficients that begin with 0 and are hardly told from it, the one that is told least goes back to 0.
    pub(super) fn drop_one(&mut self) {
        let errors = self.standard_errors();
        let told = |&(place, error): &(&usize, &f64)| self.at[*place] / error;
        let fitted = self.choice.fitted.iter().zip(&errors);
        let from_zero = fitted.filter(|(place, _)| self.coefficients[**place].start == 0.0);
        let least = from_zero.min_by(|a, b| told(a).total_cmp(&told(b)));
        if let Some(least) = least.filter(|least| told(least) < TOLD_FROM_ZERO) {
            self.needless[*least.0] = true;
        }
    }

    /// How far all figures are off, in units of their noise.
    pub(super) fn residuals(&self, shown: &[Seen]) -> Vec<f64> {
        let one = |own: &Observation| off(own, shown) / self.deviation(own);
        self.observations.iter().map(one).collect()
    }

    /// Standard deviation of a figure's residual.
    fn deviation(&self, own: &Observation) -> f64 {
        let chance = self.here[own.row].chance[own.quantity];
        (self.noise * self.noise + chance).sqrt()
    }

    pub(super) fn sum(&self, shown: &[Seen]) -> f64 {
        self.residuals(shown).iter().map(|own| own * own).sum()
    }

    /// Root mean square of the relative errors.
    pub(super) fn error(&self, shown: &[Seen]) -> f64 {
        self.error_of(shown, |_| true)
    }

    /// The same without those of a row.
    pub(super) fn error_without(&self, shown: &[Seen], row: usize) -> f64 {
        self.error_of(shown, |own| own.row != row)
    }

    fn error_of(&self, shown: &[Seen], counts: impl Fn(&Observation) -> bool) -> f64 {
        if shown.is_empty() {
            return 0.0;
        }
        let square = |own: &Observation| {
            let error = shown[own.row].means[own.quantity] / own.measured - 1.0;
            error * error
        };
        let squares: Vec<f64> = self.observations.iter().filter(|own| counts(own)).map(square).collect();
        (squares.iter().sum::<f64>() / squares.len().max(1) as f64).sqrt()
    }

    /// The noise with which the residuals are as large as they should be.
    pub(super) fn estimate_noise(&mut self) {
        if self.surveys < 2 {
            return;
        }
        let squares: Vec<(f64, f64)> = self
            .observations
            .iter()
            .map(|own| {
                let off = off(own, &self.here);
                (off * off, self.here[own.row].chance[own.quantity])
            })
            .collect();
        let freedom = squares.len().saturating_sub(self.choice.fitted.len()).max(1) as f64;
        let sum = |noise: f64| {
            squares.iter().map(|(square, chance)| square / (noise * noise + chance)).sum::<f64>()
        };
        let (mut low, mut high) = (LEAST_NOISE, 2.0);
        if sum(low) <= freedom {
            high = low;
        }
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if sum(middle) > freedom { low = middle } else { high = middle }
        }
        self.left = high;
        self.noise = high.min(MOST_NOISE);
    }
}

/// What standard errors are multiplied by because the noise is only known from the residuals: that of Student's distribution.
pub(super) fn widening(figures: usize, fitted: usize) -> f64 {
    match figures.saturating_sub(fitted) {
        freedom @ 3.. => (freedom as f64 / (freedom - 2) as f64).sqrt(),
        _ => 2.0,
    }
}

/// √(p/m) − √(m/p).
fn off(own: &Observation, shown: &[Seen]) -> f64 {
    let ratio = (shown[own.row].means[own.quantity].max(1e-9) / own.measured).sqrt();
    ratio - 1.0 / ratio
}

/// What the fit looks at: TTFT and ITL; E2E, which follows from both, where one is missing; throughput where it is not that
/// of the rate.
pub(super) fn observations(rows: &[Measured]) -> Vec<Observation> {
    let mut all = Vec::new();
    for (row, own) in rows.iter().enumerate() {
        let mut add = |quantity: usize, measured: Option<f64>| {
            if let Some(measured) = measured {
                all.push(Observation { row, quantity, measured });
            }
        };
        let itl = own.itl_ms.filter(|_| own.output_tokens.is_some_and(|output| output >= 1.5));
        add(TTFT, own.ttft_ms);
        add(ITL, itl);
        if own.ttft_ms.is_none() || itl.is_none() {
            add(E2E, own.e2e_ms);
        }
        if own.rate.is_none() {
            add(THROUGHPUT, own.output_tokens_per_s);
        }
    }
    all
}

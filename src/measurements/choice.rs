//! Which coefficients the rows determine.
//!
//! A coefficient is fitted if, together with those that are fitted already, all of them can be told to about a third of their
//! value. They are taken in the order of how much they are felt; what is then left is either not felt, or cannot be told from
//! one that is.

use super::coefficient::Coefficient;
use super::linear::{dot, products, variances};

/// Largest standard error of a coefficient that counts as determined, of its value.
const TOLERANCE: f64 = 0.35;
/// Most coefficients that are fitted.
const MOST: usize = 8;
/// From here on two coefficients are said to act alike.
const ALIKE: f64 = 0.7;

/// What the rows determine, and why not the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Choice {
    /// Places of the coefficients that are fitted, in the order of the coefficients.
    pub fitted: Vec<usize>,
    /// Why each of the others is kept; empty for those that are fitted.
    pub kept: Vec<String>,
}

/// What a choice is made of.
pub(super) struct Candidates<'a> {
    pub coefficients: &'a [Coefficient],
    /// Derivatives of the residuals, in units of their noise; none of coefficients that are fixed.
    pub columns: &'a [Option<Vec<f64>>],
    /// Values, in their sizes.
    pub at: &'a [f64],
    /// Coefficients that may be fitted.
    pub allowed: &'a [bool],
    /// Coefficients with which 0 fits as well.
    pub needless: &'a [bool],
}

/// Chooses; standard errors are multiplied by `widening`, which depends on how many coefficients are fitted.
pub(super) fn choose(candidates: &Candidates<'_>, widening: impl Fn(usize) -> f64) -> Choice {
    let &Candidates { coefficients, columns, at, allowed, needless } = candidates;
    let rows = columns.iter().flatten().next().map_or(0, Vec::len);
    let tolerance = |place: usize| {
        // One that begins with 0 is measured by what would be felt.
        let value = if coefficients[place].start > 0.0 { at[place].max(0.2) } else { 1.0 };
        TOLERANCE * value
    };
    let errors = |places: &[usize]| {
        let chosen: Option<Vec<&[f64]>> = places.iter().map(|&place| columns[place].as_deref()).collect();
        let widening = widening(places.len());
        let variances = variances(&products(&chosen?))?;
        Some(variances.into_iter().map(|variance| variance.sqrt() * widening).collect::<Vec<f64>>())
    };
    let mut fitted: Vec<usize> = Vec::new();
    while fitted.len() < MOST && fitted.len() + 1 < rows {
        let mut best: Option<(f64, usize)> = None;
        for place in (0..columns.len()).filter(|&place| allowed[place] && !fitted.contains(&place)) {
            let mut trial = fitted.clone();
            trial.push(place);
            let Some(errors) = errors(&trial) else { continue };
            if trial.iter().zip(&errors).any(|(&place, &error)| error.is_nan() || error > tolerance(place)) {
                continue;
            }
            let felt = tolerance(place) / errors[fitted.len()];
            if best.is_none_or(|(most, _)| felt > most) {
                best = Some((felt, place));
            }
        }
        let Some((_, place)) = best else { break };
        fitted.push(place);
    }
    fitted.sort_unstable();
    let kept = (0..columns.len()).map(|place| {
        if fitted.contains(&place) {
            return String::new();
        }
        let Some(column) = &columns[place] else {
            return coefficients[place].fixed.clone().unwrap_or_default();
        };
        if needless[place] {
            return "0 fits as well".to_owned();
        }
        if errors(&[place]).is_none_or(|errors| errors[0].is_nan() || errors[0] > tolerance(place)) {
            return "what was measured hardly depends on it".to_owned();
        }
        let alike = |&other: &usize| columns[other].as_ref().map(|own| (likeness(column, own), other));
        let most = fitted.iter().filter_map(alike).max_by(|a, b| a.0.total_cmp(&b.0));
        match most {
            Some((likeness, other)) if likeness >= ALIKE => format!(
                "acts like {} at these rates (likeness {likeness:.2}): a change of either would be found in {}",
                coefficients[other].name, coefficients[other].name
            ),
            _ => "acts like the others together at these rates: a change would be found in them".to_owned(),
        }
    });
    Choice { kept: kept.collect(), fitted }
}

/// The cosine between two columns, without its sign.
fn likeness(a: &[f64], b: &[f64]) -> f64 {
    let product = dot(a, a) * dot(b, b);
    if product > 0.0 { (dot(a, b) * dot(a, b) / product).sqrt() } else { 0.0 }
}

//! Lengths as the reference draws them (random-streams chapter, N-14).

use super::functions::{exp, pow, to_integer};
use super::generator::ReferenceStream;
use super::ziggurat::Ziggurats;
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::units::Tokens;
use crate::workload::lengths::{Bounds, LengthSampler, sum_of_media};

/// One draw; 0 only from a constant or listed length of 0. Longer ones than [`MAX_TOKENS_PER_REQUEST`] are cut.
pub(super) fn draw(sampler: &LengthSampler, ziggurats: &Ziggurats, stream: &mut ReferenceStream) -> Tokens {
    let length = match sampler {
        LengthSampler::Constant(length) => return *length,
        LengthSampler::Gaussian { mean, std_dev, min, max } => {
            let value = ziggurats.normal(stream) * std_dev + mean;
            rounded(value.max(*min).min(*max))
        }
        LengthSampler::Exponential { mean, bounds } => {
            within(*bounds, rounded(ziggurats.exponential(stream) * mean))
        }
        LengthSampler::Lognormal { mu, sigma, bounds } => {
            let value = exp(mu + sigma * ziggurats.normal(stream));
            if value.is_finite() { within(*bounds, rounded(value)) } else { i64::from(bounds.min) }
        }
        LengthSampler::ParetoLognormal { alpha, xm, mu, sigma, mix_weight } => {
            let value = if stream.unit() < *mix_weight {
                xm / pow(stream.unit(), 1.0 / alpha)
            } else {
                exp(mu + sigma * ziggurats.normal(stream))
            };
            if value.is_finite() { rounded(value) } else { 1 }
        }
        LengthSampler::Empirical { values, cumulative } => {
            let [only] = values[..] else {
                let unit = stream.unit();
                return values[cumulative.partition_point(|&reached| reached < unit)];
            };
            return only;
        }
        LengthSampler::Media { text, media } => {
            return sum_of_media(text.as_deref(), media, |sampler| draw(sampler, ziggurats, stream));
        }
    };
    length.clamp(1, i64::from(MAX_TOKENS_PER_REQUEST)) as Tokens
}

/// The nearest integer, halves away from zero.
fn rounded(value: f64) -> i64 {
    to_integer(value.round())
}

fn within(bounds: Bounds, length: i64) -> i64 {
    let raised = if bounds.min > 0 { length.max(i64::from(bounds.min)) } else { length };
    if bounds.max > 0 { raised.min(i64::from(bounds.max)) } else { raised }
}

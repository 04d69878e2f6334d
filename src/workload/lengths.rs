//! Prompt and output lengths (workload chapter, W-4).

use super::independent::{Variates, positive_unit, unit};
use crate::config::limits::MAX_TOKENS_PER_REQUEST;
use crate::units::Tokens;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A length distribution, its parameters checked and ready to draw from.
#[derive(Clone, Debug, PartialEq)]
pub enum LengthSampler {
    /// Always the same; nothing is drawn.
    Constant(Tokens),
    /// Normal, clamped (not rejected) to [min, max]: the mass beyond a bound sits on it (4.1).
    Gaussian {
        /// Mean before clamping.
        mean: f64,
        /// Standard deviation before clamping.
        std_dev: f64,
        /// Lower bound.
        min: f64,
        /// Upper bound; wins over `min`.
        max: f64,
    },
    /// Exponential (4.2).
    Exponential {
        /// Mean before rounding and bounds.
        mean: f64,
        /// Bounds on the rounded value.
        bounds: Bounds,
    },
    /// exp(mu + sigma Z) (4.3).
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
        /// Bounds on the rounded value.
        bounds: Bounds,
    },
    /// A Pareto draw with probability `mix_weight`, else a log-normal one (4.4).
    ParetoLognormal {
        /// Tail index of the Pareto part.
        alpha: f64,
        /// Smallest value of the Pareto part.
        xm: f64,
        /// Mean of the logarithm of the other part.
        mu: f64,
        /// Standard deviation of that logarithm.
        sigma: f64,
        /// Probability of the Pareto part.
        mix_weight: f64,
    },
    /// Given values with given probabilities (4.6).
    Empirical {
        /// The values, ascending.
        values: Vec<Tokens>,
        /// Probability of each value or a smaller one; the last is 1.
        cumulative: Vec<f64>,
    },
    /// The sum of several parts of a prompt, at least 1 (sessions chapter, S-11).
    Media {
        /// Tokens of the text.
        text: Option<Box<LengthSampler>>,
        /// What comes in pieces, in the order in which it is drawn.
        media: Vec<Medium>,
    },
}

/// Most pieces of a medium in a prompt.
pub(super) const MAX_PIECES: Tokens = 1_000;

/// A medium of which a prompt has several pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Medium {
    /// Number of pieces; counts above [`MAX_PIECES`] are cut.
    pub count: LengthSampler,
    /// Tokens of each.
    pub tokens: LengthSampler,
}

/// The sum of the parts of a prompt, drawn one after the other.
pub(super) fn sum_of_media(
    text: Option<&LengthSampler>,
    media: &[Medium],
    mut draw: impl FnMut(&LengthSampler) -> Tokens,
) -> Tokens {
    let mut sum = text.map_or(0, &mut draw);
    for Medium { count, tokens } in media {
        for _ in 0..draw(count).min(MAX_PIECES) {
            sum = sum.saturating_add(draw(tokens));
        }
    }
    sum.clamp(1, MAX_TOKENS_PER_REQUEST)
}

/// Bounds on a rounded length; 0 is "no bound".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Values below become this.
    pub min: Tokens,
    /// Values above become this.
    pub max: Tokens,
}

impl Bounds {
    /// Rounds a draw, raises it to `min`, lowers it to `max`, raises it to 1.
    fn apply(self, value: f64) -> Tokens {
        let raised = round(value).max(self.min);
        let lowered = if self.max > 0 { raised.min(self.max) } else { raised };
        lowered.max(1)
    }
}

/// Rounds to the nearest integer, halves up; below 0 (or NaN) is 0, above 2^32 is 2^32 - 1. Exact: adding a
/// half to a double of at least 1 never rounds across an integer, and every caller raises 0 to 1.
fn round(value: f64) -> Tokens {
    (value + 0.5) as Tokens
}

impl LengthSampler {
    /// Fills a column with draws. The kind of distribution is read once, not per draw.
    pub fn fill(&self, rng: &mut Xoshiro256PlusPlus, lengths: &mut [Tokens]) {
        let variates = Variates::get();
        match self {
            Self::Constant(length) => lengths.fill(*length),
            // Without a spread the streams of the reference draw all the same, these do not.
            Self::Gaussian { mean, std_dev: 0.0, min, max } => {
                lengths.fill(round(mean.max(*min).min(*max)).max(1));
            }
            Self::Gaussian { mean, std_dev, min, max } => {
                // `max` last: with min > max the result is always max.
                draw_each(lengths, || {
                    let x = mean + std_dev * variates.normal(rng);
                    round(x.max(*min).min(*max)).max(1)
                });
            }
            Self::Exponential { mean, bounds } => {
                draw_each(lengths, || bounds.apply(mean * variates.exponential(rng)));
            }
            Self::Lognormal { mu, sigma, bounds } => {
                draw_each(lengths, || {
                    let x = libm::exp(mu + sigma * variates.normal(rng));
                    if x.is_finite() { bounds.apply(x) } else { bounds.min.max(1) }
                });
            }
            Self::ParetoLognormal { alpha, xm, mu, sigma, mix_weight } => {
                draw_each(lengths, || {
                    let x = if unit(rng) < *mix_weight {
                        xm / libm::pow(positive_unit(rng), 1.0 / alpha)
                    } else {
                        libm::exp(mu + sigma * variates.normal(rng))
                    };
                    if x.is_finite() { round(x).max(1) } else { 1 }
                });
            }
            Self::Empirical { values, cumulative } => {
                draw_each(lengths, || {
                    let u = unit(rng);
                    // The last cumulative probability is 1 > u, so the index is in range.
                    values[cumulative.partition_point(|&reached| reached < u)]
                });
            }
            Self::Media { text, media } => {
                draw_each(lengths, || sum_of_media(text.as_deref(), media, |sampler| sampler.draw(rng)));
            }
        }
    }

    /// One draw.
    pub fn draw(&self, rng: &mut Xoshiro256PlusPlus) -> Tokens {
        let mut length = [0];
        self.fill(rng, &mut length);
        length[0]
    }
}

/// Assigns a fresh draw to every element.
fn draw_each(lengths: &mut [Tokens], mut draw: impl FnMut() -> Tokens) {
    for length in lengths {
        *length = draw();
    }
}

impl LengthSampler {
    /// A clamped normal length (4.1). Equal bounds give a constant without a draw.
    /// `min` and `max` are integers by then.
    pub fn gaussian(mean: f64, std_dev: f64, min: f64, max: f64) -> Self {
        if min == max {
            // No raise to 1 here: a bound of 0 means empty prompts or outputs.
            return Self::Constant(round(min));
        }
        Self::Gaussian { mean, std_dev, min, max }
    }

    /// About the mean length; bounds are only applied to the mean.
    pub(super) fn about_mean(&self) -> f64 {
        let within = |mean: f64, bounds: &Bounds| {
            let most = if bounds.max > 0 { f64::from(bounds.max) } else { f64::from(MAX_TOKENS_PER_REQUEST) };
            mean.max(f64::from(bounds.min)).min(most)
        };
        let lognormal = |mu: f64, sigma: f64| libm::exp(mu + 0.5 * sigma * sigma);
        match self {
            Self::Constant(length) => f64::from(*length),
            Self::Gaussian { mean, min, max, .. } => mean.max(*min).min(*max),
            Self::Exponential { mean, bounds } => within(*mean, bounds),
            Self::Lognormal { mu, sigma, bounds } => within(lognormal(*mu, *sigma), bounds),
            Self::ParetoLognormal { alpha, xm, mu, sigma, mix_weight } => {
                let pareto = if *alpha > 1.0 { alpha * xm / (alpha - 1.0) } else { f64::INFINITY };
                let mixed = mix_weight * pareto + (1.0 - mix_weight) * lognormal(*mu, *sigma);
                within(mixed, &Bounds::default())
            }
            Self::Empirical { values, cumulative } => {
                let before = std::iter::once(&0.0).chain(cumulative);
                let shares = cumulative.iter().zip(before).map(|(to, from)| to - from);
                values.iter().zip(shares).map(|(&value, share)| f64::from(value) * share).sum()
            }
            Self::Media { text, media } => {
                let of_text = text.as_ref().map_or(0.0, |text| text.about_mean());
                let pieces =
                    media.iter().map(|medium| medium.count.about_mean() * medium.tokens.about_mean());
                (of_text + pieces.sum::<f64>()).clamp(1.0, f64::from(MAX_TOKENS_PER_REQUEST))
            }
        }
    }

    /// About how many numbers a length takes.
    pub(super) fn draws(&self) -> f64 {
        match self {
            Self::Media { media, .. } => {
                1.0 + media.iter().map(|medium| 1.0 + medium.count.about_mean()).sum::<f64>()
            }
            _ => 1.0,
        }
    }

    /// A length that none of those that this gives falls below.
    pub(super) fn lower_bound(&self) -> f64 {
        match self {
            Self::Constant(length) => f64::from(*length),
            Self::Gaussian { min, max, .. } => min.min(*max),
            Self::Exponential { bounds, .. } | Self::Lognormal { bounds, .. } => f64::from(bounds.min),
            Self::ParetoLognormal { .. } => 1.0,
            Self::Empirical { values, .. } => values.first().map_or(0.0, |&value| f64::from(value)),
            Self::Media { text, media } => {
                let of_text = text.as_ref().map_or(0.0, |text| text.lower_bound());
                let pieces =
                    media.iter().map(|medium| medium.count.lower_bound() * medium.tokens.lower_bound());
                (of_text + pieces.sum::<f64>()).max(1.0)
            }
        }
    }

    /// The largest length this can give, if there is one.
    pub(super) fn upper_bound(&self) -> Option<f64> {
        match self {
            Self::Constant(length) => Some(f64::from(*length)),
            Self::Gaussian { mean, std_dev: 0.0, min, max } => Some(mean.max(*min).min(*max)),
            Self::Gaussian { max, .. } => Some(*max),
            Self::Exponential { bounds, .. } | Self::Lognormal { bounds, .. } => {
                (bounds.max > 0).then_some(f64::from(bounds.max))
            }
            Self::ParetoLognormal { .. } => None,
            Self::Empirical { values, .. } => values.last().map(|&value| f64::from(value)),
            Self::Media { text, media } => {
                let mut sum = text.as_ref().map_or(Some(0.0), |text| text.upper_bound())?;
                for medium in media {
                    sum += medium.count.upper_bound()?.min(f64::from(MAX_PIECES))
                        * medium.tokens.upper_bound()?;
                }
                Some(sum.max(1.0))
            }
        }
    }
}

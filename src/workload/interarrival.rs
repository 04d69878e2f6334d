//! Inter-arrival times (workload chapter, W-3).

use super::independent::Variates;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Smallest arrival rate in requests per µs; slower ones are raised to it.
const SLOWEST_RATE: f64 = 1e-15;

/// Gamma shapes below this (a CV above 10) become a Poisson process.
const SMALLEST_GAMMA_SHAPE: f64 = 0.01;

/// The arrival rate in requests per µs of a client with the given share, in this order of operations: the
/// constant grid depends on its last bit.
pub(super) fn rate_per_microsecond(aggregate_rate: f64, fraction: f64, sum_of_fractions: f64) -> f64 {
    (aggregate_rate * (fraction / sum_of_fractions) / 1e6).max(SLOWEST_RATE)
}

/// How the times between arrivals are distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ArrivalLaw {
    /// Always the same.
    Constant,
    /// Exponential: a Poisson process.
    Poisson,
    /// Gamma with a coefficient of variation.
    Gamma {
        /// Coefficient of variation, at most 10.
        cv: f64,
    },
    /// Gamma with given parameters; the rate does not count.
    GammaOf {
        /// Shape k.
        shape: f64,
        /// Scale, µs.
        scale: f64,
    },
    /// Weibull with a coefficient of variation.
    Weibull {
        /// Coefficient of variation.
        cv: f64,
    },
    /// Weibull with given parameters; the rate does not count.
    WeibullOf {
        /// Shape k.
        shape: f64,
        /// Scale, µs.
        scale: f64,
    },
    /// So many arrivals within a span and then none: exponential gaps, stretched until they fill it (S-12).
    Spread {
        /// Arrivals.
        count: u32,
        /// The span, µs.
        span: i64,
    },
}

impl ArrivalLaw {
    /// Gamma with a coefficient of variation; `None` if that is so large that the process is Poisson instead.
    pub(super) fn gamma(cv: f64) -> Option<Self> {
        (1.0 / (cv * cv) >= SMALLEST_GAMMA_SHAPE).then_some(Self::Gamma { cv })
    }
}

/// The times between the arrivals of one client: what they are, and independent draws of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interarrival {
    /// How they are distributed.
    pub law: ArrivalLaw,
    /// Requests per µs.
    pub rate: f64,
    /// Ready to draw from by the rules of independent streams.
    pub sampler: InterarrivalSampler,
}

impl Interarrival {
    /// A law at a rate.
    pub(super) fn new(law: ArrivalLaw, rate: f64) -> Self {
        let sampler = match law {
            ArrivalLaw::Constant => InterarrivalSampler::Constant(1.0 / rate),
            ArrivalLaw::Poisson => InterarrivalSampler::Exponential { mean: 1.0 / rate },
            ArrivalLaw::Gamma { cv } => InterarrivalSampler::gamma(rate, cv),
            ArrivalLaw::GammaOf { shape, scale } => InterarrivalSampler::Gamma { shape, scale },
            ArrivalLaw::Weibull { cv } => InterarrivalSampler::weibull(rate, cv),
            ArrivalLaw::WeibullOf { shape, scale } => InterarrivalSampler::Weibull { shape, scale },
            ArrivalLaw::Spread { count, span } => {
                InterarrivalSampler::Exponential { mean: span as f64 / f64::from(count.max(1)) }
            }
        };
        Self { law, rate, sampler }
    }

    /// The mean gap, µs, at least 1.
    pub(super) fn mean(&self) -> f64 {
        self.sampler.mean()
    }

    /// Arrivals after which no more come.
    pub(super) const fn most_arrivals(&self) -> u64 {
        match self.law {
            ArrivalLaw::Spread { count, .. } => count as u64,
            _ => u64::MAX,
        }
    }

    /// The gaps of [`ArrivalLaw::Spread`], the last one first, from one exponential draw each; `None` for all others.
    pub(super) fn spread(&self, mut exponential: impl FnMut() -> f64) -> Option<Vec<i64>> {
        let ArrivalLaw::Spread { count, span } = self.law else { return None };
        let drawn: Vec<f64> = (0..count).map(|_| exponential()).collect();
        let scale = span as f64 / drawn.iter().sum::<f64>();
        Some(drawn.iter().rev().map(|gap| ((gap * scale) as i64).max(1)).collect())
    }
}

/// Draws the time from one arrival to the next, µs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum InterarrivalSampler {
    /// Always the same.
    Constant(f64),
    /// Exponential: a Poisson process.
    Exponential {
        /// Mean, µs.
        mean: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape k.
        shape: f64,
        /// Scale, µs.
        scale: f64,
    },
    /// scale * E^(1/k) with E standard exponential.
    Weibull {
        /// Shape k.
        shape: f64,
        /// Scale, µs.
        scale: f64,
    },
}

impl InterarrivalSampler {
    /// Gamma gaps with the given coefficient of variation: k = 1/CV^2, scale = (1/r) CV^2.
    fn gamma(rate: f64, cv: f64) -> Self {
        Self::Gamma { shape: 1.0 / (cv * cv), scale: 1.0 / rate * (cv * cv) }
    }

    /// Weibull gaps with the given coefficient of variation: scale = (1/r) / G(1 + 1/k).
    fn weibull(rate: f64, cv: f64) -> Self {
        let shape = weibull_shape(cv);
        Self::Weibull { shape, scale: 1.0 / rate / libm::tgamma(1.0 + 1.0 / shape) }
    }

    /// One gap: truncated toward zero, then raised to 1.
    #[inline]
    pub(super) fn draw(&self, variates: &Variates, rng: &mut Xoshiro256PlusPlus) -> i64 {
        let gap = match *self {
            Self::Constant(gap) => gap,
            Self::Exponential { mean } => mean * variates.exponential(rng),
            Self::Gamma { shape, scale } => scale * variates.gamma(shape, rng),
            Self::Weibull { shape, scale } => scale * libm::pow(variates.exponential(rng), 1.0 / shape),
        };
        (gap as i64).max(1)
    }

    /// The mean gap, µs, at least 1: how many arrivals to expect.
    pub(super) fn mean(&self) -> f64 {
        let mean = match *self {
            Self::Constant(gap) => gap,
            Self::Exponential { mean } => mean,
            Self::Gamma { shape, scale } => shape * scale,
            Self::Weibull { shape, scale } => scale * libm::tgamma(1.0 + 1.0 / shape),
        };
        mean.max(1.0)
    }
}

/// The shape k with CV^2 = G(1+2/k) / G(1+1/k)^2 - 1, by bisection on [0.1, 100] until the CV is within 0.001.
fn weibull_shape(cv: f64) -> f64 {
    let (mut low, mut high) = (0.1, 100.0);
    let mut shape = 0.5 * (low + high);
    for _ in 0..100 {
        shape = 0.5 * (low + high);
        let reached = weibull_cv(shape);
        if (reached - cv).abs() < 0.001 {
            break;
        }
        // The larger the shape, the more regular the arrivals.
        if reached > cv {
            low = shape;
        } else {
            high = shape;
        }
    }
    shape
}

/// The coefficient of variation of a Weibull distribution.
fn weibull_cv(shape: f64) -> f64 {
    let first = libm::tgamma(1.0 + 1.0 / shape);
    (libm::tgamma(1.0 + 2.0 / shape) / (first * first) - 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weibull_shapes_reproduce_their_coefficient_of_variation() {
        for cv in [0.02, 0.5, 1.0, 2.0, 5.0, 10.4] {
            let reached = weibull_cv(weibull_shape(cv));
            assert!((reached - cv).abs() < 0.001, "CV {cv}: reached {reached}");
        }
    }

    #[test]
    fn a_weibull_process_with_cv_1_is_nearly_exponential() {
        assert!((weibull_shape(1.0) - 1.0).abs() < 0.002);
    }

    #[test]
    fn gamma_turns_into_poisson_above_cv_10() {
        assert!(ArrivalLaw::gamma(10.0).is_some());
        assert!(ArrivalLaw::gamma(10.01).is_none());
    }
}

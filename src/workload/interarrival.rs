//! Inter-arrival times (workload chapter, W-3).

use super::variates::Variates;
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
    /// Gamma gaps with the given coefficient of variation: k = 1/CV^2, scale = (1/r) CV^2. `None` if k is so
    /// small that the process is Poisson instead.
    pub(super) fn gamma(rate: f64, cv: f64) -> Option<Self> {
        let shape = 1.0 / (cv * cv);
        (shape >= SMALLEST_GAMMA_SHAPE).then(|| Self::Gamma { shape, scale: 1.0 / rate * (cv * cv) })
    }

    /// Weibull gaps with the given coefficient of variation: scale = (1/r) / G(1 + 1/k).
    pub(super) fn weibull(rate: f64, cv: f64) -> Self {
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
        assert!(InterarrivalSampler::gamma(1e-4, 10.0).is_some());
        assert!(InterarrivalSampler::gamma(1e-4, 10.01).is_none());
    }
}

//! Inter-arrival times of the reference (random-streams chapter, N-11 and N-13).

use super::functions::{gamma, ln, pow, to_integer};
use super::generator::ReferenceStream;
use super::ziggurat::Ziggurats;
use crate::workload::interarrival::{ArrivalLaw, Interarrival};

/// Draws the time from one arrival to the next, µs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spacing {
    /// Always the same; nothing is drawn.
    Constant(i64),
    /// Exponential, with the rate per µs.
    Exponential { rate: f64 },
    /// Gamma.
    Gamma(Gamma),
    /// scale * (-ln U)^(1/k)
    Weibull { exponent: f64, scale: f64 },
}

/// A gamma distribution, ready for its accept loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gamma {
    /// Shape k - 1/3 and 1 / sqrt(9 (k - 1/3)), of the shape that the loop runs with.
    d: f64,
    c: f64,
    scale: f64,
    /// 1/k for shapes below 1: a power of a uniform brings the draw of k + 1 down.
    boost: Option<f64>,
}

impl Spacing {
    /// The law of a client at its rate.
    pub(super) fn new(interarrival: &Interarrival) -> Self {
        let rate = interarrival.rate;
        match interarrival.law {
            ArrivalLaw::Constant => Self::Constant(to_integer(1.0 / rate).max(1)),
            ArrivalLaw::Poisson | ArrivalLaw::Spread { .. } => Self::Exponential { rate },
            ArrivalLaw::Gamma { cv } => Self::Gamma(Gamma::new(1.0 / (cv * cv), ((1.0 / rate) * cv) * cv)),
            ArrivalLaw::GammaOf { shape, scale } => Self::Gamma(Gamma::new(shape, scale)),
            ArrivalLaw::Weibull { cv } => {
                let shape = weibull_shape(cv);
                Self::Weibull { exponent: 1.0 / shape, scale: (1.0 / rate) / gamma(1.0 + 1.0 / shape) }
            }
            ArrivalLaw::WeibullOf { shape, scale } => Self::Weibull { exponent: 1.0 / shape, scale },
        }
    }

    /// One gap: truncated, then raised to 1.
    #[inline]
    pub(super) fn draw(&self, ziggurats: &Ziggurats, stream: &mut ReferenceStream) -> i64 {
        let gap = match *self {
            Self::Constant(gap) => return gap,
            Self::Exponential { rate } => ziggurats.exponential(stream) / rate,
            Self::Gamma(gamma) => gamma.draw(ziggurats, stream),
            Self::Weibull { exponent, scale } => scale * pow(-ln(positive_unit(stream)), exponent),
        };
        to_integer(gap).max(1)
    }
}

/// A uniform double that has a logarithm.
fn positive_unit(stream: &mut ReferenceStream) -> f64 {
    let unit = stream.unit();
    if unit == 0.0 { f64::from_bits(1) } else { unit }
}

impl Gamma {
    fn new(shape: f64, scale: f64) -> Self {
        let (loop_shape, boost) = if shape < 1.0 { (shape + 1.0, Some(1.0 / shape)) } else { (shape, None) };
        let d = loop_shape - 1.0 / 3.0;
        Self { d, c: 1.0 / (9.0 * d).sqrt(), scale, boost }
    }

    fn draw(&self, ziggurats: &Ziggurats, stream: &mut ReferenceStream) -> f64 {
        match self.boost {
            None => self.accepted(ziggurats, stream),
            Some(exponent) => {
                let unit = stream.unit();
                self.accepted(ziggurats, stream) * pow(unit, exponent)
            }
        }
    }

    /// G. Marsaglia and W. W. Tsang, "A Simple Method for Generating Gamma Variables" (2000).
    fn accepted(&self, ziggurats: &Ziggurats, stream: &mut ReferenceStream) -> f64 {
        let Self { d, c, scale, .. } = *self;
        loop {
            let x = ziggurats.normal(stream);
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = (root * root) * root;
            let unit = stream.unit();
            let squeezed = unit < 1.0 - (0.0331 * (x * x)) * (x * x);
            if squeezed || ln(unit) < (0.5 * x) * x + d * ((1.0 - v) + ln(v)) {
                return (d * v) * scale;
            }
        }
    }
}

/// The shape with a coefficient of variation, by bisection until that is met within 0.001.
fn weibull_shape(cv: f64) -> f64 {
    let (mut low, mut high) = (0.1, 100.0);
    for _ in 0..100 {
        let shape = 0.5 * (low + high);
        let first = gamma(1.0 + 1.0 / shape);
        let reached = (gamma(1.0 + 2.0 / shape) / (first * first) - 1.0).sqrt();
        if (reached - cv).abs() < 0.001 {
            return shape;
        }
        // The larger the shape, the more regular the arrivals.
        if reached > cv {
            low = shape;
        } else {
            high = shape;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weibull_shapes_are_those_of_the_chapter() {
        for (cv, shape) in [
            (0.01, 100.0),
            (0.5, 2.099_951_171_875_000_4),
            (1.0, 0.999_368_286_132_812_4),
            (2.0, 0.542_824_554_443_359_4),
            (4.0, 0.348_660_087_585_449_14),
        ] {
            assert_eq!(weibull_shape(cv), shape, "CV {cv}");
        }
    }
}

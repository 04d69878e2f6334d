//! Standard normal, exponential and gamma variates, the same to the last bit on every platform.
//!
//! They are written here, on the `libm` crate, because a library's versions switch to the platform's `exp`
//! and `ln` as soon as any other dependency of the build enables its `std` feature. The method for the first
//! two is the ziggurat with 256 layers: J. A. Doornik, "An Improved Ziggurat Method to Generate Normal Random
//! Samples" (2005).

use super::streams::{positive_unit, unit};
use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::sync::LazyLock;

/// Layers of a ziggurat; the lowest eight bits of a draw choose one.
const LAYERS: usize = 256;

/// Right edge of the lowest layer and common area of all layers, for a density with maximum 1 at 0.
const NORMAL_EDGE: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 0.004_928_673_233_974_658;
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_556;

/// The layers of one density: right edges from the bottom up, and the density there.
#[derive(Debug)]
struct Ziggurat {
    edge: [f64; LAYERS + 1],
    density: [f64; LAYERS + 1],
}

impl Ziggurat {
    /// Stacks layers of equal area under `density`, whose inverse is `inverse`.
    fn new(last_edge: f64, area: f64, density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Self {
        let mut edge = [0.0; LAYERS + 1];
        // The bottom layer includes the tail: as wide as a rectangle of the same area would be.
        edge[0] = area / density(last_edge);
        edge[1] = last_edge;
        for layer in 2..LAYERS {
            edge[layer] = inverse(area / edge[layer - 1] + density(edge[layer - 1]));
        }
        Self { edge, density: edge.map(density) }
    }

    /// Whether a point at `x` in the wedge of `layer` lies under the density.
    fn accepts(&self, layer: usize, height: f64, density_at_x: f64) -> bool {
        let (top, bottom) = (self.density[layer + 1], self.density[layer]);
        top + (bottom - top) * height < density_at_x
    }
}

fn normal_density(x: f64) -> f64 {
    libm::exp(-x * x / 2.0)
}

fn normal_inverse(y: f64) -> f64 {
    (-2.0 * libm::log(y)).sqrt()
}

fn exponential_density(x: f64) -> f64 {
    libm::exp(-x)
}

fn exponential_inverse(y: f64) -> f64 {
    -libm::log(y)
}

/// The precomputed tables; obtain them once per column, not per draw.
#[derive(Debug)]
pub(in crate::workload) struct Variates {
    normal: Ziggurat,
    exponential: Ziggurat,
}

impl Variates {
    /// The tables, computed on first use.
    pub(in crate::workload) fn get() -> &'static Self {
        static TABLES: LazyLock<Variates> = LazyLock::new(|| Variates {
            normal: Ziggurat::new(NORMAL_EDGE, NORMAL_AREA, normal_density, normal_inverse),
            exponential: Ziggurat::new(
                EXPONENTIAL_EDGE,
                EXPONENTIAL_AREA,
                exponential_density,
                exponential_inverse,
            ),
        });
        &TABLES
    }

    /// A draw from the normal distribution with mean 0 and standard deviation 1.
    #[inline]
    pub(in crate::workload) fn normal(&self, rng: &mut Xoshiro256PlusPlus) -> f64 {
        loop {
            let bits = rng.next_u64();
            let layer = (bits & 0xff) as usize;
            // The upper 53 bits as a signed fraction in [-1, 1); they do not overlap the layer's bits.
            let signed = ((bits as i64) >> 11) as f64 * (1.0 / (1u64 << 52) as f64);
            let x = signed * self.normal.edge[layer];
            if x.abs() < self.normal.edge[layer + 1] {
                return x;
            }
            if layer == 0 {
                return normal_tail(rng, signed < 0.0);
            }
            if self.normal.accepts(layer, unit(rng), normal_density(x)) {
                return x;
            }
        }
    }

    /// A draw from the exponential distribution with mean 1.
    #[inline]
    pub(in crate::workload) fn exponential(&self, rng: &mut Xoshiro256PlusPlus) -> f64 {
        loop {
            let bits = rng.next_u64();
            let layer = (bits & 0xff) as usize;
            let fraction = (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
            let x = fraction * self.exponential.edge[layer];
            if x < self.exponential.edge[layer + 1] {
                return x;
            }
            if layer == 0 {
                // Memoryless: beyond the edge the density repeats itself from 0.
                return EXPONENTIAL_EDGE - libm::log(positive_unit(rng));
            }
            if self.exponential.accepts(layer, unit(rng), exponential_density(x)) {
                return x;
            }
        }
    }

    /// A draw from the gamma distribution with scale 1: G. Marsaglia and W. W. Tsang, "A Simple Method for
    /// Generating Gamma Variables" (2000), with their power of a uniform for shapes below 1.
    pub(in crate::workload) fn gamma(&self, shape: f64, rng: &mut Xoshiro256PlusPlus) -> f64 {
        if shape < 1.0 {
            let boost = libm::pow(positive_unit(rng), 1.0 / shape);
            return self.gamma_from_one(shape + 1.0, rng) * boost;
        }
        self.gamma_from_one(shape, rng)
    }

    /// The method proper, for shapes of at least 1.
    fn gamma_from_one(&self, shape: f64, rng: &mut Xoshiro256PlusPlus) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal(rng);
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = positive_unit(rng);
            if libm::log(u) < 0.5 * x * x + d * (1.0 - v + libm::log(v)) {
                return d * v;
            }
        }
    }
}

/// A normal draw beyond the last edge (Marsaglia 1964).
fn normal_tail(rng: &mut Xoshiro256PlusPlus, negative: bool) -> f64 {
    loop {
        let beyond = -libm::log(positive_unit(rng)) / NORMAL_EDGE;
        let height = -libm::log(positive_unit(rng));
        if height + height >= beyond * beyond {
            let x = NORMAL_EDGE + beyond;
            return if negative { -x } else { x };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topmost_layer_has_the_area_of_all_layers() {
        let tables = Variates::get();
        for (ziggurat, area) in [(&tables.normal, NORMAL_AREA), (&tables.exponential, EXPONENTIAL_AREA)] {
            let top = ziggurat.edge[LAYERS - 1];
            let top_area = top * (1.0 - ziggurat.density[LAYERS - 1]);
            assert!((top_area - area).abs() < 1e-9, "{top_area} is not {area}");
        }
    }
}

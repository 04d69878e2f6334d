//! Standard normal and exponential draws of the reference, by the ziggurat method of G. Marsaglia and W. W. Tsang, "The Ziggurat
//! Method for Generating Random Variables" (2000) (random-streams chapter, N-6 and N-7).

use super::functions::{exp, ln};
use super::generator::ReferenceStream;
use std::sync::LazyLock;

const NORMAL_LAYERS: usize = 128;
const EXPONENTIAL_LAYERS: usize = 256;

/// Where the last layer ends and the tail begins, and the area of every layer.
const NORMAL_EDGE: f64 = 3.442_619_855_899;
const NORMAL_AREA: f64 = 0.009_912_563_035_262_17;
const EXPONENTIAL_EDGE: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 0.003_949_659_822_581_572;

/// 1 / [`NORMAL_EDGE`], to the bit as the reference has it.
const INVERSE_NORMAL_EDGE: f64 = f64::from_bits(0x3fd2_972a_8afc_6175);

/// The layers of one density.
#[derive(Debug)]
pub(super) struct Layers<const N: usize> {
    /// Draws below this lie in the layer for certain.
    pub inside: [u32; N],
    /// What turns an integer draw into a place, rounded to single precision.
    pub width: [f32; N],
    /// The density at the layer's edge.
    pub density: [f32; N],
}

impl<const N: usize> Layers<N> {
    /// Layers below a density for draws in 0..`scale`. `next` is the edge above an edge, given how high the layer there is.
    fn new(edge: f64, area: f64, scale: f64, density: fn(f64) -> f64, next: fn(f64) -> f64) -> Self {
        let mut layers = Self { inside: [0; N], width: [0.0; N], density: [0.0; N] };
        let bottom = area / density(edge);
        layers.inside[0] = (edge / bottom * scale) as u32;
        layers.width[0] = (bottom / scale) as f32;
        layers.width[N - 1] = (edge / scale) as f32;
        layers.density[0] = 1.0;
        layers.density[N - 1] = density(edge) as f32;
        let mut at = edge;
        for i in (1..N - 1).rev() {
            let previous = at;
            at = next(area / at + density(at));
            layers.inside[i + 1] = (at / previous * scale) as u32;
            layers.density[i] = density(at) as f32;
            layers.width[i] = (at / scale) as f32;
        }
        layers
    }

    /// Whether a point in the wedge of a layer lies below the density, in single precision.
    fn accepts(&self, layer: usize, height: f64, density: f64) -> bool {
        let (lower, upper) = (self.density[layer], self.density[layer - 1]);
        lower + height as f32 * (upper - lower) < density as f32
    }
}

/// The layers of both densities, computed on first use.
#[derive(Debug)]
pub(super) struct Ziggurats {
    pub normal: Layers<NORMAL_LAYERS>,
    pub exponential: Layers<EXPONENTIAL_LAYERS>,
}

impl Ziggurats {
    /// The tables; to be had once per column, not per draw.
    pub(super) fn get() -> &'static Self {
        static TABLES: LazyLock<Ziggurats> = LazyLock::new(|| Ziggurats {
            normal: Layers::new(
                NORMAL_EDGE,
                NORMAL_AREA,
                (1u64 << 31) as f64,
                |x| exp(-0.5 * x * x),
                |y| (-2.0 * ln(y)).sqrt(),
            ),
            exponential: Layers::new(
                EXPONENTIAL_EDGE,
                EXPONENTIAL_AREA,
                (1u64 << 32) as f64,
                |x| exp(-x),
                |y| -ln(y),
            ),
        });
        &TABLES
    }

    /// A draw from the normal distribution with mean 0 and standard deviation 1.
    #[inline]
    pub(super) fn normal(&self, stream: &mut ReferenceStream) -> f64 {
        loop {
            let draw = stream.uint32() as i32;
            let layer = (draw & (NORMAL_LAYERS as i32 - 1)) as usize;
            let x = f64::from(draw) * f64::from(self.normal.width[layer]);
            if draw.unsigned_abs() < self.normal.inside[layer] {
                return x;
            }
            if layer == 0 {
                return normal_tail(stream, draw > 0);
            }
            if self.normal.accepts(layer, stream.unit(), exp(-0.5 * x * x)) {
                return x;
            }
        }
    }

    /// A draw from the exponential distribution with mean 1.
    #[inline]
    pub(super) fn exponential(&self, stream: &mut ReferenceStream) -> f64 {
        loop {
            let draw = stream.uint32();
            let layer = draw as usize & (EXPONENTIAL_LAYERS - 1);
            let x = f64::from(draw) * f64::from(self.exponential.width[layer]);
            if draw < self.exponential.inside[layer] {
                return x;
            }
            if layer == 0 {
                return EXPONENTIAL_EDGE - ln(stream.unit());
            }
            if self.exponential.accepts(layer, stream.unit(), exp(-x)) {
                return x;
            }
        }
    }
}

/// A normal draw beyond the last edge.
fn normal_tail(stream: &mut ReferenceStream, positive: bool) -> f64 {
    loop {
        let beyond = -ln(stream.unit()) * INVERSE_NORMAL_EDGE;
        let height = -ln(stream.unit());
        if height + height >= beyond * beyond {
            return if positive { NORMAL_EDGE + beyond } else { -NORMAL_EDGE - beyond };
        }
    }
}

// A browser has no files to compare with.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::fs::File;

    /// The recorded words under a name, which the formulas must give bit by bit.
    fn recorded(name: &str) -> Vec<u32> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/streams/streams-table.json.gz");
        let file = GzDecoder::new(File::open(path).expect("the recording is there"));
        let tables: serde_json::Value = serde_json::from_reader(file).expect("JSON");
        let words = tables[name].as_array().expect("a list").iter();
        words
            .map(|word| {
                let digits = word.as_str().and_then(|word| word.strip_prefix("0x")).expect("hexadecimal");
                u32::from_str_radix(digits, 16).expect("a word")
            })
            .collect()
    }

    #[test]
    fn the_layers_are_those_of_the_reference_bit_by_bit() {
        let Ziggurats { normal, exponential } = Ziggurats::get();
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(normal.inside[..], recorded("kn"));
        assert_eq!(bits(&normal.width), recorded("wn"));
        assert_eq!(bits(&normal.density), recorded("fn"));
        assert_eq!(exponential.inside[..], recorded("ke"));
        assert_eq!(bits(&exponential.width), recorded("we"));
        assert_eq!(bits(&exponential.density), recorded("fe"));
    }
}

//! Elementary functions, bit by bit those of the reference (random-streams chapter, N-8).
//!
//! No other `exp`, `ln` or `pow` gives these bits on all arguments. The operations and their order are the chapter's; where it
//! says *fused*, a correctly rounded software routine is used on every platform. `sqrt` and the basic operations are IEEE.

#![allow(
    clippy::excessive_precision,
    clippy::approx_constant,
    reason = "constants as the chapter gives them"
)]

/// ln 2 in two parts for the logarithm.
const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-01;
const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;

/// ln 2 in two parts for the exponential function.
const FUSED_LN2_HIGH: f64 = 0.693_147_180_559_662_956_511_601_805_686_950_683_593_75;
const FUSED_LN2_LOW: f64 = 0.282_352_905_630_315_771_225_884_481_750_134_360_255_254_120_68e-12;

/// Multiples of ln 2 from which on the exponential is infinite, somewhat below the largest double.
const LARGEST_EXPONENT: f64 = 1024.0;

/// Below this the exponential is 0.
const SMALLEST_EXP: f64 = -750.0;

/// The natural logarithm; -infinity for 0.
pub fn ln(x: f64) -> f64 {
    const L: [f64; 7] = [
        6.666_666_666_666_735_130e-01,
        3.999_999_999_940_941_908e-01,
        2.857_142_874_366_239_149e-01,
        2.222_219_843_214_978_396e-01,
        1.818_357_216_161_805_012e-01,
        1.531_383_769_920_937_332e-01,
        1.479_819_860_511_658_591e-01,
    ];
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return x;
    }
    let (mut f, mut exponent) = libm::frexp(x);
    // sqrt(1/2)
    if f <= 0.707_106_781_186_547_524_40 {
        f *= 2.0;
        exponent -= 1;
    }
    f -= 1.0;
    let k = f64::from(exponent);
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2 * (L[0] + s4 * (L[2] + s4 * (L[4] + s4 * L[6])));
    let even = s4 * (L[1] + s4 * (L[3] + s4 * L[5]));
    let r = odd + even;
    let half = 0.5 * f * f;
    k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
}

/// The exponential function.
pub fn exp(x: f64) -> f64 {
    const INVERSE_FACTORIALS: [f64; 7] =
        [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 1.0 / 2.0, 1.0];
    if x.is_nan() {
        return x;
    }
    if x < SMALLEST_EXP {
        return 0.0;
    }
    let k = (1.442_695_040_888_963_407_359_924_681_001_892_0 * x).round_ties_even();
    if k >= LARGEST_EXPONENT {
        return f64::INFINITY;
    }
    let r = libm::fma(-k, FUSED_LN2_HIGH, x);
    let r = libm::fma(-k, FUSED_LN2_LOW, r) * 0.0625;
    let p = INVERSE_FACTORIALS.iter().fold(1.0 / 40320.0, |p, &c| libm::fma(p, r, c));
    let mut e = r * p;
    for _ in 0..3 {
        e *= e + 2.0;
    }
    let y = libm::fma(e + 2.0, e, 1.0);
    libm::ldexp(y, k as i32)
}

/// x to the power y, for x of at least 0.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 1.0 {
        return x;
    }
    if x == 0.0 {
        return if y > 0.0 { 0.0 } else { f64::INFINITY };
    }
    if y == 0.5 {
        return x.sqrt();
    }
    if y == -0.5 {
        return 1.0 / x.sqrt();
    }
    if x.is_infinite() || y.is_infinite() {
        return infinite_power(x, y);
    }
    let mut whole = y.abs().trunc();
    let mut fraction = y.abs() - whole;
    let mut result = 1.0;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        result = exp(fraction * ln(x));
    }
    let (mut factor, mut factor_exponent) = libm::frexp(x);
    let mut exponent = 0_i32;
    // The cast saturates; powers that large have left the range of exponents long before.
    let mut n = whole as u64;
    while n > 0 {
        if factor_exponent.abs() > 4096 {
            exponent += factor_exponent;
            break;
        }
        if n & 1 == 1 {
            result *= factor;
            exponent += factor_exponent;
        }
        factor *= factor;
        factor_exponent *= 2;
        if factor < 0.5 {
            factor *= 2.0;
            factor_exponent -= 1;
        }
        n >>= 1;
    }
    if y < 0.0 {
        result = 1.0 / result;
        exponent = -exponent;
    }
    libm::ldexp(result, exponent)
}

/// A power with an infinite argument; the base is neither 0 nor 1.
fn infinite_power(x: f64, y: f64) -> f64 {
    let grows = if y.is_infinite() { (x > 1.0) == (y > 0.0) } else { y > 0.0 };
    if grows { f64::INFINITY } else { 0.0 }
}

/// The gamma function, for arguments in (1, 33].
pub fn gamma(x: f64) -> f64 {
    const P: [f64; 7] = [
        1.601_195_224_767_518_614_07e-04,
        1.191_351_470_065_863_849_13e-03,
        1.042_137_975_617_615_699_35e-02,
        4.763_678_004_571_372_314_64e-02,
        2.074_482_276_484_359_751_50e-01,
        4.942_148_268_014_971_007_53e-01,
        9.999_999_999_999_999_967_96e-01,
    ];
    const Q: [f64; 8] = [
        -2.315_818_733_241_201_298_19e-05,
        5.396_055_804_933_033_978_42e-04,
        -4.456_419_138_517_972_404_94e-03,
        1.181_397_852_220_604_355_52e-02,
        3.582_363_986_054_986_533_73e-02,
        -2.345_917_957_182_433_485_68e-01,
        7.143_049_170_302_730_740_85e-02,
        1.000_000_000_000_000_003_20e+00,
    ];
    let (mut x, mut z) = (x, 1.0);
    while x >= 3.0 {
        x -= 1.0;
        z *= x;
    }
    while x < 2.0 {
        z /= x;
        x += 1.0;
    }
    if x == 2.0 {
        return z;
    }
    x -= 2.0;
    z * horner(x, &P) / horner(x, &Q)
}

/// The cosine, for the arguments of daily patterns.
pub fn cos(x: f64) -> f64 {
    const S: [f64; 6] = [
        1.589_623_015_765_465_680_60e-10,
        -2.505_074_776_285_780_728_66e-8,
        2.755_731_362_138_572_452_13e-6,
        -1.984_126_982_958_953_859_96e-4,
        8.333_333_333_322_118_588_78e-3,
        -1.666_666_666_666_663_072_95e-1,
    ];
    const C: [f64; 6] = [
        -1.135_853_652_138_768_173_00e-11,
        2.087_570_084_197_473_167_78e-9,
        -2.755_731_417_929_673_881_12e-7,
        2.480_158_728_885_170_453_48e-5,
        -1.388_888_888_887_305_641_16e-3,
        4.166_666_666_666_659_292_18e-2,
    ];
    let x = x.abs();
    // 4/pi
    let mut octant = (x * 1.273_239_544_735_162_8) as u64;
    octant += octant & 1;
    let y = octant as f64;
    let z = ((x - y * 7.853_981_256_484_985_351_56e-1) - y * 3.774_894_707_930_798_176_68e-8)
        - y * 2.695_151_429_079_059_526_45e-15;
    let zz = z * z;
    let value = if octant & 2 == 2 {
        z + (z * zz) * horner(zz, &S)
    } else {
        (1.0 - 0.5 * zz) + (zz * zz) * horner(zz, &C)
    };
    if matches!(octant & 7, 2 | 4) { -value } else { value }
}

/// A polynomial, its highest coefficient first.
fn horner(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().skip(1).fold(coefficients[0], |sum, &next| sum * x + next)
}

/// An integer by truncation. NaN and what no integer of 64 bits can hold become the smallest one.
pub fn to_integer(x: f64) -> i64 {
    const LIMIT: f64 = (1u64 << 63) as f64;
    if (-LIMIT..LIMIT).contains(&x) { x as i64 } else { i64::MIN }
}

//! Raw draws and elementary functions, bit by bit (N-2 to N-10).

use crate::common::golden_json;
use blis_playground::workload::reference::ReferenceStream;
use blis_playground::workload::reference::functions::{cos, exp, gamma, ln, pow, to_integer};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

fn recordings() -> Value {
    golden_json("streams/generators.json")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn map(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("a map")
}

/// An integer; large ones are recorded as texts.
fn integer(value: &Value) -> i128 {
    let number = || value.as_i64().map(i128::from);
    value.as_str().map_or_else(|| number().expect("an integer"), |text| text.parse().expect("an integer"))
}

fn bits(value: &Value) -> u64 {
    let text = value.as_str().or_else(|| value["bits"].as_str()).expect("bits");
    u64::from_str_radix(text, 16).expect("hexadecimal")
}

fn float(value: &Value) -> f64 {
    f64::from_bits(bits(value))
}

/// Compares draws from a fresh stream with recorded ones; gives their number.
fn compare<T: PartialEq + std::fmt::Debug>(
    seed: i64,
    recorded: &Value,
    read: impl Fn(&Value) -> T,
    mut draw: impl FnMut(&mut ReferenceStream) -> T,
) -> usize {
    let mut stream = ReferenceStream::new(seed);
    for (at, value) in list(recorded).iter().enumerate() {
        assert_eq!(draw(&mut stream), read(value), "seed {seed}, draw {at}");
    }
    list(recorded).len()
}

/// Two numbers in one text.
fn pair(value: &Value) -> (&str, i64) {
    let (first, second) = value.as_str().expect("a text").split_once(' ').expect("two numbers");
    (first, second.parse().expect("an integer"))
}

#[test]
fn every_recorded_draw_comes_out() {
    let recordings = recordings();
    let mut known = BTreeSet::new();
    let mut compared = 0;
    for recorded in list(&recordings["generators"]) {
        let seed: i64 = recorded["seed"].as_str().expect("a text").parse().expect("a seed");
        for (kind, value) in map(recorded) {
            compared += match kind.as_str() {
                "uint64" => compare(seed, value, integer, |stream| stream.raw().into()),
                "int63" => compare(seed, value, integer, |stream| stream.int63().into()),
                "uint32" => compare(seed, value, integer, |stream| stream.uint32().into()),
                "int31" => compare(seed, value, integer, |stream| stream.int31().into()),
                "float64" => compare(seed, value, bits, |stream| stream.unit().to_bits()),
                "norm" => compare(seed, value, bits, |stream| stream.normal().to_bits()),
                "exp" => compare(seed, value, bits, |stream| stream.exponential().to_bits()),
                "intn" | "int63n" => {
                    let bounds = map(value).iter();
                    let compare = |(n, draws): (&String, &Value)| {
                        let n = n.parse().expect("a bound");
                        compare(seed, draws, integer, |stream| stream.below(n).into())
                    };
                    bounds.map(compare).sum()
                }
                "uint64_at" => at(seed, map(value)),
                "token_sums" => token_sums(seed, map(value)),
                "norm_xor" => hashes(seed, map(value), ReferenceStream::normal),
                "exp_xor" => hashes(seed, map(value), ReferenceStream::exponential),
                "mixed" => mixed(seed, list(value)),
                "seed" | "lehmer_start" => 1,
                other => panic!("{other} is not compared"),
            };
            known.insert(kind.clone());
        }
    }
    assert_eq!(known.len(), 16, "{known:?}");
    assert!(compared > 16_000, "{compared}");
}

fn at(seed: i64, values: &Map<String, Value>) -> usize {
    for (index, value) in values {
        let mut stream = ReferenceStream::new(seed);
        for _ in 0..index.parse::<u64>().expect("an index") {
            stream.raw();
        }
        assert_eq!(i128::from(stream.raw()), integer(value), "seed {seed}, raw value {index}");
    }
    values.len()
}

/// Ids that are drawn one by one and ids that are passed over lead to the same place.
fn token_sums(seed: i64, values: &Map<String, Value>) -> usize {
    for (count, value) in values {
        let count: u64 = count.parse().expect("a count");
        let (sum, next) = pair(value);
        let mut drawn = ReferenceStream::new(seed);
        let ids: u64 = (0..count).map(|_| u64::from(drawn.token_id())).sum();
        assert_eq!((ids.to_string().as_str(), drawn.int63()), (sum, next), "seed {seed}, {count} ids");
        let mut skipped = ReferenceStream::new(seed);
        skipped.skip_token_ids(count);
        assert_eq!(skipped.int63(), next, "seed {seed}, {count} ids passed over");
    }
    2 * values.len()
}

fn hashes(seed: i64, values: &Map<String, Value>, draw: impl Fn(&mut ReferenceStream) -> f64) -> usize {
    for (count, value) in values {
        let count: u64 = count.parse().expect("a count");
        let (hash, next) = pair(value);
        let mut stream = ReferenceStream::new(seed);
        let hashed =
            (0..count).fold(0_u64, |hash, _| hash.wrapping_mul(31).wrapping_add(draw(&mut stream).to_bits()));
        let found = (format!("{hashed:016x}"), stream.int63());
        assert_eq!(found, (hash.to_owned(), next), "seed {seed}, {count} draws");
    }
    values.len()
}

fn mixed(seed: i64, values: &[Value]) -> usize {
    let mut stream = ReferenceStream::new(seed);
    for round in values.chunks(6) {
        let [norm, id, exponential, unit, third, int63] = round else { panic!("six in a round") };
        assert_eq!(stream.normal().to_bits(), bits(norm), "seed {seed}");
        assert_eq!(i128::from(stream.token_id()), integer(id), "seed {seed}");
        assert_eq!(stream.exponential().to_bits(), bits(exponential), "seed {seed}");
        assert_eq!(stream.unit().to_bits(), bits(unit), "seed {seed}");
        assert_eq!(i128::from(stream.below(3)), integer(third), "seed {seed}");
        assert_eq!(i128::from(stream.int63()), integer(int63), "seed {seed}");
    }
    values.len()
}

/// How many recorded values of a function of one argument come out.
fn values(recordings: &Value, name: &str, left_out: usize, function: impl Fn(f64) -> f64) -> usize {
    let (mut compared, mut not) = (0, 0);
    for row in list(&recordings[name]) {
        let (x, expected) = (float(&row["x"]), float(&row["r"]));
        // No draw has the logarithm of a subnormal, and no arrival the gamma function of more than 33 (N-8).
        if name == "log" && x.is_subnormal() || name == "gamma" && x > 33.0 {
            not += 1;
            continue;
        }
        let found = function(x);
        let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
        assert!(same, "{name}({x:e}) = {found:e}, recorded {expected:e}");
        compared += 1;
    }
    assert_eq!(not, left_out, "{name}");
    compared + not
}

#[test]
fn every_recorded_value_of_a_function_comes_out() {
    let recordings = recordings();
    let mut compared = 0;
    compared += values(&recordings, "log", 2, ln);
    compared += values(&recordings, "exp", 0, exp);
    compared += values(&recordings, "cos", 0, cos);
    compared += values(&recordings, "gamma", 8, gamma);
    compared += values(&recordings, "sqrt", 0, f64::sqrt);
    compared += values(&recordings, "round", 0, f64::round);
    for row in list(&recordings["pow"]) {
        let (x, y, expected) = (float(&row["x"]), float(&row["y"]), bits(&row["r"]));
        assert_eq!(pow(x, y).to_bits(), expected, "pow({x:e}, {y:e})");
        compared += 1;
    }
    for (x, expected) in map(&recordings["float_to_int64"]) {
        let x = x.replace("Inf", "inf").parse().expect("a number");
        assert_eq!(i128::from(to_integer(x)), integer(expected), "{x}");
        compared += 1;
    }
    assert_eq!(compared, 617 + 923 + 3600 + 317 + 47 + 50 + 10 + 10);
}

#[test]
fn a_name_gives_the_stream_of_its_hash() {
    for (name, hash) in map(&recordings()["name_hash"]) {
        let hash = i64::try_from(integer(hash)).expect("64 bits");
        assert_eq!(ReferenceStream::named(0, name), ReferenceStream::new(hash), "{name}");
        assert_eq!(ReferenceStream::named(0x2a, name), ReferenceStream::new(0x2a ^ hash), "{name}");
    }
}

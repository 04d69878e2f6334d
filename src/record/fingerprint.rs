//! Feeding columns to a streaming hash function.

use crate::units::Micros;
use xxhash_rust::xxh3::Xxh3Default;

/// Bytes that are handed to the hash function at a time.
const CHUNK: usize = 4096;

/// XXH3-64 over little-endian bytes; every column is preceded by its length.
pub(super) struct Fingerprint {
    hasher: Xxh3Default,
    chunk: [u8; CHUNK],
}

impl Fingerprint {
    pub(super) fn new() -> Self {
        Self { hasher: Xxh3Default::new(), chunk: [0; CHUNK] }
    }

    /// 16 hexadecimal digits.
    pub(super) fn finish(&self) -> String {
        format!("{:016x}", self.hasher.digest())
    }

    pub(super) fn number(&mut self, number: u64) {
        self.hasher.update(&number.to_le_bytes());
    }

    pub(super) fn times(&mut self, times: &[Micros]) {
        self.column(times, |time| time.0.to_le_bytes());
    }

    pub(super) fn words(&mut self, words: &[u32]) {
        self.column(words, u32::to_le_bytes);
    }

    pub(super) fn texts(&mut self, texts: &[String]) {
        self.number(texts.len() as u64);
        for text in texts {
            self.text(text);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.hasher.update(text.as_bytes());
    }

    /// The length, then the values, without a copy of the whole column.
    pub(super) fn column<T: Copy, const N: usize>(&mut self, values: &[T], encode: impl Fn(T) -> [u8; N]) {
        self.number(values.len() as u64);
        for part in values.chunks(CHUNK / N) {
            let places = self.chunk.chunks_exact_mut(N);
            for (place, &value) in places.zip(part) {
                place.copy_from_slice(&encode(value));
            }
            self.hasher.update(&self.chunk[..part.len() * N]);
        }
    }
}

/// All NaNs are one value: their bits may differ between platforms.
pub(super) fn figure_bytes(figure: f64) -> [u8; 8] {
    if figure.is_nan() { f64::NAN.to_bits() } else { figure.to_bits() }.to_le_bytes()
}

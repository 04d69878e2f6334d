//! How far layers look back: what they cost per visible token, by the number of tokens that is visible at most.

use super::facts::Facts;
use crate::config::architecture::{MixerGroup, MixerKind};

/// Layers that see all tokens have no limit.
pub(super) const NO_LIMIT: u64 = u64::MAX;

/// What one visible token costs in all layers with the same limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reach {
    /// Tokens that are seen at most.
    pub limit: u64,
    /// FLOPs per decoded token.
    pub decode_flops: f64,
    /// FLOPs per prompt token.
    pub prefill_flops: f64,
    /// Bytes of one GPU that are read.
    pub bytes: f64,
}

/// Everything that a request costs besides weights, from the layers.
#[derive(Clone, Debug, Default)]
pub(super) struct Mixing {
    /// By limit, each limit once, the ones without a limit included.
    pub reaches: Vec<Reach>,
    /// FLOPs per new token, whatever is visible.
    pub flops: f64,
    /// Bytes of one GPU per request and step: recurrent states.
    pub bytes_per_request: f64,
    /// Bytes of one GPU per new token: what is written, and activations.
    pub bytes_per_new: f64,
}

impl Mixing {
    /// G-7.1, attention FLOPs and other bytes. `kv_bytes`: of an element of the KV cache.
    pub fn new(facts: &Facts<'_>, tp: f64, kv_bytes: f64) -> Self {
        let mut mixing = Self::default();
        for group in &facts.architecture.mixers {
            mixing.add(group, tp, kv_bytes);
        }
        mixing.bytes_per_new += facts.layers * facts.width * facts.activation_bytes / tp;
        mixing
    }

    fn add(&mut self, group: &MixerGroup, tp: f64, kv_bytes: f64) {
        let layers = f64::from(group.layers);
        let decode = layers * group.attn_flops_per_ctx;
        let prefill = if group.attn_flops_per_ctx_prefill > 0.0 {
            layers * group.attn_flops_per_ctx_prefill
        } else {
            decode
        };
        self.flops += layers * group.attn_flops_const;
        match group.kind {
            MixerKind::Full | MixerKind::Sliding | MixerKind::Chunked => {
                let bytes = layers * kv_bytes * group.elements_per_token / tp;
                self.see(nearest(group.window, group.topk), decode, prefill, bytes);
                self.bytes_per_new += bytes;
            }
            // The same entries on every GPU.
            MixerKind::Mla => {
                let bytes = layers * kv_bytes * group.elements_per_token;
                self.see(nearest(group.window, group.topk), decode, prefill, bytes);
                self.bytes_per_new += bytes;
            }
            MixerKind::Window | MixerKind::WindowCompressed => {
                let bytes = layers * kv_bytes * group.window_elements;
                self.see(nearest(group.window, 0.0), decode, prefill, bytes);
                self.bytes_per_new += bytes;
                if group.ratio > 0.0 {
                    // min(x / ratio, topk) = min(x, topk · ratio) / ratio: whole numbers as long as possible.
                    let ratio = group.ratio;
                    self.see(
                        nearest(group.topk * ratio, 0.0),
                        decode / ratio,
                        prefill / ratio,
                        bytes / ratio,
                    );
                    self.bytes_per_new += bytes / ratio;
                }
            }
            MixerKind::Linear | MixerKind::Mamba2 => {
                let state = group.state_bytes_per_element * group.state_elements + 2.0 * group.conv_elements;
                self.bytes_per_request += layers * 2.0 * state / tp;
            }
        }
        let index_bytes = layers * kv_bytes * group.index_elements_per_token;
        let index_flops = layers * group.index_flops_per_ctx;
        if index_bytes > 0.0 || index_flops > 0.0 {
            self.see(NO_LIMIT, index_flops, index_flops, index_bytes);
            self.bytes_per_new += index_bytes;
        }
    }

    /// Adds what one visible token costs.
    fn see(&mut self, limit: u64, decode_flops: f64, prefill_flops: f64, bytes: f64) {
        let reaches = &mut self.reaches;
        let at = reaches.iter().position(|reach| reach.limit == limit).unwrap_or_else(|| {
            reaches.push(Reach { limit, decode_flops: 0.0, prefill_flops: 0.0, bytes: 0.0 });
            reaches.len() - 1
        });
        let reach = &mut reaches[at];
        reach.decode_flops += decode_flops;
        reach.prefill_flops += prefill_flops;
        reach.bytes += bytes;
    }
}

/// The smaller of two limits, of which 0 is none.
fn nearest(one: f64, other: f64) -> u64 {
    let limit = |tokens: f64| if tokens > 0.0 { tokens as u64 } else { NO_LIMIT };
    limit(one).min(limit(other))
}

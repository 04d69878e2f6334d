//! What a GPU can do, and what it costs.

use serde::{Deserialize, Serialize};

/// Peak figures of one GPU (latency chapter, L-3). A figure that a table leaves out is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct Gpu {
    /// The name to give as the hardware.
    pub name: String,
    /// For people.
    pub title: String,
    /// Peak 16-bit rate in 10¹² FLOP/s.
    #[serde(rename = "TFlopsPeak")]
    pub peak_tflops: f64,
    /// Peak 8-bit rate in 10¹² FLOP/s; 0 = none.
    #[serde(rename = "TFlopsFP8")]
    pub fp8_tflops: f64,
    /// Memory bandwidth in 10¹² bytes/s.
    #[serde(rename = "BwPeakTBs")]
    pub bandwidth_tb_per_second: f64,
    /// Share of the peak rate that prefill reaches (roofline only).
    #[serde(rename = "mfuPrefill")]
    pub mfu_prefill: f64,
    /// Share of the peak rate that decode reaches (roofline only).
    #[serde(rename = "mfuDecode")]
    pub mfu_decode: f64,
    /// Memory in GiB; 0 = unknown. For the block count only.
    #[serde(rename = "MemoryGiB")]
    pub memory_gib: f64,
    /// Peak 4-bit rate in 10¹² FLOP/s, without structured sparsity; 0 = none. Layers by kind only.
    #[serde(rename = "TFlopsFP4")]
    pub fp4_tflops: f64,
    /// Whether the two shares of the peak rate were fitted to this GPU; otherwise they are borrowed from the nearest one.
    pub calibrated: bool,
    /// US dollars per GPU and hour, a default to be edited; `null` = no price is known.
    #[serde(rename = "priceUsdPerHour")]
    pub price_usd_per_hour: Option<f64>,
    /// Where the price comes from, and of when it is.
    #[serde(rename = "priceSource")]
    pub price_source: String,
    /// Where the figures come from.
    pub source: String,
    /// What to know about them.
    pub note: String,
}

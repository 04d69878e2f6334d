//! What stands in a policy file: its sections and keys, and the kinds of their values (policy-bundle chapter, P-1).

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, de};
use std::collections::BTreeMap;
use std::fmt;

/// A whole file. Sections and keys without a value count as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a map of sections")]
pub(super) struct PolicyFile {
    pub admission: Option<Admission>,
    pub routing: Option<Routing>,
    pub priority: Option<OnlyPolicy>,
    pub scheduler: Option<String>,
    pub preemption: Option<OnlyPolicy>,
    pub tenant_budgets: Option<BTreeMap<String, Option<Real>>>,
    pub node_pools: Option<Vec<NodePool>>,
    pub autoscaler: Option<Autoscaler>,
    pub instance_lifecycle: Option<InstanceLifecycle>,
    /// Ours.
    pub priority_policy: Option<String>,
    /// Ours.
    pub preemption_policy: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a section with keys")]
pub(super) struct Admission {
    pub policy: Option<String>,
    pub token_bucket_capacity: Option<Real>,
    pub token_bucket_refill_rate: Option<Real>,
    pub tier_shed_threshold: Option<Whole>,
    pub tier_shed_min_priority: Option<Whole>,
    pub gaie_qd_threshold: Option<Real>,
    pub gaie_kv_threshold: Option<Real>,
    pub slo_priorities: Option<BTreeMap<String, Option<Whole>>>,
    /// Changes nothing without flow control (P-3, rule 7).
    #[serde(rename = "slo_targets")]
    pub _slo_targets: Option<BTreeMap<String, Option<Whole>>>,
    /// Ours.
    pub latency: Option<Whole>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a section with keys")]
pub(super) struct Routing {
    pub policy: Option<String>,
    pub scorers: Option<Scorers>,
    /// Ours.
    pub latency: Option<Whole>,
    /// Ours.
    pub snapshot_refresh_interval: Option<Whole>,
    /// Ours.
    pub cache_signal_delay: Option<Whole>,
}

/// A part of the list of scorers.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a scorer with `name` and `weight`")]
pub(super) struct Scorer {
    pub name: Option<String>,
    pub weight: Option<Real>,
}

/// Pools of nodes, of which there can be none here.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a node pool with keys")]
pub(super) struct NodePool {
    name: Option<String>,
    gpu_type: Option<String>,
    gpus_per_node: Option<Whole>,
    gpu_memory_gib: Option<Real>,
    initial_nodes: Option<Whole>,
    min_nodes: Option<Whole>,
    max_nodes: Option<Whole>,
    provisioning_delay: Option<Delay>,
    cost_per_hour: Option<Real>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a section with keys")]
pub(super) struct Autoscaler {
    pub interval_us: Option<Real>,
    scale_up_stabilization_window_us: Option<Real>,
    scale_down_stabilization_window_us: Option<Real>,
    hpa_scrape_delay: Option<Delay>,
    analyzer: Option<Analyzer>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a section with keys")]
struct Analyzer {
    kv_cache_threshold: Option<Real>,
    scale_up_threshold: Option<Real>,
    scale_down_boundary: Option<Real>,
    avg_input_tokens: Option<Real>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a section with keys")]
pub(super) struct InstanceLifecycle {
    pub loading_delay: Option<Delay>,
    pub warm_start_initial_instances: Option<bool>,
}

/// A random time in seconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a delay with `mean` and `stddev`")]
pub(super) struct Delay {
    pub mean: Option<Real>,
    pub stddev: Option<Real>,
}

/// A whole number, which may be written as `10`, `10.0` or `1e1`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole(pub i64);

/// A number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Real(pub f64);

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A section whose only key is `policy`.
#[derive(Debug)]
pub(super) struct OnlyPolicy(pub Option<String>);

/// Scorers as a list, or as text, which is ours.
#[derive(Debug)]
pub(super) enum Scorers {
    List(Vec<Scorer>),
    Text(String),
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
                let fits = i64::try_from(number);
                fits.map(Whole).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Whole, E> {
                // Beyond this, not every whole number is a float.
                const LARGEST: f64 = (1_u64 << 53) as f64;
                if number.fract() == 0.0 && number.abs() <= LARGEST {
                    return Ok(Whole(number as i64));
                }
                // Not in all its digits.
                Err(E::custom(format_args!("invalid value: {number:?}, expected a whole number")))
            }
        }
        deserializer.deserialize_i64(Reader)
    }
}

impl<'de> Deserialize<'de> for Real {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Real;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Real, E> {
                Ok(Real(number as f64))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Real, E> {
                Ok(Real(number as f64))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Real, E> {
                Ok(Real(number))
            }
        }
        deserializer.deserialize_f64(Reader)
    }
}

impl<'de> Deserialize<'de> for OnlyPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = OnlyPolicy;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a section with the key `policy:`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OnlyPolicy, A::Error> {
                let mut policy = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key != "policy" {
                        return Err(A::Error::unknown_field(&key, &["policy"]));
                    }
                    policy = map.next_value()?;
                }
                Ok(OnlyPolicy(policy))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'de> Deserialize<'de> for Scorers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Scorers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of scorers with `name` and `weight`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Scorers, E> {
                Ok(Scorers::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scorers, A::Error> {
                let mut scorers = Vec::new();
                while let Some(scorer) = list.next_element()? {
                    scorers.push(scorer);
                }
                Ok(Scorers::List(scorers))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

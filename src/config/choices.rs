//! The choices that a setting offers: policies, models and workloads by name.
//!
//! One list per choice gives the enum, the names in JSON, flags and addresses, and what the form and the JSON Schema
//! say about each value. A value that is added to a list is offered everywhere.
//!
//! ```
//! use blis_playground::config::RoutingPolicyName;
//!
//! let policy: RoutingPolicyName = "least-loaded".parse()?;
//! assert_eq!(policy.to_string(), "least-loaded");
//! assert_eq!(RoutingPolicyName::ALL.len(), 4);
//! # Ok::<(), blis_playground::ConfigError>(())
//! ```

use crate::error::ConfigError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One value of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
pub struct ChoiceOption {
    /// As in JSON and flags.
    pub value: &'static str,
    /// As in the form.
    pub label: &'static str,
    /// One line of explanation.
    pub help: &'static str,
}

/// A closed set of named values.
pub trait Choice: Copy + 'static {
    /// Name, label and explanation of each value, in the order of [`Choice::ALL`].
    const OPTIONS: &'static [ChoiceOption];
    /// Every value, in the order in which they are offered.
    const ALL: &'static [Self];

    /// The name in JSON, flags and addresses.
    fn name(self) -> &'static str;

    /// The value of this name.
    fn parse(name: &str) -> Option<Self> {
        Self::OPTIONS.iter().position(|option| option.value == name).map(|at| Self::ALL[at])
    }
}

/// The value of a name.
fn parsed<C: Choice>(name: &str) -> Result<C, ConfigError> {
    C::parse(name).ok_or_else(|| {
        let names: Vec<&str> = C::OPTIONS.iter().map(|option| option.value).collect();
        ConfigError::invalid("", name, format_args!("one of {}", names.join(", ")))
    })
}

/// Enums whose variants are listed as `Variant = "name", "Label", "One line of explanation";`.
macro_rules! choices {
    ($(
        $(#[$about:meta])*
        pub enum $choice:ident {
            $($(#[$mark:meta])* $variant:ident = $name:tt, $label:tt, $help:tt;)+
        }
    )+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, hashmap_as_object))]
        pub enum $choice {
            $(#[doc = $help] #[serde(rename = $name)] $(#[$mark])* $variant,)+
        }

        impl Choice for $choice {
            const OPTIONS: &'static [ChoiceOption] =
                &[$(ChoiceOption { value: $name, label: $label, help: $help }),+];
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl $choice {
            /// Every value, in the order in which they are offered.
            pub const ALL: &'static [Self] = <Self as Choice>::ALL;
        }

        impl fmt::Display for $choice {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $choice {
            type Err = ConfigError;

            fn from_str(name: &str) -> Result<Self, ConfigError> {
                parsed(name)
            }
        }
    )+};
}

choices! {
    /// The latency models.
    #[derive(Default)]
    pub enum LatencyModelName {
        #[default]
        TrainedPhysics = "trained-physics", "Trained physics",
            "Step times from first principles, with coefficients fitted to measurements";
        Roofline = "roofline", "Roofline",
            "The larger of compute time and memory time at the GPU's peak rates: simple and optimistic";
    }

    /// How the layers of a model are counted (models chapter, G-8).
    #[derive(Default)]
    pub enum LayerCounting {
        #[default]
        Auto = "auto", "Automatic",
            "As BLIS does where it has the model or can read its file, by kind where it cannot";
        Reference = "reference", "As in BLIS",
            "Every layer as attention and one feed-forward block, which is wrong for models with other layers";
        ByKind = "by-kind", "By kind",
            "Each layer as what it is: sliding windows, compressed entries, linear attention, experts. Not in BLIS, roofline only";
    }

    /// Number formats of the KV cache (models chapter, G-5).
    #[derive(Default)]
    pub enum KvCacheFormat {
        #[default]
        Auto = "auto", "As the model says", "What the model's file names, otherwise as activations";
        Bf16 = "bf16", "16 bits", "2 bytes per element";
        Fp8 = "fp8", "8 bits", "1 byte per element: twice as many tokens";
    }

    /// How windows are budgeted (models chapter, G-6).
    #[derive(Default)]
    pub enum KvWindows {
        #[default]
        Reserved = "reserved", "As if they grew", "As many blocks as for full attention, which vLLM prints in its log";
        Needed = "needed", "What they hold", "A window's tokens per running request, whatever its context";
    }

    /// The admission policies (C-7).
    #[derive(Default)]
    pub enum AdmissionPolicyName {
        #[default]
        AlwaysAdmit = "always-admit", "Always admit", "Every request is admitted";
        TokenBucket = "token-bucket", "Token bucket",
            "Each request takes its prompt tokens from a bucket that refills over time, and is rejected if too few are left";
        RejectAll = "reject-all", "Reject all", "Every request is rejected";
        TierShed = "tier-shed", "Shed by class",
            "While the busiest instance is overloaded, classes below a given priority are rejected";
        GaieLegacy = "gaie-legacy", "Shed when saturated",
            "While the average instance is saturated, classes with a negative priority are rejected";
    }

    /// The routing policies (R-6).
    #[derive(Default)]
    pub enum RoutingPolicyName {
        #[default]
        RoundRobin = "round-robin", "Round robin", "Each instance in turn, whatever its load";
        LeastLoaded = "least-loaded", "Least loaded",
            "The instance with the fewest requests; ties are broken at random";
        Weighted = "weighted", "Weighted scorers",
            "The instance with the highest weighted sum of scores; ties are broken at random";
        AlwaysBusiest = "always-busiest", "Always busiest",
            "The instance with the most requests: an example of what not to do";
    }

    /// The scorers (R-7).
    pub enum ScorerName {
        QueueDepth = "queue-depth", "Short queue", "Fewer waiting requests than the other instances";
        RunningRequests = "running-requests", "Small batch",
            "Fewer running requests than the other instances";
        VllmDp = "vllm-dp", "Queue and batch",
            "Four times the waiting plus the running requests, compared with the other instances";
        KvUtilization = "kv-utilization", "Free memory", "A larger share of free KV blocks";
        LoadBalance = "load-balance", "Little load",
            "1 / (1 + load), where the load includes requests in flight";
        ActiveRequests = "active-requests", "Few in flight", "Fewer requests sent there and not yet finished";
        LoadAware = "load-aware", "Queue, absolute", "Fewer waiting requests, on a fixed scale up to 128";
        PrecisePrefixCache = "precise-prefix-cache", "Cached prefix",
            "More of the prompt in the instance's cache than on the other instances";
        NoHitLru = "no-hit-lru", "Spread cold requests",
            "A prompt that is cached nowhere goes to the instance whose last such prompt was longest ago";
        PrefixAffinity = "prefix-affinity", "Prefix sent before",
            "More of the prompt among those that the router has already sent there";
    }

    /// The schedulers (I-6).
    #[derive(Default)]
    pub enum SchedulerName {
        #[default]
        Fcfs = "fcfs", "First come, first served", "In order of arrival at the queue";
        PriorityFcfs = "priority-fcfs", "Most urgent first", "By priority, then by arrival";
        Sjf = "sjf", "Shortest prompt first", "By prompt length, then by arrival";
        ReversePriority = "reverse-priority", "Least urgent first",
            "Lowest priority first: an example of what not to do";
    }

    /// The priority policies (C-11).
    #[derive(Default)]
    pub enum PriorityPolicyName {
        #[default]
        SloClass = "slo-class", "By SLO class", "Critical before standard before batch, as in the reference";
        Constant = "constant", "All equal", "No request is more urgent than another";
        SloBased = "slo-based", "Older is more urgent", "Urgency grows with the time since arrival";
        InvertedSlo = "inverted-slo", "Newer is more urgent", "Urgency falls with the time since arrival";
    }

    /// The preemption policies (I-8.3).
    #[derive(Default)]
    pub enum PreemptionPolicyName {
        #[default]
        Fcfs = "fcfs", "Last in", "The request that joined the batch last";
        Priority = "priority", "Least urgent", "The least urgent request, and among equals the newest";
    }

    /// Which requests are served in two parts (disaggregation chapter, D-5.4).
    #[derive(Default)]
    pub enum PdDeciderName {
        #[default]
        Never = "never", "Never",
            "Every request lives on one instance that computes answers";
        Always = "always", "Always",
            "The prompt of every request is computed apart, and its KV blocks go over the network";
        PrefixThreshold = "prefix-threshold", "Long prompts",
            "Prompts of which more tokens than a threshold are not in the cache of the chosen decode instance";
    }

    /// Which requests are encoded (disaggregation chapter, D-19).
    #[derive(Default)]
    pub enum EncodeDeciderName {
        #[default]
        Never = "never", "Never",
            "No request is encoded";
        Always = "always", "Always",
            "Every request is encoded";
        Multimodal = "multimodal", "Multimodal",
            "Requests with images, audio or video are encoded";
    }

    /// What becomes of the requests of an instance that stops (events chapter, E-2 and E-3).
    #[derive(Default)]
    pub enum KillMode {
        #[default]
        Drain = "drain", "Drain", "It finishes the requests that it has";
        Crash = "crash", "Crash", "The requests that it has are lost";
    }

    /// The built-in workloads (workload chapter, W-2).
    #[derive(Default)]
    pub enum WorkloadKind {
        #[default]
        Distribution = "distribution", "Custom lengths", "Prompt and answer lengths that you choose";
        Chatbot = "chatbot", "Chatbot", "Short questions and answers: 256 tokens each on average";
        Contentgen = "contentgen", "Content generation", "1,024 tokens each way on average";
        Summarization = "summarization", "Summarization", "Prompts of 4,096 tokens, answers of 512";
        Multidoc = "multidoc", "Many documents", "Prompts of 10,240 tokens, answers of 1,536";
    }

    /// How random numbers are drawn (random-streams chapter, N-21).
    #[derive(Default)]
    pub enum StreamsName {
        #[default]
        Reference = "reference", "As in BLIS",
            "The same requests as BLIS makes of the same settings and seed, to the microsecond and the token";
        Independent = "independent", "Independent",
            "Each client and each purpose has a stream of its own: changing one thing leaves all else as it was, and huge runs begin sooner";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;

    /// Every value comes back from what is printed of it, in JSON, too.
    fn there_and_back<
        C: Choice + fmt::Display + FromStr<Err = ConfigError> + PartialEq + Debug + Serialize,
    >() {
        assert_eq!(C::ALL.len(), C::OPTIONS.len());
        for &value in C::ALL {
            assert_eq!(value.to_string().parse::<C>(), Ok(value));
            assert_eq!(serde_json::to_value(value).expect("a name"), value.to_string());
        }
        let error = "no such name".parse::<C>().expect_err("refused").to_string();
        let expected = format!("got no such name, expected one of {}", C::ALL[0].name());
        assert!(error.starts_with(&expected), "{error}");
    }

    #[test]
    fn every_choice_is_printed_and_read_by_its_name() {
        there_and_back::<LatencyModelName>();
        there_and_back::<AdmissionPolicyName>();
        there_and_back::<RoutingPolicyName>();
        there_and_back::<ScorerName>();
        there_and_back::<SchedulerName>();
        there_and_back::<PriorityPolicyName>();
        there_and_back::<PreemptionPolicyName>();
        there_and_back::<WorkloadKind>();
        there_and_back::<KillMode>();
        assert_eq!(format!("{:>8}", SchedulerName::Sjf), "     sjf");
    }
}

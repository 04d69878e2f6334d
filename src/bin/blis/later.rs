//! Flags of the reference whose features are not simulated here yet: each is refused by its name, so that nobody takes it
//! for a mistake of typing, or the figures for those of another cluster.

use crate::failure::Failure;

/// A feature to come, and the flags that ask for it.
struct Feature {
    name: &'static str,
    flags: &'static [&'static str],
}

const FEATURES: [Feature; 6] = [
    Feature {
        name: "prefill and decode apart",
        flags: &[
            "prefill-instances",
            "decode-instances",
            "prefill-decode-instances",
            "pd-decider",
            "pd-prefix-threshold",
            "pd-transfer-bandwidth",
            "pd-transfer-base-latency",
            "pd-transfer-contention",
            "prefill-routing-scorers",
            "decode-routing-scorers",
            "prefill-tp",
            "decode-tp",
            "prefill-hardware",
            "decode-hardware",
            "prefill-latency-model",
            "decode-latency-model",
            "prefill-max-model-len",
            "decode-max-model-len",
        ],
    },
    Feature { name: "encoding apart", flags: &["encode-instances", "encode-decider"] },
    Feature {
        name: "a queue at the gateway",
        flags: &[
            "flow-control",
            "saturation-detector",
            "queue-depth-threshold",
            "kv-cache-util-threshold",
            "max-concurrency",
            "dispatch-order",
            "dispatch-tick-interval",
            "fairness-policy",
            "max-gateway-queue-depth",
            "per-band-capacity",
            "queue-shedding",
            "request-ttl",
            "slo-targets",
            "usage-limit-threshold",
            "in-flight-eviction",
        ],
    },
    Feature {
        name: "saturation detectors",
        flags: &["detectors", "saturation-config", "saturation-report", "saturation-final-window"],
    },
    Feature { name: "autoscaling", flags: &["model-autoscaler-interval-us"] },
    Feature { name: "a chain of tiers of KV memory", flags: &["kv-offload-config"] },
];

/// The error for a flag that the parser does not know, if it is one of these; given with its dashes, as it was typed.
pub fn refused(typed: &str) -> Option<Failure> {
    let name = typed.strip_prefix("--")?.split('=').next()?;
    let feature = FEATURES.iter().find(|feature| feature.flags.contains(&name))?;
    Some(Failure::Flag(format!("--{name}: not simulated here yet ({})", feature.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flags::command;

    #[test]
    fn no_flag_to_come_is_one_that_is_there() {
        for name in FEATURES.iter().flat_map(|feature| feature.flags) {
            for subcommand in command().get_subcommands() {
                let taken = subcommand.get_arguments().any(|arg| arg.get_long() == Some(name));
                assert!(!taken, "blis {} knows --{name}", subcommand.get_name());
            }
            assert_eq!(FEATURES.iter().filter(|feature| feature.flags.contains(name)).count(), 1, "{name}");
        }
    }

    #[test]
    fn a_flag_is_named_without_its_value() {
        let text = |typed| refused(typed).map(|failure| failure.to_string());
        let expected = "--kv-offload-config: not simulated here yet (a chain of tiers of KV memory)";
        assert_eq!(text("--kv-offload-config").as_deref(), Some(expected));
        assert_eq!(text("--kv-offload-config=5").as_deref(), Some(expected));
        assert_eq!(text("--no-such-flag"), None);
        assert_eq!(text("kv-offload-config"), None);
    }
}

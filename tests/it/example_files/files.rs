//! The example files, by kind, each with what it is and the command that reads it.

/// Files of one kind.
pub(super) struct Kind {
    /// What they are.
    pub name: &'static str,
    /// The command before the file's name.
    pub command: &'static str,
    /// Where they are, below `examples/files`.
    pub folder: &'static str,
    /// The files, in the order of the table.
    pub files: &'static [File],
}

/// A file, or a folder that is read as one.
pub(super) struct File {
    /// Its name.
    pub name: &'static str,
    /// What it shows.
    pub what: &'static str,
    /// The rule that it is an example of, or the chapter to come if it does not begin with a capital letter.
    pub rule: &'static str,
}

const fn file(name: &'static str, what: &'static str, rule: &'static str) -> File {
    File { name, what, rule }
}

pub(super) const KINDS: [Kind; 8] = [
    Kind {
        name: "workload specification",
        command: "run --workload-spec",
        folder: "workloads",
        files: &[
            file(
                "two-clients.yaml",
                "a chat with a system prompt beside a bulk job, each with tenant and class",
                "W-7",
            ),
            file(
                "arrival-processes.yaml",
                "constant, poisson, gamma by CV, weibull by shape and scale",
                "W-3",
            ),
            file(
                "length-distributions.yaml",
                "gaussian, exponential, lognormal, pareto_lognormal, constant, empirical",
                "W-4",
            ),
            file(
                "prefix-groups.yaml",
                "two groups of shared prefixes, one of the length that holds if none is given",
                "W-6",
            ),
            file(
                "cohorts.yaml",
                "cohorts with spike, drain and diurnal windows, and a prefix per member",
                "W-7.2",
            ),
            file("phases.yaml", "lifecycle windows", "W-7.2"),
            file(
                "windows-with-parameters.yaml",
                "windows with weights, arrivals and lengths of their own",
                "W-7.3",
            ),
            file("absolute-rates.yaml", "windows and a spike with a rate each, no aggregate rate", "W-7.3"),
            file("virtual-users.yaml", "a closed loop with think time beside an open one", "W-8"),
            file("classes-and-targets.yaml", "the five SLO classes, goodput targets, timeouts", "W-7.4"),
            file("version-1-names.yaml", "version 1: realtime and interactive", "W-7.4"),
            file("model-labels.yaml", "requests that name their model", "W-12"),
            file(
                "labels-without-effect.yaml",
                "category, streaming, network, reasoning without conversations, closed_loop",
                "W-7.5",
            ),
            file(
                "ways-of-writing.yaml",
                "2e1, 100.0 and 0x20, numbers as names, null, merged maps, quoted keys",
                "W-7.5",
            ),
            file("written-as-json.json", "the same format in JSON", "W-7.5"),
            file("chat.yaml", "a chat: growing context, a system prompt, pauses to think", "S-3"),
            file(
                "agents.yaml",
                "agents: many turns that wait for tools, one long description of these",
                "S-2",
            ),
            file("documents.yaml", "questions about long documents, shared or a conversation's own", "S-3"),
            file("turns-that-forget.yaml", "conversations window by window without growing context", "S-6"),
            file(
                "conversations-open-loop.yaml",
                "conversations at planned times, whether or not the answers are there",
                "S-8",
            ),
            file("one-conversation-each.yaml", "a cohort whose members hold one conversation each", "S-4"),
            file("images-and-text.yaml", "multimodal prompts", "S-11"),
            file("inference-perf.yaml", "stages of inference-perf", "S-12"),
            file("inference-perf-chats.yaml", "a conversation for each user of inference-perf", "S-12"),
            file("servegen.yaml", "a folder of ServeGen", "ServeGen"),
            file("lora-adapter.yaml", "a LoRA adapter", "LoRA"),
            file(
                "lengths-in-a-file.yaml",
                "a distribution's file, which the reference does not read either",
                "W-4.6",
            ),
            file("unknown-key.yaml", "a key that is not one", "W-7.5"),
            file("classes-in-part.yaml", "a class for one client of two", "W-7.4"),
            file("too-many-members.yaml", "a cohort of 100,001", "W-7.2"),
            file("users-and-conversations.yaml", "virtual users beside conversations", "S-1"),
        ],
    },
    Kind {
        name: "policy file",
        command: "run --workload-spec examples/files/workloads/two-clients.yaml --num-instances 2 --max-num-seqs 8 --policy-config",
        folder: "policies",
        files: &[
            file("always-admit.yaml", "every section, with what holds anyway", "P-1"),
            file("token-bucket.yaml", "token-bucket, least-loaded", "P-1"),
            file("tier-shed.yaml", "tier-shed with a minimum priority", "P-3"),
            file("gaie-legacy.yaml", "gaie-legacy with slo_priorities", "P-3"),
            file("weighted-routing.yaml", "scorers, queue and preemption by class", "P-3"),
            file("shortest-first.yaml", "always-busiest and sjf", "P-1"),
            file("tenant-budgets.yaml", "tenant budgets, reverse-priority", "P-5"),
            file("nothing-switched-on.yaml", "sections to come that ask for nothing", "P-3"),
            file("ours.yaml", "keys that only this simulator has", "P-1"),
            file("autoscaler.yaml", "an autoscaler", "autoscaling"),
            file("node-pools.yaml", "pools of nodes", "autoscaling"),
            file("instance-lifecycle.yaml", "loading delays", "autoscaling"),
            file("lora-affinity.yaml", "the scorer lora-affinity", "LoRA"),
            file("unknown-policy.yaml", "a policy with capital letters", "P-6"),
            file("unknown-key.yaml", "a key in capitals", "P-6"),
            file("out-of-range.yaml", "a threshold above 1", "P-6"),
        ],
    },
    Kind {
        name: "trace: header and rows",
        command: "replay --trace",
        folder: "traces",
        files: &[
            file("generated", "as a run writes it, with prefixes, deadlines and goodput targets", "W-11"),
            file("measured", "of a real server, with all optional columns but the adapter", "W-11.2"),
            file("sessions", "session ids and newer keys and columns, replayed row by row", "W-12"),
            file("model-labels", "rows that name their model", "W-12"),
        ],
    },
    Kind {
        name: "trace: rows alone",
        command: "replay --trace-data",
        folder: "traces",
        files: &[
            file("rows-only.csv", "no header", "W-11.2"),
            file("adapters.csv", "the optional column of LoRA adapters, which a note names", "W-11.2"),
            file("too-few-columns.csv", "a row of 26 columns", "W-11.2"),
            file("no-integer.csv", "1e3 tokens", "W-11.2"),
            file("no-rows.csv", "no rows", "W-11.2"),
        ],
    },
    Kind {
        name: "trace: header",
        command: "replay --trace-data examples/files/traces/rows-only.csv --trace-header",
        folder: "traces",
        files: &[file("unknown-key.yaml", "a key that is not one", "W-11.1")],
    },
    Kind {
        name: "model: folder with config.json",
        command: "run --model org/of-my-own --hardware H100 --tp 1 --model-config-folder",
        folder: "models",
        files: &[
            file("small", "a dense model", "L-8"),
            file("experts-fp8", "mixture of experts with weights in FP8", "L-8"),
            file("incomplete", "too few keys", "L-8"),
        ],
    },
    Kind {
        name: "table of GPUs",
        command: "run --hardware-config",
        folder: "models",
        files: &[
            file("gpus.json", "one replaced, one of one's own", "L-8"),
            file(
                "gpus-without-memory.json",
                "without the memory, which is assumed then with a warning",
                "L-8",
            ),
        ],
    },
    Kind {
        name: "configuration (ours)",
        command: "run --config",
        folder: "configurations",
        files: &[
            file("twelve-instances.json", "a few settings", ""),
            file("with-clients.json", "with a specification in it", ""),
            file("version-1.json", "of version 1, from before the reference's streams", ""),
            file("results-of-the-page.json", "results that the page has saved", ""),
            file("wrong-value.json", "no instances", ""),
            file("unknown-key.json", "a key that is not one", ""),
        ],
    },
];

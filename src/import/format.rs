//! The formats that are known, and by what they are known (TR-2).

use super::mapping::Role;
use super::time::TimeUnit;
use serde::{Deserialize, Serialize};

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "js",
    derive(tsify::Tsify),
    tsify(type_prefix = "Trace", missing_as_null, hashmap_as_object)
)]
pub enum Format {
    /// Our own and the reference's traces.
    TraceV2,
    /// The Azure LLM inference traces of 2023 and 2024.
    AzureLlm,
    /// The Azure traces of multimodal models, 2025.
    AzureLmm,
    /// Mooncake's traces.
    Mooncake,
    /// Fixed schedules of AIPerf, timed traces of vLLM.
    Schedule,
    /// Alibaba's Bailian (Qwen) usage traces.
    Bailian,
    /// Conversations of agents with times from their beginning.
    Weka,
    /// BurstGPT, all editions.
    Burstgpt,
    /// Traces as vidur processes them.
    Vidur,
    /// Sessions of coding agents as TraceLab exports them.
    Tracelab,
    /// ShareGPT and its kin: texts of conversations.
    Sharegpt,
    /// Results of vLLM's benchmark.
    VllmBench,
    /// Results of GuideLLM.
    Guidellm,
    /// inference-perf's results per request.
    InferencePerf,
    /// Records of AIPerf.
    Aiperf,
    /// Workloads of aibrix.
    Aibrix,
    /// Any table or list of objects, by mapping its columns.
    Generic,
}

/// What is fixed about a format.
pub(super) struct Known {
    pub format: Format,
    /// Its name on the command line and in JSON.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    /// Whose data it is, and its licence.
    pub credit: Option<&'static str>,
    /// What its times count.
    pub unit: TimeUnit,
    /// Tokens per hash block where the file does not say.
    pub hash_block: u32,
    /// Where its columns are found: the first of the names that a row has.
    pub columns: &'static [(Role, &'static [&'static str])],
}

const LENGTHS: [(Role, &[&str]); 5] = [
    (Role::Arrival, &["timestamp"]),
    (Role::Input, &["inputlength"]),
    (Role::Output, &["outputlength"]),
    (Role::HashIds, &["hashids"]),
    (Role::Session, &["sessionid"]),
];

const FORMATS: [Known; 17] = [
    Known {
        format: Format::TraceV2,
        id: "trace-v2",
        name: "trace of BLIS",
        credit: None,
        unit: TimeUnit::Us,
        hash_block: 0,
        columns: &[],
    },
    Known {
        format: Format::AzureLlm,
        id: "azure-llm",
        name: "Azure LLM inference trace",
        credit: Some(
            "Microsoft Azure, AzurePublicDataset (Splitwise, ISCA 2024; DynamoLLM, HPCA 2025), CC BY 4.0",
        ),
        unit: TimeUnit::Date,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["timestamp"]),
            (Role::Input, &["contexttokens"]),
            (Role::Output, &["generatedtokens"]),
        ],
    },
    Known {
        format: Format::AzureLmm,
        id: "azure-lmm",
        name: "Azure LMM inference trace 2025",
        credit: Some("Microsoft Azure, AzurePublicDataset (ModServe, SoCC 2025), CC BY 4.0"),
        unit: TimeUnit::Date,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["timestamp"]),
            (Role::Images, &["numimages"]),
            (Role::Input, &["contexttokens"]),
            (Role::Output, &["generatedtokens"]),
        ],
    },
    Known {
        format: Format::Mooncake,
        id: "mooncake",
        name: "Mooncake trace",
        credit: Some(
            "Mooncake (FAST 2025), kvcache-ai/Mooncake, Apache-2.0, if it is one of the published files",
        ),
        unit: TimeUnit::Ms,
        hash_block: 512,
        columns: &[
            LENGTHS[0],
            LENGTHS[1],
            LENGTHS[2],
            LENGTHS[3],
            LENGTHS[4],
            (Role::Delay, &["delay"]),
            (Role::Text, &["textinput", "text"]),
        ],
    },
    Known {
        format: Format::Schedule,
        id: "schedule",
        name: "fixed schedule of AIPerf or timed trace of vLLM",
        credit: None,
        unit: TimeUnit::Ms,
        hash_block: 512,
        columns: &[
            LENGTHS[0],
            LENGTHS[1],
            LENGTHS[2],
            LENGTHS[3],
            LENGTHS[4],
            (Role::Delay, &["delay"]),
            (Role::Text, &["textinput", "text", "texts"]),
        ],
    },
    Known {
        format: Format::Bailian,
        id: "bailian",
        name: "Bailian (Qwen) usage trace",
        credit: Some("Alibaba Cloud, Qwen Bailian usage traces; see their licence before you pass it on"),
        unit: TimeUnit::S,
        hash_block: 16,
        columns: &[
            LENGTHS[0],
            LENGTHS[1],
            LENGTHS[2],
            LENGTHS[3],
            (Role::Session, &["chatid"]),
            (Role::Parent, &["parentchatid"]),
            (Role::Round, &["turn"]),
        ],
    },
    Known {
        format: Format::Weka,
        id: "weka",
        name: "conversations of agents",
        credit: None,
        unit: TimeUnit::S,
        hash_block: 64,
        columns: &[
            (Role::Arrival, &["t"]),
            (Role::Input, &["in"]),
            (Role::Output, &["out"]),
            (Role::HashIds, &["hashids", "ids"]),
            (Role::Session, &["sessionid", "conversationid"]),
        ],
    },
    Known {
        format: Format::Burstgpt,
        id: "burstgpt",
        name: "BurstGPT",
        credit: Some("BurstGPT (KDD 2025), HPMLL/BurstGPT, CC BY 4.0"),
        unit: TimeUnit::S,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["timestamp"]),
            (Role::Session, &["sessionid"]),
            (Role::Client, &["model"]),
            (Role::Input, &["requesttokens"]),
            (Role::Output, &["responsetokens"]),
            (Role::Total, &["totaltokens"]),
            (Role::Class, &["logtype"]),
        ],
    },
    Known {
        format: Format::Vidur,
        id: "vidur",
        name: "trace for vidur",
        credit: Some("vidur's processed traces, MIT; what comes from Azure, CC BY 4.0"),
        unit: TimeUnit::S,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["arrivedat"]),
            (Role::Input, &["numprefilltokens"]),
            (Role::Output, &["numdecodetokens"]),
        ],
    },
    Known {
        format: Format::Tracelab,
        id: "tracelab",
        name: "sessions of coding agents (TraceLab)",
        credit: Some("TraceLab, SyFI Lab, University of Washington, CC BY 4.0"),
        unit: TimeUnit::Ms,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["arrivaltime"]),
            (Role::Session, &["sessionid", "id"]),
            (Role::Input, &["inputlen"]),
            (Role::Output, &["outputlen"]),
            (Role::Round, &["roundidx"]),
            (Role::PrefixTokens, &["prefixlen"]),
            (Role::Delay, &["toolwaitafterms"]),
        ],
    },
    Known {
        format: Format::Sharegpt,
        id: "sharegpt",
        name: "texts of conversations (ShareGPT and its kin)",
        credit: Some("texts of people without a clear licence: not for passing on"),
        unit: TimeUnit::S,
        hash_block: 0,
        columns: &[],
    },
    Known {
        format: Format::VllmBench,
        id: "vllm-bench",
        name: "result of vLLM's benchmark",
        credit: None,
        unit: TimeUnit::S,
        hash_block: 0,
        columns: &[],
    },
    Known {
        format: Format::Guidellm,
        id: "guidellm",
        name: "result of GuideLLM",
        credit: None,
        unit: TimeUnit::S,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["info.timings.requeststart", "info.timings.resolvestart", "starttime"]),
            (Role::Input, &["inputmetrics.totaltokens", "prompttokens"]),
            (Role::Output, &["outputmetrics.totaltokens", "outputtokens"]),
            (
                Role::FirstToken,
                &["info.timings.firsttokeniteration", "info.timings.firstiteration", "firsttokentime"],
            ),
            (Role::End, &["info.timings.requestend", "endtime"]),
        ],
    },
    Known {
        format: Format::InferencePerf,
        id: "inference-perf",
        name: "inference-perf's results per request",
        credit: None,
        unit: TimeUnit::S,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["starttime"]),
            (Role::Input, &["info.requestmetrics.text.inputtokens", "info.inputtokens"]),
            (Role::Output, &["info.responsemetrics.outputtokens", "info.outputtokens"]),
            (Role::FirstToken, &["info.responsemetrics.outputtokentimes", "info.outputtokentimes"]),
            (Role::End, &["endtime"]),
            (Role::Error, &["error"]),
        ],
    },
    Known {
        format: Format::Aiperf,
        id: "aiperf",
        name: "records of AIPerf",
        credit: None,
        unit: TimeUnit::Ns,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["metadata.requeststartns"]),
            (Role::End, &["metadata.requestendns"]),
            (Role::Phase, &["metadata.benchmarkphase"]),
            (Role::Session, &["metadata.conversationid", "metadata.xcorrelationid"]),
            (Role::Round, &["metadata.turnindex"]),
            (Role::Input, &["metrics.inputsequencelength.value"]),
            (Role::Output, &["metrics.outputsequencelength.value"]),
            (Role::Ttft, &["metrics.timetofirsttoken.value"]),
            (Role::TtftUnit, &["metrics.timetofirsttoken.unit"]),
            (Role::E2e, &["metrics.requestlatency.value"]),
            (Role::E2eUnit, &["metrics.requestlatency.unit"]),
            (Role::Error, &["error", "metadata.wascancelled"]),
        ],
    },
    Known {
        format: Format::Aibrix,
        id: "aibrix",
        name: "workload of aibrix",
        credit: None,
        unit: TimeUnit::Ms,
        hash_block: 0,
        columns: &[
            (Role::Arrival, &["timestamp"]),
            (Role::Input, &["promptlength"]),
            (Role::Output, &["outputlength"]),
            (Role::Session, &["sessionid"]),
            (Role::Client, &["model"]),
        ],
    },
    Known {
        format: Format::Generic,
        id: "generic",
        name: "table or list of objects, by mapping its columns",
        credit: None,
        unit: TimeUnit::S,
        hash_block: 512,
        columns: &[],
    },
];

impl Format {
    pub(super) fn known(self) -> &'static Known {
        &FORMATS[self as usize]
    }

    /// All formats, in the order in which they are looked for.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|known| known.format)
    }

    /// Its name on the command line and in JSON.
    pub fn id(self) -> &'static str {
        self.known().id
    }

    /// In words.
    pub fn name(self) -> &'static str {
        self.known().name
    }

    /// The format of a name on the command line.
    pub fn named(id: &str) -> Option<Self> {
        Self::all().find(|format| format.id() == id)
    }

    /// Whether a table of values can be of this format; otherwise it is JSON.
    pub(super) const fn is_table(self) -> bool {
        matches!(
            self,
            Self::TraceV2
                | Self::AzureLlm
                | Self::AzureLmm
                | Self::Burstgpt
                | Self::Vidur
                | Self::Tracelab
                | Self::Generic
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_stands_at_its_own_place_under_its_own_name() {
        for (place, format) in Format::all().enumerate() {
            assert_eq!(format as usize, place);
            assert_eq!(serde_json::to_value(format).expect("text"), format.id());
            assert_eq!(Format::named(format.id()), Some(format));
        }
    }
}

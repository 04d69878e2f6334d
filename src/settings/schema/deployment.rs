//! Settings of model, memory and cluster size (latency chapter L-8, kv-capacity chapter K-1, cluster chapter C-1).

use super::kind::SettingKind;
use super::{Condition, Setting};
use crate::catalog;
use crate::config::{KvCacheFormat, KvWindows, LatencyModelName, LayerCounting, limits};
use crate::settings::field::field;

pub(super) fn model() -> Vec<Setting> {
    vec![
        Setting::new(field!(model.name),
            "model",
            "Model",
            SettingKind::Text {
                nullable: false,
                suggestions: vec![
                    "qwen/qwen3-14b",
                    "qwen/qwen2.5-7b-instruct",
                    "meta-llama/llama-3.1-8b-instruct",
                    "codellama/codellama-34b-instruct-hf",
                    "redhatai/llama-4-scout-17b-16e-instruct-fp8-dynamic",
                ],
            },
        )
        .flag("--model")
        .help("The language model that every instance serves. Larger models answer more slowly"),
        Setting::new(field!(model.hardware),
            "gpu",
            "GPU",
            SettingKind::Text { nullable: true, suggestions: catalog::gpus().iter().map(|gpu| gpu.name.as_str()).collect() },
        )
        .flag("--hardware")
        .help("GPU type. If not set (“Automatic”), the default for this model"),
        Setting::new(field!(model.tp), "tp", "GPUs per instance", SettingKind::optional_integer(1, limits::MAX_TP))
            .flag("--tp")
            .unit("GPUs")
            .help("GPUs that share the work of each step (tensor parallelism). If not set, the default for this model")
            .log_slider(1.0, 8.0, 1.0),
        Setting::new(field!(model.latency_model), "latency", "Latency model", SettingKind::choice::<LatencyModelName>())
            .flag("--latency-model")
            .help("How the duration of one step of an instance is estimated"),
        Setting::new(field!(model.alpha_coeffs), "alpha", "Overhead coefficients", SettingKind::Floats { min_length: 3 })
            .flag("--alpha-coeffs")
            .help("Your own coefficients for the fixed time per request. Needs the step coefficients, too")
            .advanced(),
        Setting::new(field!(model.beta_coeffs), "beta", "Step coefficients", SettingKind::Floats { min_length: 7 })
            .flag("--beta-coeffs")
            .help("Your own coefficients for the step time. Needs the overhead coefficients, too")
            .advanced(),
        Setting::new(field!(model.layers), "layers", "Layers", SettingKind::choice::<LayerCounting>())
            .flag("--layers")
            .help("How the layers of the model are counted: as BLIS does, or each as what it is. Not in BLIS")
            .advanced(),
        Setting::new(field!(model.gpu_price), "price", "Price per GPU-hour", SettingKind::optional_number(0.0, limits::MAX_GPU_PRICE))
            .flag("--gpu-price")
            .unit("$/h")
            .help("What one GPU costs per hour. If not set, a usual price of this GPU, which changes monthly. Not in BLIS")
            .advanced(),
        Setting::new(field!(model.own_models), "ownmodels", "Own models", SettingKind::Document)
            .help("Models read from their config.json, which can be chosen by name. Not in BLIS")
            .advanced(),
        Setting::new(field!(model.own_gpus), "owngpus", "Own GPUs", SettingKind::Document)
            .help("GPUs with figures of your own, which can be chosen by name. Not in BLIS")
            .advanced(),
        Setting::new(field!(model.measured), "measured", "Latency as measured", SettingKind::Document)
            .help("Coefficients of the latency model, fitted to measurements. Not in BLIS")
            .advanced(),
    ]
}

pub(super) fn memory() -> Vec<Setting> {
    vec![
        Setting::new(field!(memory.total_kv_blocks),
            "blocks",
            "KV blocks per instance",
            SettingKind::optional_integer(1, limits::MAX_BLOCKS),
        )
        .flag("--total-kv-blocks")
        .unit("blocks")
        .help("Memory for the tokens of running requests, in blocks. If not set, whatever the model's weights leave free")
        .log_slider(500.0, 50_000.0, 100.0),
        Setting::new(field!(memory.block_size_in_tokens),
            "blocksize",
            "Tokens per KV block",
            SettingKind::integer(1, limits::MAX_BLOCK_SIZE),
        )
        .flag("--block-size-in-tokens")
        .unit("tokens")
        .help("Memory is allocated, and shared prefixes are reused, in blocks of this size")
        .advanced()
        .log_slider(1.0, 256.0, 1.0),
        Setting::new(field!(memory.gpu_memory_utilization),
            "gpumem",
            "Usable GPU memory",
            SettingKind::fraction(),
        )
        .flag("--gpu-memory-utilization")
        .help("Share of the GPU's memory available to weights and KV blocks")
        .advanced()
        .applies_when(Condition::is_null(field!(memory.total_kv_blocks)))
        .slider(0.5, 1.0, 0.01),
        Setting::new(field!(memory.max_model_len),
            "maxlen",
            "Longest request",
            SettingKind::optional_integer(0, limits::MAX_MODEL_LEN),
        )
        .flag("--max-model-len")
        .unit("tokens")
        .help("Longest prompt plus answer, in tokens. 0 means no limit; if not set, the length that the model was trained for")
        .advanced()
        .log_slider(1024.0, 131_072.0, 1024.0),
        Setting::new(field!(memory.kv_cache_format),
            "kvformat",
            "KV cache format",
            SettingKind::choice::<KvCacheFormat>(),
        )
        .flag("--kv-cache-dtype")
        .help("Number format of the KV cache, where layers are counted by kind. Not in BLIS")
        .advanced(),
        Setting::new(field!(memory.kv_windows), "kvwindows", "Windows in the KV cache", SettingKind::choice::<KvWindows>())
            .flag("--kv-windows")
            .help("How many KV blocks layers with a sliding window take, where layers are counted by kind. Not in BLIS")
            .advanced(),
        Setting::new(field!(memory.kv_cpu_blocks), "cpublocks", "CPU blocks per instance", SettingKind::integer(0, limits::MAX_BLOCKS))
            .flag("--kv-cpu-blocks")
            .unit("blocks")
            .help(
                "A second store in CPU memory: what running requests hold is copied to it, and shared prefixes come back from it. \
                 0 means none. Bringing blocks back saves no computation in the step that does so",
            )
            .advanced()
            .log_slider(100.0, 200_000.0, 100.0),
        Setting::new(field!(memory.kv_transfer_bandwidth), "cpubandwidth", "Transfer rate from the CPU", SettingKind::positive())
            .flag("--kv-transfer-bandwidth")
            .unit("tokens/µs")
            .help("How fast blocks come back from CPU memory; the step that needs them takes longer. Each takes whole µs, at least one: from as many tokens/µs on as a block has, nothing changes")
            .advanced()
            .applies_when(Condition::is_not(field!(memory.kv_cpu_blocks), &0_u32))
            .checked_only_if_applies()
            .log_slider(0.1, 100.0, 0.1),
        Setting::new(
            field!(memory.kv_transfer_base_latency),
            "cpulatency",
            "Transfer time of a block",
            SettingKind::integer(0, limits::MAX_TIME_US),
        )
        .flag("--kv-transfer-base-latency")
        .unit("µs")
        .help("What every block that comes back from CPU memory takes in addition")
        .advanced()
        .applies_when(Condition::is_not(field!(memory.kv_cpu_blocks), &0_u32))
        .log_slider(1.0, 10_000.0, 1.0),
    ]
}

pub(super) fn cluster() -> Vec<Setting> {
    vec![
        Setting::new(
            field!(cluster.num_instances),
            "instances",
            "Instances",
            SettingKind::integer(1, limits::MAX_INSTANCES),
        )
        .flag("--num-instances")
        .help("Identical copies of the model, each with its own GPUs, queue and memory")
        .slider(1.0, 32.0, 1.0),
        Setting::new(
            field!(cluster.horizon),
            "horizon",
            "End of the run",
            SettingKind::optional_integer(1, limits::MAX_TIME_US),
        )
        .flag("--horizon")
        .unit("µs")
        .help("Simulated time at which the run stops. If not set, it ends when every request is done")
        .advanced()
        .log_slider(1e6, 6e8, 1e6),
        Setting::new(field!(cluster.kills), "kill", "Kill instances", SettingKind::Kills)
            .flag("--kill")
            .help(
                "Instances that stop taking requests: 2@1.5s stops instance 2 at 1.5 s, once it has finished what it has; \
                 2@1.5s:crash loses that. Not in BLIS",
            )
            .advanced(),
    ]
}

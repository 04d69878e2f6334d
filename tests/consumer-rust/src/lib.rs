//! A page in Rust that depends on the library as any other crate would: without the command line and without the
//! JavaScript interface. It is compiled for WebAssembly, not run.

use blis_playground::config::RoutingPolicyName;
use blis_playground::{Config, ConfigError, simulate};

/// The 99th percentile of TTFT under each routing policy, ms, a line each.
///
/// # Errors
/// The setting that cannot be used.
pub fn comparison(instances: &str) -> Result<Vec<String>, ConfigError> {
    let mut config = Config::from_json(r#"{"workload": {"rate": 200, "num_requests": 1000}}"#)?;
    config.set("cluster.num_instances", instances)?;
    let mut lines = Vec::new();
    for &policy in RoutingPolicyName::ALL {
        config.routing.policy = policy;
        let summary = simulate(&config)?.summary();
        lines.push(format!("{policy}: {:.1} ms, {}", summary.ttft.p99_ms, summary.verdict.kind.words()));
    }
    Ok(lines)
}

#[cfg(feature = "page")]
mod page {
    use super::comparison;
    use leptos::prelude::*;

    /// The comparison for a number of instances that is typed in.
    #[component]
    pub fn App() -> impl IntoView {
        let (instances, set_instances) = signal("12".to_owned());
        let lines = move || comparison(&instances.get()).unwrap_or_else(|error| vec![error.to_string()]);
        view! {
            <input prop:value=instances on:input=move |event| set_instances.set(event_target_value(&event)) />
            <ul>{move || lines().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        }
    }
}

#[cfg(feature = "page")]
pub use page::App;

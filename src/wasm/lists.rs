//! Lists of requests that the module holds, so that configurations that name one stay small.

use super::js_error;
use super::values::{self, bytes, config_from_js, config_to_js, to_js};
use crate::config::limits::MAX_TEXT_BYTES;
use crate::config::{Config, ExplicitRequests, SessionScripts};
use crate::error::ConfigError;
use crate::workload;
use crate::workload::loaded::{self, RequestList};
use js_sys::{Error, Uint8Array};
use wasm_bindgen::prelude::*;

/// Largest list that is given back row by row: more would be text that no browser holds.
const MAX_ROWS: u64 = 200_000;

/// Holds a packed list from now on, until `unloadRequests`. What it returns can stand as `workload.requests` of any
/// configuration; `name` is a label.
///
/// @throws {ConfigError} if these are no bytes of `packedRequests` or of a trace, or they are damaged
#[wasm_bindgen(js_name = loadRequests, unchecked_return_type = "LoadedRequests")]
pub fn load_requests(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] packed: JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
) -> Result<JsValue, Error> {
    let name = values::text("name", &name, MAX_TEXT_BYTES)?;
    let list = loaded::load(&bytes("packed", &packed)?, &name).map_err(|error| js_error(&error))?;
    to_js(&list)
}

/// Lets go of a list; runs that have begun keep it. Returns whether it was there.
///
/// @throws {ConfigError} if the digest is no text
#[wasm_bindgen(js_name = unloadRequests)]
pub fn unload_requests(
    #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
) -> Result<bool, Error> {
    Ok(loaded::unload(&values::text("digest", &digest, MAX_TEXT_BYTES)?))
}

/// Whether the module holds a list.
///
/// @throws {ConfigError} if the digest is no text
#[wasm_bindgen(js_name = hasRequests)]
pub fn has_requests(#[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue) -> Result<bool, Error> {
    Ok(loaded::is_loaded(&values::text("digest", &digest, MAX_TEXT_BYTES)?))
}

/// The explicit requests of a configuration as bytes, to be kept and loaded again.
///
/// @throws {ConfigError} if it has none, they cannot be used, or the list that it names is not loaded
#[wasm_bindgen(js_name = packedRequests)]
pub fn packed_requests(
    #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
) -> Result<Uint8Array, Error> {
    let config = config_from_js(&config)?;
    let list = list_of(&config).map_err(|error| js_error(&error))?;
    Ok(Uint8Array::from(loaded::pack(&list).as_slice()))
}

/// The configuration with its requests row by row where it names a loaded list: complete by itself, so that it can be saved
/// and read anywhere. Others come back as they are.
///
/// @throws {ConfigError} if the list is not loaded, or has more than 200,000 requests
#[wasm_bindgen(js_name = withRows, unchecked_return_type = "CompleteConfig")]
pub fn with_rows(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Result<JsValue, Error> {
    let mut config = config_from_js(&config)?;
    let loaded = config.workload.requests.as_ref().and_then(ExplicitRequests::loaded);
    if let Some(named) = loaded {
        let list = loaded::find(named).map_err(|error| js_error(&error))?;
        let requests = list.requests.len() as u64;
        if requests > MAX_ROWS {
            let expected = format!("at most {MAX_ROWS} requests; larger ones can be saved as a trace");
            let error = ConfigError::invalid("workload.requests", format!("{requests} requests"), expected);
            return Err(js_error(&error));
        }
        if let Some(tree) = &list.requests.tree {
            config.workload.hash_block = tree.hash_block;
        }
        config.workload.requests = Some(list.rows().into());
        config.workload.sessions =
            Some(SessionScripts(list.sessions.clone())).filter(|own| !own.0.is_empty());
    }
    config_to_js(&config)
}

fn list_of(config: &Config) -> Result<RequestList, ConfigError> {
    match &config.workload.requests {
        None => Err(ConfigError::invalid("workload.requests", "null", "a list of requests")),
        Some(ExplicitRequests::Loaded(list)) => Ok((*loaded::find(list)?).clone()),
        Some(rows @ ExplicitRequests::Rows(_)) => {
            let mut alone = Config::default();
            alone.workload.requests = Some(rows.clone());
            alone.workload.hash_block = config.workload.hash_block;
            let rows = rows.rows();
            Ok(RequestList {
                sessions: config.workload.sessions.as_ref().map_or_else(Vec::new, |own| own.0.clone()),
                streaming: Some(rows.iter().map(|row| row.streaming).collect()),
                slo_target_us: Some(rows.iter().map(|row| row.slo_target_us).collect()),
                row_prefix_length: Some(rows.iter().map(|row| row.row_prefix_length).collect()),
                ..RequestList::from(workload::generate(&alone)?.requests)
            }
            .canonical())
        }
    }
}

//! The package as a browser sees it: the same digests as natively, errors with their place.
#![cfg(all(target_arch = "wasm32", feature = "js"))]
#![allow(missing_docs)]

use blis_playground::cluster::RequestLocation;
use blis_playground::wasm::{self, JsClusterState, JsPlayback, Run};
use blis_playground::{Config, Simulation, catalog, record::digest};
use js_sys::{JSON, Reflect};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Deserialize)]
struct Case {
    name: String,
    config: Config,
    digest: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("digests.json")).expect("the list of cases")
}

/// The configurations as JavaScript objects, as a page would write them.
fn js_configs() -> Vec<JsValue> {
    let list = JSON::parse(include_str!("digests.json")).expect("JSON");
    let list: js_sys::Array = list.unchecked_into();
    list.iter().map(|case| get(&case, "config")).collect()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

#[wasm_bindgen_test]
fn outcomes_have_the_digests_of_the_native_build() {
    for (case, config) in cases().iter().zip(js_configs()) {
        let result = wasm::simulate(config).expect("a valid configuration");
        assert_eq!(result.digest(), case.digest, "{}", case.name);
    }
}

#[wasm_bindgen_test]
fn a_run_cut_into_slices_has_the_digest_of_the_uncut_run() {
    for (case, config) in cases().iter().zip(js_configs()) {
        let mut run = Run::new(config).expect("a valid configuration");
        while get(&run.advance(1000.0).expect("progress"), "done") != JsValue::TRUE {}
        assert_eq!(run.finish().expect("a valid configuration").digest(), case.digest, "{}", case.name);
    }
}

#[wasm_bindgen_test]
fn the_library_and_its_javascript_face_agree() {
    let case = &cases()[0];
    let mut simulation = Simulation::new(&case.config).expect("valid");
    simulation.run_to_end();
    assert_eq!(digest(&simulation.finish()), case.digest);
}

#[wasm_bindgen_test]
fn an_error_names_field_value_and_range() {
    let config = JSON::parse(r#"{"workload": {"rate": -5}}"#).expect("JSON");
    let Err(error) = wasm::simulate(config) else { panic!("a negative rate was accepted") };
    let error: JsValue = error.into();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(text(&error, "path"), "workload.rate");
    assert_eq!(text(&error, "value"), "-5");
    assert_eq!(text(&error, "expected"), "a number greater than 0");
}

#[wasm_bindgen_test]
fn a_value_of_the_wrong_type_is_found_by_its_path() {
    let config = JSON::parse(r#"{"routing": {"scorers": [{"name": "queue-depth", "weight": "heavy"}]}}"#);
    let Err(error) = wasm::simulate(config.expect("JSON")) else { panic!("a text was accepted as a weight") };
    assert_eq!(text(&error.into(), "path"), "routing.scorers[0].weight");
}

#[wasm_bindgen_test]
fn pairs_make_a_configuration_and_come_back() {
    let pairs =
        JSON::parse(r#"[["rate", "200"], ["no-such-setting", "1"], ["rate", "fast"]]"#).expect("JSON");
    let read = wasm::config_from_pairs(pairs).expect("pairs");
    let rejected: js_sys::Array = get(&read, "rejected").unchecked_into();
    assert_eq!(rejected.length(), 2);
    let back = wasm::config_to_pairs(get(&read, "config")).expect("a configuration");
    assert_eq!(String::from(JSON::stringify(&back).expect("JSON")), r#"[["rate","200"]]"#);
}

#[wasm_bindgen_test]
fn schema_catalog_and_seed_are_there() {
    let schema: js_sys::Array = wasm::schema().expect("a schema").unchecked_into();
    assert!(schema.length() > 30);
    let models: js_sys::Array = get(&wasm::catalog().expect("a catalog"), "models").unchecked_into();
    assert_eq!(models.length() as usize, catalog::models().count() + catalog::current_models().count());
    let seed = wasm::new_seed().expect("random bits");
    assert!(seed >= 0.0 && seed.fract() == 0.0 && seed < 9_007_199_254_740_992.0);
}

#[wasm_bindgen_test]
fn a_playback_goes_forward_and_back_and_a_fork_to_the_same_instance_changes_nothing() {
    let config = js_configs().remove(2);
    let mut playback = JsPlayback::new(config.clone()).expect("a valid configuration");
    let all_at = |state: &JsClusterState, location: RequestLocation| {
        state.places().iter().all(|&place| place == location as u8)
    };
    assert!(all_at(&playback.seek(0.0).expect("a moment"), RequestLocation::Future));
    let middle = playback.seek(2_000_000.0).expect("a moment").used_blocks();
    assert!(all_at(&playback.seek(1e12).expect("a moment"), RequestLocation::Completed));
    assert!(playback.next_event().is_none());
    assert_eq!(playback.seek(2_000_000.0).expect("a moment").used_blocks(), middle);

    let result = wasm::simulate(config.clone()).expect("a valid configuration");
    let instances = result.column("instance".into()).expect("a column");
    let fork = wasm::fork_route(config.clone(), 7.0, instances[7]).expect("a valid instance");
    assert_eq!(fork.digest(), result.digest());
    assert!(wasm::fork_route(config.clone(), 7.0, 99.0).is_err());
    let explanation = wasm::explain_decision(config, 7.0).expect("a decision");
    assert_eq!(get(&explanation, "chosen").as_f64(), Some(instances[7]));
}

#[wasm_bindgen_test]
fn values_without_a_json_form_are_refused_with_their_place() {
    let config = JSON::parse(r#"{"workload": {}, "slo": {"batch": {}}}"#).expect("JSON");
    let refusal = |path: &[&str], value: &JsValue| {
        let config: JsValue =
            JSON::parse(&String::from(JSON::stringify(&config).expect("JSON"))).expect("JSON");
        let (name, groups) = path.split_last().expect("a path");
        let group = groups.iter().fold(config.clone(), |object, name| get(&object, name));
        Reflect::set(&group, &(*name).into(), value).expect("an object");
        let Err(error) = wasm::simulate(config) else { panic!("{path:?} was accepted") };
        text(&error.into(), "path")
    };
    assert_eq!(refusal(&["workload", "rate"], &f64::NAN.into()), "workload.rate");
    assert_eq!(refusal(&["slo", "batch", "ttft_ms"], &f64::INFINITY.into()), "slo.batch.ttft_ms");
    assert_eq!(refusal(&["workload", "kind"], &JsValue::symbol(None)), "workload.kind");
    assert_eq!(refusal(&["cluster"], &js_sys::Array::new()), "cluster");
    let cycle = js_sys::Object::new();
    Reflect::set(&cycle, &"self".into(), &cycle).expect("an object");
    assert!(refusal(&["workload", "spec"], &cycle).starts_with("workload.spec.self.self"));
}

/// The value of an expression of JavaScript.
fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).expect("a value")
}

#[wasm_bindgen_test]
fn what_throws_when_it_is_read_is_a_problem_and_no_exception() {
    let revoked = "(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })()";
    let nasty = [
        "{ get seed() { throw 1; } }",
        "{ cluster: { get num_instances() { throw new Error('no'); } } }",
        "{ slo: new Proxy({}, { ownKeys() { throw 1; } }) }",
        "{ slo: new Proxy({}, { getPrototypeOf() { throw 1; } }) }",
        "{ seed: new Proxy({}, { get() { throw 1; } }) }",
        "{ routing: { scorers: new Proxy([1], { get() { throw 1; } }) } }",
    ]
    .map(str::to_owned);
    for expression in nasty.into_iter().chain([revoked.to_owned(), format!("{{ slo: {revoked} }}")]) {
        let problems = wasm::validate(js(&expression)).expect("problems");
        assert_eq!(get(&problems, "length"), JsValue::from(1), "{expression}");
        assert!(wasm::simulate(js(&expression)).is_err(), "{expression}");
    }
    let pairs = "[new Proxy([1, 2], { get() { throw 1; } })]";
    for pairs in [pairs, "{ [Symbol.iterator]() { throw 1; } }", revoked] {
        assert!(wasm::config_from_pairs(js(pairs)).is_err(), "{pairs}");
    }
    // A list is read by place, a map as itself.
    assert!(wasm::simulate(js("new Map([['workload', new Map([['num_requests', 3]])]])")).is_ok());
}

#[wasm_bindgen_test]
fn a_text_that_is_too_long_is_refused_before_it_is_copied() {
    let pages = || js_sys::WebAssembly::Memory::buffer(wasm_bindgen::memory().unchecked_ref());
    let size = || get(&pages(), "byteLength").as_f64().expect("a number");
    let (before, long) = (size(), js("' '.repeat(200e6)"));
    let config = || js_sys::Object::new().into();
    let refusals = [
        wasm::import_settings(long.clone(), config()),
        wasm::import_workload_spec(long.clone(), config()),
        wasm::import_trace(long.clone(), "".into(), config()),
    ];
    for refusal in refusals {
        let Err(error) = refusal else { panic!("a text of 200 MB was accepted") };
        assert!(text(&error.into(), "expected").starts_with("a text of at most "));
    }
    assert!(size() < before + 100e6, "{before} bytes became {}", size());
}

#[wasm_bindgen_test]
fn undefined_settings_keep_their_default_and_large_seeds_may_be_bigints() {
    let config = JSON::parse(r#"{"workload": {"num_requests": 3, "rate": 5}}"#).expect("JSON");
    Reflect::set(&get(&config, "workload"), &"kind".into(), &JsValue::UNDEFINED).expect("an object");
    Reflect::set(&config, &"seed".into(), &js_sys::BigInt::from(i64::MIN).into()).expect("an object");
    let expected = Config {
        seed: i64::MIN,
        workload: blis_playground::config::WorkloadSettings {
            num_requests: 3,
            rate: 5.0,
            ..Config::default().workload
        },
        ..Config::default()
    };
    let outcome = blis_playground::simulate(&expected).expect("valid");
    assert_eq!(wasm::simulate(config).expect("valid").digest(), digest(&outcome));
}

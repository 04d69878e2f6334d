//! The files in `examples/jobs` that spread a sweep over machines: their commands make the parts of one sweep.

use super::{blis, printed};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sweep that both make in parts.
const WHOLE: &str = "sweep --model qwen/qwen3-14b --latency-model roofline --rate 200 --num-requests 1000 \
    --vary num-instances=1..16 --seeds 5";

fn job(name: &str) -> String {
    let path = format!("{}/examples/jobs/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("blis-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a writable folder");
    folder
}

/// Runs a script as each part, with a variable that counts from `first`, and merges what they have written.
#[track_caller]
fn assert_makes_the_whole(script: &str, folder: &Path, variable: &str, first: usize) {
    let program = Path::new(env!("CARGO_BIN_EXE_blis")).parent().expect("a folder");
    let path = std::env::join_paths(
        std::iter::once(program.to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").expect("a path"))),
    )
    .expect("a path");
    for number in first..first + 8 {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", script]).current_dir(folder).env("PATH", &path);
        let output = shell
            .env(variable, number.to_string())
            .env("SLURM_CPUS_PER_TASK", "2")
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let parts = (first..first + 8).map(|number| folder.join(format!("part-{number}.jsonl")).into_os_string());
    let output = blis(["sweep".into(), "--merge".into()].into_iter().chain(parts));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout == printed(WHOLE).as_bytes());
    std::fs::remove_dir_all(folder).expect("it was ours");
}

#[test]
fn an_indexed_job_of_kubernetes_makes_a_sweep() {
    let job: Value = serde_saphyr::from_str(&job("kubernetes.yaml")).expect("YAML");
    let (spec, pod) = (&job["spec"], &job["spec"]["template"]["spec"]);
    assert_eq!((&job["apiVersion"], &job["kind"]), (&"batch/v1".into(), &"Job".into()));
    assert_eq!((&spec["completionMode"], &spec["completions"]), (&"Indexed".into(), &8.into()));
    assert_eq!(pod["restartPolicy"], "Never");
    let container = &pod["containers"][0];
    assert_eq!(container["command"], serde_json::json!(["sh", "-c"]));
    let mount = &container["volumeMounts"][0];
    assert_eq!(mount["name"], pod["volumes"][0]["name"]);
    let [script] = container["args"].as_array().expect("arguments").as_slice() else { panic!("{container}") };
    let folder = folder("kubernetes");
    let results = mount["mountPath"].as_str().expect("a path");
    let script = script.as_str().expect("a script").replace(results, &folder.display().to_string());
    assert_makes_the_whole(&script, &folder, "JOB_COMPLETION_INDEX", 0);
}

#[test]
fn an_array_of_slurm_makes_a_sweep() {
    let script = job("slurm.sh");
    assert!(script.starts_with("#!/bin/sh\n") && script.contains("\n#SBATCH --array=1-8\n"));
    assert_makes_the_whole(&script, &folder("slurm"), "SLURM_ARRAY_TASK_ID", 1);
}

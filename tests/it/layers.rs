//! The modules of the library lie in layers: each imports only those before it in the list below.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. A new module takes its place here; what does not fit is in the wrong module.
const LAYERS: [&str; 27] = [
    "text",
    "error",
    "order",
    "units",
    "config",
    "formats",
    "catalog",
    "latency",
    "workload",
    "import",
    "record",
    "instance",
    "cluster",
    "settings",
    "outcome",
    "simulation",
    "estimate",
    "playback",
    "sweep",
    "measurements",
    "theory",
    "figures",
    "sizing",
    "lessons",
    "golden",
    "wasm",
    "lib",
];

/// The Rust files below a folder, those of unit tests left out: tests may use everything.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name == "tests" || name == "testing" || name == "bin" {
            continue;
        }
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The modules that a file names as `crate::module`, outside comments and the unit tests at its end.
fn imports(text: &str) -> Vec<&str> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or(line));
    let named = lines.flat_map(|line| line.split("crate::").skip(1));
    let modules = named.map(|rest| {
        let end =
            rest.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_').unwrap_or(rest.len());
        &rest[..end]
    });
    // What begins with a capital letter is a type at the root of the library.
    modules.map(|module| if module.is_empty() { "lib" } else { module }).collect()
}

#[test]
fn modules_import_only_the_layers_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let layer = |module: &str| LAYERS.iter().position(|&layer| layer == module);
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for path in sources(&root) {
        let inner = path.strip_prefix(&root).expect("below src");
        let first = inner.iter().next().and_then(|part| part.to_str()).expect("a name");
        let own = first.trim_end_matches(".rs");
        let Some(height) = layer(own) else {
            wrong.push(format!("{} has no place in LAYERS", inner.display()));
            continue;
        };
        for module in imports(&fs::read_to_string(&path).expect("text")) {
            if module == own {
                continue;
            }
            arrows += 1;
            if layer(module).is_none_or(|other| other >= height) {
                wrong.push(format!("{} imports {module}", inner.display()));
            }
        }
    }
    assert!(arrows > 300, "only {arrows} imports were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! `blis model`: what is understood of a model's file, and which models are bundled.

use crate::failure::Failure;
use crate::model_files;
use crate::sources::Sources;
use blis_playground::catalog::{Model, find_model, search_models};
use blis_playground::latency::description::{LayerRow, ModelDescription, describe};
use blis_playground::text::visible;
use clap::ArgMatches;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const FLAG: &str = "FILE";

/// Shows one model, or lists those that are bundled.
pub fn model(flags: &ArgMatches) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    match flags.get_one::<String>("model") {
        Some(given) => show(&mut out, &find(given, flags)?, flags.get_flag("json"))?,
        None => list(
            &mut out,
            flags.get_one::<String>("search").map_or("", String::as_str),
            flags.get_flag("json"),
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A file or a folder if there is one of that name, else a bundled model.
fn find(given: &str, flags: &ArgMatches) -> Result<Model, Failure> {
    let path = Path::new(given);
    let is_file = given == "-" || path.exists();
    if !is_file {
        let looks_like_a_file =
            path.extension().is_some_and(|it| it == "json") || given.starts_with(['.', '/']);
        if looks_like_a_file {
            let message = "no such file or folder".to_owned();
            return Err(Failure::File { flag: FLAG, path: path.to_owned(), message });
        }
        return Ok(find_model(given)?.clone());
    }
    let name = flags.get_one::<String>("name").cloned().unwrap_or_else(|| name_of(path));
    model_files::described(FLAG, &name, path, &Sources::default())
}

/// The name of a model by its file: of the folder for a `config.json`.
fn name_of(path: &Path) -> String {
    let file = model_files::config_file(path);
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("model");
    let folder = file.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    match (stem, folder) {
        ("config", Some(folder)) => folder.to_owned(),
        ("-" | "config", _) => "model".to_owned(),
        // `org--name.json`, as copies of several files are named.
        (stem, _) => stem.trim_end_matches("_config").replacen("--", "/", 1),
    }
}

fn list(out: &mut impl Write, words: &str, json: bool) -> Result<(), Failure> {
    let found = search_models(words);
    if json {
        let rows: Vec<ModelDescription> = found.into_iter().map(describe).collect();
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&rows).map_err(std::io::Error::from)?)?);
    }
    if found.is_empty() {
        let expected = "words that occur in the name of a bundled model (blis model lists them)";
        return Err(Failure::Flag(format!("--search must be {expected}, got {words}")));
    }
    let head = ["model", "parameters", "active", "weights GB", "longest", "GPUs", "coverage"];
    let rows = found.into_iter().map(|model| {
        let it = describe(model);
        let gpus = model.default_tp.zip(model.default_hardware.as_ref());
        [
            model.name.clone(),
            billions(it.parameters),
            if it.active_parameters < 0.9 * it.parameters && it.active_parameters > 0.0 {
                billions(it.active_parameters)
            } else {
                String::new()
            },
            format!("{:.1}", it.weight_bytes / 1e9),
            if it.max_length > 0.0 { format!("{}", it.max_length) } else { "-".to_owned() },
            gpus.map_or_else(String::new, |(tp, gpu)| format!("{tp} x {gpu}")),
            it.coverage.label().to_owned(),
        ]
    });
    table(out, head, rows.collect())
}

fn show(out: &mut impl Write, model: &Model, json: bool) -> Result<(), Failure> {
    if json {
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(model).map_err(std::io::Error::from)?)?);
    }
    let it = describe(model);
    writeln!(out, "{} ({})\n", visible(&it.title), it.coverage.label())?;
    if !it.layers.is_empty() {
        let row = |row: &LayerRow| {
            let some = |number: f64| if number > 0.0 { format!("{number}") } else { String::new() };
            [
                row.kind.clone(),
                row.layers.to_string(),
                some(row.elements_per_token),
                some(row.window),
                some(row.state_bytes),
            ]
        };
        let head = ["layers", "how many", "KV elements per token", "window", "state bytes"];
        table(out, head, it.layers.iter().map(row).collect())?;
        writeln!(out)?;
        let row = |part: &blis_playground::latency::description::PartRow| {
            let format = serde_json::to_value(part.format).unwrap_or_default();
            let format = format.as_str().unwrap_or_default().to_owned();
            [part.part.to_owned(), format!("{}", part.parameters), format, gigabytes(part.bytes)]
        };
        table(out, ["part", "parameters", "format", "GB"], it.parts.iter().map(row).collect())?;
        writeln!(out)?;
    }
    for (what, value) in lines(&it) {
        writeln!(out, "{what:<28}{}", visible(&value))?;
    }
    for remark in &it.remarks {
        writeln!(out, "approximated: {}", visible(remark))?;
    }
    Ok(())
}

fn lines(it: &ModelDescription) -> Vec<(&'static str, String)> {
    let bytes =
        |bytes: f64| if bytes >= 1e6 { format!("{:.1} MB", bytes / 1e6) } else { format!("{bytes} bytes") };
    let total = |published: f64| format!(" (published: {published} billion)");
    let published = it.published.as_ref();
    let mut lines = vec![(
        "parameters",
        billions(it.parameters) + &published.map_or_else(String::new, |it| total(it.total_billion)),
    )];
    if it.active_parameters > 0.0 {
        let active = published.and_then(|it| it.active_billion).map_or_else(String::new, total);
        lines.push(("active per token", billions(it.active_parameters) + &active));
    }
    lines.push(("weights", format!("{} GB", gigabytes(it.weight_bytes))));
    if !it.layers.is_empty() {
        lines.push(("KV cache per token", format!("{} (16-bit elements)", bytes(it.kv_bytes_per_token))));
        if it.kv_bytes_per_token_reserved > it.kv_bytes_per_token {
            lines.push(("  if windows are reserved", bytes(it.kv_bytes_per_token_reserved)));
        }
    }
    if it.window_bytes_per_sequence > 0.0 {
        lines.push(("windows per sequence", bytes(it.window_bytes_per_sequence)));
    }
    if it.state_bytes_per_sequence > 0.0 {
        lines.push(("states per sequence", bytes(it.state_bytes_per_sequence)));
    }
    if !it.kv_cache_format.is_empty() {
        lines.push(("KV cache in the file", it.kv_cache_format.clone()));
    }
    let longest =
        if it.max_length > 0.0 { format!("{} tokens", it.max_length) } else { "not said".to_owned() };
    lines.push(("longest sequence", longest));
    lines.push(("in BLIS", reference(it)));
    lines
}

/// What the reference makes of it, with both figures where they differ.
fn reference(it: &ModelDescription) -> String {
    let theirs = it.reference.parameters.filter(|_| !it.layers.is_empty());
    let differs = theirs.filter(|theirs| (theirs / it.parameters - 1.0).abs() > 0.001);
    let counted =
        differs.map_or_else(String::new, |theirs| format!("{} parameters counted", billions(theirs)));
    match (it.reference.accepts, counted.is_empty()) {
        (true, true) => "accepted".to_owned(),
        (true, false) => format!("accepted, with {counted}"),
        (false, true) => format!("refused: {}", it.reference.reason),
        (false, false) => format!("refused: {} ({counted})", it.reference.reason),
    }
}

fn billions(count: f64) -> String {
    if count >= 1e10 { format!("{:.1} billion", count / 1e9) } else { format!("{:.2} billion", count / 1e9) }
}

fn gigabytes(bytes: f64) -> String {
    if bytes >= 1e8 { format!("{:.1}", bytes / 1e9) } else { format!("{:.3}", bytes / 1e9) }
}

/// Columns as wide as their widest cell; all but the first flush right.
fn table<const N: usize>(
    out: &mut impl Write,
    head: [&str; N],
    rows: Vec<[String; N]>,
) -> Result<(), Failure> {
    let head = head.map(str::to_owned);
    let rows: Vec<[String; N]> =
        std::iter::once(head).chain(rows).map(|row| row.map(|cell| visible(&cell).into_owned())).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let width = widths[column];
            if column == 0 { format!("{cell:<width$}") } else { format!("  {cell:>width$}") }
        });
        writeln!(out, "{}", cells.collect::<String>().trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> String {
        let mut out = Vec::new();
        show(&mut out, find_model(name).expect(name), false).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_model_of_the_reference_is_shown_as_it_has_it() {
        let text = shown("qwen3-14b");
        assert!(text.starts_with("Qwen3 14B (as in BLIS)\n"), "{text}");
        assert!(text.contains("longest sequence            40960 tokens"), "{text}");
    }

    #[test]
    fn layers_parts_and_both_counts_are_shown() {
        let text = shown("nvidia/qwen3.6-27b-nvfp4");
        for part in [
            "(roofline, not in BLIS)",
            "linear attention",
            "26.9 billion",
            "65536 bytes",
            "153.9 MB",
            "accepted, with 23.7 billion parameters counted",
            "262144 tokens",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn the_list_has_a_row_for_every_model_and_search_says_when_there_is_none() {
        let mut out = Vec::new();
        list(&mut out, "", false).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text.lines().count(), 1 + search_models("").len());
        assert!(text.contains("8 x B200"), "{text}");
        let failure = list(&mut Vec::new(), "no such thing", false).expect_err("nothing");
        assert!(failure.to_string().contains("got no such thing"), "{failure}");
    }

    #[test]
    fn names_follow_from_files_and_folders() {
        for (path, name) in [
            ("models/Qwen3-8B/config.json", "Qwen3-8B"),
            ("Qwen--Qwen3-8B.json", "Qwen/Qwen3-8B"),
            ("a/b/Qwen--Qwen3-8B_config.json", "Qwen/Qwen3-8B"),
            ("-", "model"),
        ] {
            assert_eq!(name_of(Path::new(path)), name);
        }
    }
}

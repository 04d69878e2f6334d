//! The documents are true of the repository: rules that are cited exist, links and paths lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What may cite a rule.
const CITING: [&str; 7] = ["src", "tests", "benches", "examples", "web", "docs", "scripts"];

/// What else is read for links.
const PAGES: [&str; 2] = ["README.md", "CHANGELOG.md"];

/// Endings of text files.
const ENDINGS: [&str; 10] = ["rs", "js", "mjs", "ts", "md", "html", "css", "json", "sh", "toml"];

/// Capital letters before a dash and a digit that are no rule: encodings, licences, names of models.
const NO_RULES: [&str; 6] = ["UTF", "BSD", "BSL", "GLM", "GPT", "SHA"];

/// Rules of chapters that are still to come. Only the page that settles where they meet cites them.
const TO_COME: [&str; 2] = ["A", "F"];
const SPEAKS_OF_THEM: &str = "docs/spec/growth.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Paths of the text files in a folder of the repository, from the root, in order.
fn texts(folder: &str) -> Vec<String> {
    assert!(root().join(folder).is_dir(), "no folder {folder}");
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("a readable entry").path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !["target", "node_modules", "corpus", "pkg"].contains(&name) {
                folders.push(path);
            } else if path.extension().is_some_and(|it| ENDINGS.iter().any(|ending| it == *ending)) {
                let relative = path.strip_prefix(root()).expect("a path in the repository");
                files.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A rule number, or an example's, at the beginning of a text: `7.1`, `X2`, `E10b`.
fn number(text: &str) -> &str {
    let letters = text.len() - text.trim_start_matches(['X', 'E']).len();
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = letters + digits(letters);
    if letters > 1 || end == letters {
        return "";
    }
    if letters == 1 {
        return &text[..end + usize::from(text[end..].starts_with(['a', 'b', 'c']))];
    }
    while text[end..].starts_with('.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    &text[..end]
}

/// The rules that a line cites: one to three capital letters, a dash, a number, and nothing else around them.
fn cited(line: &str) -> Vec<&str> {
    let part_of_word = |it: char| it.is_alphanumeric() || it == '_' || it == '-';
    let mut rules = Vec::new();
    for (dash, _) in line.match_indices('-') {
        let before = &line[..dash];
        let prefix = &before[before.trim_end_matches(|it: char| it.is_ascii_uppercase()).len()..];
        let number = number(&line[dash + 1..]);
        let end = dash + 1 + number.len();
        let alone =
            !before[..dash - prefix.len()].ends_with(part_of_word) && !line[end..].starts_with(part_of_word);
        if (1..=3).contains(&prefix.len()) && !number.is_empty() && alone && !NO_RULES.contains(&prefix) {
            rules.push(&line[dash - prefix.len()..end]);
        }
    }
    rules
}

/// Where a page can be entered: explicit anchors, and its headings as GitHub names them.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut anchors: BTreeSet<String> = explicit_anchors(page).map(str::to_owned).collect();
    for heading in prose(page).filter(|line| line.starts_with('#')) {
        let title = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        anchors.insert(kept.map(|it| if it == ' ' { '-' } else { it }).collect());
    }
    anchors
}

fn explicit_anchors(page: &str) -> impl Iterator<Item = &str> {
    page.split("<a id=\"").skip(1).filter_map(|rest| rest.split_once("\"></a>")).map(|(id, _)| id)
}

/// The lines of a page that are not in a code block.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    })
}

/// The specification's anchors, each with the chapters that have it.
fn rules() -> BTreeMap<String, Vec<String>> {
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for chapter in texts("docs/spec") {
        for id in explicit_anchors(&read(&chapter)) {
            rules.entry(id.to_owned()).or_default().push(chapter.clone());
        }
    }
    rules
}

#[test]
fn citations_are_told_from_names() {
    let line = "(C-7.1), I-8.3. KV-X2, I-E10b; INV-13, A-100 L-40S GLM-5.2 UTF-8 x-1 R-4-5 R2-D2 C- C-X";
    assert_eq!(cited(line), ["C-7.1", "I-8.3", "KV-X2", "I-E10b", "INV-13", "A-100"]);
}

#[test]
fn every_rule_has_one_place_in_the_specification() {
    let rules = rules();
    assert!(rules.len() > 200, "only {} anchors in docs/spec", rules.len());
    let twice: Vec<_> = rules.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "anchors that occur twice: {twice:?}");
    let early: Vec<_> = rules
        .keys()
        .filter(|rule| rule.split_once('-').is_some_and(|(prefix, _)| TO_COME.contains(&prefix)))
        .collect();
    assert!(early.is_empty(), "these chapters have come, so they belong no longer in TO_COME: {early:?}");
}

#[test]
fn every_cited_rule_is_in_the_specification() {
    let rules = rules();
    let mut astray = Vec::new();
    let pages = PAGES.map(str::to_owned);
    for path in CITING.iter().flat_map(|folder| texts(folder)).chain(pages) {
        if path == file!() || path.ends_with("package-lock.json") {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            let to_come = |rule: &str| {
                path == SPEAKS_OF_THEM
                    && rule.split_once('-').is_some_and(|(prefix, _)| TO_COME.contains(&prefix))
            };
            for rule in cited(line).into_iter().filter(|rule| !rules.contains_key(*rule) && !to_come(rule)) {
                astray.push(format!("{path}:{}: {rule}", number + 1));
            }
        }
    }
    assert!(astray.is_empty(), "rules without an anchor in docs/spec:\n{}", astray.join("\n"));
}

#[test]
fn chapters_are_cited_by_rule_not_by_section() {
    let by_section = |line: &str| {
        let mut rests = line.split(" chapter, ").skip(1);
        rests.any(|rest| rest.starts_with("section") || rest.starts_with(|it: char| it.is_ascii_digit()))
    };
    let mut astray = Vec::new();
    for path in CITING.iter().flat_map(|folder| texts(folder)).filter(|path| path != file!()) {
        let lines: Vec<_> = read(&path).lines().filter(|line| by_section(line)).map(str::to_owned).collect();
        astray.extend(lines.into_iter().map(|line| format!("{path}: {}", line.trim())));
    }
    assert!(
        astray.is_empty(),
        "write KV-5.3 for section 5.3 of the kv-cache chapter:\n{}",
        astray.join("\n")
    );
}

/// Targets of the links in a line of Markdown: `[text](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

fn markdown() -> Vec<String> {
    let pages = PAGES.map(str::to_owned);
    let folders = CITING
        .iter()
        .flat_map(|folder| texts(folder))
        .filter(|path| Path::new(path).extension().is_some_and(|it| it == "md"));
    let all: BTreeSet<_> = folders.chain(pages).collect();
    all.into_iter().collect()
}

#[test]
fn links_in_documents_lead_to_files_and_anchors() {
    let mut astray = Vec::new();
    for page in markdown() {
        let text = read(&page);
        for target in prose(&text).flat_map(targets) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
            let path = if file.is_empty() { root().join(&page) } else { root().join(folder).join(file) };
            let found = path.exists()
                && (anchor.is_empty()
                    || fs::read_to_string(&path).is_ok_and(|target| anchors(&target).contains(anchor)));
            if !found {
                astray.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(astray.is_empty(), "links that lead nowhere:\n{}", astray.join("\n"));
}

/// The quoted words of a line of Markdown.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn paths_named_in_documents_exist() {
    let mut astray = Vec::new();
    for page in markdown().into_iter().filter(|page| page != "CHANGELOG.md") {
        for path in prose(&read(&page)).flat_map(quoted) {
            let folder = path.split_once('/').map_or("", |(folder, _)| folder);
            let plain = !path.contains([' ', '*', '{', '<', '$', '…']);
            if plain && CITING.contains(&folder) && !root().join(path).exists() {
                astray.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(astray.is_empty(), "paths that do not exist:\n{}", astray.join("\n"));
}

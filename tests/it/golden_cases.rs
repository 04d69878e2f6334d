//! All recorded cluster runs: every column and figure.

use blis_playground::golden::{check_case, check_case_from_specification};

#[test]
fn all_recorded_cases_are_reproduced() {
    let mut names: Vec<String> = std::fs::read_dir(crate::common::golden_dir().join("cases"))
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().replace(".gz", ""))
        .collect();
    names.sort();
    assert_eq!(names.len(), 217);
    let mut failures = Vec::new();
    for name in &names {
        match check_case(&crate::common::golden_text(&format!("cases/{name}"))) {
            Ok(differences) if differences.is_empty() => {}
            Ok(differences) => {
                failures.push(format!("{name}: {} differences", differences.len()));
                failures.extend(differences.iter().take(4).map(|d| {
                    format!("    {} {:?}: expected {}, got {}", d.column, d.index, d.expected, d.got)
                }));
            }
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn conversations_are_reproduced_from_the_specifications_of_their_requests() {
    let cases = std::fs::read_dir(crate::common::golden_dir().join("cases")).expect("the folder of cases");
    let (mut compared, mut failures) = (0, Vec::new());
    for case in cases {
        let name = case.expect("an entry").file_name().to_string_lossy().replace(".gz", "");
        // Of the others the seed is not recorded.
        if !name.starts_with("session-") {
            continue;
        }
        match check_case_from_specification(&crate::common::golden_text(&format!("cases/{name}"))) {
            Ok(None) => continue,
            Ok(Some(differences)) if differences.is_empty() => {}
            Ok(Some(differences)) => {
                failures.push(format!("{name}: {} differences", differences.len()));
                failures.extend(differences.iter().take(4).map(|d| {
                    format!("    {} {:?}: expected {}, got {}", d.column, d.index, d.expected, d.got)
                }));
            }
            Err(error) => failures.push(format!("{name}: {error}")),
        }
        compared += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(compared, 17);
}

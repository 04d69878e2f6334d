//! Policy files damaged at random: read, or refused with a place, and never a panic.

use blis_playground::Config;
use blis_playground::settings::policy::from_yaml;
use proptest::prelude::*;

/// Pieces that YAML, numbers and the keys of a policy file are made of.
const PIECES: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    ", ",
    "\n",
    "  ",
    "\"",
    "&a ",
    "*a",
    "# ",
    "~",
    "0x",
    "1_0",
    "-",
    "1e999",
    ".nan",
    "0.5",
    "admission",
    "policy",
    "scorers",
    "name",
    "weight",
    "tenant_budgets",
    "node_pools",
    "mean",
    "tier-shed",
    "null",
];

proptest! {
    #[test]
    fn a_damaged_file_is_read_or_refused_with_its_place(
        file in 0_usize..3,
        damage in prop::collection::vec((0.0_f64..1.0, 0_usize..12, prop::sample::select(PIECES.to_vec())), 1..5),
    ) {
        let mut text = [
            include_str!("../../fuzz/corpus/policy_file/everything.yaml"),
            include_str!("../../golden/policy-bundles/09-weighted-scorers.yaml"),
            include_str!("../../golden/policy-bundles/12-tenants-tier-flag-scorers.yaml"),
        ][file].to_owned();
        for (place, removed, piece) in damage {
            // All of it is ASCII.
            let from = (place * text.len() as f64) as usize;
            text.replace_range(from..(from + removed).min(text.len()), piece);
        }
        match from_yaml(&Config::default(), &text) {
            Ok(policies) => drop(policies.config.validate()),
            Err(error) => prop_assert!(!error.path().is_empty() || error.to_string().contains("line "), "{text}: {error}"),
        }
    }
}

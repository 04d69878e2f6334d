//! Damage at random: nothing panics, every row is accounted for, and the size of pieces does not matter.

use super::{read, read_in, sample};
use blis_playground::import::{Options, Slices};
use proptest::prelude::*;

const FILES: [&str; 14] = [
    "azure-odd.csv",
    "azure-lmm.csv",
    "burstgpt-3.csv",
    "generic.csv",
    "tracelab.csv",
    "vidur-splitwise-conv-60.csv",
    "mooncake-odd.jsonl",
    "bailian.jsonl",
    "aiperf-profile-export.jsonl",
    "guidellm.json",
    "inference-perf-per-request.json",
    "sharegpt-mini.json",
    "vllm-bench.json",
    "azure-conv-200.csv.gz",
];

/// What replaces a piece of a file.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"",
        b"\"",
        b"\n",
        b"\r\n\r\n",
        b",",
        b";",
        b"{",
        b"}",
        b"[",
        b"]",
        b"-1",
        b"0",
        b"null",
        b"1e999",
        b"99999999999999999999",
        b"\\",
        b"\xff\xfe",
        b"1970-01-01",
        b"NaN",
        b":",
        b"\0",
        b"\"\"",
        b"1.5",
        b"\xc3",
        b"true",
    ];
    prop_oneof![
        proptest::sample::select(known).prop_map(<[u8]>::to_vec),
        proptest::collection::vec(any::<u8>(), 0..12),
    ]
}

proptest! {
    #[test]
    fn damaged_files_are_read_or_refused_and_every_row_is_accounted_for(
        name in proptest::sample::select(&FILES[..]),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), 0usize..20, junk()), 0..6),
        size in 1usize..300,
    ) {
        let mut bytes = sample(name);
        for (place, length, junk) in damage {
            let start = place.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, junk);
        }
        let whole = read(&bytes, &Options::default());
        let pieces = read_in(&bytes, &Options::default(), size);
        match (whole, pieces) {
            (Ok(whole), Ok(pieces)) => {
                prop_assert_eq!(whole.report(), pieces.report());
                let counts = whole.report().counts;
                prop_assert_eq!(counts.read, counts.kept + counts.dropped + counts.blank);
                let slice = whole.sliced(&Slices { speed: Some(1.5), clip_input: Some(300), ..Slices::default() });
                let slice = slice.expect("rows");
                let later: usize = slice.list.sessions.iter().map(|script| script.rounds.len()).sum();
                prop_assert_eq!((slice.list.requests.len() + later) as u64, counts.kept);
                slice.list.check().expect("a list that a run takes");
                let requests = &slice.list.requests;
                prop_assert!(requests.arrival.is_sorted());
                if let Some(tree) = &requests.tree {
                    tree.check(requests).expect("a sound tree");
                }
            }
            (Err(whole), Err(pieces)) => {
                // Where exactly an archive breaks off may depend on the pieces.
                if !name.contains(".csv.gz") {
                    prop_assert_eq!(whole.to_string(), pieces.to_string());
                }
            }
            (whole, pieces) => prop_assert!(false, "{:?} {:?}", whole.is_ok(), pieces.is_ok()),
        }
    }
}

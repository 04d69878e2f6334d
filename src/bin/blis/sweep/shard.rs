//! `--shard I/N`: every N-th row from the I-th on.

use crate::failure::Failure;
use std::fmt;
use std::str::FromStr;

/// A part of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// From 1 to `of`.
    pub number: usize,
    pub of: usize,
}

impl Shard {
    /// All rows.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Which of so many shards has a row; both count from 1.
    pub const fn with_row(row: usize, of: usize) -> Self {
        Self { number: (row - 1) % of + 1, of }
    }

    /// Its rows of so many, from 1 on.
    pub fn rows(self, count: usize) -> impl Iterator<Item = usize> {
        (self.number..=count).step_by(self.of)
    }
}

impl FromStr for Shard {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let parts =
            text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        parts.filter(|&(number, of)| (1..=of).contains(&number)).map(|(number, of)| Self { number, of }).ok_or_else(
            || {
                Failure::Flag(format!(
                    "--shard must be the number of a part and how many there are, from 1/N to N/N such as 2/8, got {text}"
                ))
            },
        )
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_shard() {
        let shard = |number| Shard { number, of: 3 };
        let rows = |number| shard(number).rows(7).collect::<Vec<_>>();
        assert_eq!([rows(1), rows(2), rows(3)], [vec![1, 4, 7], vec![2, 5], vec![3, 6]]);
        for number in 1..=3 {
            assert!(shard(number).rows(7).all(|row| Shard::with_row(row, 3) == shard(number)));
        }
        assert_eq!(Shard { number: 3, of: 3 }.rows(2).count(), 0);
    }

    #[test]
    fn shards_are_read_from_one_to_their_number() {
        assert_eq!("2/8".parse::<Shard>().expect("a shard"), Shard { number: 2, of: 8 });
        for text in ["0/8", "9/8", "1/0", "1", "/", "a/b", "-1/4", "1/4/4", "1/99999999999999999999999"] {
            let refused = text.parse::<Shard>().expect_err(text).to_string();
            assert!(refused.ends_with(&format!("from 1/N to N/N such as 2/8, got {text}")), "{refused}");
        }
    }
}

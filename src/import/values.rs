//! The values of one row by what they are, whatever the file looks like.

use super::detect::listed;
use super::guard;
use super::mapping::{ROLES, Role};
use super::names::normalized;
use crate::error::ConfigError;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// One value as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Cell<'t> {
    /// A text without its quotes; everything else as it is.
    pub text: Cow<'t, [u8]>,
    /// Whether it is a list or an object of JSON.
    pub is_nested: bool,
    /// Whether it is a text of JSON.
    pub is_quoted: bool,
}

impl<'t> Cell<'t> {
    /// A cell of a table.
    pub const fn plain(text: &'t [u8]) -> Self {
        Self { text: Cow::Borrowed(text), is_nested: false, is_quoted: false }
    }
}

/// The values of one row.
#[derive(Debug)]
pub(super) struct Values<'t> {
    cells: [Option<Cell<'t>>; ROLES],
    /// Which of the names of its role each has; the first wins.
    ranks: [u8; ROLES],
}

impl<'t> Values<'t> {
    pub const fn new() -> Self {
        Self { cells: [const { None }; ROLES], ranks: [u8::MAX; ROLES] }
    }

    /// The value; `None` if the row has none, or an empty one.
    pub fn get(&self, role: Role) -> Option<&Cell<'t>> {
        self.cells[role as usize].as_ref()
    }

    /// The value as bytes.
    pub fn text(&self, role: Role) -> Option<&[u8]> {
        self.get(role).map(|cell| cell.text.as_ref())
    }

    pub fn has(&self, role: Role) -> bool {
        self.cells[role as usize].is_some()
    }

    pub fn put(&mut self, (role, rank): (Role, u8), cell: Cell<'t>) {
        let place = role as usize;
        if rank < self.ranks[place] && !cell.text.trim_ascii().is_empty() {
            self.cells[place] = Some(cell);
            self.ranks[place] = rank;
        }
    }
}

/// Which names lead to which role.
#[derive(Clone, Debug)]
pub(super) enum Rules {
    /// Those of a format: names in the form in which they are compared.
    Known(&'static [(Role, &'static [&'static str])]),
    /// Names as they stand in the file.
    Named(Vec<(String, Role)>),
}

impl Rules {
    /// What a column of this name holds, and how much it is preferred: 0 most.
    pub fn find(&self, name: &str) -> Option<(Role, u8)> {
        match self {
            Self::Known(columns) => {
                let name = normalized(name);
                columns.iter().find_map(|(role, names)| {
                    let rank = names.iter().position(|own| *own == name)?;
                    Some((*role, rank as u8))
                })
            }
            Self::Named(columns) => columns.iter().find(|(own, _)| own == name).map(|(_, role)| (*role, 0)),
        }
    }
}

/// Finds the roles of the names of objects, each name once.
#[derive(Debug)]
pub(super) struct Resolver {
    rules: Rules,
    known: HashMap<Box<str>, Option<(Role, u8)>, BuildHasherDefault<super::ids::Mix>>,
    /// Roles of names that were met.
    met: [bool; ROLES],
}

/// Most names that are remembered: objects with names of their own have more.
const MOST_NAMES: usize = 10_000;

impl Resolver {
    pub fn new(rules: Rules) -> Self {
        Self { rules, known: HashMap::default(), met: [false; ROLES] }
    }

    pub fn find(&mut self, name: &str) -> Option<(Role, u8)> {
        if let Some(found) = self.known.get(name) {
            return *found;
        }
        let found = self.rules.find(name);
        if let Some((role, _)) = found {
            self.met[role as usize] = true;
        }
        if self.known.len() < MOST_NAMES {
            self.known.insert(name.into(), found);
        }
        found
    }

    /// Whether every column of a mapping was met; those of a format need not be. `first` are the names of the first objects.
    ///
    /// # Errors
    /// The first that was not.
    pub fn all_found(&self, first: &[String]) -> Result<(), ConfigError> {
        let Rules::Named(columns) = &self.rules else { return Ok(()) };
        match columns.iter().find(|(_, role)| !self.met[*role as usize]) {
            None => Ok(()),
            Some((name, role)) => {
                let expected = format!("one of the fields {}, or one that some object has", listed(first));
                Err(guard::not_a_column(*role, name, &expected))
            }
        }
    }
}

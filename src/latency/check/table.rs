//! Tables in JSON: a list of column names, and rows as lists of cells.

use crate::error::ConfigError;
use serde_json::Value;

/// A file, or a part of it, with its place for messages.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub path: String,
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    pub fn root(value: &'a Value) -> Self {
        Self { path: String::new(), value }
    }

    /// The member of this name, if the node is an object that has it.
    pub fn optional(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        let dot = if self.path.is_empty() { "" } else { "." };
        Some(Self { path: format!("{}{dot}{key}", self.path), value })
    }

    pub fn member(&self, key: &str) -> Result<Self, ConfigError> {
        self.optional(key).ok_or_else(|| self.malformed(&format!("`{key}` is missing")))
    }

    /// The elements of a list.
    pub fn elements(&self) -> Result<Vec<Self>, ConfigError> {
        let list = self.value.as_array().ok_or_else(|| self.malformed("expected a list"))?;
        let numbered = list.iter().enumerate();
        Ok(numbered.map(|(i, value)| Self { path: format!("{}[{i}]", self.path), value }).collect())
    }

    pub fn text(&self) -> Result<&'a str, ConfigError> {
        self.value.as_str().ok_or_else(|| self.malformed("expected text"))
    }

    pub fn integer(&self) -> Result<i64, ConfigError> {
        self.value.as_i64().ok_or_else(|| self.malformed("expected a whole number"))
    }

    pub fn count(&self) -> Result<u32, ConfigError> {
        let number = self.value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| self.malformed("expected a whole number from 0 to 4294967295"))
    }

    pub fn number(&self) -> Result<f64, ConfigError> {
        self.value.as_f64().ok_or_else(|| self.malformed("expected a number"))
    }

    pub fn numbers(&self) -> Result<Vec<f64>, ConfigError> {
        self.elements()?.iter().map(Self::number).collect()
    }

    pub fn malformed(&self, message: &str) -> ConfigError {
        let path = if self.path.is_empty() { "file".to_owned() } else { self.path.clone() };
        ConfigError::malformed(path, message)
    }
}

/// Reads a file and checks its format.
pub(super) fn parse(json: &str, formats: &[&str]) -> Result<Value, ConfigError> {
    let file: Value = serde_json::from_str(json).map_err(|error| ConfigError::malformed("file", error))?;
    let format = Node::root(&file).member("format")?;
    if !formats.contains(&format.text()?) {
        return Err(format.malformed(&format!("expected one of {}", formats.join(", "))));
    }
    Ok(file)
}

/// A table with its column names.
pub(super) struct Table<'a> {
    columns: Vec<&'a str>,
    pub rows: Node<'a>,
}

/// A row: cells by column name.
pub(super) struct Row<'a> {
    columns: &'a [&'a str],
    cells: Vec<Node<'a>>,
    node: Node<'a>,
}

impl<'a> Table<'a> {
    pub fn new(columns: &Node<'a>, rows: Node<'a>) -> Result<Self, ConfigError> {
        let columns = columns.elements()?.iter().map(Node::text).collect::<Result<_, _>>()?;
        Ok(Self { columns, rows })
    }

    pub fn rows(&self) -> Result<Vec<Row<'_>>, ConfigError> {
        let rows = self.rows.elements()?.into_iter();
        rows.map(|node| Ok(Row { columns: &self.columns, cells: node.elements()?, node })).collect()
    }
}

impl<'a> Row<'a> {
    pub fn cell(&self, column: &str) -> Result<&Node<'a>, ConfigError> {
        let place = self.columns.iter().position(|name| *name == column);
        let cell = place.and_then(|place| self.cells.get(place));
        cell.ok_or_else(|| self.node.malformed(&format!("no column `{column}`")))
    }
}

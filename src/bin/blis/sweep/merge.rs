//! `--merge`: the lines of all shards in the order of the whole.

use super::MOST_RUNS;
use super::shard::Shard;
use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Longest line that is read; ours have some 3 kB.
const MOST_BYTES: u64 = 16 << 20;

/// How a table begins.
const HEAD: &str = "sweep,row,rows,";

/// By what a line is known.
#[derive(Debug, Deserialize)]
struct Identity {
    sweep: String,
    row: usize,
    rows: usize,
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: usize,
    offset: u64,
    length: usize,
}

/// What has been found.
#[derive(Debug, Default)]
struct Found {
    /// The sweep, and the file in which it was found first.
    sweep: Option<(String, PathBuf)>,
    /// The head of a table, empty without one, and the file in which it was found first.
    head: Option<(Vec<u8>, PathBuf)>,
    /// By row, from 1.
    places: Vec<Option<Place>>,
    /// Rows of each file.
    rows: Vec<Vec<usize>>,
}

/// Prints the rows of these files if they are all rows of one sweep, each once.
pub fn merge(files: &[PathBuf], out: impl Write) -> Result<(), Failure> {
    let mut found = Found::default();
    for number in 0..files.len() {
        found.rows.push(Vec::new());
        found.read(number, files)?;
    }
    found.all_there(files)?;
    let mut out = BufWriter::new(out);
    if let Some((head, _)) = &found.head {
        out.write_all(head)?;
    }
    let open = |path: &PathBuf| File::open(path).map_err(|error| wrong(path, error));
    let mut opened = files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    for Place { file, offset, length } in found.places.into_iter().flatten() {
        let mut line = vec![0; length];
        let source = &mut opened[file];
        let read = source.seek(SeekFrom::Start(offset)).and_then(|_| source.read_exact(&mut line));
        read.map_err(|error| wrong(&files[file], error))?;
        out.write_all(&line)?;
    }
    Ok(out.flush()?)
}

#[allow(clippy::needless_pass_by_value, reason = "errors and texts alike are given as they are")]
fn wrong(path: &Path, message: impl Display) -> Failure {
    Failure::File { flag: "--merge", path: path.to_owned(), message: message.to_string() }
}

impl Found {
    /// Takes down the lines of a file.
    fn read(&mut self, number: usize, files: &[PathBuf]) -> Result<(), Failure> {
        let path = &files[number];
        let file = File::open(path).map_err(|error| wrong(path, error))?;
        let mut source = BufReader::new(file);
        let mut offset = 0;
        let mut line = Vec::new();
        for count in 1usize.. {
            line.clear();
            let read = source.by_ref().take(MOST_BYTES).read_until(b'\n', &mut line);
            let length = read.map_err(|error| wrong(path, error))?;
            if length == 0 {
                break;
            }
            let at = |message: String| wrong(path, format!("line {count}: {message}"));
            if line.last() != Some(&b'\n') {
                let cut = "its end is missing: the run that wrote it was ended before; run this shard again";
                return Err(at(cut.to_owned()));
            }
            let text = std::str::from_utf8(&line).map_err(|error| at(error.to_string()))?;
            let is_head = count == 1 && text.starts_with(HEAD);
            if count == 1 {
                self.same_head(if is_head { &line } else { &[] }, path).map_err(at)?;
            }
            if !is_head {
                let identity = self.identity(text).map_err(at)?;
                let place = Place { file: number, offset, length };
                self.add(&identity, place, files).map_err(at)?;
            }
            offset += length as u64;
        }
        Ok(())
    }

    /// All files have the same form.
    fn same_head(&mut self, head: &[u8], path: &Path) -> Result<(), String> {
        let (first, of) = self.head.get_or_insert_with(|| (head.to_owned(), path.to_owned()));
        if first == head { Ok(()) } else { Err(format!("is of another form than {}", of.display())) }
    }

    /// By what a row is known, which is read as a whole: of one that was cut nothing counts.
    fn identity(&self, text: &str) -> Result<Identity, String> {
        let head = self.head.as_ref().map_or(&[] as &[u8], |(head, _)| head);
        let identity = if head.is_empty() {
            serde_json::from_str(text).map_err(|error| format!("is no row of a sweep: {error}"))?
        } else {
            let expected = columns(&String::from_utf8_lossy(head));
            let of_table = || {
                let mut fields = text.split(',');
                let (sweep, row, rows) = (fields.next()?, fields.next()?, fields.next()?);
                Some(Identity {
                    sweep: sweep.to_owned(),
                    row: row.parse().ok()?,
                    rows: rows.trim_end().parse().ok()?,
                })
            };
            let identity = of_table().filter(|_| columns(text) == expected);
            identity.ok_or_else(|| format!("is no row of a sweep with {expected} columns"))?
        };
        let Identity { row, rows, .. } = identity;
        if !(1..=rows).contains(&row) || rows > MOST_RUNS {
            return Err(format!(
                "must have a row from 1 to the number of rows, at most {MOST_RUNS}, got {row} of {rows}"
            ));
        }
        Ok(identity)
    }

    fn add(&mut self, identity: &Identity, place: Place, files: &[PathBuf]) -> Result<(), String> {
        let Identity { sweep, row, rows } = identity;
        let path = &files[place.file];
        let (known, of) = self.sweep.get_or_insert_with(|| (sweep.clone(), path.clone()));
        if known != sweep || (!self.places.is_empty() && self.places.len() != *rows) {
            return Err(format!(
                "is of another sweep ({sweep}, {rows} rows) than {} ({known}, {} rows): shards must be of the same version, \
                 settings, values and seeds",
                of.display(),
                self.places.len()
            ));
        }
        self.places.resize(*rows, None);
        if let Some(other) = self.places[row - 1] {
            return Err(format!("row {row} is in {}, too", files[other.file].display()));
        }
        self.places[row - 1] = Some(place);
        self.rows[place.file].push(*row);
        Ok(())
    }

    /// Refuses what is not complete, by shard if the files show how many there are.
    fn all_there(&self, files: &[PathBuf]) -> Result<(), Failure> {
        let all = self.places.len();
        let missing: Vec<usize> = (1..=all).filter(|row| self.places[row - 1].is_none()).collect();
        if all == 0 {
            return Err(Failure::Flag("--merge: there is no row in these files".to_owned()));
        }
        if missing.is_empty() {
            return Ok(());
        }
        let parts = match self.shards() {
            Some(of) => self.missing_by_shard(&missing, of, files),
            None => listed(&missing),
        };
        Err(Failure::Flag(format!("--merge: {} of {all} rows are missing: {parts}", missing.len())))
    }

    /// How many shards there are, if every file with two rows shows the same number.
    fn shards(&self) -> Option<usize> {
        let step = |rows: &Vec<usize>| rows.windows(2).map(|pair| pair[1].abs_diff(pair[0])).min();
        let mut steps = self.rows.iter().filter_map(step);
        let first = steps.next()?;
        steps.all(|step| step == first).then_some(first)
    }

    fn missing_by_shard(&self, missing: &[usize], of: usize, files: &[PathBuf]) -> String {
        let mut by_shard: BTreeMap<Shard, Vec<usize>> = BTreeMap::new();
        for &row in missing {
            by_shard.entry(Shard::with_row(row, of)).or_default().push(row);
        }
        let part = |(shard, rows): (&Shard, &Vec<usize>)| {
            let file =
                self.rows.iter().position(|rows| rows.iter().any(|&row| Shard::with_row(row, of) == *shard));
            match file {
                Some(file) => format!("{} of shard {shard} in {}", listed(rows), files[file].display()),
                None => format!("all of shard {shard}"),
            }
        };
        by_shard.iter().map(part).collect::<Vec<_>>().join("; ")
    }
}

/// `rows 3, 8, 13 and 12 more`
fn listed(rows: &[usize]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = rows.iter().take(SHOWN).map(usize::to_string).collect();
    let more = if rows.len() > SHOWN { format!(" and {} more", rows.len() - SHOWN) } else { String::new() };
    format!("rows {}{more}", shown.join(", "))
}

/// Fields of a record; a comma between quotes is none of its own.
fn columns(record: &str) -> usize {
    let mut quoted = false;
    let commas = record.bytes().filter(|&byte| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    });
    commas.count() + 1
}

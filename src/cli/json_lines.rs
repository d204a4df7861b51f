//! JSON Lines: the wires of batches.

use super::failure::Failure;
use crate::bitext::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Write};

/// The objects of an input, one a line, each with the byte at which its line begins. Blank lines
/// are passed over; `shape` is such an object, for the message about a line that is not one.
///
/// Errors: exit 3 for that line; nothing comes behind it that matters.
pub fn objects<'t, T: DeserializeOwned>(
    name: &'t str,
    input: &'t str,
    shape: &'t str,
) -> impl Iterator<Item = Result<(usize, T), Failure>> + 't {
    let mut at = 0;
    let lines = input.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    });
    let written = lines.filter(|(_, line)| !line.trim().is_empty());
    written.map(move |(at, line)| match serde_json::from_str(line) {
        Ok(object) => Ok((at, object)),
        Err(error) => {
            let place = Place::at(name, input, at, 1);
            let what = format!("line {} is not a `{shape}` object", place.line);
            Err(Failure::input(what).at(place, error.to_string()))
        }
    })
}

/// Writes an object as a line.
///
/// Errors: those of the writer.
pub fn write(out: &mut dyn Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

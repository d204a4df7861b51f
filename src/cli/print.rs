//! The only writer to stdout and stderr. stdout carries the product and nothing else.

use super::exit::Exit;
use super::failure::Failure;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Read, Write};

/// Writes the product to stdout. A closed pipe ends the command quietly, as done.
///
/// Errors: [`Exit::Done`] without a message when the reader has gone; [`Exit::Input`] when stdout
/// cannot be written.
pub fn out(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(|error| lost(&error))
}

/// The lines of stdin, for the wires of batches.
///
/// Errors: exit 3 for a stream that cannot be read or is not UTF-8.
pub fn read_lines() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::input("stdin cannot be read").caused_by(&error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("stdin is not UTF-8: byte {at}"))
    })
}

/// Runs `write` with a buffered stdout, for products that come in many pieces.
///
/// Errors: as [`out`].
pub fn stream(write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>) -> Result<(), Failure> {
    let mut stdout = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut stdout) {
        Ok(()) => stdout.flush().map_err(|error| lost(&error)),
        Err(WriteError::Io(error)) => Err(lost(&error)),
        Err(WriteError::Failure(failure)) => {
            // The lines before belong to the product; the message comes after them.
            let _ = stdout.flush();
            Err(failure)
        }
    }
}

/// What can go wrong inside [`stream`].
#[derive(Debug)]
pub enum WriteError {
    /// stdout could not be written.
    Io(io::Error),
    /// The command failed on its own account.
    Failure(Failure),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Failure> for WriteError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Writes a line for the person to stderr. When stderr is gone there is nobody to tell.
pub fn err(line: &str) {
    let _ = writeln!(
        io::stderr().lock(),
        "{}",
        clean(line.trim_end_matches('\n'))
    );
}

/// Writes text for a person to stdout: a listing, not data for another program.
///
/// Errors: as [`out`].
pub fn text(text: &str) -> Result<(), Failure> {
    out(clean(text).as_bytes())
}

/// Text that a terminal shows and does not obey: control characters other than line ends and
/// tabs, marks that turn the direction of writing, and tag characters are shown by their number. A cell, a file name or a service's message may hold them.
fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(is_obeyed) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let c = rest.chars().next().unwrap_or_default();
        let _ = write!(shown, "<U+{:04X}>", c as u32);
        rest = &rest[c.len_utf8()..];
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// Whether a terminal does something at a character instead of showing it.
fn is_obeyed(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// Asks the person a question; yes is `y` or `yes`, and everything else means no.
pub fn ask(question: &str) -> bool {
    let mut stderr = io::stderr().lock();
    let asked = write!(stderr, "{question}").and_then(|()| stderr.flush());
    let mut answer = String::new();
    let read = asked.and_then(|()| io::stdin().read_line(&mut answer));
    read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

/// Whether a person reads stdout.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether a person types into stdin.
pub fn stdin_is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Ends the process at once, as a second Ctrl-C asks.
#[expect(clippy::exit, reason = "the person has asked twice")]
pub fn end(exit: Exit) -> ! {
    std::process::exit(i32::from(exit.code()))
}

/// Whether a person reads stderr.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

fn lost(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::new(Exit::Done, "")
    } else {
        Failure::input("stdout cannot be written").caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_terminal_obeys_nothing_that_came_from_outside() {
        for (text, shown) in [
            ("één\tregel\n", "één\tregel\n"),
            ("\u{1b}]0;weg\u{7}", "<U+001B>]0;weg<U+0007>"),
            ("a\u{202e}b\u{9b}2J", "a<U+202E>b<U+009B>2J"),
            ("ja\r\u{8}nee", "ja<U+000D><U+0008>nee"),
            ("vlag\u{e0062}", "vlag<U+E0062>"),
        ] {
            assert_eq!(clean(text), shown);
        }
    }
}

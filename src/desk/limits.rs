//! The bounds of what the desk takes.

/// Largest upload, in bytes.
pub const LARGEST_UPLOAD: usize = 64 << 20;
/// Largest body of JSON: a text of 64 kB with every byte escaped, and its codes.
pub const LARGEST_JSON: usize = 1 << 20;
/// Longest English of a unit, in bytes.
pub const LONGEST_TEXT: usize = 64 << 10;

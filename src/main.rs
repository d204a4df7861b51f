//! The command line of overzet.

fn main() {}

//! The command line of overzet.

fn main() -> std::process::ExitCode {
    overzet::cli::main()
}

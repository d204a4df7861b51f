//! The option of the house style, for the subcommands that load a glossary.

/// The house style.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct StyleArgs {
    /// House style of the English: a table style-NAME.tsv beside the glossary (ap, bbc), or none
    #[arg(long, global = true, value_name = "NAME")]
    pub style: Option<String>,
}

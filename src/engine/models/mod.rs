//! Models of the local engine on disk: what can be had, what is installed, whether it is still what it was.
//!
//! A model stands whole in `ROOT/nl-en/tiny-1.0/`: its files, and `manifest.json` with origin, licence and hashes, written last. A folder without
//! that file is no model. [`pull()`] gets one; nothing here is ever fetched in the middle of a translation.

mod digest;
mod error;
mod fetch;
mod installed;
mod manifest;
mod pull;
mod source;
mod unpack;

pub use error::Error;
pub use fetch::manifest_at;
pub use installed::{
    InstalledModel, ModelIdentity, at, choice, identify, installed, remove, verify,
};
pub use manifest::{Compression, FileRole, Manifest, ModelFile, ModelManifest, PackedFile};
pub use pull::{ModelPull, pull};
pub use source::{ModelSource, PullProgress};

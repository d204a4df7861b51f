//! Models of the local engine on disk: available models, installed models, and whether they are
//! intact.
//!
//! A model is a folder `ROOT/nl-en/tiny-1.0/` with its files and `manifest.json`, which has origin,
//! licence and hashes and is written last; a folder without that file is not a model. [`pull()`]
//! installs a model. Nothing is ever fetched in the middle of a translation.

mod digest;
mod error;
#[cfg(feature = "http")]
mod fetch;
mod installed;
mod manifest;
mod pull;
mod source;
mod unpack;

pub use error::Error;
#[cfg(feature = "http")]
pub use fetch::manifest_at;
pub use installed::{
    InstalledModel, ModelIdentity, at, choice, identify, installed, remove, verify,
};
pub use manifest::{Compression, FileRole, Manifest, ModelFile, ModelManifest, PackedFile};
pub use pull::{ModelPull, pull};
pub use source::{ModelSource, PullProgress};

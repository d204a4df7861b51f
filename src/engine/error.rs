//! What can go wrong with an engine. No message holds a key, an address with a key, or a full text.

use std::time::Duration;

/// Errors of engines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service refuses the key, or there is none.
    #[error("{engine} refuses the key of {variable}: {what}")]
    Auth {
        /// The engine.
        engine: &'static str,
        /// The variable that was read, and where it was set.
        variable: String,
        /// What the service says.
        what: String,
    },
    /// The service's quota is used up, or a cap of the user's would be passed.
    #[error("{what}")]
    Quota {
        /// What is used up.
        what: String,
    },
    /// Too many requests; still so after all retries.
    #[error("rate limit of {engine}: {what}")]
    RateLimited {
        /// The engine.
        engine: &'static str,
        /// What the service says.
        what: String,
        /// How long it asks to wait.
        after: Option<Duration>,
    },
    /// The engine does not translate between these languages.
    #[error("{engine} does not translate this pair: {what}")]
    UnsupportedPair {
        /// The engine.
        engine: &'static str,
        /// What the service says.
        what: String,
    },
    /// The request is larger than the service takes.
    #[error("the request is too large: {what}")]
    TooLarge {
        /// What the service says.
        what: String,
    },
    /// The service cannot be reached or fails on its side.
    #[error("{engine} cannot be reached: {what}")]
    Network {
        /// The engine.
        engine: &'static str,
        /// What happened.
        what: String,
    },
    /// A streamed answer broke off; the texts that arrived are kept.
    #[error("{engine} did not finish its answer: {what}")]
    Interrupted {
        /// The engine.
        engine: &'static str,
        /// What happened.
        what: String,
        /// Whether nothing came any more, rather than an end.
        is_silence: bool,
    },
    /// A model does not come to an end with a text.
    #[error("the model does not come to an end: {what}")]
    Runaway {
        /// The item.
        id: u32,
        /// What it does.
        what: String,
    },
    /// The answer is not what the service promises.
    #[error("unexpected response of {engine}: {what}")]
    Protocol {
        /// The engine.
        engine: &'static str,
        /// What is wrong.
        what: String,
    },
    /// The address does not answer as the service does: it points elsewhere or has no such call.
    #[error("no {engine} at this address: {what}")]
    Address {
        /// The engine.
        engine: &'static str,
        /// What came back.
        what: String,
    },
    /// The service does not take this request, whenever it is sent.
    #[error("{engine} does not take the request: {what}")]
    Rejected {
        /// The engine.
        engine: &'static str,
        /// The status and what the service says.
        what: String,
    },
    /// The service will not translate this text.
    #[error("the service refuses this text: {what}")]
    Refused {
        /// What it says.
        what: String,
    },
    /// The answer does not have the texts that were asked for.
    #[error("the answer does not fit the request: {what}")]
    Mismatch {
        /// What differs.
        what: String,
    },
    /// Something must be set first.
    #[error("{what}")]
    Configuration {
        /// What is missing or wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The model of the engine in the process cannot be used.
    #[error("the model of the local engine cannot be used: {what}")]
    Model {
        /// File, offset and reason.
        what: String,
    },
    /// What arrived could not be kept, so nothing more was sent.
    #[error("what arrived cannot be kept: {what}")]
    NotKept {
        /// Why.
        what: String,
    },
}

impl Error {
    /// Whether the same request may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Network { .. })
    }

    /// The same error, where a part of the answer may have been there already: a request is not
    /// simply repeated then.
    #[cfg(feature = "http")]
    pub(super) fn after_content(self, has_content: bool) -> Self {
        match self {
            Self::Network { engine, what } if has_content => Self::Interrupted {
                engine,
                what,
                is_silence: false,
            },
            other => other,
        }
    }

    /// Whether every further request is pointless.
    pub const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Auth { .. }
                | Self::Quota { .. }
                | Self::RateLimited { .. }
                | Self::UnsupportedPair { .. }
                | Self::Network { .. }
                | Self::Address { .. }
                | Self::Configuration { .. }
                | Self::Model { .. }
                | Self::NotKept { .. }
        )
    }
}

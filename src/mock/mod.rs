//! A server that speaks the dialect of every engine on one port, and injects their faults.
//!
//! It shares no code with the clients: if both took their structs from one place, they could agree
//! on a wrong wire format and every test would be green. It never opens a connection itself.

mod answers;
mod azure;
mod background;
mod call;
mod chat;
mod control;
mod deepl;
mod dialect;
pub mod faults;
mod fields;
mod gloss;
mod google;
mod journal;
mod languages;
mod libretranslate;
mod ollama;
mod openai;
mod options;
mod reply;
mod schema;
mod serve;
mod server;
mod service;
mod spoil;
mod store;
mod tape;
mod tls;

pub use answers::Answers;
pub use background::Background;
pub use dialect::ServiceDialect;
pub use faults::Fault;
pub use journal::Recorded;
pub use options::{Asker, Forwarder, LiveEngine, MockOptions as Options, Wire};
pub use server::{Server, start};
pub use tape::{Incoming, Outgoing, WireTape};

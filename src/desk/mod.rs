//! The desk: a web server in which editors work all day. A thin room over the workflows.
//!
//! Articles, units and histories live in the memory's database. Every save is durable before it is
//! answered, and goes through the lock of its unit.

mod align_mode;
mod article;
mod articles;
mod assets;
mod auth;
mod bulk;
mod events;
mod folder;
mod glossary;
mod limits;
mod listener;
mod matches;
pub mod openapi;
mod output;
mod problem;
mod request;
mod routes;
mod secret;
mod server;
mod session;
mod sqlite;
mod start;
mod state;
mod store;
mod structure;
mod translating;
mod units;
mod users;

pub use request::DeskRole;
pub use start::{ServeError, ServeOptions, StartedDesk, start};
pub use users::{UsersError, add as add_user};

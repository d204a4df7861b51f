//! A mock on a thread of its own, for tests without a runtime.

use super::options::MockOptions;
use super::server::{Server, start};
use std::ops::Deref;

/// A mock that runs beside a test. Dropping it ends it, and with it every answer under way.
///
/// ```
/// use overzet::mock::{Background, Options, faults};
///
/// let mock = Background::start(Options::default()).unwrap();
/// mock.set_faults(vec![faults::parse("429,first=2").unwrap()]);
/// // … point a client at mock.address(), then ask what it sent:
/// assert_eq!(mock.requests().len(), 0);
/// ```
pub struct Background {
    server: Option<Server>,
    // Dropped after the server.
    runtime: tokio::runtime::Runtime,
}

impl Background {
    /// Starts a mock.
    ///
    /// Errors: those of the system, as of [`start`].
    pub fn start(options: MockOptions) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let server = runtime.block_on(start(options))?;
        Ok(Self {
            server: Some(server),
            runtime,
        })
    }
}

impl Deref for Background {
    type Target = Server;

    fn deref(&self) -> &Server {
        self.server.as_ref().expect("taken only when it is dropped")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

//! The server: a socket, its requests, and its end.

use super::faults::Fault;
use super::journal::Recorded;
use super::options::MockOptions;
use super::serve;
use super::store::MockStore;
use super::tls::TlsListener;
use axum::body::Body;
use axum::http::Request;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::oneshot;

/// A running mock. Dropping it ends it.
pub struct Server {
    address: SocketAddr,
    certificate: Option<String>,
    store: Arc<MockStore>,
    stop: Option<oneshot::Sender<()>>,
    done: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
}

impl Server {
    /// Its address, such as `http://127.0.0.1:4711`.
    pub fn address(&self) -> String {
        let scheme = if self.certificate.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    /// The certificate that clients have to trust, as PEM; none without TLS.
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        self.store.requests()
    }

    /// Forgets the requests so far, so that faults count anew.
    pub fn forget(&self) {
        self.store.forget(None);
    }

    /// Sets what goes wrong from now on.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.store.set_faults("", faults);
    }

    /// Ends it, and with it every answer that is still under way.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(done) = self.done.take() {
            done.abort();
            let _ = done.await;
        }
    }
}

/// Starts the mock.
///
/// Errors: what the system says if the address cannot be had.
pub async fn start(options: MockOptions) -> std::io::Result<Server> {
    let listener = tokio::net::TcpListener::bind((options.host, options.port)).await?;
    let address = listener.local_addr()?;
    let store = Arc::new(MockStore::new(options));
    let shared = Arc::clone(&store);
    let app = axum::Router::new().fallback(move |request: Request<Body>| {
        let store = Arc::clone(&shared);
        async move {
            // The time that the answer takes to be made is part of the latency.
            let due = tokio::time::Instant::now() + store.options.latency;
            let answer = serve::answer(&store, request).await;
            if !store.options.latency.is_zero() {
                tokio::time::sleep_until(due).await;
            }
            answer
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = async {
        let _ = stopped.await;
    };
    let (done, certificate) = if store.options.tls {
        let (listener, certificate) = TlsListener::new(listener)?;
        let served = axum::serve(listener, app).with_graceful_shutdown(ended);
        (tokio::spawn(served.into_future()), Some(certificate))
    } else {
        let served = axum::serve(listener, app).with_graceful_shutdown(ended);
        (tokio::spawn(served.into_future()), None)
    };
    Ok(Server {
        address,
        certificate,
        store,
        stop: Some(stop),
        done: Some(done),
    })
}

//! What happens at the desk, told to every open page as server-sent events.

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde_json::Value;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// Events that a slow page may lag behind; it is told to load anew then.
const BACKLOG: usize = 1_024;
/// How often a comment keeps a silent stream open.
const BEAT: Duration = Duration::from_secs(15);

/// Tells events to all who listen.
pub struct EventHub {
    sender: broadcast::Sender<Arc<str>>,
    closed: watch::Sender<bool>,
}

impl Default for EventHub {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            closed: watch::channel(false).0,
        }
    }
}

/// Where a stream is.
struct Listening {
    events: broadcast::Receiver<Arc<str>>,
    closed: watch::Receiver<bool>,
    is_new: bool,
}

impl EventHub {
    /// Tells an event. Nobody need listen.
    pub fn tell(&self, name: &str, data: &Value) {
        let _ = self
            .sender
            .send(format!("event: {name}\ndata: {data}\n\n").into());
    }

    /// Ends every stream.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    /// The body of a stream of events.
    pub fn body(&self) -> Body {
        let start = Listening {
            events: self.sender.subscribe(),
            closed: self.closed.subscribe(),
            is_new: true,
        };
        Body::from_stream(stream::unfold(start, |mut own| async move {
            let text = own.next().await?;
            Some((Ok::<_, Infallible>(text), own))
        }))
    }
}

impl Listening {
    /// The next piece of the stream; none at its end.
    async fn next(&mut self) -> Option<Bytes> {
        if std::mem::take(&mut self.is_new) {
            // Sent at once, so that the page knows that it is connected.
            return Some(Bytes::from_static(b": connected\nretry: 1000\n\n"));
        }
        if *self.closed.borrow() {
            return None;
        }
        tokio::select! {
            event = self.events.recv() => match event {
                Ok(text) => Some(Bytes::from(text.as_bytes().to_vec())),
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    Some(Bytes::from_static(b"event: reload\ndata: {}\n\n"))
                }
                Err(broadcast::error::RecvError::Closed) => None,
            },
            () = tokio::time::sleep(BEAT) => Some(Bytes::from_static(b": still here\n\n")),
            _ = self.closed.changed() => None,
        }
    }
}

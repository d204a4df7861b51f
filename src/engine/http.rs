//! The one path to the network: client, timeouts, retries with their waits, redaction.
//!
//! The client does not follow redirects: text goes to no host that the user did not name. It does
//! not retry by itself either, because only the engine can read the error body that decides.

use super::Error;
use super::transport::{Clock, Transport};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How the network is used.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Attempts after the first.
    pub retries: u32,
    /// Time that one attempt may take.
    pub timeout: Duration,
    /// Further root certificates, PEM.
    pub ca: Option<Vec<u8>>,
    /// Texts per request at most, below what the engine takes.
    pub max_texts: Option<usize>,
    /// Requests in flight at most, below what the engine takes.
    pub concurrency: Option<usize>,
    /// Characters a minute at most.
    pub characters_per_minute: Option<u64>,
    /// Whether keys may go over `http://` to other machines.
    pub keys_in_clear: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            retries: 5,
            timeout: Duration::from_secs(60),
            ca: None,
            max_texts: None,
            concurrency: None,
            characters_per_minute: None,
            keys_in_clear: false,
        }
    }
}

/// The network with its policy. Cheap to clone.
#[derive(Clone)]
pub struct HttpClient {
    client: reqwest::Client,
    /// The same without a proxy, for addresses of this machine.
    direct: reqwest::Client,
    clock: Arc<dyn Clock>,
    /// How it is used.
    pub options: HttpOptions,
    counts: Arc<HttpCounters>,
    /// What must not show in anything that a server says.
    secrets: Arc<[String]>,
}

/// What went over the network.
#[derive(Debug, Default)]
struct HttpCounters {
    attempts: AtomicU64,
    slowed: AtomicU64,
}

/// An answer with its body.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case with their values.
    pub headers: Vec<(String, String)>,
    /// The body, decoded.
    pub body: String,
}

impl HttpResponse {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON; a byte-order mark before it is skipped.
    ///
    /// Errors: [`Error::Protocol`] that shows how the body begins.
    pub fn json(&self, engine: &'static str) -> Result<serde_json::Value, Error> {
        serde_json::from_str(self.body.trim_start_matches('\u{feff}')).map_err(|error| {
            Error::Protocol {
                engine,
                what: format!("its answer is not valid JSON ({error})"),
            }
        })
    }
}

/// What a line of a streamed answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamLine {
    /// A sign of life without content.
    Idle,
    /// A part of the answer.
    Content,
    /// The last line.
    End,
}

/// Takes a line of a streamed answer.
pub type TakeLine<'a> = dyn FnMut(&str) -> Result<StreamLine, Error> + Send + 'a;

/// First wait, factor, cap and jitter of the retries: those of DeepL's official Python client.
const FIRST: f64 = 1.0;
const FACTOR: f64 = 1.6;
const CAP: f64 = 120.0;
const JITTER: f64 = 0.23;
/// Time that a streamed answer may take as a whole.
const LONGEST_STREAM: Duration = Duration::from_secs(24 * 3_600);
/// A server on this machine may be silent this many times longer before its first word.
const NEARBY_PATIENCE: u32 = 3;
/// Largest answer that is read, in bytes: a hostile server must not fill the memory.
const LARGEST: usize = 64 << 20;
/// An answer that comes at once is at most so large, and so many times the request: a million empty
/// texts are no translation of fifty. Vectors of texts are the largest answers that there are.
const ANSWER_BYTES: usize = 8 << 20;
const ANSWER_FACTOR: usize = 16;
/// Longest line of a streamed answer, in bytes.
const LONGEST_LINE: usize = 8 << 20;
/// Characters from which a key is masked, and the mask.
const MASKED_FROM: usize = 8;
const MASK: &str = "***";

impl HttpClient {
    /// Builds the client.
    ///
    /// Errors: [`Error::Configuration`] for certificates that cannot be read.
    pub fn new(clock: Arc<dyn Clock>, options: HttpOptions) -> Result<Self, Error> {
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .redirect(reqwest::redirect::Policy::none())
                .timeout(options.timeout)
                .build()
                .map_err(|error| broken(&error.without_url()))
        };
        Ok(Self {
            client: build(builder(&options)?)?,
            direct: build(builder(&options)?.no_proxy())?,
            clock,
            options,
            counts: Arc::default(),
            secrets: Arc::default(),
        })
    }

    /// The same network, which masks keys wherever a server repeats them: in its words and in its
    /// errors, as they are and as JSON and addresses write them. A key of fewer than eight
    /// characters is not masked, since it may be a part of a word.
    #[must_use]
    pub fn masking<'s>(&self, secrets: impl Iterator<Item = &'s str>) -> Self {
        let mut forms: Vec<String> = secrets
            .filter(|secret| secret.chars().count() >= MASKED_FROM)
            .flat_map(forms_of_secret)
            .collect();
        // The longer first: it may have the shorter one in it.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self {
            secrets: forms.into(),
            ..self.clone()
        }
    }

    /// A text of a server without the keys in it.
    fn masked(&self, text: String) -> String {
        let has = |secret: &&String| text.contains(secret.as_str());
        match self.secrets.iter().find(has) {
            Some(secret) => self.masked(text.replace(secret.as_str(), MASK)),
            None => text,
        }
    }

    /// The client, for building requests.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// A client for large public files: it follows redirects (at most five, never from https to
    /// http), does not unpack what it gets, and gives up on a connection that is silent for the
    /// time-out. Text is never sent with it.
    ///
    /// Errors: [`Error::Configuration`] for certificates that cannot be read.
    pub fn downloads(&self) -> Result<reqwest::Client, Error> {
        let follow = reqwest::redirect::Policy::custom(|attempt| {
            let was_safe = attempt.previous().iter().any(|url| url.scheme() == "https");
            if attempt.previous().len() > 5 {
                attempt.error("more than five redirects")
            } else if was_safe && attempt.url().scheme() != "https" {
                attempt.error("a redirect from https to http")
            } else {
                attempt.follow()
            }
        });
        let builder = builder(&self.options)?
            .redirect(follow)
            .gzip(false)
            .read_timeout(self.options.timeout);
        builder
            .build()
            .map_err(|error| broken(&error.without_url()))
    }

    /// Sends a request until it succeeds or cannot.
    ///
    /// `build` makes the request anew for every attempt. `map_error` reads an answer whose status
    /// is not 2xx, or one that hides an error, and gives the error; retryable ones are tried again
    /// after max(backoff, Retry-After), the first wait without jitter.
    pub async fn send(
        &self,
        engine: &'static str,
        build: &(dyn Fn() -> reqwest::RequestBuilder + Send + Sync),
        map_error: &(dyn Fn(&HttpResponse) -> Option<Error> + Send + Sync),
    ) -> Result<HttpResponse, Error> {
        let mut pause = Pause::default();
        loop {
            self.counts.attempts.fetch_add(1, Ordering::Relaxed);
            let (error, after) = match self.once(engine, build()).await {
                Ok(answer) => match map_error(&answer) {
                    None => return Ok(answer),
                    Some(error) => (error, retry_after(&answer, self.clock.now())),
                },
                Err(error) => (error, None),
            };
            self.wait_or_give_up(error, after, &mut pause).await?;
        }
    }

    /// Sends a request whose answer comes line by line, and hands over each line as it arrives.
    ///
    /// Silence times out and length does not: until the first line with content the server may be
    /// silent for `patience`, afterwards for the time-out of the options. Until that line retries
    /// are as in [`HttpClient::send`]; behind it an answer that breaks off is
    /// [`Error::Interrupted`], as silence always is. An answer that is not a stream is given back
    /// whole; `None` is the end of a stream.
    pub async fn stream(
        &self,
        engine: &'static str,
        build: &(dyn Fn() -> reqwest::RequestBuilder + Send + Sync),
        map_error: &(dyn Fn(&HttpResponse) -> Option<Error> + Send + Sync),
        patience: Duration,
        take: &mut TakeLine<'_>,
    ) -> Result<Option<HttpResponse>, Error> {
        let mut pause = Pause::default();
        loop {
            self.counts.attempts.fetch_add(1, Ordering::Relaxed);
            let request = build().timeout(LONGEST_STREAM);
            let opened = in_time(engine, patience, self.execute(request)).await;
            let (error, after) = match opened {
                Ok(response) if is_stream(&response) => {
                    match self.lines(engine, response, patience, take).await {
                        Ok(()) => return Ok(None),
                        Err(error) => (error, None),
                    }
                }
                Ok(response) => {
                    let whole = self.read_whole(engine, response, LARGEST);
                    match in_time_of(engine, patience, whole).await {
                        Ok(answer) => match map_error(&answer) {
                            None => return Ok(Some(answer)),
                            Some(error) => (error, retry_after(&answer, self.clock.now())),
                        },
                        Err(error) => (error, None),
                    }
                }
                Err(error) => (error, None),
            };
            self.wait_or_give_up(error, after, &mut pause).await?;
        }
    }

    /// Hands over the lines of a body until one is the last.
    async fn lines(
        &self,
        engine: &'static str,
        mut response: reqwest::Response,
        patience: Duration,
        take: &mut TakeLine<'_>,
    ) -> Result<(), Error> {
        let (mut has_content, mut size, mut open) = (false, 0, Vec::new());
        loop {
            let silence = if has_content {
                self.options.timeout
            } else {
                patience
            };
            let chunk = in_time(engine, silence, response.chunk()).await;
            let chunk = chunk.map_err(|error| error.after_content(has_content))?;
            let is_last = chunk.is_none();
            let chunk = chunk.unwrap_or_default();
            size += chunk.len();
            if size > LARGEST || open.len() + chunk.len() > LONGEST_LINE {
                return Err(too_large(engine, LARGEST.min(LONGEST_LINE)));
            }
            open.extend_from_slice(&chunk);
            let whole = match open.iter().rposition(|byte| *byte == b'\n') {
                _ if is_last => open.len(),
                Some(end) => end + 1,
                None => 0,
            };
            let text = self.masked(String::from_utf8_lossy(&open[..whole]).into_owned());
            open.drain(..whole);
            for line in text.lines() {
                match take(line.trim_start_matches('\u{feff}').trim()) {
                    Ok(StreamLine::Idle) => {}
                    Ok(StreamLine::Content) => has_content = true,
                    Ok(StreamLine::End) => return Ok(()),
                    Err(error) => return Err(error.after_content(has_content)),
                }
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// How long a server may be silent before its first word: a model on this machine reads the
    /// whole prompt first, or is loaded from disk.
    pub fn patience(&self, is_nearby: bool) -> Duration {
        self.options.timeout * if is_nearby { NEARBY_PATIENCE } else { 1 }
    }

    /// Waits for the next attempt.
    ///
    /// Errors: the error itself, where a further attempt is pointless or none is left.
    async fn wait_or_give_up(
        &self,
        error: Error,
        after: Option<Duration>,
        pause: &mut Pause,
    ) -> Result<(), Error> {
        let after = match &error {
            Error::RateLimited { after: own, .. } => own.or(after),
            _ => after,
        };
        if !error.is_retryable() || pause.attempts() >= self.options.retries {
            return Err(match error {
                Error::RateLimited { engine, what, .. } => Error::RateLimited {
                    engine,
                    what,
                    after,
                },
                other => other,
            });
        }
        if matches!(error, Error::RateLimited { .. }) {
            self.counts.slowed.fetch_add(1, Ordering::Relaxed);
        }
        pause.wait_at_least(self, after).await;
        Ok(())
    }

    async fn once(
        &self,
        engine: &'static str,
        request: reqwest::RequestBuilder,
    ) -> Result<HttpResponse, Error> {
        let (client, request) = request.build_split();
        let request = request.map_err(|error| unreachable(engine, error))?;
        let sent = request.body().and_then(reqwest::Body::as_bytes);
        let most = ANSWER_BYTES + ANSWER_FACTOR * sent.map_or(0, <[u8]>::len);
        let request = reqwest::RequestBuilder::from_parts(client, request);
        let response = self.execute(request).await;
        let response = response.map_err(|error| unreachable(engine, error))?;
        self.read_whole(engine, response, most.min(LARGEST)).await
    }

    /// Reads an answer to its end.
    async fn read_whole(
        &self,
        engine: &'static str,
        mut response: reqwest::Response,
        most: usize,
    ) -> Result<HttpResponse, Error> {
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                let value = self.masked(value.to_str().ok()?.to_owned());
                Some((name.as_str().to_owned(), value))
            })
            .collect();
        let mut bytes = Vec::new();
        let broken = |error| unreachable(engine, error);
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > most {
                return Err(too_large(engine, most));
            }
        }
        Ok(HttpResponse {
            status,
            headers,
            body: self.masked(String::from_utf8_lossy(&bytes).into_owned()),
        })
    }

    /// Sends a request: without a proxy where it goes to this machine.
    async fn execute(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let (client, request) = request.build_split();
        let request = request?;
        if is_loopback(request.url()) {
            self.direct.execute(request).await
        } else {
            client.execute(request).await
        }
    }
}

fn too_large(engine: &'static str, most: usize) -> Error {
    Error::Protocol {
        engine,
        what: format!("its answer is larger than {most} bytes"),
    }
}

/// A key as texts may have it: as it is, in a JSON string, in an address.
fn forms_of_secret(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let url = reqwest::Url::parse_with_params("http://localhost", [("", secret)]);
    let query = url
        .ok()
        .and_then(|url| Some(url.query()?.trim_start_matches('=').to_owned()));
    let mut forms = vec![secret.to_owned(), json.trim_matches('"').to_owned()];
    forms.extend(query);
    forms.extend(secret.contains('/').then(|| secret.replace('/', "\\/")));
    forms
}

/// A failure of the network.
fn unreachable(engine: &'static str, error: reqwest::Error) -> Error {
    Error::Network {
        engine,
        what: describe(&error.without_url()),
    }
}

/// Waits for a step of the network, but not longer than `most`.
async fn in_time<T>(
    engine: &'static str,
    most: Duration,
    step: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T, Error> {
    let step = async { step.await.map_err(|error| unreachable(engine, error)) };
    in_time_of(engine, most, step).await
}

async fn in_time_of<T>(
    engine: &'static str,
    most: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(most, step).await {
        Ok(done) => done,
        Err(_) => Err(Error::Interrupted {
            engine,
            what: format!("silent for {} s", most.as_secs_f64()),
            is_silence: true,
        }),
    }
}

/// Whether an answer comes line by line.
fn is_stream(response: &reqwest::Response) -> bool {
    let kind = response.headers().get(reqwest::header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    response.status().is_success()
        && ["text/event-stream", "application/x-ndjson"]
            .iter()
            .any(|stream| kind.starts_with(stream))
}

impl Transport for HttpClient {
    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn attempts(&self) -> u64 {
        self.counts.attempts.load(Ordering::Relaxed)
    }

    fn slowed(&self) -> u64 {
        self.counts.slowed.load(Ordering::Relaxed)
    }

    fn max_texts(&self) -> Option<usize> {
        self.options.max_texts
    }

    fn concurrency(&self) -> Option<usize> {
        self.options.concurrency
    }

    fn timeout(&self) -> Duration {
        self.options.timeout
    }

    fn characters_per_minute(&self) -> Option<u64> {
        self.options.characters_per_minute
    }
}

/// The waits between attempts: each longer than the last, the first without jitter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pause {
    attempts: u32,
}

impl Pause {
    /// How often was waited.
    pub const fn attempts(self) -> u32 {
        self.attempts
    }

    /// Waits for the next attempt.
    pub async fn wait(&mut self, net: &HttpClient) {
        self.wait_at_least(net, None).await;
    }

    /// The same, but at least as long as the service asks (and at most the cap).
    async fn wait_at_least(&mut self, net: &HttpClient, after: Option<Duration>) {
        let backoff = FIRST * FACTOR.powi(self.attempts.min(64) as i32);
        let jitter = if self.attempts == 0 {
            1.0
        } else {
            1.0 + JITTER * (2.0 * net.clock.random() - 1.0)
        };
        let own = Duration::from_secs_f64((backoff.min(CAP) * jitter).min(CAP));
        let asked = after.map_or(own, |after| after.min(Duration::from_secs_f64(CAP)));
        self.attempts += 1;
        net.clock.sleep(own.max(asked)).await;
    }
}

/// Whether an address is of this machine: a proxy could not reach it.
pub(super) fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<std::net::IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// What every client has in common. TLS by ring, chosen in one place; a second installation finds
/// the first.
fn builder(options: &HttpOptions) -> Result<reqwest::ClientBuilder, Error> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("overzet/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10));
    if let Some(pem) = &options.ca {
        let certificates =
            reqwest::Certificate::from_pem_bundle(pem).map_err(|error| broken(&error))?;
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}

/// A client that cannot be built.
fn broken(error: &reqwest::Error) -> Error {
    Error::Configuration {
        what: format!("the network cannot be set up: {error}"),
        hint: "look at http.ca_file in overzet.toml".into(),
    }
}

/// An error of the network in words; the chain of causes says more than its head.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".into();
    }
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text = cause.to_string();
        next = cause.source();
    }
    text
}

/// How long an answer asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date.
fn retry_after(answer: &HttpResponse, now: i64) -> Option<Duration> {
    if let Some(ms) = answer
        .header("retry-after-ms")
        .and_then(|v| v.trim().parse::<f64>().ok())
    {
        return (ms.is_finite() && ms >= 0.0).then(|| Duration::from_millis(ms as u64));
    }
    let value = answer.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    http_date(value).map(|at| Duration::from_secs(u64::try_from(at - now).unwrap_or(0)))
}

/// Seconds since 1970 of an IMF-fixdate (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<i64> {
    let rest = text.split_once(", ")?.1;
    let mut parts = rest.split([' ', ':']);
    let day: i64 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    .iter()
    .position(|m| *m == name)? as i64
        + 1;
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (year, hour, minute, second) = (number()?, number()?, number()?, number()?);
    // Days from the civil calendar (H. Hinnant).
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// The error that a status means where the engine knows no better; none for 2xx.
pub fn by_status(
    engine: &'static str,
    variable: &str,
    answer: &HttpResponse,
    what: &str,
) -> Option<Error> {
    let what = brief(if what.is_empty() { &answer.body } else { what });
    let what = if what.is_empty() {
        format!("HTTP {}", answer.status)
    } else {
        format!("HTTP {}: {what}", answer.status)
    };
    Some(match answer.status {
        200..=299 => return None,
        401 | 403 => Error::Auth {
            engine,
            variable: variable.to_owned(),
            what,
        },
        413 | 414 => Error::TooLarge { what },
        429 => Error::RateLimited {
            engine,
            what,
            after: None,
        },
        456 => Error::Quota {
            what: format!("{engine}: {what}"),
        },
        408 | 500 | 502 | 503 | 504 | 529 => Error::Network { engine, what },
        300..=399 => Error::Address {
            engine,
            what: format!(
                "it points elsewhere ({what}); text is not sent to a host that was not named"
            ),
        },
        404 | 405 | 410 | 501 => Error::Address { engine, what },
        400..=499 => Error::Rejected { engine, what },
        _ => Error::Protocol { engine, what },
    })
}

/// The beginning of a message, on one line; markup of proxies is cut out.
pub fn brief(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            _ if inside => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    let line: Vec<&str> = out.split_whitespace().collect();
    line.join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)]) -> HttpResponse {
        HttpResponse {
            status: 429,
            headers: headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            body: String::new(),
        }
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        let now = 784_111_777;
        for (headers, wait) in [
            (&[("retry-after", "7")][..], Some(7_000)),
            (&[("retry-after-ms", "250")], Some(250)),
            (
                &[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")],
                Some(10_000),
            ),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")], Some(0)),
            (&[("retry-after", "soon")], None),
            (&[], None),
        ] {
            assert_eq!(
                retry_after(&answer(headers), now).map(|d| d.as_millis()),
                wait
            );
        }
    }

    #[test]
    fn html_of_a_proxy_is_told_in_a_line() {
        assert_eq!(
            brief("<html><h1>413</h1>\n<p>Too Large</p></html>"),
            "413 Too Large"
        );
    }

    #[test]
    fn loopback_addresses_are_this_machine() {
        for (address, near) in [
            ("http://localhost:8080/v1", true),
            ("http://127.0.0.3:1", true),
            ("http://[::1]:8080", true),
            ("https://api.openai.com/v1", false),
            ("http://192.168.1.4", false),
        ] {
            assert_eq!(is_loopback(&address.parse().unwrap()), near, "{address}");
        }
    }
}

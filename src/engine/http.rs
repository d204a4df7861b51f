//! The one path to the network: client, timeouts, retries with their waits, redaction.
//!
//! The client does not follow redirects: text goes to no host that the user did not name. It does
//! not retry by itself either, because only the engine can read the error body that decides.

use super::Error;
use super::transport::{Clock, Transport};
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
                what: format!("its answer is no JSON ({error})"),
            }
        })
    }
}

/// First wait, factor, cap and jitter of the retries: those of DeepL's official Python client.
const FIRST: f64 = 1.0;
const FACTOR: f64 = 1.6;
const CAP: f64 = 120.0;
const JITTER: f64 = 0.23;
/// Largest answer that is read, in bytes: a hostile server must not fill the memory.
const LARGEST: usize = 64 << 20;

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
        })
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
            let result = self.once(engine, build()).await;
            let error = match result {
                Ok(answer) => match map_error(&answer) {
                    None => return Ok(answer),
                    Some(Error::RateLimited {
                        engine,
                        what,
                        after,
                    }) => Error::RateLimited {
                        engine,
                        what,
                        after: after.or_else(|| retry_after(&answer, self.clock.now())),
                    },
                    Some(Error::Network { engine, what }) => {
                        // 503 may say how long to wait; that wait is obeyed too.
                        match retry_after(&answer, self.clock.now()) {
                            Some(after) if pause.attempts() < self.options.retries => {
                                pause.wait_at_least(self, Some(after)).await;
                                continue;
                            }
                            _ => Error::Network { engine, what },
                        }
                    }
                    Some(other) => other,
                },
                Err(error) => error,
            };
            if !error.is_retryable() || pause.attempts() >= self.options.retries {
                return Err(error);
            }
            let after = match &error {
                Error::RateLimited { after, .. } => {
                    self.counts.slowed.fetch_add(1, Ordering::Relaxed);
                    *after
                }
                _ => None,
            };
            pause.wait_at_least(self, after).await;
        }
    }

    async fn once(
        &self,
        engine: &'static str,
        request: reqwest::RequestBuilder,
    ) -> Result<HttpResponse, Error> {
        let network = |error: reqwest::Error| Error::Network {
            engine,
            what: describe(&error.without_url()),
        };
        let (client, request) = request.build_split();
        let request = request.map_err(network)?;
        let client = if is_loopback(request.url()) {
            &self.direct
        } else {
            &client
        };
        let mut response = client.execute(request).await.map_err(network)?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(network)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST {
                return Err(Error::Protocol {
                    engine,
                    what: format!("its answer is larger than {LARGEST} bytes"),
                });
            }
        }
        Ok(HttpResponse {
            status,
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
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
fn is_loopback(url: &reqwest::Url) -> bool {
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
        300..=399 => Error::Protocol {
            engine,
            what: format!(
                "it points elsewhere ({what}); text is not sent to a host that was not named"
            ),
        },
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
}

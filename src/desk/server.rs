//! The server: from a request to its answer, and from a listening socket to its end.

use super::assets::asset;
use super::auth::{Gate, Proof};
use super::limits::{LARGEST_JSON, LARGEST_UPLOAD};
use super::listener::{DeskListener, Peer};
use super::openapi;
use super::problem::Problem;
use super::request::{DeskReply, DeskRequest, FormPart, Who};
use super::routes::{DeskRoute, FoundRoute, Handling, Taken, Work, find};
use super::state::{Desk, locked};
use super::translating;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri};
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Uploads that are read at once.
const UPLOADS: usize = 4;
/// Passwords that are checked at once: each takes 19 MiB.
const PASSWORDS: usize = 2;
/// How long an answer to a wrong key waits, once there were several.
const SLOWED: Duration = Duration::from_millis(500);
/// How long the end of open requests is waited for.
const DRAIN: Duration = Duration::from_secs(20);

/// What the page may do: as on the review page, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
                      worker-src 'self'; form-action 'self'; frame-src 'self' blob:; \
                      base-uri 'none'; frame-ancestors 'none'";
/// What a file of the desk may do when a browser shows it.
const FILE_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// The desk as it is served.
pub struct DeskServer {
    /// The desk.
    pub desk: Arc<Desk>,
    /// Who may come in.
    pub gate: Gate,
    /// Whether it speaks TLS.
    pub is_tls: bool,
    uploads: Semaphore,
    passwords: Semaphore,
}

type DeskResponse = Response<Body>;

impl DeskServer {
    /// A desk behind a gate.
    pub fn new(desk: Arc<Desk>, gate: Gate, is_tls: bool) -> Self {
        Self {
            desk,
            gate,
            is_tls,
            uploads: Semaphore::new(UPLOADS),
            passwords: Semaphore::new(PASSWORDS),
        }
    }

    /// Serves until `stop` is done, then finishes what is under way.
    ///
    /// Errors: what the system says.
    pub async fn serve(
        self,
        listener: DeskListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let desk = Arc::clone(&self.desk);
        // What was being translated when the desk was closed goes on.
        for row in desk.store.articles().map_err(std::io::Error::other)? {
            if row.state == "translating" {
                translating::start(&desk, row.id);
            }
        }
        let server = Arc::new(self);
        let app = Router::new()
            .fallback(move |peer: ConnectInfo<Peer>, request: Request| {
                let server = Arc::clone(&server);
                async move { server.respond(peer.0.0, request).await }
            })
            .layer(DefaultBodyLimit::max(LARGEST_UPLOAD));
        let (begun, draining) = tokio::sync::oneshot::channel::<()>();
        let closing = Arc::clone(&desk);
        let ending = async move {
            stop.await;
            closing.events.close();
            locked(&closing.running)
                .iter()
                .for_each(|(_, stop)| stop.set());
            let _ = begun.send(());
        };
        let served = axum::serve(listener, app.into_make_service_with_connect_info::<Peer>())
            .with_graceful_shutdown(ending);
        let late = async {
            let _ = draining.await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            result = served => result?,
            () = late => {}
        }
        while !locked(&desk.running).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    async fn respond(self: Arc<Self>, peer: SocketAddr, request: Request) -> DeskResponse {
        let counters = &self.desk.counters;
        counters.requests.fetch_add(1, Ordering::Relaxed);
        let is_page = matches!(request.uri().path(), "/" | "/login");
        let mut response = match Arc::clone(&self).answer(peer.ip(), request).await {
            Ok(response) => response,
            Err(mut problem) => {
                counters.problems.fetch_add(1, Ordering::Relaxed);
                if problem.fields.shift_remove("slow") == Some(Value::Bool(true)) {
                    tokio::time::sleep(SLOWED).await;
                }
                if is_page {
                    text_response(problem.status, "text/plain; charset=utf-8", problem.detail)
                } else {
                    problem_response(&problem)
                }
            }
        };
        secure(response.headers_mut());
        response
    }

    async fn answer(
        self: Arc<Self>,
        from: IpAddr,
        request: Request,
    ) -> Result<DeskResponse, Problem> {
        let path = request.uri().path().to_owned();
        let found = find(request.method().as_str(), &path);
        if let FoundRoute::Route(route, _) = &found
            && matches!(route.handling, Handling::Health)
        {
            return Ok(text_response(
                200,
                "text/plain; charset=utf-8",
                "ok\n".into(),
            ));
        }
        self.gate.check_source(request.headers())?;
        let is_log_in = path == "/login" && request.method() == "POST";
        if (path == "/" || asset(&path).is_some()) && !is_log_in {
            return self.page(from, request.method(), request.uri(), request.headers());
        }
        let (route, parts) = match found {
            FoundRoute::Route(route, parts) => (route, parts),
            FoundRoute::Methods(methods) => {
                let detail = format!("`{path}` takes {}", methods.join(", "));
                return Err(Problem::new(405, detail));
            }
            FoundRoute::Nothing => return Err(Problem::new(404, format!("there is no `{path}`"))),
        };
        if matches!(route.handling, Handling::LogIn) {
            return self.log_in(from, request).await;
        }
        let headers = request.headers().clone();
        let (who, proof) = self.gate.who(&self.desk, &headers, from)?;
        if who.role < route.role {
            let detail = format!(
                "a {} may not do this; a {} may",
                who.role.name(),
                route.role.name()
            );
            return Err(Problem::new(403, detail));
        }
        let is_write = !matches!(route.method, "GET");
        if is_write && proof == Proof::Cookie && !headers.contains_key("origin") {
            return Err(Problem::new(
                403,
                "a write by cookie needs the header Origin",
            ));
        }
        match route.handling {
            Handling::Work(work) => self.work(work, route, parts, who, request).await,
            Handling::Events => Ok(self.events()),
            Handling::Description => Ok(json_response(200, openapi::description().to_string())),
            Handling::Metrics => {
                let kind = "text/plain; version=0.0.4; charset=utf-8";
                Ok(text_response(200, kind, self.metrics()?))
            }
            Handling::LogOut => {
                let cookie = self.gate.log_out(&self.desk, &headers, self.is_tls)?;
                let mut response = empty_response(204);
                set(response.headers_mut(), "set-cookie", &cookie);
                Ok(response)
            }
            Handling::Health | Handling::LogIn => Err(Problem::new(500, "answered before")),
        }
    }

    /// The page and its files. The link with the key becomes a cookie.
    fn page(
        &self,
        from: IpAddr,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<DeskResponse, Problem> {
        let path = uri.path();
        if method != "GET" && method != "HEAD" {
            return Err(Problem::new(405, format!("`{path}` takes GET")));
        }
        let query = query_of(uri.query().unwrap_or_default());
        let token = query.iter().find(|(name, _)| name == "token");
        if let (Some((_, token)), "/", None) = (token, path, &self.gate.users) {
            self.gate.check_key(token, self.desk.now(), from)?;
            let mut response = empty_response(303);
            set(response.headers_mut(), "location", "/");
            set(
                response.headers_mut(),
                "set-cookie",
                &self.gate.set_cookie(self.is_tls),
            );
            return Ok(response);
        }
        if path == "/"
            && let Err(problem) = self.gate.who(&self.desk, headers, from)
        {
            if self.gate.users.is_some() && problem.status == 401 {
                let mut response = empty_response(303);
                set(response.headers_mut(), "location", "/login");
                return Ok(response);
            }
            return Err(problem);
        }
        let Some(file) = asset(path) else {
            return Err(Problem::new(404, format!("there is no `{path}`")));
        };
        Ok(text_response(200, file.kind, file.text.to_owned()))
    }

    async fn log_in(
        self: Arc<Self>,
        from: IpAddr,
        request: Request,
    ) -> Result<DeskResponse, Problem> {
        let body = json_body(request).await?;
        let text = |name: &str| {
            let text = body.get(name).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| Problem::new(400, format!("`{name}` is missing")))
        };
        let (name, password) = (text("name")?, text("password")?);
        if self.gate.users.is_none() {
            return Err(Problem::new(
                404,
                "the desk has no users; `--users FILE` names them",
            ));
        }
        let _turn = self.passwords.acquire().await;
        let own = Arc::clone(&self);
        let done = tokio::task::spawn_blocking(move || {
            own.gate
                .log_in(&own.desk, &name, &password, from, own.is_tls)
        });
        let (key, cookie, who) = done.await.map_err(|_| panicked())??;
        let body = serde_json::json!({"name": who.name, "role": who.role.name(), "token": key});
        let mut response = json_response(200, body.to_string());
        set(response.headers_mut(), "set-cookie", &cookie);
        Ok(response)
    }

    /// Has a route's work done where it may block.
    async fn work(
        self: Arc<Self>,
        work: Work,
        route: &'static DeskRoute,
        path: Vec<String>,
        who: Who,
        request: Request,
    ) -> Result<DeskResponse, Problem> {
        let query = query_of(request.uri().query().unwrap_or_default());
        let if_match = request.headers().get("if-match");
        let if_match = if_match
            .and_then(|own| own.to_str().ok())
            .map(str::to_owned);
        let (mut body, mut parts) = (Value::Null, Vec::new());
        match route.takes {
            Taken::Nothing => {}
            Taken::Json(..) => body = json_body(request).await?,
            Taken::Form(_) => {
                let _turn = self.uploads.acquire().await;
                parts = form(request).await?;
            }
        }
        let call = DeskRequest {
            path,
            query,
            body,
            parts,
            if_match,
            who,
        };
        let desk = Arc::clone(&self.desk);
        let done = tokio::task::spawn_blocking(move || work(&desk, &call)).await;
        let reply = done.map_err(|_| panicked())??;
        Ok(match reply {
            DeskReply::Json { status, body, etag } => {
                let mut response = json_response(status, body);
                if let Some(etag) = etag {
                    set(response.headers_mut(), "etag", &etag);
                }
                response
            }
            DeskReply::File { name, kind, bytes } => file_response(&name, kind, bytes),
            DeskReply::Empty => empty_response(204),
        })
    }

    fn events(&self) -> DeskResponse {
        let mut response = Response::new(self.desk.events.body());
        set(response.headers_mut(), "content-type", "text/event-stream");
        // A proxy that collects an answer before it passes it on would hold every event back.
        set(response.headers_mut(), "x-accel-buffering", "no");
        response
    }

    fn metrics(&self) -> Result<String, Problem> {
        let counters = &self.desk.counters;
        let number = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        let articles = self.desk.store.articles()?;
        let mut text = String::new();
        let mut add = |name: &str, kind: &str, help: &str, value: u64| {
            text.push_str(&format!(
                "# HELP overzet_{name} {help}\n# TYPE overzet_{name} {kind}\noverzet_{name} {value}\n"
            ));
        };
        add(
            "requests_total",
            "counter",
            "Requests.",
            number(&counters.requests),
        );
        add(
            "problems_total",
            "counter",
            "Answers of 400 and above.",
            number(&counters.problems),
        );
        add(
            "saves_total",
            "counter",
            "Units that were saved.",
            number(&counters.saves),
        );
        add(
            "articles",
            "gauge",
            "Articles of the desk.",
            articles.len() as u64,
        );
        let running = locked(&self.desk.running).len() as u64;
        add(
            "translating",
            "gauge",
            "Articles being translated.",
            running,
        );
        let listeners = self.desk.events.listeners() as u64;
        add(
            "event_streams",
            "gauge",
            "Open streams of events.",
            listeners,
        );
        Ok(text)
    }
}

fn panicked() -> Problem {
    Problem::new(500, "the desk failed; what was saved before is kept")
}

fn query_of(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The body of a request as a JSON object; null where it has none.
async fn json_body(request: Request) -> Result<Value, Problem> {
    let headers = request.headers();
    let kind = headers
        .get("content-type")
        .and_then(|own| own.to_str().ok());
    let is_json = kind.is_none_or(|own| own.to_ascii_lowercase().starts_with("application/json"));
    let length = headers
        .get("content-length")
        .and_then(|own| own.to_str().ok());
    let length = length
        .and_then(|own| own.parse::<usize>().ok())
        .unwrap_or(0);
    let too_large = || Problem::new(413, "the body is longer than 1 MB");
    if length > LARGEST_JSON {
        return Err(too_large());
    }
    let bytes: Bytes = axum::body::to_bytes(request.into_body(), LARGEST_JSON)
        .await
        .map_err(|_| too_large())?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    if !is_json {
        return Err(Problem::new(415, "the body is not application/json"));
    }
    let body: Value = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(400, format!("the body is not JSON: {error}")))?;
    if !body.is_object() {
        return Err(Problem::new(400, "the body is not an object"));
    }
    Ok(body)
}

/// The parts of a form.
async fn form(request: Request) -> Result<Vec<FormPart>, Problem> {
    let length = request.headers().get("content-length");
    let length = length.and_then(|own| own.to_str().ok()?.parse::<usize>().ok());
    let too_large = || Problem::new(413, "the upload is larger than 64 MB");
    if length.is_some_and(|length| length > LARGEST_UPLOAD) {
        return Err(too_large());
    }
    let wrong = |status: StatusCode, text: String| match status.as_u16() {
        413 => too_large(),
        _ => Problem::new(400, format!("the form cannot be read: {text}")),
    };
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| wrong(error.status(), error.body_text()))?;
    let mut parts = Vec::new();
    loop {
        let part = form.next_field().await;
        let Some(part) = part.map_err(|error| wrong(error.status(), error.body_text()))? else {
            return Ok(parts);
        };
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await;
        let bytes = bytes.map_err(|error| wrong(error.status(), error.body_text()))?;
        parts.push(FormPart {
            field,
            file,
            bytes: bytes.to_vec(),
        });
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Headers that every answer has.
fn secure(headers: &mut HeaderMap) {
    if !headers.contains_key("content-security-policy") {
        set(headers, "content-security-policy", POLICY);
    }
    set(headers, "x-content-type-options", "nosniff");
    set(headers, "referrer-policy", "no-referrer");
    set(headers, "x-frame-options", "DENY");
    set(headers, "cross-origin-resource-policy", "same-origin");
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "cache-control", "no-store");
}

fn empty_response(status: u16) -> DeskResponse {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

fn text_response(status: u16, kind: &str, text: String) -> DeskResponse {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    set(response.headers_mut(), "content-type", kind);
    response
}

fn json_response(status: u16, body: String) -> DeskResponse {
    text_response(status, "application/json", body)
}

fn problem_response(problem: &Problem) -> DeskResponse {
    let body = problem.body().to_string();
    let mut response = text_response(problem.status, "application/problem+json", body);
    let headers = response.headers_mut();
    match problem.status {
        401 => set(headers, "www-authenticate", "Bearer"),
        429 => set(headers, "retry-after", "60"),
        _ => {}
    }
    response
}

/// A file as attachment: an article never runs scripts on the origin of the desk.
fn file_response(name: &str, kind: &str, bytes: Vec<u8>) -> DeskResponse {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    set(headers, "content-type", kind);
    set(headers, "content-security-policy", FILE_POLICY);
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !"\"\\%;".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    set(headers, "content-disposition", &disposition);
    response
}

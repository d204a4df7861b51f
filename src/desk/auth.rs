//! Who may come in: the key of the folder, log-ins of people, and the checks of host and origin.

use super::problem::Problem;
use super::request::{DeskRole, Who};
use super::secret::random_key;
use super::state::{Desk, locked};
use super::store::LoginRow;
use super::users::Users;
use axum::http::HeaderMap;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Mutex;

/// Wrong keys of an address in a minute; more are not looked at.
const MOST_WRONG: usize = 10;
/// Wrong keys after which answers come slowly.
pub const SLOW_AFTER: usize = 5;
/// Addresses whose wrong keys are remembered.
const MOST_ADDRESSES: usize = 10_000;
/// How long a log-in lasts, in seconds.
const LOGIN: i64 = 12 * 3_600;

/// What decides who may come in.
pub struct Gate {
    /// The digest of the folder's key.
    key: blake3::Hash,
    /// The digest of the cookie that stands for it.
    cookie_key: blake3::Hash,
    /// The value of that cookie.
    cookie_value: String,
    /// The name of the cookie: cookies of one machine are shared by all of its ports.
    cookie: String,
    /// People with passwords; without them, the key alone lets in.
    pub users: Option<Users>,
    /// Names by which the desk may be asked, without the port.
    hosts: HashSet<String>,
    /// Whether it listens to addresses of other machines, by which it may be asked as well.
    is_open: bool,
    wrong: Mutex<HashMap<IpAddr, Vec<i64>>>,
}

/// How a request proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a cookie, which browsers send by themselves.
    Cookie,
    /// By the header `Authorization`.
    Bearer,
}

fn digest(text: &str) -> blake3::Hash {
    blake3::hash(text.as_bytes())
}

impl Gate {
    /// The gate of a desk. `name` tells its cookie from those of other desks.
    pub fn new(
        key: &str,
        name: &str,
        users: Option<Users>,
        hosts: &[String],
        is_open: bool,
    ) -> Self {
        let value = blake3::derive_key("overzet desk cookie", key.as_bytes());
        let cookie_value = blake3::Hash::from_bytes(value).to_hex().to_string();
        let loopback = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        Self {
            key: digest(key),
            cookie_key: digest(&cookie_value),
            cookie_value,
            cookie: format!("overzet-{}", &digest(name).to_hex()[..8]),
            users,
            hosts: loopback.into_iter().chain(hosts.iter().cloned()).collect(),
            is_open,
            wrong: Mutex::default(),
        }
    }

    /// Checks that the request names this desk, and comes from its own pages.
    ///
    /// Errors: 421 for another host (DNS rebinding); 403 for another origin.
    pub fn check_source(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let host = text(headers, "host").unwrap_or_default();
        if !self.is_own_host(host) {
            let detail = format!("the desk is not `{host}`; `--host NAME` allows a name");
            return Err(Problem::new(421, detail));
        }
        match text(headers, "origin") {
            Some(origin) if !is_origin_of(origin, host) => Err(Problem::new(
                403,
                format!("`{origin}` is not an origin of the desk"),
            )),
            _ => Ok(()),
        }
    }

    fn is_own_host(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        let name = name.to_ascii_lowercase();
        // A name can be pointed anywhere; an address is what it is.
        self.hosts.contains(&name) || self.is_open && name.parse::<IpAddr>().is_ok()
    }

    /// Who asks, and how they prove it.
    ///
    /// Errors: 401; 429 after too many wrong keys.
    pub fn who(
        &self,
        desk: &Desk,
        headers: &HeaderMap,
        from: IpAddr,
    ) -> Result<(Who, Proof), Problem> {
        let bearer = text(headers, "authorization").and_then(|own| own.strip_prefix("Bearer "));
        let (key, proof) = match (bearer, self.cookie_of(headers)) {
            (Some(key), _) => (key.trim(), Proof::Bearer),
            (None, Some(key)) => (key, Proof::Cookie),
            (None, None) => {
                return Err(Problem::new(
                    401,
                    "a key is needed; `overzet serve` prints it",
                ));
            }
        };
        if let Some(who) = self.is_known(desk, key, proof)? {
            return Ok((who, proof));
        }
        Err(self.refuse(desk.now(), from))
    }

    fn is_known(&self, desk: &Desk, key: &str, proof: Proof) -> Result<Option<Who>, Problem> {
        // Comparisons of `blake3::Hash` take the same time for any two digests.
        let is_key = match proof {
            Proof::Bearer => digest(key) == self.key,
            Proof::Cookie => self.users.is_none() && digest(key) == self.cookie_key,
        };
        if is_key {
            let name = if self.users.is_some() {
                "key"
            } else {
                "editor"
            };
            return Ok(Some(Who {
                name: name.to_owned(),
                role: DeskRole::Admin,
            }));
        }
        let Some(users) = &self.users else {
            return Ok(None);
        };
        let login = desk.store.login(digest(key).as_bytes())?;
        Ok(login
            .filter(|login| login.until > desk.now())
            .and_then(|login| users.who(&login.user)))
    }

    /// Whether a text is the folder's key.
    ///
    /// Errors: 401; 429 after too many wrong keys.
    pub fn check_key(&self, key: &str, now: i64, from: IpAddr) -> Result<(), Problem> {
        if digest(key) == self.key {
            return Ok(());
        }
        Err(self.refuse(now, from))
    }

    /// Counts a wrong key.
    pub fn refuse(&self, now: i64, from: IpAddr) -> Problem {
        let count = self.count_wrong(now, from, true);
        if count > MOST_WRONG {
            Problem::new(429, "too many wrong keys; try again in a minute")
        } else {
            Problem::new(401, "the key is wrong").with("slow", (count > SLOW_AFTER).into())
        }
    }

    /// Wrong keys of an address in the last minute.
    pub fn count_wrong(&self, now: i64, from: IpAddr, is_new: bool) -> usize {
        let mut wrong = locked(&self.wrong);
        if wrong.len() >= MOST_ADDRESSES {
            wrong.retain(|_, times| times.last().is_some_and(|at| *at > now - 60));
        }
        let times = wrong.entry(from).or_default();
        times.retain(|at| *at > now - 60);
        if is_new && times.len() <= MOST_WRONG {
            times.push(now);
        }
        times.len()
    }

    /// Whether an address has had all of its tries.
    pub fn is_shut(&self, now: i64, from: IpAddr) -> bool {
        self.count_wrong(now, from, false) > MOST_WRONG
    }

    /// The header that sets the cookie of the folder's key.
    pub fn set_cookie(&self, is_tls: bool) -> String {
        self.cookie_header(&self.cookie_value, 400 * 86_400, is_tls)
    }

    fn cookie_header(&self, value: &str, seconds: i64, is_tls: bool) -> String {
        let secure = if is_tls { "; Secure" } else { "" };
        format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
            self.cookie
        )
    }

    fn cookie_of<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let all = headers.get_all("cookie").iter();
        all.filter_map(|own| own.to_str().ok())
            .flat_map(|own| own.split(';'))
            .filter_map(|own| own.trim().split_once('='))
            .find_map(|(name, value)| (name == self.cookie).then_some(value))
    }

    /// Lets somebody in by name and password: the key of the log-in and the header of its cookie.
    ///
    /// Errors: 401, 429; 507.
    pub fn log_in(
        &self,
        desk: &Desk,
        name: &str,
        password: &str,
        from: IpAddr,
        is_tls: bool,
    ) -> Result<(String, String, Who), Problem> {
        let now = desk.now();
        if self.is_shut(now, from) {
            return Err(Problem::new(
                429,
                "too many wrong keys; try again in a minute",
            ));
        }
        let who = self
            .users
            .as_ref()
            .and_then(|users| users.check(name, password));
        let who = who.ok_or_else(|| self.refuse(now, from))?;
        let failed = |error: std::io::Error| Problem::new(500, error.to_string());
        let key = random_key().map_err(failed)?;
        let login = LoginRow {
            user: who.name.clone(),
            until: now + LOGIN,
        };
        desk.store.log_in(digest(&key).as_bytes(), &login)?;
        let cookie = self.cookie_header(&key, LOGIN, is_tls);
        Ok((key, cookie, who))
    }

    /// Ends the log-in of a request; gives the header that takes its cookie away.
    ///
    /// Errors: 507.
    pub fn log_out(
        &self,
        desk: &Desk,
        headers: &HeaderMap,
        is_tls: bool,
    ) -> Result<String, Problem> {
        let bearer = text(headers, "authorization").and_then(|own| own.strip_prefix("Bearer "));
        for key in bearer.into_iter().chain(self.cookie_of(headers)) {
            desk.store.log_out(digest(key.trim()).as_bytes())?;
        }
        Ok(self.cookie_header("", 0, is_tls))
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|own| own.to_str().ok())
}

/// Whether an origin is that of pages of this host.
fn is_origin_of(origin: &str, host: &str) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|own| own.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_own_names_and_own_pages_are_let_in() {
        let gate = Gate::new("k", "desk", None, &["desk.example".into()], false);
        let check = |pairs: &[(&'static str, &str)]| {
            gate.check_source(&headers(pairs)).err().map(|p| p.status)
        };
        assert_eq!(check(&[("host", "127.0.0.1:7878")]), None);
        assert_eq!(check(&[("host", "[::1]:7878")]), None);
        assert_eq!(check(&[("host", "Desk.Example")]), None);
        assert_eq!(check(&[("host", "evil.example:7878")]), Some(421));
        assert_eq!(check(&[("host", "10.0.0.7:7878")]), Some(421));
        assert_eq!(check(&[]), Some(421));
        let own = ("host", "localhost:7878");
        assert_eq!(check(&[own, ("origin", "http://localhost:7878")]), None);
        for other in [
            "http://localhost:7879",
            "null",
            "http://evil.example",
            "http://localhost",
        ] {
            assert_eq!(check(&[own, ("origin", other)]), Some(403), "{other}");
        }
    }

    #[test]
    fn wrong_keys_are_counted_by_address_and_minute() {
        let gate = Gate::new("k", "desk", None, &[], false);
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let status = |now, from| gate.check_key("x", now, from).err().map(|p| p.status);
        for _ in 0..MOST_WRONG {
            assert_eq!(status(100, one), Some(401));
        }
        assert_eq!(status(100, one), Some(429));
        assert_eq!(status(100, other), Some(401));
        // Who has the key is never shut out.
        assert!(gate.check_key("k", 100, one).is_ok());
        assert_eq!(status(161, one), Some(401));
    }
}

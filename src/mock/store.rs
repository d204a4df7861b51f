//! What the mock remembers: accounts by key, sessions with their faults, and the journal.

use super::answers::Answers;
use super::call::Call;
use super::dialect::ServiceDialect;
use super::faults::Fault;
use super::journal::Recorded;
use super::options::MockOptions;
use super::tape::WireTape;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Objects of one kind by their ids, in the order of the ids.
pub type Shelf = BTreeMap<String, Value>;

/// The owner of a key, with everything that the service keeps for it.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Characters that were translated.
    pub characters: u64,
    /// Characters after which the quota is used up; 0 stands for no limit that is told.
    pub character_limit: u64,
    /// Documents that were translated.
    pub documents: u64,
    /// Documents after which the quota is used up; 0 stands for none.
    pub document_limit: u64,
    /// Documents of the team after which the quota is used up; 0 stands for none.
    pub team_document_limit: u64,
    /// Glossaries, documents, style rules.
    shelves: BTreeMap<&'static str, Shelf>,
    /// How many objects were made, for their ids.
    made: u64,
}

impl Account {
    /// The objects of a kind.
    pub fn shelf(&mut self, kind: &'static str) -> &mut Shelf {
        self.shelves.entry(kind).or_default()
    }

    /// The next number for an id.
    pub fn number(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Whether so many characters more are within the quota.
    pub fn has_room(&self, characters: u64) -> bool {
        self.character_limit == 0 || self.characters + characters <= self.character_limit
    }

    /// Whether one document more is within the quota.
    pub fn has_room_for_document(&self) -> bool {
        [self.document_limit, self.team_document_limit]
            .iter()
            .all(|limit| *limit == 0 || self.documents < *limit)
    }
}

/// Faults that a session was given, and how many requests each fault has seen.
#[derive(Debug, Default)]
struct SessionFaults {
    own: Vec<Fault>,
    seen: BTreeMap<String, u64>,
}

/// The journal: the latest requests, each with its number.
#[derive(Debug, Default)]
struct RequestLog {
    count: u64,
    bytes: usize,
    requests: VecDeque<(u64, Recorded)>,
}

/// The memory of a running mock.
pub struct MockStore {
    /// How it behaves.
    pub options: MockOptions,
    started: Instant,
    answers: Mutex<Answers>,
    tape: Mutex<WireTape>,
    faults: Mutex<Vec<Fault>>,
    sessions: Mutex<BTreeMap<String, SessionFaults>>,
    journal: Mutex<RequestLog>,
    accounts: Mutex<BTreeMap<String, Account>>,
}

/// Bytes of requests that the journal keeps.
const JOURNAL_BYTES: usize = 64 << 20;

/// A lock whose holder cannot have left it half-changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number in 0..1 that depends on the seed and the request alone.
fn roll(seed: u64, count: u64, salt: u64) -> f64 {
    let mut x =
        seed ^ count.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 31;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^= x >> 29;
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

impl MockStore {
    /// An empty memory.
    pub fn new(options: MockOptions) -> Self {
        Self {
            started: Instant::now(),
            answers: Mutex::new(options.answers.clone()),
            tape: Mutex::new(
                options
                    .wire
                    .as_ref()
                    .map(|wire| wire.tape.clone())
                    .unwrap_or_default(),
            ),
            faults: Mutex::new(options.faults.clone()),
            options,
            sessions: Mutex::default(),
            journal: Mutex::default(),
            accounts: Mutex::default(),
        }
    }

    /// Milliseconds since the start.
    pub fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    /// The source of words.
    pub fn answers(&self) -> MutexGuard<'_, Answers> {
        lock(&self.answers)
    }

    /// The recorded traffic.
    pub fn tape(&self) -> MutexGuard<'_, WireTape> {
        lock(&self.tape)
    }

    /// Does something with the account of a request's key; it is made if the key is new.
    pub fn account<T>(&self, call: &Call, change: impl FnOnce(&mut Account) -> T) -> T {
        let limit = |name: &str| -> Option<u64> { call.header(name)?.parse().ok() };
        let mut accounts = lock(&self.accounts);
        let account = accounts
            .entry(call.account.clone())
            .or_insert_with(|| Account {
                character_limit: limit("mock-server-session-init-character-limit")
                    .unwrap_or(self.options.quota),
                document_limit: limit("mock-server-session-init-document-limit").unwrap_or(0),
                team_document_limit: limit("mock-server-session-init-team-document-limit")
                    .unwrap_or(0),
                ..Account::default()
            });
        change(account)
    }

    /// Does something with every account, by the name that stands for its key.
    pub fn accounts<T>(&self, change: impl FnOnce(&mut BTreeMap<String, Account>) -> T) -> T {
        change(&mut lock(&self.accounts))
    }

    /// The faults that strike a request, those of its own header last.
    pub fn struck(&self, session: &str, path: &str, texts: &[&str], own: Vec<Fault>) -> Vec<Fault> {
        let common = lock(&self.faults).clone();
        let mut sessions = lock(&self.sessions);
        let state = sessions.entry(session.to_owned()).or_default();
        let all = common
            .into_iter()
            .chain(state.own.clone())
            .filter(|fault| fault.is_meant_for(path, texts))
            .chain(own.into_iter().filter(|fault| {
                // What a request brings along is meant for it, unless it names a word.
                fault.has.is_none() || fault.is_meant_for(path, texts)
            }));
        let mut struck = Vec::new();
        for (salt, fault) in all.enumerate() {
            let seen = state
                .seen
                .entry(format!("{salt} {}", fault.spec()))
                .or_default();
            if fault.strikes(*seen, roll(self.options.seed, *seen, salt as u64)) {
                struck.push(fault);
            }
            *seen += 1;
        }
        struck
    }

    /// The faults of a session; the empty one is the common one, which every session has.
    pub fn faults_of(&self, session: &str) -> Vec<Fault> {
        if session.is_empty() {
            return lock(&self.faults).clone();
        }
        lock(&self.sessions)
            .get(session)
            .map(|state| state.own.clone())
            .unwrap_or_default()
    }

    /// Sets the faults of a session and counts its requests anew; the empty one is the common one.
    pub fn set_faults(&self, session: &str, faults: Vec<Fault>) {
        let mut sessions = lock(&self.sessions);
        if session.is_empty() {
            *lock(&self.faults) = faults;
            for state in sessions.values_mut() {
                state.seen.clear();
            }
        } else {
            let state = sessions.entry(session.to_owned()).or_default();
            state.own = faults;
            state.seen.clear();
        }
    }

    /// Adds a request to the journal; the number names it for [`MockStore::answered`].
    pub fn note(&self, request: Recorded) -> u64 {
        let mut journal = lock(&self.journal);
        journal.count += 1;
        journal.bytes += request.size();
        let number = journal.count;
        journal.requests.push_back((number, request));
        // The oldest go first: a mock that runs for days must not fill the memory.
        while journal.bytes > JOURNAL_BYTES && journal.requests.len() > 1 {
            if let Some((_, oldest)) = journal.requests.pop_front() {
                journal.bytes -= oldest.size();
            }
        }
        number
    }

    /// Adds to the journal how a request was answered.
    pub fn answered(&self, number: u64, status: u16) {
        let mut journal = lock(&self.journal);
        if let Some((_, request)) = journal.requests.iter_mut().rfind(|(own, _)| *own == number) {
            request.status = status;
        }
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Recorded> {
        let journal = lock(&self.journal);
        journal
            .requests
            .iter()
            .map(|(_, request)| request.clone())
            .collect()
    }

    /// Forgets the requests of a session, so that its faults count anew; without one, those of all.
    pub fn forget(&self, session: Option<&str>) {
        let is_meant = |own: &str| session.is_none_or(|session| session == own);
        let mut journal = lock(&self.journal);
        journal.requests.retain(|(_, own)| !is_meant(&own.session));
        journal.bytes = journal.requests.iter().map(|(_, own)| own.size()).sum();
        drop(journal);
        for (name, state) in lock(&self.sessions).iter_mut() {
            if is_meant(name) {
                state.seen.clear();
            }
        }
    }

    /// Back to the start: journal, faults of sessions and accounts are gone, the faults are those
    /// of the options.
    pub fn reset(&self) {
        self.forget(None);
        lock(&self.sessions).clear();
        lock(&self.accounts).clear();
        lock(&self.faults).clone_from(&self.options.faults);
        lock(&self.answers).clone_from(&self.options.answers);
    }

    /// The name of a key's owner. The key itself is not kept.
    ///
    /// Errors: the key is empty or not one that is accepted.
    pub fn owner(&self, dialect: ServiceDialect, key: &str) -> Result<String, ()> {
        let keys = &self.options.keys;
        let accepted = if keys.is_empty() {
            !key.is_empty() && !key.starts_with("invalid")
        } else {
            keys.iter().any(|known| known == key)
        };
        if !accepted {
            return Err(());
        }
        let digest = blake3::hash(key.as_bytes()).to_hex();
        Ok(format!("{}/{}", dialect.name(), &digest[..12]))
    }

    /// Whether a model exists.
    pub fn has_model(&self, name: &str) -> bool {
        let models = &self.options.models;
        if models.is_empty() {
            !name.is_empty() && !name.starts_with("unknown")
        } else {
            // Ollama's names may leave out the tag `latest`.
            models
                .iter()
                .any(|known| known == name || *known == format!("{name}:latest"))
        }
    }

    /// The models that a list shows.
    pub fn models(&self) -> Vec<String> {
        if self.options.models.is_empty() {
            vec!["mock".to_owned()]
        } else {
            self.options.models.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn the_journal_keeps_the_latest_requests_within_its_bytes() {
        let store = MockStore::new(MockOptions::default());
        let request = |path: &str, bytes: usize| Recorded {
            dialect: None,
            method: "POST".into(),
            path: path.into(),
            headers: Vec::new(),
            body: "a".repeat(bytes),
            texts: 0,
            session: String::new(),
            status: 0,
            faults: Vec::new(),
            written: Arc::default(),
        };
        for path in ["/1", "/2", "/3", "/4", "/5"] {
            store.note(request(path, 15 << 20));
        }
        let paths = |store: &MockStore| -> Vec<String> {
            store.requests().into_iter().map(|own| own.path).collect()
        };
        assert_eq!(paths(&store), ["/2", "/3", "/4", "/5"]);
        // One that is larger than the journal is kept alone.
        store.note(request("/6", 70 << 20));
        assert_eq!(paths(&store), ["/6"]);
    }
}

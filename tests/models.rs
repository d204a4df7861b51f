//! `models pull` against a server that cuts, corrupts, redirects and stalls: whatever happens, a model is there whole or not at all.

use crate::stage::Stage;
use overzet::engine::models::{self, Error, Manifest, ModelPull, ModelSource};
use overzet::engine::{Clock, HttpClient, HttpOptions};
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Bytes that do not pack well, always the same for a seed.
fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u8
        })
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    let digits: Vec<String> = Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    digits.concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A file of the made-up model.
struct File {
    name: &'static str,
    role: &'static str,
    bytes: Vec<u8>,
    packed: Vec<u8>,
}

/// The files of a made-up model.
fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        [
            ("model.x.bin", "model", 400_000),
            ("vocab.x.spm", "vocab", 50_000),
            ("lex.x.bin", "lex", 90_000),
        ]
        .into_iter()
        .enumerate()
        .map(|(seed, (name, role, size))| {
            let bytes = noise(seed as u64, size);
            let packed = gzip(&bytes);
            File {
                name,
                role,
                bytes,
                packed,
            }
        })
        .collect()
    })
}

/// Their manifest, with addresses under `base`. The vocabulary is known by its packed hash alone, as in the built-in manifest.
fn manifest(base: &str) -> String {
    let files: Vec<serde_json::Value> = files()
        .iter()
        .map(|File { name, role, bytes, packed }| {
            let mut file = serde_json::json!({"role": role, "file": name, "packed": {
                "file": format!("{name}.gz"), "compression": "gzip", "bytes": packed.len(), "sha256": sha256(packed),
                "urls": [format!("{base}/{name}.gz")]}});
            if *role != "vocab" {
                file["bytes"] = bytes.len().into();
                file["sha256"] = sha256(bytes).into();
            }
            file
        })
        .collect();
    serde_json::json!({"schema": 1, "models": [{"schema": 1, "name": "nl-en-x", "source": "nl", "target": "en", "architecture": "x",
        "version": "1.0", "license": "MPL-2.0", "files": files}]})
    .to_string()
}

/// A request: its path, and the Range header if there was one.
type Seen = (String, Option<String>);

/// A server on a loopback port. The first part of a path says how it behaves.
struct Server {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

fn serve() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, calls) = (seen.clone(), Arc::new(AtomicUsize::new(0)));
    // The threads end with the test binary.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (log, calls) = (log.clone(), calls.clone());
            std::thread::spawn(move || drop(answer(stream, &log, &calls)));
        }
    });
    Server { address, seen }
}

fn answer(
    mut stream: TcpStream,
    log: &Mutex<Vec<Seen>>,
    calls: &AtomicUsize,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or(Ok(String::new()))?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut range = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("range: bytes=") {
            range = Some(value.to_owned());
        }
    }
    log.lock().unwrap().push((path.clone(), range.clone()));
    let call = calls.fetch_add(1, Ordering::Relaxed);
    let path = path.get(1..).unwrap_or_default();
    let (mode, name) = path.split_once('/').unwrap_or((path, ""));
    let name = name.rsplit('/').next().unwrap_or_default();
    let file = files().iter().find(|f| format!("{}.gz", f.name) == name);
    let Some(File { packed, .. }) = file else {
        return write!(
            stream,
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
    };
    let from: usize = range
        .and_then(|r| r.trim_end_matches('-').parse().ok())
        .filter(|_| mode != "norange")
        .unwrap_or(0);
    let head = |stream: &mut TcpStream, from: usize, length: usize| {
        let status = if from > 0 {
            format!(
                "206 Partial Content\r\ncontent-range: bytes {from}-{}/{}",
                packed.len() - 1,
                packed.len()
            )
        } else {
            "200 OK".to_owned()
        };
        write!(
            stream,
            "HTTP/1.1 {status}\r\netag: \"e\"\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        )
    };
    let rest = packed.len() - from.min(packed.len());
    match mode {
        "redirect" => write!(
            stream,
            "HTTP/1.1 302 Found\r\nlocation: /ok/{name}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ),
        "circle" => write!(
            stream,
            "HTTP/1.1 302 Found\r\nlocation: /circle/{name}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ),
        "busy" if !call.is_multiple_of(3) => write!(
            stream,
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ),
        "longer" => {
            head(&mut stream, 0, packed.len() + 5)?;
            stream.write_all(packed)?;
            stream.write_all(b"extra")
        }
        "corrupt" => {
            let mut wrong = packed.clone();
            let middle = wrong.len() / 2;
            wrong[middle] ^= 1;
            head(&mut stream, from, rest)?;
            stream.write_all(&wrong[from..])
        }
        "shifted" if from > 0 => {
            // Claims to go on where it does not.
            write!(
                stream,
                "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-{}/{}\r\ncontent-length: {rest}\r\nconnection: close\r\n\r\n",
                rest - 1,
                packed.len()
            )?;
            stream.write_all(&packed[..rest])
        }
        // Each answer ends early; ranges bring it home.
        "cut" | "norange" | "shifted" if rest > 70_000 && (mode == "cut" || call % 5 != 4) => {
            head(&mut stream, from, rest)?;
            stream.write_all(&packed[from..from + 70_000])
        }
        "stall" if call.is_multiple_of(2) => {
            head(&mut stream, from, rest)?;
            stream.write_all(&packed[from..from + rest / 2])?;
            stream.flush()?;
            // Silent until the client hangs up.
            stream.read(&mut [0]).map(|_| ())
        }
        _ => {
            head(&mut stream, from, rest)?;
            stream.write_all(&packed[from..])
        }
    }
}

/// A clock that never waits.
struct Still;

impl Clock for Still {
    fn now(&self) -> i64 {
        0
    }
    fn sleep<'a>(&'a self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(std::future::ready(()))
    }
    fn random(&self) -> f64 {
        0.5
    }
}

fn net() -> HttpClient {
    let options = HttpOptions {
        retries: 9,
        timeout: Duration::from_millis(300),
        ..HttpOptions::default()
    };
    HttpClient::new(Arc::new(Still), options).unwrap()
}

async fn pull(
    root: &Path,
    text: &str,
    mirror: Option<&str>,
) -> Result<models::InstalledModel, Error> {
    let manifest = Manifest::read("test", text.as_bytes()).unwrap();
    let net = net();
    models::pull(&ModelPull {
        model: &manifest.models[0],
        root,
        source: ModelSource::Network { net: &net, mirror },
        progress: &|_| {},
    })
    .await
}

/// The model stands whole: every file byte for byte, and the manifest says so.
fn whole(root: &Path) {
    let found = models::installed(root);
    assert_eq!(found.len(), 1);
    assert!(models::verify(&found[0]).is_empty());
    for File { name, bytes, .. } in files() {
        assert!(
            std::fs::read(found[0].folder.join(name)).unwrap() == *bytes,
            "{name}"
        );
    }
    let licence = std::fs::read_to_string(found[0].folder.join("LICENSE.txt")).unwrap();
    assert!(licence.contains("MPL-2.0"));
}

#[tokio::test]
async fn a_server_that_misbehaves_is_survived() {
    let server = serve();
    for mode in [
        "ok", "cut", "norange", "shifted", "redirect", "busy", "stall",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let result = pull(
            folder.path(),
            &manifest(&format!("{}/{mode}", server.address)),
            None,
        )
        .await;
        result.unwrap_or_else(|error| panic!("{mode}: {error}"));
        whole(folder.path());
    }
    let seen = server.seen.lock().unwrap();
    let resumed = seen
        .iter()
        .filter(|(path, range)| path.starts_with("/cut/") && range.is_some());
    assert!(
        resumed.count() >= 5,
        "cut downloads go on where they stopped"
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_touches_nothing_that_was_good() {
    let server = serve();
    let folder = tempfile::tempdir().unwrap();
    pull(
        folder.path(),
        &manifest(&format!("{}/ok", server.address)),
        None,
    )
    .await
    .unwrap();
    let newer =
        |mode: &str| manifest(&format!("{}/{mode}", server.address)).replace("\"1.0\"", "\"1.1\"");
    for (mode, says) in [
        ("corrupt", "SHA-256 is"),
        ("longer", "bytes"),
        ("absent", "404"),
        ("circle", "redirect"),
    ] {
        let base = if mode == "absent" {
            "nowhere/none"
        } else {
            mode
        };
        let text =
            newer(base).replace(".gz\"]", if mode == "absent" { ".no\"]" } else { ".gz\"]" });
        let error = pull(folder.path(), &text, None)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{mode}: {error}");
        whole(folder.path());
    }
    // A manifest whose unpacked hash is wrong: both hashes are named, nothing is installed.
    let (good, bad) = (sha256(&files()[0].bytes), sha256(b"other"));
    let error = pull(folder.path(), &newer("ok").replace(&good, &bad), None)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains(&good) && error.contains(&bad), "{error}");
    whole(folder.path());
    // A damaged installation is made anew.
    let one = models::installed(folder.path()).remove(0);
    std::fs::write(one.folder.join("lex.x.bin"), b"damaged").unwrap();
    assert_eq!(models::verify(&one).len(), 1);
    pull(
        folder.path(),
        &manifest(&format!("{}/ok", server.address)),
        None,
    )
    .await
    .unwrap();
    whole(folder.path());
}

#[tokio::test]
async fn a_mirror_and_a_folder_do_as_well() {
    let server = serve();
    let folder = tempfile::tempdir().unwrap();
    let mirror = format!("{}/ok/mirror", server.address);
    pull(
        folder.path(),
        &manifest("http://127.0.0.1:1/none"),
        Some(&mirror),
    )
    .await
    .unwrap();
    whole(folder.path());
    assert!(
        server
            .seen
            .lock()
            .unwrap()
            .iter()
            .all(|(path, _)| path.contains("/mirror/nl-en-x/"))
    );

    let text = manifest("http://127.0.0.1:1/none");
    let read = Manifest::read("test", text.as_bytes()).unwrap();
    let desk = tempfile::tempdir().unwrap();
    let from = |root: &Path| {
        let (model, desk) = (read.models[0].clone(), desk.path().to_owned());
        let root = root.to_owned();
        async move {
            let source = ModelSource::Folder(&desk);
            models::pull(&ModelPull {
                model: &model,
                root: &root,
                source,
                progress: &|_| {},
            })
            .await
        }
    };
    let target = tempfile::tempdir().unwrap();
    assert!(matches!(
        from(target.path()).await,
        Err(Error::Absent { .. })
    ));
    for File {
        name,
        role,
        bytes,
        packed,
    } in files()
    {
        if *role == "model" {
            std::fs::write(desk.path().join(name), bytes).unwrap();
        } else {
            std::fs::write(desk.path().join(format!("{name}.gz")), packed).unwrap();
        }
    }
    from(target.path()).await.unwrap();
    whole(target.path());
    std::fs::write(desk.path().join("vocab.x.spm.gz"), b"x").unwrap();
    let other = tempfile::tempdir().unwrap();
    assert!(matches!(from(other.path()).await, Err(Error::Wrong { .. })));
    assert!(models::installed(other.path()).is_empty());
}

#[tokio::test]
async fn a_second_pull_at_the_same_time_is_told_to_wait() {
    let folder = tempfile::tempdir().unwrap();
    let stage = folder.path().join(".pull/nl-en-x-1.0");
    std::fs::create_dir_all(&stage).unwrap();
    let held = std::fs::File::create(stage.join("lock")).unwrap();
    held.lock().unwrap();
    let server = serve();
    let text = manifest(&format!("{}/ok", server.address));
    assert!(matches!(
        pull(folder.path(), &text, None).await,
        Err(Error::Locked { .. })
    ));
    drop(held);
    pull(folder.path(), &text, None).await.unwrap();
    whole(folder.path());
}

#[test]
fn a_pull_killed_at_any_moment_leaves_all_or_nothing() {
    let server = serve();
    let stage = Stage::new();
    stage.write("m.json", manifest(&format!("{}/ok", server.address)));
    let root = stage.path("models");
    let mut stage = stage.with("OVERZET_MODELS", &root.display().to_string());
    stage = stage.with("HOME", &root.display().to_string());
    let pull = ["models", "pull", "nl-en", "--manifest", "m.json"];
    let begun = Instant::now();
    stage.run(&pull).exits(0);
    let whole_pull = begun.elapsed();
    std::fs::remove_dir_all(&root).unwrap();
    let mut dice = 7_u32;
    let mut finished = 0;
    for _ in 0..50 {
        let mut child = stage.start(&pull);
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let until = Instant::now() + whole_pull * (dice >> 16) / 55_000;
        while Instant::now() < until {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if models::installed(&root).is_empty() {
            let place = root.join("nl-en");
            assert!(!place.exists() || std::fs::read_dir(place).unwrap().next().is_none());
        } else {
            whole(&root);
            finished += 1;
            std::fs::remove_dir_all(&root).unwrap();
        }
    }
    stage.run(&pull).exits(0);
    whole(&root);
    let listed = stage.run(&["models", "list"]);
    assert!(
        listed
            .exits(0)
            .stdout
            .contains("nl-en-x              installed"),
        "{}",
        listed.stdout
    );
    stage.run(&["models", "verify"]).exits(0);
    assert!(
        stage
            .run(&["models", "path"])
            .exits(0)
            .stdout
            .contains("x-1.0")
    );
    std::fs::write(root.join("nl-en/x-1.0/vocab.x.spm"), b"damaged").unwrap();
    let damaged = stage.run(&["models", "verify", "nl-en-x"]);
    assert!(
        damaged.exits(3).stderr.contains("SHA-256") || damaged.stderr.contains("bytes"),
        "{}",
        damaged.stderr
    );
    stage.run(&["models", "rm", "nl-en-x"]).exits(0);
    assert!(models::installed(&root).is_empty());
    stage.run(&["models", "path"]).exits(2);
    stage
        .run(&["models", "pull", "nl-en", "--offline"])
        .exits(6);
    stage.run(&["models", "pull", "fr-en"]).exits(2);
    eprintln!("{finished} of 50 killed pulls had finished before they were killed");
}

/// On a disk that fills up in the middle, nothing is installed, the message says so, and with room the same command goes on.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_installs_nothing() {
    let server = serve();
    let stage = Stage::new();
    stage.write("m.json", manifest(&format!("{}/ok", server.address)));
    let root = stage.path("models");
    std::fs::create_dir(&root).unwrap();
    let mount = |options: &str| {
        std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&root)
            .stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !mount("size=300k") {
        eprintln!("skipped: a_full_disk_installs_nothing needs the right to mount");
        return;
    }
    let stage = stage.with("OVERZET_MODELS", &root.display().to_string());
    let full = stage.run(&["models", "pull", "nl-en", "--manifest", "m.json"]);
    let empty = models::installed(&root).is_empty();
    let more = mount("remount,size=4m");
    let then = stage.run(&["models", "pull", "nl-en", "--manifest", "m.json"]);
    let there = models::installed(&root).len();
    let unmounted = std::process::Command::new("umount")
        .arg(&root)
        .status()
        .unwrap();
    assert!(
        full.exits(3).stderr.contains("No space left"),
        "{}",
        full.stderr
    );
    assert!(empty && more && unmounted.success());
    then.exits(0);
    assert_eq!(there, 1);
}

//! The shape of the source: no circle between files, a type name in one file only, short functions, thin subcommands.
//!
//! What is counted is the source without its tests: files named `tests.rs` and modules behind `#[cfg(test)]` are left out.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Type names that may stand in several files: every module has its `Error`, every subcommand its `Args`.
const SHARED_NAMES: &[&str] = &["Error", "Args"];
/// Lines of a function at most, from its `fn` to its closing brace.
const LINES_OF_A_FUNCTION: usize = 100;
/// Lines of a file of the command line at most.
const LINES_OF_A_SUBCOMMAND: usize = 300;

/// A source file: its path below `src`, the path of its module, and its text without comments and tests.
struct SourceFile {
    name: String,
    module: Vec<String>,
    text: String,
}

/// Every source file that is not a test, in order.
fn source_files() -> Vec<SourceFile> {
    let src = crate::architecture::root().join("src");
    let unit_tests = Regex::new(r"(?m)^#\[cfg\(test\)\]\n(#\[.*\]\n)*mod \w+ \{").unwrap();
    let comment = Regex::new(r"(?m)(^|\s)//.*$").unwrap();
    crate::architecture::rust_files(&src)
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs"))
        .map(|path| {
            let inside = path.strip_prefix(&src).unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            let end = unit_tests.find(&text).map_or(text.len(), |m| m.start());
            SourceFile {
                name: inside.display().to_string(),
                module: module_path(inside),
                text: comment.replace_all(&text[..end], "").into_owned(),
            }
        })
        .collect()
}

/// `align/word/mod.rs` → `align`, `word`; `lib.rs` and `main.rs` → nothing.
fn module_path(inside: &Path) -> Vec<String> {
    let mut parts: Vec<String> = inside
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if matches!(
        parts.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        parts.pop();
    }
    parts
}

/// The paths that a use tree names: `a::{b, c::d as e}` → `a::b`, `a::c::d`.
fn paths_of(tree: &str) -> Vec<Vec<String>> {
    fn walk(prefix: &[String], tree: &str, all: &mut Vec<Vec<String>>) {
        let (mut depth, mut start) = (0, 0);
        let mut parts = Vec::new();
        for (at, c) in tree.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(&tree[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&tree[start..]);
        for part in parts {
            let (head, inner) = match part.split_once('{') {
                Some((head, inner)) => (head, Some(inner.trim_end().trim_end_matches('}'))),
                None => (part, None),
            };
            let mut path = prefix.to_vec();
            for name in head.split("::").map(str::trim).filter(|n| !n.is_empty()) {
                path.push(name.split(" as ").next().unwrap_or_default().to_owned());
            }
            match inner {
                // One closing brace at most belongs to this level.
                Some(_) => {
                    let inner = part.split_once('{').unwrap().1.trim_end();
                    walk(&path, inner.strip_suffix('}').unwrap_or(inner), all);
                }
                None if path.len() > prefix.len() => all.push(path),
                None => {}
            }
        }
    }
    let mut all = Vec::new();
    walk(&[], tree.trim(), &mut all);
    all
}

/// The modules by path, and for each the names that it re-exports.
struct ModuleMap {
    files: BTreeMap<Vec<String>, usize>,
    exports: BTreeMap<Vec<String>, BTreeMap<String, Vec<String>>>,
}

impl ModuleMap {
    /// A path as written in a module, from the root of the crate; none for paths of other crates.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut rest = path;
        let mut base = match path.first()?.as_str() {
            "crate" => {
                rest = &path[1..];
                Vec::new()
            }
            "self" => {
                rest = &path[1..];
                module.to_vec()
            }
            "super" => module.to_vec(),
            first => {
                let mut child = module.to_vec();
                child.push(first.to_owned());
                if !self.files.contains_key(&child) {
                    return None;
                }
                module.to_vec()
            }
        };
        while rest.first().is_some_and(|name| name == "super") {
            base.pop();
            rest = &rest[1..];
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    /// The file that defines what an absolute path names, re-exports followed.
    fn file_of(&self, path: &[String]) -> Option<usize> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let known = (0..=path.len())
                .rev()
                .find(|&n| self.files.contains_key(&path[..n]))?;
            let (module, rest) = path.split_at(known);
            let onward = rest
                .first()
                .and_then(|name| self.exports.get(module)?.get(name));
            match onward {
                Some(target) if *target != path => {
                    path = [target.as_slice(), &rest[1..]].concat();
                }
                _ => return self.files.get(module).copied(),
            }
        }
        None
    }
}

/// Which file uses which: by `use`, and by paths in the text. A re-export alone is not a use.
fn uses(files: &[SourceFile]) -> Vec<BTreeSet<usize>> {
    let statement = Regex::new(r"(pub(?:\([a-z: ]+\))? )?use ([^;]+);").unwrap();
    let path = Regex::new(r"\b([a-z_][a-z_0-9]*(?:::\w+)+)").unwrap();
    let mut map = ModuleMap {
        files: (files.iter().enumerate())
            .map(|(at, file)| (file.module.clone(), at))
            .collect(),
        exports: BTreeMap::new(),
    };
    // lib.rs and main.rs stand at the root, which nobody imports from.
    map.files.remove(&Vec::new());
    for file in files {
        for found in statement.captures_iter(&file.text) {
            for path in paths_of(&found[2]) {
                if let (Some(_), Some(target)) = (found.get(1), map.absolute(&file.module, &path)) {
                    let name = path.last().unwrap().clone();
                    let exports = map.exports.entry(file.module.clone()).or_default();
                    exports.insert(name, target);
                }
            }
        }
    }
    let used = |at: usize| {
        let file: &SourceFile = &files[at];
        let mut used = BTreeSet::new();
        let mut note = |path: &[String]| {
            let target = map
                .absolute(&file.module, path)
                .and_then(|p| map.file_of(&p));
            used.extend(target.filter(|&target| target != at));
        };
        for found in statement.captures_iter(&file.text) {
            if found.get(1).is_none() {
                for path in paths_of(&found[2]) {
                    note(&path);
                }
            }
        }
        for found in path.captures_iter(&statement.replace_all(&file.text, "")) {
            let names: Vec<String> = found[1].split("::").map(str::to_owned).collect();
            note(&names);
        }
        used
    };
    (0..files.len()).map(used).collect()
}

/// The files that can be reached from a file.
fn reached(uses: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        open.extend(uses[file].iter().filter(|&&next| seen.insert(next)));
    }
    seen
}

#[test]
fn no_circle_between_files() {
    let files = source_files();
    let uses = uses(&files);
    let reach: Vec<BTreeSet<usize>> = (0..files.len()).map(|f| reached(&uses, f)).collect();
    let mut circles = BTreeSet::new();
    for from in 0..files.len() {
        let circle: Vec<&str> = (0..files.len())
            .filter(|&to| reach[from].contains(&to) && reach[to].contains(&from))
            .map(|at| files[at].name.as_str())
            .collect();
        if !circle.is_empty() {
            circles.insert(circle.join(" "));
        }
    }
    let circles: Vec<String> = circles.into_iter().collect();
    assert!(
        circles.is_empty(),
        "files that import each other:\n{}",
        circles.join("\n")
    );
}

#[test]
fn a_type_name_stands_in_one_file() {
    let definition = Regex::new(
        r"(?m)^(?:    )?(?:pub(?:\([a-z: ]+\))? )?(?:struct|enum|trait|union) ([A-Z]\w*)|^(?:pub(?:\([a-z: ]+\))? )?type ([A-Z]\w*)",
    )
    .unwrap();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in source_files() {
        for found in definition.captures_iter(&file.text) {
            let name = found.get(1).or_else(|| found.get(2)).unwrap().as_str();
            let places = names.entry(name.to_owned()).or_default();
            places.insert(file.name.clone());
        }
    }
    let twice: Vec<String> = names
        .iter()
        .filter(|(name, places)| places.len() > 1 && !SHARED_NAMES.contains(&name.as_str()))
        .map(|(name, places)| format!("{name}: {places:?}"))
        .collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn functions_and_subcommands_stay_short() {
    let start = Regex::new(
        r"^(\s*)(?:pub(?:\([a-z: ]+\))? )?(?:(?:const|async|unsafe) )*(?:extern \S+ )?fn (\w+)",
    )
    .unwrap();
    let mut wrong = Vec::new();
    for file in source_files() {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(found) = start.captures(line) else {
                continue;
            };
            // A method of a trait without a body ends with its signature.
            let opening = lines[at..]
                .iter()
                .find(|line| line.ends_with(['{', ';', '}']));
            if opening.is_some_and(|line| !line.ends_with('{')) {
                continue;
            }
            let end = format!("{}}}", &found[1]);
            let length = lines[at..].iter().position(|line| *line == end);
            if length.is_some_and(|length| length >= LINES_OF_A_FUNCTION) {
                wrong.push(format!("{}: `{}` is too long", file.name, &found[2]));
            }
        }
        let whole = crate::architecture::root().join("src").join(&file.name);
        let count = std::fs::read_to_string(whole).unwrap().lines().count();
        if file.name.starts_with("cli/") && count > LINES_OF_A_SUBCOMMAND {
            wrong.push(format!("{} has {count} lines", file.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

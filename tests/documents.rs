//! The documents: links lead somewhere, paths exist, commands parse, examples do what they show.

use crate::stage::{Stage, root};
use overzet::format::{FORMATS, PAIRS};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Component, Path};

/// The widest line of prose, in characters.
const WIDTH: usize = 100;

/// A block of code between fences.
struct FencedBlock {
    /// The word behind the fence.
    lang: String,
    text: String,
}

/// A document and what a reader finds in it.
struct MarkdownPage {
    /// Its path from the root of the project, with `/`.
    name: String,
    text: String,
    links: Vec<String>,
    anchors: BTreeSet<String>,
    code_spans: Vec<String>,
    blocks: Vec<FencedBlock>,
    /// Line numbers from 1 that are code.
    code_lines: BTreeSet<usize>,
}

impl MarkdownPage {
    fn read(name: &str) -> Self {
        Self::of(name, fs::read_to_string(root().join(name)).unwrap())
    }

    fn of(name: &str, text: String) -> Self {
        let mut page = Self {
            name: name.to_owned(),
            links: Vec::new(),
            anchors: BTreeSet::new(),
            code_spans: Vec::new(),
            blocks: Vec::new(),
            code_lines: BTreeSet::new(),
            text: String::new(),
        };
        let mut repeats: HashMap<String, usize> = HashMap::new();
        let mut heading: Option<String> = None;
        let mut block: Option<FencedBlock> = None;
        for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let slug = slug(&heading.take().unwrap_or_default());
                    let seen = repeats.entry(slug.clone()).or_default();
                    page.anchors.insert(match *seen {
                        0 => slug,
                        n => format!("{slug}-{n}"),
                    });
                    *seen += 1;
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let from = line_of(&text, range.start);
                    let to = line_of(&text, range.end.saturating_sub(1));
                    page.code_lines.extend(from..=to);
                    let lang = match kind {
                        CodeBlockKind::Fenced(info) => info.into_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    block = Some(FencedBlock {
                        lang,
                        text: String::new(),
                    });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Text(words) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&words);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&words);
                    }
                }
                Event::Code(code) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&code);
                    }
                    page.code_spans.push(code.into_string());
                }
                _ => {}
            }
        }
        page.text = text;
        page
    }

    /// The document that a link leads to, from the root of the project, and the anchor in it; none
    /// for an address of the web.
    fn target(&self, link: &str) -> Option<(String, Option<String>)> {
        if link.contains("://") || link.starts_with("mailto:") {
            return None;
        }
        let (path, anchor) = match link.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (link, None),
        };
        if path.is_empty() {
            return Some((self.name.clone(), anchor));
        }
        let folder = Path::new(&self.name).parent().unwrap_or(Path::new(""));
        Some((normal(&folder.join(path)), anchor))
    }
}

/// A path without `.` and `..`, with `/`.
fn normal(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                parts.pop();
            }
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    parts.join("/")
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The anchor that GitHub gives a heading: lower case, punctuation dropped, hyphens for spaces.
fn slug(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let lower = heading.trim().to_lowercase();
    lower
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

/// Every file of the project, from its root, with `/`.
fn files() -> Vec<String> {
    let mut files = Vec::new();
    let mut open = vec![root().to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = normal(path.strip_prefix(root()).unwrap());
            let last = name.rsplit('/').next().unwrap_or_default();
            if matches!(
                last,
                "target" | "edition" | ".git" | ".overzet" | "node_modules"
            ) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(name);
            }
        }
    }
    files.sort();
    files
}

/// The documents of the project. Fixtures and cases of tests are data and no documents.
fn pages() -> Vec<MarkdownPage> {
    let is_document = |name: &String| {
        let is_data = name.starts_with("tests/") && name != "tests/fixtures/SOURCES.md";
        name.ends_with(".md") && !is_data
    };
    let pages: Vec<MarkdownPage> = files()
        .iter()
        .filter(|name| is_document(name))
        .map(|name| MarkdownPage::read(name))
        .collect();
    assert!(pages.len() > 15, "the documents were not found");
    pages
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn links_and_anchors_lead_somewhere() {
    let pages = pages();
    let anchors: HashMap<&str, &BTreeSet<String>> = pages
        .iter()
        .map(|page| (page.name.as_str(), &page.anchors))
        .collect();
    let mut wrong = Vec::new();
    for page in &pages {
        for link in &page.links {
            let Some((path, anchor)) = page.target(link) else {
                continue;
            };
            let exists = root().join(&path).exists();
            let has_anchor = anchor.is_none_or(|anchor| {
                anchors
                    .get(path.as_str())
                    .is_some_and(|anchors| anchors.contains(&anchor))
            });
            if !exists || !has_anchor {
                wrong.push(format!("{}: {link} leads nowhere", page.name));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_page_is_reachable_from_the_readme() {
    let pages = pages();
    let mut reached = BTreeSet::from(["README.md".to_owned()]);
    let mut open = vec!["README.md".to_owned()];
    while let Some(name) = open.pop() {
        let page = pages.iter().find(|page| page.name == name).unwrap();
        for link in &page.links {
            if let Some((path, _)) = page.target(link)
                && pages.iter().any(|page| page.name == path)
                && reached.insert(path.clone())
            {
                open.push(path);
            }
        }
    }
    let missed: Vec<String> = pages
        .iter()
        .filter(|page| page.name.starts_with("docs/") && !reached.contains(&page.name))
        .map(|page| format!("{}: no link leads here from README.md", page.name))
        .collect();
    assert_none(&missed);
}

/// `src/{a,b}.rs` as `src/a.rs` and `src/b.rs`.
fn expand(name: &str) -> Vec<String> {
    let Some((before, rest)) = name.split_once('{') else {
        return vec![name.to_owned()];
    };
    let Some((inside, after)) = rest.split_once('}') else {
        return vec![name.to_owned()];
    };
    inside
        .split(',')
        .map(|part| format!("{before}{part}{after}"))
        .collect()
}

/// Whether a word in backticks means a file or a folder of the project.
fn is_path(name: &str, folders: &BTreeSet<&str>) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "_-./{},*".contains(c);
    if name.is_empty() || !name.chars().all(legal) || name.starts_with(['-', '*', '/']) {
        return false;
    }
    let top = name.split('/').next().unwrap_or_default();
    let is_source = [".rs", ".md"].iter().any(|ending| {
        name.len() > ending.len() && name.ends_with(ending) && !name.starts_with('.')
    });
    (name.contains('/') && folders.contains(top)) || is_source
}

/// Whether the file or folder is there: by its whole path, or by the end of a path. `NAME` and `*`
/// stand for any name.
fn exists(name: &str, files: &[String]) -> bool {
    let name = name.trim_end_matches('/');
    let pattern: Vec<&str> = name.split('/').collect();
    let fits = |part: &str, found: &str| {
        let part = part.replace("NAME", "*");
        match part.split_once('*') {
            None => part == found,
            Some((start, end)) => found.starts_with(start) && found.ends_with(end),
        }
    };
    files.iter().any(|file| {
        let parts: Vec<&str> = file.split('/').collect();
        (pattern.len()..=parts.len()).any(|end| {
            let slice = &parts[end - pattern.len()..end];
            slice
                .iter()
                .zip(&pattern)
                .all(|(found, part)| fits(part, found))
        })
    })
}

/// Files of users, which no project has.
const OF_USERS: &[&str] = &["README.nl.md", "glossaries/desk.tsv", "page.md"];

#[test]
fn paths_in_backticks_exist() {
    let files = files();
    let folders: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| Some(file.split_once('/')?.0))
        .collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in pages() {
        for span in &page.code_spans {
            for name in expand(span) {
                if is_path(&name, &folders) && !OF_USERS.contains(&name.as_str()) {
                    seen += 1;
                    if !exists(&name, &files) {
                        wrong.push(format!("{}: there is no `{name}`", page.name));
                    }
                }
            }
        }
    }
    assert!(seen > 80, "only {seen} paths were found");
    assert_none(&wrong);
}

#[test]
fn prose_wraps_at_100_columns() {
    let mut wrong = Vec::new();
    for page in pages() {
        for (index, line) in page.text.lines().enumerate() {
            let alone = line.starts_with("![") || line.starts_with("<!--");
            let table = line.trim_start().starts_with('|');
            let code = page.code_lines.contains(&(index + 1));
            if line.chars().count() > WIDTH && !alone && !table && !code {
                wrong.push(format!("{}:{}: {line}", page.name, index + 1));
            }
        }
    }
    assert_none(&wrong);
}

/// The commands of a shell block: comments and redirections dropped, parts of a pipe on their own.
fn commands(block: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let block = block.replace("\\\n", " ");
    for line in block.lines() {
        let mut words: Vec<String> = Vec::new();
        let mut word: Option<String> = None;
        let mut quote: Option<char> = None;
        let mut skip_next = false;
        for c in line.chars().chain([' ']) {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (Some(_), c) => word.get_or_insert_default().push(c),
                (None, '\'' | '"') => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (None, '#') if word.is_none() => break,
                (None, ' ' | '|' | '&' | ';' | '<' | '>') => {
                    if let Some(word) = word.take()
                        && !std::mem::take(&mut skip_next)
                    {
                        words.push(word);
                    }
                    match c {
                        '|' | '&' | ';' => commands.push(std::mem::take(&mut words)),
                        '<' | '>' => skip_next = true,
                        _ => {}
                    }
                }
                (None, c) => word.get_or_insert_default().push(c),
            }
        }
        commands.push(words);
    }
    commands
}

/// The words behind `overzet` in a command that runs it; none for another command.
fn arguments(words: &[String]) -> Option<Vec<String>> {
    let is_variable = |word: &&String| {
        word.split_once('=')
            .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    let variables = words.iter().take_while(is_variable).count();
    let words = &words[variables..];
    match words.first()?.as_str() {
        "overzet" => Some(words[1..].to_vec()),
        "cargo" if words.get(1).is_some_and(|word| word == "run") => {
            let at = words.iter().position(|word| word == "--")?;
            Some(words[at + 1..].to_vec())
        }
        _ => None,
    }
}

/// Parses a command as the binary does; the reason where it refuses.
fn refusal(arguments: &[String]) -> Option<String> {
    let words = ["overzet".to_owned()].into_iter().chain(arguments.to_vec());
    let error = overzet::cli::command().try_get_matches_from(words).err()?;
    error.use_stderr().then(|| error.to_string())
}

#[test]
fn commands_in_blocks_parse() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in pages() {
        for block in &page.blocks {
            let is_shell = block.lang == "sh";
            // A block without a language is not known to be anything.
            let shows_command = block.lang.is_empty()
                && block.text.lines().any(|line| line.starts_with("overzet "));
            if shows_command && !is_shell {
                wrong.push(format!("{}: a block with commands is `sh`", page.name));
            }
            for words in commands(&block.text).iter().filter(|_| is_shell) {
                let Some(arguments) = arguments(words) else {
                    continue;
                };
                seen += 1;
                if let Some(reason) = refusal(&arguments) {
                    wrong.push(format!("{}: {}: {reason}", page.name, words.join(" ")));
                }
            }
        }
    }
    assert!(seen > 60, "only {seen} commands were found");
    assert_none(&wrong);
}

#[test]
fn commands_in_sentences_have_subcommands_and_options_that_exist() {
    let mut wrong = Vec::new();
    for page in pages() {
        for span in &page.code_spans {
            let Some(rest) = span.strip_prefix("overzet ") else {
                continue;
            };
            let mut command = &overzet::cli::command();
            let mut parents = Vec::new();
            for word in rest.split_whitespace() {
                if let Some(option) = word.strip_prefix("--") {
                    let option = option.split('=').next().unwrap_or_default();
                    let has = |command: &&clap::Command| {
                        let mut own = command.get_arguments();
                        own.any(|own| own.get_long() == Some(option))
                    };
                    if !has(&command) && !parents.iter().any(has) && option != "help" {
                        wrong.push(format!("{}: `{span}` has no --{option}", page.name));
                    }
                } else if let Some(inner) = command.find_subcommand(word) {
                    parents.push(command);
                    command = inner;
                } else if command.has_subcommands() {
                    let known = |name: &str| command.find_subcommand(name).is_some();
                    if !word.split('|').all(known) {
                        wrong.push(format!("{}: `{span}` is not a command", page.name));
                    }
                    break;
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn settings_in_blocks_are_understood() {
    let mut seen = 0;
    for page in pages() {
        for block in page
            .blocks
            .iter()
            .filter(|block| block.lang == "toml" && block.text.starts_with("# overzet.toml"))
        {
            let stage = Stage::new();
            stage.write("overzet.toml", &block.text);
            let ran = stage.run(&["config", "show", "--origin"]);
            assert!(
                ran.exits(0).stdout.contains("overzet.toml:"),
                "{}: {}",
                page.name,
                ran.stdout
            );
            seen += 1;
        }
    }
    assert!(seen >= 2, "README and the page of settings have examples");
}

/// The text and the drafts of the README give the edition and the findings of the README.
#[test]
fn the_example_of_the_readme_is_what_happens() {
    let readme = MarkdownPage::read("README.md");
    let texts: Vec<&str> = readme
        .blocks
        .iter()
        .filter(|block| block.lang == "text")
        .map(|block| block.text.as_str())
        .collect();
    let [source, draft, edition, findings] = texts[..] else {
        panic!("the README has four blocks of text: source, draft, edition, findings");
    };
    let pairs: Vec<String> = source
        .lines()
        .zip(draft.lines())
        .map(|(nl, en)| format!("{nl}\t{en}\n"))
        .collect();
    assert_eq!(pairs.len(), 3);
    let stage = Stage::new().with("OVERZET_REPLAY", "drafts.tsv");
    stage.write("artikel.txt", source);
    stage.write("drafts.tsv", pairs.concat());
    let glossary = root().join("glossaries").display().to_string();
    let ran = stage.run(&[
        "translate",
        "artikel.txt",
        "--engine",
        "replay",
        "--glossary",
        &glossary,
        "--pairs",
        "pairs.jsonl",
    ]);
    assert_eq!(ran.exits(0).stdout, edition);
    let ran = stage.run(&["check", "pairs.jsonl"]);
    let found = &ran.exits(1).stdout;
    for line in findings.lines() {
        assert!(found.contains(line.trim()), "{line}\n{found}");
    }
}

#[test]
fn the_page_of_formats_has_a_row_for_each() {
    let page = fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let rows: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let documents = FORMATS
        .iter()
        .map(|format| (format.name(), format.extensions().to_vec()));
    let pairs = PAIRS.iter().map(|format| {
        let own = [format.name()];
        let all = own.iter().chain(format.extensions()).copied().collect();
        (format.name(), all)
    });
    let mut wrong = Vec::new();
    for (name, extensions) in documents.chain(pairs) {
        for extension in extensions {
            let ending = format!("`.{extension}`");
            if !rows.iter().any(|row| row.contains(&ending)) {
                wrong.push(format!("docs/formats.md: no row has {ending} ({name})"));
            }
        }
    }
    assert_none(&wrong);
}

/// What the tests above look for is found in a document that is wrong everywhere.
#[test]
fn a_wrong_document_is_seen_to_be_wrong() {
    let text = "# A b, c: `d`\n\n# A b, c: `d`\n\n[x](../src/nowhere.rs#y) ![p](p.png)\n\n\
                ```sh\nA=b overzet check x.tsv --onlie 'a b' > y # no\ncat z | overzet tm stats\n```\n\n\
                | `src/cli/{exit,gone}.rs` |\n|---|\n";
    let page = MarkdownPage::of("docs/a.md", text.to_owned());
    assert_eq!(page.links, ["../src/nowhere.rs#y", "p.png"]);
    assert_eq!(
        page.target(&page.links[0]),
        Some(("src/nowhere.rs".into(), Some("y".into())))
    );
    let anchors: Vec<&str> = page.anchors.iter().map(String::as_str).collect();
    assert_eq!(anchors, ["a-b-c-d", "a-b-c-d-1"]);
    let files = files();
    let found: Vec<bool> = expand(page.code_spans.last().unwrap())
        .iter()
        .map(|name| exists(name, &files))
        .collect();
    assert_eq!(found, [true, false]);
    let commands: Vec<Vec<String>> = commands(&page.blocks[0].text)
        .iter()
        .filter_map(|words| arguments(words))
        .collect();
    assert_eq!(commands[0], ["check", "x.tsv", "--onlie", "a b"]);
    assert_eq!(commands[1], ["tm", "stats"]);
    assert!(refusal(&commands[0]).unwrap().contains("--only"));
    assert!(refusal(&commands[1]).is_none());
    assert_eq!(page.code_lines.len(), 4);
}

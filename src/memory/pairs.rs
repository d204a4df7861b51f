//! The translation memory proper: pairs that a person wrote, approved or imported.
//!
//! Here a source text has one target, the latest, and it goes before any draft of an engine. `Het
//! kabinet is gevallen.` → `The cabinet has fallen.`, approved yesterday, is not sent again today,
//! whatever the engine.

use super::Error;
use super::fuzzy::MemoryIndex;
use super::store::Store;
use crate::bitext::{Code, LangPair, Match, Origin, State, Text, Unit, feed};
use rusqlite::{TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

/// A pair of the memory.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryPair {
    /// The source with its codes.
    pub source: Text,
    /// The target of a person.
    pub target: Text,
    /// Name of the file that it came from.
    pub file: String,
    /// When it was kept, in seconds since 1970-01-01 UTC.
    pub made: i64,
}

/// The number of pairs and drafts in a memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MemoryCounts {
    /// Pairs of people.
    pub pairs: u64,
    /// Drafts of engines.
    pub drafts: u64,
}

/// The codes of both sides, as they stand in the table.
#[derive(Debug, Default, Serialize, Deserialize)]
struct PairCodes {
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    source: ThinVec<Code>,
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    target: ThinVec<Code>,
}

/// A selection of pairs or drafts to delete; everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prune {
    /// Pairs (else drafts) are meant.
    pub pairs: bool,
    /// Kept before this time, in seconds since 1970-01-01 UTC.
    pub before: Option<i64>,
    /// Drafts of this engine, or pairs of this file.
    pub of: Option<String>,
}

/// The key of a source text: blake3 over the language pair, varieties left out, and the parts of
/// [`Text::fingerprint`].
fn key(pair: &LangPair, source: &Text) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    feed(&mut hasher, pair.source.base().as_bytes());
    feed(&mut hasher, pair.target.base().as_bytes());
    source.feed(&mut hasher);
    *hasher.finalize().as_bytes()
}

fn named(pair: &LangPair) -> String {
    format!("{}-{}", pair.source.base(), pair.target.base())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".into())
}

impl Store {
    /// Adds pairs of a person; a pair takes the place of an earlier one of the same source text.
    /// Returns how many are new, word for word. All of them or none are added.
    ///
    /// Pairs with an empty side are left out. `now` is in seconds since 1970-01-01 UTC; `file` is
    /// the name of the file that they come from.
    pub fn add_pairs<'u>(
        &self,
        units: impl IntoIterator<Item = &'u Unit>,
        pair: &LangPair,
        file: &str,
        now: i64,
    ) -> Result<usize, Error> {
        let mut learnt = 0;
        self.add_each_pair(pair, file, now, |add| {
            for unit in units {
                learnt += add(unit)?;
            }
            Ok::<_, Error>(())
        })?;
        Ok(learnt)
    }

    /// As [`Store::add_pairs`] for pairs that come one after the other: `feed` gives every one to
    /// the function that it is called with, which returns 1 for one that is new. Nothing is added
    /// where `feed` fails.
    pub fn add_each_pair<E: From<Error>>(
        &self,
        pair: &LangPair,
        file: &str,
        now: i64,
        feed: impl FnOnce(&mut dyn FnMut(&Unit) -> Result<usize, Error>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut connection = self.to_write()?;
        let work = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::from)?;
        {
            let mut statement = work.prepare_cached(
                "INSERT INTO pairs (key, pair, source, target, codes, file, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (key) DO UPDATE SET target = excluded.target, codes = excluded.codes, file = excluded.file, made = excluded.made
                 WHERE target <> excluded.target OR codes <> excluded.codes",
            ).map_err(Error::from)?;
            let mut add = |unit: &Unit| {
                if unit.source.is_empty() || unit.target.is_empty() {
                    return Ok(0);
                }
                let codes = PairCodes {
                    source: unit.source.codes.clone(),
                    target: unit.target.codes.clone(),
                };
                let count = statement.execute(params![
                    &key(pair, &unit.source)[..],
                    named(pair),
                    unit.source.plain,
                    unit.target.plain,
                    json(&codes),
                    file,
                    now,
                ])?;
                Ok(count)
            };
            feed(&mut add)?;
        }
        work.commit().map_err(Error::from)?;
        Ok(())
    }

    /// Every pair between these languages, in the order of their source texts.
    pub fn pairs(&self, pair: &LangPair) -> Result<Vec<MemoryPair>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT source, target, codes, file, made FROM pairs WHERE pair = ?1 ORDER BY source, key",
        )?;
        let rows = statement.query_map([named(pair)], |row| {
            let codes: String = row.get(2)?;
            let codes: PairCodes = serde_json::from_str(&codes).unwrap_or_default();
            let text = |plain: String, codes: ThinVec<Code>| Text {
                codes: codes
                    .into_iter()
                    .filter(|code| plain.is_char_boundary(code.at))
                    .collect(),
                plain,
            };
            Ok(MemoryPair {
                source: text(row.get(0)?, codes.source),
                target: text(row.get(1)?, codes.target),
                file: row.get(3)?,
                made: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Gives untranslated units the targets that a person gave to the very same text, with the
    /// markup of the unit's own codes, and lists similar pairs for the others.
    ///
    /// `least`: similarity in per cent from which a pair is listed; at most three are. Returns how
    /// many units were given a target.
    pub fn apply_exact_matches(
        &self,
        units: &mut [Unit],
        pair: &LangPair,
        least: u8,
    ) -> Result<usize, Error> {
        if self.counts()?.pairs == 0 {
            return Ok(0);
        }
        let pairs = self.pairs(pair)?;
        let by_key: std::collections::HashMap<[u8; 32], usize> = pairs
            .iter()
            .enumerate()
            .map(|(at, known)| (key(pair, &known.source), at))
            .collect();
        let index = std::cell::OnceCell::new();
        let mut reused = 0;
        for unit in units
            .iter_mut()
            .filter(|unit| unit.state == State::Untranslated && !unit.source.is_empty())
        {
            if let Some(&at) = by_key.get(&key(pair, &unit.source)) {
                unit.target = pairs[at].target.clone().with_markup_of(&unit.source);
                unit.state = State::Translated;
                unit.origin = Origin::Memory(100);
                reused += 1;
                continue;
            }
            let index = index
                .get_or_init(|| MemoryIndex::new(pairs.iter().map(|p| p.source.plain.as_str())));
            unit.matches = index
                .search(&unit.source.plain, least, 3)
                .into_iter()
                .map(|(at, percent)| Match {
                    percent,
                    source: pairs[at].source.plain.clone(),
                    target: pairs[at].target.plain.clone(),
                })
                .collect();
        }
        Ok(reused)
    }

    /// The number of pairs and drafts.
    pub fn counts(&self) -> Result<MemoryCounts, Error> {
        let connection = self.connection();
        let counts: (i64, i64) = connection.query_row(
            "SELECT (SELECT count(*) FROM pairs), (SELECT count(*) FROM drafts)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(MemoryCounts {
            pairs: counts.0 as u64,
            drafts: counts.1 as u64,
        })
    }

    /// The files of pairs and the engines of drafts: (kind, name, number), the largest number
    /// first.
    pub fn origins(&self) -> Result<Vec<(&'static str, String, u64)>, Error> {
        let connection = self.connection();
        let mut all = Vec::new();
        for (kind, query) in [
            (
                "pairs",
                "SELECT file, count(*) FROM pairs GROUP BY file ORDER BY 2 DESC, 1",
            ),
            (
                "drafts",
                "SELECT engine, count(*) FROM drafts GROUP BY engine ORDER BY 2 DESC, 1",
            ),
        ] {
            let mut statement = connection.prepare(query)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            for row in rows {
                let (name, count) = row?;
                all.push((kind, name, count as u64));
            }
        }
        Ok(all)
    }

    /// Deletes pairs or drafts and shrinks the file; with `dry` it only counts. Returns how many.
    pub fn prune(&self, what: &Prune, dry: bool) -> Result<u64, Error> {
        let connection = self.connection();
        let (table, of) = if what.pairs {
            ("pairs", "file")
        } else {
            ("drafts", "engine")
        };
        let condition =
            format!("FROM {table} WHERE (?1 IS NULL OR made < ?1) AND (?2 IS NULL OR {of} = ?2)");
        let with = params![what.before, what.of];
        if dry {
            let count: i64 =
                connection.query_row(&format!("SELECT count(*) {condition}"), with, |row| {
                    row.get(0)
                })?;
            return Ok(count as u64);
        }
        let count = connection.execute(&format!("DELETE {condition}"), with)?;
        connection.execute_batch("VACUUM")?;
        Ok(count as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(source: &str, target: &str) -> Unit {
        Unit {
            source: source.into(),
            target: target.into(),
            ..Unit::default()
        }
    }

    #[test]
    fn the_same_text_is_reused_and_a_like_one_is_shown() {
        let store = Store::in_memory().unwrap();
        let pair = LangPair::default();
        let known = [
            unit("De brug is dicht.", "The bridge is closed."),
            unit("Leeg.", ""),
        ];
        assert_eq!(store.add_pairs(&known, &pair, "a.tmx", 1).unwrap(), 1);
        assert_eq!(
            store.add_pairs(&known, &pair, "b.tmx", 2).unwrap(),
            0,
            "nothing new"
        );
        let mut units = [
            unit("De brug is dicht.", ""),
            unit("De burg is dicht.", ""),
            unit("Iets anders.", ""),
        ];
        assert_eq!(store.apply_exact_matches(&mut units, &pair, 70).unwrap(), 1);
        assert_eq!(units[0].target.plain, "The bridge is closed.");
        assert_eq!(units[0].origin, Origin::Memory(100));
        assert_eq!(units[1].state, State::Untranslated);
        assert_eq!(units[1].matches[0].percent, 88);
        assert!(units[2].matches.is_empty());
    }

    #[test]
    fn the_later_pair_counts_and_can_be_taken_away() {
        let store = Store::in_memory().unwrap();
        let pair = LangPair::default();
        store
            .add_pairs(&[unit("Ja.", "Yes.")], &pair, "a.tmx", 1)
            .unwrap();
        store
            .add_pairs(&[unit("Ja.", "Yeah.")], &pair, "b.tmx", 2)
            .unwrap();
        let pairs = store.pairs(&pair).unwrap();
        assert_eq!((pairs.len(), pairs[0].target.plain.as_str()), (1, "Yeah."));
        let mut what = Prune {
            pairs: true,
            of: Some("a.tmx".into()),
            ..Prune::default()
        };
        assert_eq!(store.prune(&what, false).unwrap(), 0);
        what.of = Some("b.tmx".into());
        assert_eq!(store.prune(&what, true).unwrap(), 1);
        assert_eq!(store.counts().unwrap().pairs, 1);
        assert_eq!(store.prune(&what, false).unwrap(), 1);
        assert_eq!(store.counts().unwrap(), MemoryCounts::default());
    }
}

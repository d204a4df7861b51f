'use strict';
// The units of the page: what came in the file, what the editor made of it, and the line that goes out again.
// Nothing here touches the document, but for reading the data.

const { about, digest, units: rows } = JSON.parse(document.getElementById('data').textContent);
// Work is kept by article and unit: a page that was made anew finds it again.
const KEY = `overzet:${about.pair.source}-${about.pair.target}:${about.pairs_name || about.source_name || digest}`;
const LOW = 0.6; // Below this, a confidence is marked as low.

const LANG = { source: about.pair.source, target: about.pair.target };

// ---------------------------------------------------------------- units: as they came, and as they are now
const pairUp = (flat) => { const spans = []; for (let i = 0; i + 1 < (flat || []).length; i += 2) spans.push([flat[i], flat[i + 1]]); return spans; };
const units = rows.map(({ line, words, glued }, index) => {
  const row = JSON.parse(line);
  const source = row.source, original = row.target || '';
  const at = { source: fromBytes(source), target: fromBytes(original) };
  const span = (side, pair) => (pair ? [at[side](pair[0]), at[side](pair[1])] : null);
  const both = (thing) => ({ source: span('source', thing.source), target: span('target', thing.target) });
  const codes = (side) => ((row.codes || {})[side] || []).map((code) => ({ ...code, at: at[side](code.at) }));
  return {
    index, line, row, source, original, glued: Boolean(glued),
    id: row.id || `#${index + 1}`, role: row.role || 'paragraph', block: row.block || 0,
    terms: (row.terms || []).map(both), findings: (row.findings || []).map(both), doubts: (row.doubts || []).map(both),
    words: words ? { source: pairUp(words[0]), target: pairUp(words[1]) } : null,
    codes: { source: codes('source'), target: codes('target') },
    target: original, approved: row.state === 'approved', omitted: row.state === 'omitted',
    joined: [...(row.joined || [])], joinedTo: row.joined_to || null,
    dismissed: new Set((row.findings || []).flatMap((f, i) => (f.status === 'dismissed' || (row.ok || []).includes(f.check) ? [i] : []))),
    // Whether an approval accepts all that is shown: one that came with the file accepted what is marked so.
    seen: row.state !== 'approved',
  };
});
/** What tells a finding from the others of its unit: check, the text that it points at, its number among equals. */
function keysOf(unit) {
  const counts = new Map();
  const order = unit.findings.map((f, i) => i).sort((a, b) => ((unit.findings[a].target || unit.findings[a].source || [0])[0] - (unit.findings[b].target || unit.findings[b].source || [0])[0]) || a - b);
  const keys = [];
  for (const i of order) {
    const { source, target } = unit.findings[i];
    const key = `${unit.row.findings[i].check} ${target ? `en ${unit.original.slice(...target)}` : source ? `nl ${unit.source.slice(...source)}` : ''}`;
    counts.set(key, (counts.get(key) ?? -1) + 1);
    keys[i] = `${key} ${counts.get(key)}`;
  }
  return keys;
}
const edited = (unit) => unit.target !== unit.original;
/** What the editor decided about a unit, as text that can be compared. */
const decisions = (unit) => JSON.stringify([unit.approved, unit.approved && unit.seen, [...unit.dismissed].sort((a, b) => a - b), unit.omitted, unit.joined, unit.joinedTo]);
for (const unit of units) unit.came = decisions(unit);
const touched = (unit) => edited(unit) || decisions(unit) !== unit.came;
/** Whether the unit has no text of its own on purpose. */
const absent = (unit) => unit.omitted || Boolean(unit.joinedTo);
function stateOf(unit) {
  if (unit.omitted) return 'omitted';
  if (unit.approved) return 'approved';
  if (unit.joinedTo) return 'translated';
  if (edited(unit) || ['approved', 'omitted'].includes(unit.row.state)) return unit.target ? 'needs-review' : 'untranslated';
  return unit.row.state || (unit.target ? 'translated' : 'untranslated');
}
const originOf = (unit) => (edited(unit) ? 'human' : unit.row.origin || 'none');
/** The machine's words, where they differ from what stands there. */
function draftOf(unit) {
  const draft = unit.row.draft ?? unit.original;
  return draft && draft !== unit.target ? draft : null;
}
/** A pair of which one side is empty by alignment, not for want of a translation. */
const oneSided = (unit) => Boolean(unit.row.source_segments || unit.row.target_segments) && (!unit.source || !unit.target);
const isWordAt = (text, at) => at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at]);
/** Terms, findings, codes, words and links against the English as it is now. */
function settle(unit) {
  const { row } = unit;
  if (!edited(unit)) {
    unit.now = {
      terms: unit.terms.map((t, i) => ({ ...t, verdict: row.terms[i].verdict || 'none' })),
      findings: unit.findings.map((f) => ({ ...f, changed: false })), doubts: unit.doubts,
      codes: unit.codes.target, words: unit.words ? unit.words.target : [], links: row.links || [],
    };
    return;
  }
  const to = moved(unit.original, unit.target);
  const terms = unit.terms.map((t, i) => ({ source: t.source, target: t.target && to.span(t.target), verdict: row.terms[i].verdict || 'none' }));
  terms.forEach((term, i) => {
    if (term.target && term.verdict !== 'forbidden') return;
    const { required } = row.terms[i];
    for (let at = required ? unit.target.indexOf(required) : -1; at >= 0; at = unit.target.indexOf(required, at + 1)) {
      const end = at + required.length;
      const free = !terms.some((other) => other !== term && other.target && other.target[0] < end && at < other.target[1]);
      if (free && !isWordAt(unit.target, at - 1) && !isWordAt(unit.target, end)) {
        Object.assign(term, { target: [at, end], verdict: 'exact' });
        return;
      }
    }
    // What stood there was changed, and the required form is not there: only the checker can say what it is now.
    if (unit.terms[i].target && !term.target) term.verdict = 'none';
  });
  const findings = unit.findings.map((f) => {
    const target = f.target && to.span(f.target);
    return { source: f.source, target, changed: Boolean(f.target && !target) };
  });
  const doubts = unit.doubts.map((d) => ({ source: d.source, target: d.target && to.span(d.target) }));
  const codes = unit.codes.target.map((code) => ({ ...code, at: to.point(code.at, code.kind === 'open') }));
  const words = unit.words ? wordsOf(unit.target) : [];
  const index = new Map(words.map((word, i) => [word.join(), i]));
  const links = [];
  for (const [i, j] of row.links || []) {
    const word = unit.words && unit.words.target[j];
    const place = word && to.span(word);
    if (place && index.has(place.join())) links.push([i, index.get(place.join())]);
  }
  unit.now = { terms, findings, doubts, codes, words, links };
}
function wordsOf(text) {
  if (!Intl.Segmenter) return [];
  return [...new Intl.Segmenter(LANG.target, { granularity: 'word' }).segment(text)]
    .filter((piece) => piece.isWordLike).map((piece) => [piece.index, piece.index + piece.segment.length]);
}
const isAccepted = (unit, i) => unit.approved && (unit.seen || unit.row.findings[i].status !== 'open');
const isOpen = (unit, i) => !absent(unit) && !isAccepted(unit, i) && !unit.now.findings[i].changed && !unit.dismissed.has(i);
const openFindings = (unit, severity) => unit.findings.map((_, i) => i)
  .filter((i) => isOpen(unit, i) && (!severity || unit.row.findings[i].severity === severity));
const isFlagged = (term) => term.verdict === 'miss' || term.verdict === 'forbidden';
const isLow = (unit) => [unit.row.confidence, unit.row.score].some((p) => typeof p === 'number' && p < LOW);
/** The unit's line of the pairs file: as it came, or with what the editor did. */
function lineOf(unit) {
  if (!touched(unit)) return unit.line;
  const row = JSON.parse(unit.line);
  row.state = stateOf(unit);
  (row.findings || []).forEach((finding, i) => {
    finding.status = unit.dismissed.has(i) ? 'dismissed' : isAccepted(unit, i) && !unit.now.findings[i].changed ? 'accepted' : 'open';
  });
  if (row.ok) row.ok = row.ok.filter((check) => row.findings.every((f, i) => f.check !== check || unit.dismissed.has(i)));
  if (unit.joined.length) row.joined = unit.joined; else delete row.joined;
  if (unit.joinedTo) row.joined_to = unit.joinedTo; else delete row.joined_to;
  if (!edited(unit)) return JSON.stringify(row);
  const bytes = (span) => span && [toBytes(unit.target, span[0]), toBytes(unit.target, span[1])];
  row.target = unit.target;
  row.origin = 'human';
  // An absent draft would mean that the machine wrote what the editor wrote.
  if (row.draft === undefined && /^(engine|memory):/.test(unit.row.origin || '')) row.draft = unit.original;
  (row.terms || []).forEach((term, i) => {
    const now = unit.now.terms[i];
    term.target = bytes(now.target);
    term.verdict = now.verdict === 'none' ? null : now.verdict;
  });
  (row.findings || []).forEach((finding, i) => {
    const target = bytes(unit.now.findings[i].target);
    if (target) finding.target = target; else delete finding.target;
  });
  (row.doubts || []).forEach((doubt, i) => {
    const target = bytes(unit.now.doubts[i].target);
    if (target) doubt.target = target; else delete doubt.target;
  });
  if (row.doubts) row.doubts = row.doubts.filter((doubt) => doubt.target || doubt.source || doubt.why);
  if (row.links) row.links = unit.now.links;
  if (row.codes && row.codes.target) row.codes.target = unit.now.codes.map((code) => ({ ...code, at: toBytes(unit.target, code.at) }));
  return JSON.stringify(row);
}

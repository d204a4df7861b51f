// The article that is open: its units, what was typed and is not saved yet, and the way to the server.
// Nothing here touches the document.
import { ask } from './api.js';
import { fromBytes, moved, toBytes } from './text.js';

/** What the page knows. `changed` is called with units that must be drawn anew. */
export const desk = {
  session: null, article: null, units: [], byId: new Map(), offline: false, changed: () => {}, told: () => {}, reload: () => {},
};
const PAUSE = 300; // Milliseconds without a key until the text is judged.
const AGAIN = 2000; // Milliseconds until a lost connection is tried again.

// ---------------------------------------------------------------- a unit
const keyOf = (unit) => `overzet-desk:${desk.article.id}:${unit.id}`;
export const path = (unit, rest = '') => `/api/articles/${desk.article.id}/units/${encodeURIComponent(unit.id)}${rest}`;
export const isAbsent = (unit) => unit.row.state === 'omitted' || Boolean(unit.row.joined_to);
export const isDirty = (unit) => unit.text !== unit.row.target;
export const isOpen = (finding) => (finding.status || 'open') === 'open';
export const openOf = (unit) => (isAbsent(unit) ? [] : unit.now.findings.filter(isOpen));
export const stateOf = (unit) => (isDirty(unit) && !isAbsent(unit) ? 'needs-review' : unit.row.state);
export const isApproved = (unit) => unit.row.state === 'approved' && !isDirty(unit);

/** Findings, terms and codes with places as the browser counts them, against the text that is shown. */
export function settle(unit) {
  const { row } = unit, live = unit.live && unit.live.text === unit.text ? unit.live : null;
  const base = live ? unit.text : row.target;
  const nl = fromBytes(row.source), en = fromBytes(base);
  const to = base === unit.text ? null : moved(base, unit.text);
  const source = (span) => (span ? [nl(span[0]), nl(span[1])] : null);
  const target = (span) => {
    const own = span ? [en(span[0]), en(span[1])] : null;
    return own && to ? to.span(own) : own;
  };
  const judged = live || row;
  const place = (thing) => ({ ...thing, source: source(thing.source), target: target(thing.target), bytes: thing.target || thing.source });
  const codes = live?.codes || row.codes || {};
  unit.now = {
    // A finding of words that are gone waits for the next judgement.
    findings: (judged.findings || []).map(place).filter((f, i) => !to || !judged.findings[i].target || f.target),
    terms: (judged.terms || []).map(place),
    codes: {
      source: (codes.source || []).map((code) => ({ ...code, at: nl(code.at) })),
      target: (codes.target || []).map((code) => ({ ...code, at: to ? to.point(en(code.at), code.kind === 'open') : en(code.at) })),
    },
  };
}

function adopt(row) {
  const unit = desk.byId.get(row.id);
  if (!unit) return null;
  const typed = isDirty(unit);
  if (row.revision < unit.row.revision && !typed) return unit;
  if (typed && row.target !== unit.row.target && row.target !== unit.text) {
    // Somebody changed the text under what is typed here: both stay until a person has chosen.
    if (!unit.pending) unit.conflict = row;
    return unit;
  }
  unit.row = row;
  if (!typed) unit.text = row.target;
  if (!isDirty(unit)) forget(unit);
  settle(unit);
  return unit;
}

function forget(unit) {
  unit.live = null;
  unit.conflict = null;
  unit.failure = '';
  try { localStorage.removeItem(keyOf(unit)); } catch { /* the browser keeps nothing */ }
}

async function fetched(id) {
  const article = await ask('GET', `/api/articles/${id}`), rows = [];
  for (let after = ''; after !== null;) {
    const page = await ask('GET', `/api/articles/${id}/units?limit=500&after=${encodeURIComponent(after)}`);
    rows.push(...page.units);
    after = page.next;
  }
  return { article, rows };
}
/** Loads the article and all its units. What was typed and not saved is there again. */
export async function open(id) {
  takeAll(await fetched(id));
}
/** Loads the open article again. False where its units are others, and all must be drawn anew. */
export async function refresh() {
  const { id } = desk.article, news = await fetched(id);
  if (desk.article?.id !== id) return true;
  const { rows, article } = news;
  if (rows.length !== desk.units.length || rows.some((row, i) => row.id !== desk.units[i].id || row.source !== desk.units[i].row.source)) {
    takeAll(news);
    return false;
  }
  desk.article = article;
  const other = rows.filter((row, i) => JSON.stringify(row) !== JSON.stringify(desk.units[i].row) && !desk.units[i].pending);
  desk.changed(other.map(adopt));
  return true;
}
function takeAll({ article, rows }) {
  const old = desk.article?.id === article.id ? desk.byId : new Map();
  desk.article = article;
  desk.byId = new Map();
  desk.units = rows.map((row, index) => {
    const before = old.get(row.id);
    const unit = { id: row.id, index, row, text: row.target, chain: before?.chain || Promise.resolve(), pending: 0, failure: '', notice: before?.notice || '', conflict: null, live: null, people: before?.people || new Map() };
    desk.byId.set(unit.id, unit);
    let kept = null;
    if (before && isDirty(before)) kept = { from: before.row.target, target: before.text };
    else try { kept = JSON.parse(localStorage.getItem(keyOf(unit))); } catch { /* nothing is kept */ }
    if (kept && kept.target !== row.target && row.state !== 'omitted' && !row.joined_to) {
      unit.text = kept.target;
      unit.kept = true;
      if (kept.from !== row.target) unit.conflict = row;
    }
    settle(unit);
    return unit;
  });
  for (const unit of desk.units) if (unit.kept && !unit.conflict) save(unit);
}

// ---------------------------------------------------------------- to the server
/** What is not saved yet: units whose text is typed, on its way or refused. */
export const unsaved = () => desk.units.filter((unit) => isDirty(unit) || unit.pending);
const reconnected = () => new Promise((resolve) => {
  const timer = setTimeout(done, AGAIN);
  function done() { clearTimeout(timer); removeEventListener('online', done); resolve(); }
  addEventListener('online', done);
});

/** Requests about one unit go one after the other; each takes the etag that the one before brought. */
export function send(unit, method, rest, bodyOf) {
  unit.pending++;
  desk.told();
  const home = desk.article;
  const run = async () => {
    for (;;) {
      const body = bodyOf();
      if (body === null || home !== desk.article && home.id !== desk.article?.id) return null;
      try {
        const answer = await ask(method, path(unit, rest), body, { 'If-Match': unit.row.etag });
        desk.offline = false;
        unit.failure = '';
        take(answer, unit, method === 'PUT' ? body.target : undefined);
        return answer;
      } catch (problem) {
        if (problem.status === 0) { desk.offline = true; desk.told(); await reconnected(); continue; }
        refused(unit, problem, method === 'PUT' ? body.target : undefined);
        return null;
      }
    }
  };
  const result = unit.chain.then(run);
  unit.chain = result.catch(() => null).then(() => { unit.pending--; desk.told(); });
  return result;
}

/** An answer to a write; `sent` is the text that it wrote, if it wrote one. */
function take(answer, unit, sent) {
  const dirty = isDirty(unit);
  // What was typed while the answer was under way stays.
  if (sent !== undefined && unit.text === sent) unit.text = answer.target;
  const { neighbours = [], article, ...row } = answer;
  unit.row = row;
  if (sent === undefined && !dirty) unit.text = row.target;
  if (!isDirty(unit)) forget(unit); else keep(unit);
  settle(unit);
  const units = [unit];
  for (const other of neighbours) { const own = adopt(other); if (own) units.push(own); }
  if (article) desk.article = article;
  desk.changed(units);
}

function refused(unit, problem, sent) {
  const theirs = problem.status === 412 ? problem.body.unit : null;
  if (!theirs) unit.failure = problem.message;
  else if (theirs.target === unit.row.target || theirs.target === unit.text) {
    unit.row = theirs;
    unit.failure = '';
    unit.notice = 'Its findings changed meanwhile: look again.';
  } else if (sent !== undefined || isDirty(unit)) unit.conflict = theirs;
  else {
    unit.row = theirs;
    unit.text = theirs.target;
    unit.notice = 'Somebody changed this text meanwhile: look again.';
  }
  settle(unit);
  desk.changed([unit]);
}

function keep(unit) {
  try { localStorage.setItem(keyOf(unit), JSON.stringify({ from: unit.row.target, target: unit.text })); } catch { /* full: the page still has it */ }
}

/** Somebody typed. */
export function type(unit, text) {
  unit.text = text;
  unit.notice = '';
  if (isDirty(unit)) keep(unit); else forget(unit);
  clearTimeout(unit.timer);
  unit.timer = setTimeout(() => check(unit), PAUSE);
  desk.told();
}

/** Has the text judged; nothing is saved. */
export async function check(unit) {
  const text = unit.text;
  if (!isDirty(unit)) { unit.live = null; settle(unit); desk.changed([unit]); return; }
  try {
    const judged = await ask('POST', path(unit, '/check'), { target: text });
    if (unit.text !== text) return;
    unit.live = { ...judged, text };
    settle(unit);
    desk.changed([unit]);
  } catch (problem) {
    if (problem.status === 0) { desk.offline = true; desk.told(); }
  }
}

/** Saves what was typed. */
export function save(unit, state) {
  clearTimeout(unit.timer);
  if (unit.conflict || (!isDirty(unit) && !state)) return Promise.resolve(null);
  return send(unit, 'PUT', '', () => (isDirty(unit) || state ? { ...(isDirty(unit) ? { target: unit.text } : {}), ...(state ? { state } : {}) } : null));
}
/** Writes a text in the place of the one that is there. */
export function write(unit, text) {
  unit.text = text;
  keep(unit);
  settle(unit);
  desk.changed([unit]);
  return save(unit);
}

/** What a person sees of a finding. */
const seen = (unit, f) => [f.check, f.message, f.target ? unit.text.slice(...f.target) : '', f.source ? f.source.join() : ''].join('\n');

/** Approves what is shown: text and findings. A finding that nobody saw stays open. */
export async function approve(unit) {
  const shown = new Set(openOf(unit).map((f) => seen(unit, f)));
  const unseen = () => openOf(unit).filter((f) => !shown.has(seen(unit, f)));
  if (isDirty(unit)) {
    if (!await save(unit, 'approved')) return false;
  } else if (unit.pending) {
    await unit.chain;
    if (unit.conflict || unit.failure) return false;
  }
  if (unseen().length) {
    unit.notice = 'A finding came up with this text: look again.';
    desk.changed([unit]);
    return false;
  }
  if (isApproved(unit) && !openOf(unit).length) return true;
  return Boolean(await send(unit, 'PUT', '', () => ({ state: 'approved' })));
}
export const withdraw = (unit) => send(unit, 'PUT', '', () => ({ state: 'needs-review' }));
export function dismiss(unit, finding) {
  const action = isOpen(finding) ? '/dismiss' : '/undismiss';
  const body = { check: finding.check };
  if (finding.bytes) body.span = finding.bytes;
  return send(unit, 'POST', action, () => body);
}
/** Writes the suggestion of a finding. */
export function apply(unit, finding) {
  const [start, end] = finding.target;
  return write(unit, unit.text.slice(0, start) + finding.suggestion + unit.text.slice(end));
}
/** Codes of the Dutch that the English lacks: pairs of an opening and a closing one, and single ones. */
export function missingCodes(unit) {
  const { source, target } = unit.now.codes;
  const has = (code) => target.some((own) => own.id === code.id && own.kind === code.kind);
  return source.filter((code) => code.kind !== 'close' && !has(code));
}
/** Puts a missing code around a part of the English, or at its start where it is a single one. */
export async function putCode(unit, code, start, end) {
  await save(unit);
  const place = (at, kind) => ({ at: toBytes(unit.text, at), id: code.id, kind });
  const own = unit.now.codes.target.map(({ at, id, kind }) => ({ at: toBytes(unit.text, at), id, kind }));
  const added = code.kind === 'open' ? [place(start, 'open'), place(end, 'close')] : [place(start, code.kind)];
  // A code that opens stands after what closes at the same place.
  const codes = [...own, ...added].sort((a, b) => a.at - b.at || (a.kind === 'open') - (b.kind === 'open'));
  return send(unit, 'PUT', '', () => ({ target: unit.text, codes }));
}
/** A person chose between two texts. */
export function choose(unit, mine) {
  const theirs = unit.conflict;
  unit.conflict = null;
  unit.row = theirs;
  if (mine) return save(unit);
  unit.text = theirs.target;
  forget(unit);
  settle(unit);
  desk.changed([unit]);
  return Promise.resolve(null);
}
/** Changes the structure around a unit; the units are loaded again then. */
export async function restructure(unit, action, body = {}) {
  await save(unit);
  const answer = await send(unit, 'POST', `/${action}`, () => body);
  if (answer) await desk.reload();
  return answer;
}
export const bytesAt = (text, at) => toBytes(text, at);
/** Waits until all that was typed has been answered. */
export async function flush() {
  for (const unit of desk.units) if (isDirty(unit) && !unit.pending) save(unit);
  await Promise.all(desk.units.map((unit) => unit.chain));
  return desk.units.every((unit) => !isDirty(unit));
}

// ---------------------------------------------------------------- what others do
let waiting = new Set(), timer = null;
/** A unit changed at the desk: it is read anew, unless an answer about it is under way. */
export function heard(id) {
  waiting.add(id);
  timer ??= setTimeout(async () => {
    const ids = [...waiting];
    waiting = new Set();
    timer = null;
    if (ids.length > 20 || ids.some((one) => !desk.byId.has(one))) { await desk.reload(); return; }
    for (const one of ids) {
      const unit = desk.byId.get(one);
      if (!unit || unit.pending) continue;
      try {
        const own = adopt(await ask('GET', path(unit)));
        if (own) desk.changed([own]);
      } catch (problem) { if (problem.status === 404) { await desk.reload(); return; } }
    }
  }, 120);
}

'use strict';
// The terminologist's page. Sections: data, what is decided, drawing the list, drawing an entry, deeds, the table that goes out, keys, start.

const { about, digest, survey } = JSON.parse(document.getElementById('data').textContent);
const KEY = 'overzet-glossary:' + digest;
const SHOWN = 150; // Occurrences drawn at once; the rest on demand.
const FIRST = ['en', 'status', 'en_accept', 'forbidden', 'note'];
const FURTHER = ['policy', 'case', 'article', 'repair', 'en_family', 'when', 'pos', 'domain', 'nl_forms'];
const WIDE = ['nl_forms', 'note'];
const KEYS = [
  ['j  k', 'next, previous entry'], ['n', 'next entry that needs a decision'], ['a', 'approve: status approved, and on'], ['d', 'deprecate: not looked for any more'],
  ['x', 'dismiss a candidate'], ['e', 'edit the English'], ['u', 'take back what was decided here'], ['1 … 9', 'require the rendering of that row'], ['/', 'search'], ['Esc', 'leave a field, the search or this help'],
  ['s', 'download the decisions'], ['?', 'this help'],
];
const MEANING = {
  exact: 'the required form stands there', variant: 'an accepted variant, or other capitals', derived: 'a derivation that the sentence asks for',
  coordinated: 'it shares its head with a neighbour', miss: 'the required form does not stand there', forbidden: 'a form that may never stand there',
};

const byId = (id) => document.getElementById(id);
/** An element with properties and children; text never becomes markup. */
function make(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name === 'on') for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ''));
  return element;
}
const count = (n, one, many) => `${n.toLocaleString('en')} ${n === 1 ? one : many || one + 's'}`;
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const parts = (text) => text.split('|').map((part) => part.trim()).filter(Boolean);
const say = (sentence) => { byId('live').textContent = sentence; };

// ---------------------------------------------------------------- data
const items = [
  ...survey.entries.map((entry, i) => ({ key: 'e' + i, entry, cells: Object.fromEntries(entry.cells) })),
  ...survey.candidates.map((entry, i) => ({ key: 'c' + i, entry, cells: Object.fromEntries(entry.cells), candidate: true })),
];
for (const item of items) {
  const renderings = item.entry.renderings || [];
  item.times = item.candidate ? item.entry.count : renderings.reduce((sum, r) => sum + r.count, 0);
  item.wrong = renderings.filter((r) => r.verdict === 'miss' || r.verdict === 'forbidden').reduce((sum, r) => sum + r.count, 0);
  item.variants = renderings.filter((r) => r.verdict === 'variant').reduce((sum, r) => sum + r.count, 0);
  item.ways = new Set(renderings.filter((r) => r.text).map((r) => r.text.toLowerCase())).size;
  item.problems = item.entry.problems || [];
  item.hay = fold([item.cells.id, item.cells.nl, item.cells.en, item.cells.nl_forms, item.cells.en_accept, item.cells.forbidden, item.cells.note].join(' '));
}
const FILTERS = [
  ['all', 'Entries', (i) => !i.candidate],
  ['wrong', 'Violated', (i) => i.wrong > 0],
  ['ways', 'Inconsistent', (i) => i.ways > 1],
  ['problems', 'Problems', (i) => i.problems.length > 0 || i.entry.still > 0],
  ['forms', 'More forms', (i) => (i.entry.further || []).length > 0],
  ['unused', 'Unused', (i) => !i.candidate && i.times === 0],
  ['candidates', 'Candidates', (i) => i.candidate],
  ['decided', 'Decided', (i) => i.key in decided],
];

// ---------------------------------------------------------------- what is decided
/** Key of an item → { cells that changed, done }. Kept in the browser, under the digest of this very survey. */
let decided = {};
try { decided = JSON.parse(localStorage.getItem(KEY) || '{}'); } catch { decided = {}; }
function keep() {
  try { localStorage.setItem(KEY, JSON.stringify(decided)); } catch { /* A full or forbidden store: the download still works. */ }
  drawBar();
}
const cell = (item, column) => decided[item.key]?.cells?.[column] ?? item.cells[column] ?? '';
function set(item, column, value) {
  const own = decided[item.key] || { cells: {} };
  if (value === (item.cells[column] ?? '')) delete own.cells[column]; else own.cells[column] = value;
  if (Object.keys(own.cells).length || own.done) decided[item.key] = own; else delete decided[item.key];
  keep();
}
function finish(item, done) {
  const own = decided[item.key] || { cells: {} };
  own.done = done;
  decided[item.key] = own;
  keep();
}
const isChanged = (item) => Object.keys(decided[item.key]?.cells || {}).length > 0;
function moved(item, column, word, there) {
  const list = parts(cell(item, column)).filter((own) => own !== word);
  if (there) list.push(word);
  set(item, column, list.join('|'));
}

// ---------------------------------------------------------------- drawing the list
/** What the reader has unfolded stays unfolded from entry to entry. */
const unfolded = new Set();
let filter = 'all', needle = '', shown = [], current = null;
function flags(item) {
  const flag = (kind, text, title) => make('span', { class: `flag ${kind}`, title }, text);
  const own = decided[item.key];
  return make('span', { class: 'flags' },
    item.candidate && flag('kind', item.entry.kind),
    item.wrong > 0 && flag('miss', `× ${item.wrong}`, `${item.wrong} violated`),
    item.ways > 1 && flag('variant', `${item.ways} ways`, 'rendered in several ways'),
    item.problems.length > 0 && flag(item.problems.some((p) => p[0] === 'error') ? 'error' : 'warning', '!', item.problems[0][1]),
    item.entry.still > 0 && flag('warning', `still ${item.entry.still}×`, 'deprecated, but in the texts'),
    own && flag('done', own.done === 'dismissed' ? 'dismissed' : own.done === 'taken' ? 'taken' : isChanged(item) ? 'changed' : 'seen'));
}
function rowOf(item) {
  const gone = cell(item, 'status') === 'deprecated' || decided[item.key]?.done === 'dismissed';
  return make('button', { type: 'button', class: gone ? 'row gone' : 'row', 'data-key': item.key, 'aria-current': String(item === current) },
    make('span', { class: 'nl', lang: 'nl' }, item.cells.nl, flags(item)), make('span', { class: 'times' }, item.times ? `${item.times}×` : '–'),
    make('span', { class: 'en', lang: 'en' }, cell(item, 'en') || '?', cell(item, 'when') ? `  (${cell(item, 'when')})` : ''));
}
function drawList() {
  const [, , fits] = FILTERS.find(([name]) => name === filter);
  const words = fold(needle).split(/\s+/).filter(Boolean);
  shown = items.filter((item) => fits(item) && words.every((word) => item.hay.includes(word)));
  if (['wrong', 'ways', 'forms'].includes(filter)) shown.sort((a, b) => b.wrong - a.wrong || b.times - a.times);
  byId('list').replaceChildren(...(shown.length ? shown.map(rowOf) : [make('p', { class: 'empty' }, needle ? 'Nothing here answers the search.' : 'Nothing here.')]));
}
function redrawRow(item) {
  byId('list').querySelector(`[data-key="${item.key}"]`)?.replaceWith(rowOf(item));
}
function drawBar() {
  for (const button of byId('bar').querySelectorAll('[data-filter]')) {
    const [name, , fits] = FILTERS.find(([own]) => own === button.dataset.filter);
    button.setAttribute('aria-pressed', String(name === filter));
    button.querySelector('i').textContent = items.filter(fits).length;
  }
  const rows = outgoing();
  byId('download').textContent = rows.length ? `Download ${count(rows.length, 'decision')}` : 'Download decisions';
  byId('download').disabled = rows.length === 0;
}

// ---------------------------------------------------------------- drawing an entry
const flagOf = (verdict, text) => make('span', { class: `flag ${verdict || 'none'}`, title: MEANING[verdict] || 'no English to judge' }, text ?? (verdict || 'no English'));
function context([before, inside, after], kind) {
  return [before, inside && make('mark', { class: kind }, inside), after];
}
function field(item, column) {
  const words = survey.choices.find(([name]) => name === column)?.[1];
  const value = cell(item, column);
  const changed = value !== (item.cells[column] ?? '');
  const props = { id: 'f-' + column, 'data-column': column, class: `${changed ? 'edited ' : ''}${WIDE.includes(column) ? 'wide' : ''}`, lang: column.startsWith('nl') ? 'nl' : 'en', spellcheck: 'false' };
  const input = words ? make('select', props, ...words.map((word) => make('option', { value: word }, word))) : make('input', { ...props, type: 'text' });
  input.value = value;
  return [make('label', { for: 'f-' + column }, column), input];
}
function drawDetail() {
  const item = current, panel = byId('detail');
  document.body.classList.toggle('opened', Boolean(item) && document.body.classList.contains('opened'));
  if (!item) { panel.replaceChildren(make('p', { class: 'empty' }, 'Choose an entry: j and k go down and up, ? shows the other keys.')); return; }
  const { entry } = item, own = decided[item.key];
  const deeds = item.candidate
    ? [make('button', { type: 'button', class: 'main', 'data-do': 'take' }, 'Take it ', make('kbd', {}, 'a')), make('button', { type: 'button', 'data-do': 'dismiss' }, 'Dismiss ', make('kbd', {}, 'x'))]
    : [make('button', { type: 'button', class: 'main', 'data-do': 'approve' }, 'Approve ', make('kbd', {}, 'a')), make('button', { type: 'button', 'data-do': 'deprecate' }, 'Deprecate ', make('kbd', {}, 'd'))];
  const blocks = [
    make('div', { class: 'head' }, make('button', { type: 'button', class: 'back', 'data-do': 'back' }, '← Entries'),
      make('h2', {}, make('span', { lang: 'nl' }, item.cells.nl), ' → ', make('span', { lang: 'en' }, cell(item, 'en') || '?')),
      make('span', { class: 'place' }, item.candidate ? `candidate, ${entry.kind}, ${entry.count}×` : [item.cells.id, entry.place].filter(Boolean).join(' · '))),
    make('div', { class: 'deeds' }, ...deeds, own && make('button', { type: 'button', 'data-do': 'undo' }, 'Take back ', make('kbd', {}, 'u')),
      own && make('span', { class: 'changed' }, own.done === 'dismissed' ? 'dismissed' : isChanged(item) ? `changed: ${Object.keys(own.cells).join(', ')}` : own.done === 'taken' ? 'will be taken' : 'seen, unchanged')),
    ...item.problems.map(([severity, message, fix]) => make('p', { class: `note ${severity}` }, make('b', {}, message), ` – ${fix}.`)),
    entry.still > 0 && make('p', { class: 'note warning' }, `Deprecated, but the texts still use it ${count(entry.still, 'time')}.`),
    make('div', { class: 'fields' }, ...FIRST.flatMap((column) => field(item, column))),
    make('details', { class: 'further', open: unfolded.has('fields'), 'data-fold': 'fields' }, make('summary', {}, 'Other columns: ', make('span', {}, FURTHER.filter((c) => cell(item, c)).map((c) => `${c} ${cell(item, c)}`).join(' · '))),
      make('div', { class: 'fields' }, ...FURTHER.flatMap((column) => field(item, column)))),
  ];
  blocks.push(...(item.candidate ? [...english(item), ...examples(item)] : [...renderings(item), ...places(item, SHOWN), ...forms(item)]));
  panel.replaceChildren(...blocks.filter(Boolean));
  panel.scrollTop = 0;
}
function english(item) {
  if (!item.entry.english.length) return [make('h3', {}, 'The pairs show no English for it')];
  return [make('h3', {}, 'English in the pairs'), make('table', { class: 'made' }, ...item.entry.english.map(([text, times], i) =>
    make('tr', {}, make('td', { class: 'times' }, `${times}×`), make('td', { class: 'form', lang: 'en' }, text),
      make('td', {}, make('button', { type: 'button', 'data-do': 'require', 'data-word': text, disabled: cell(item, 'en') === text }, 'Require', i < 9 ? ` ${i + 1}` : '')))))];
}
function renderings(item) {
  const rows = item.entry.renderings.filter((r) => r.verdict);
  if (!rows.length) return [];
  return [make('h3', {}, 'What the English makes of it'), make('table', { class: 'made' }, ...rows.map((r, i) => {
    const is = { require: cell(item, 'en') === r.text, accept: parts(cell(item, 'en_accept')).includes(r.text), forbid: parts(cell(item, 'forbidden')).includes(r.text) };
    const deed = (name, word) => make('button', { type: 'button', 'data-do': name, 'data-word': r.text, 'aria-pressed': String(is[name]), disabled: name === 'require' && is.require }, word);
    return make('tr', {}, make('td', { class: 'times' }, `${r.count}×`), make('td', {}, flagOf(r.verdict)), make('td', { class: 'form', lang: 'en' }, r.text || '—'),
      make('td', { class: 'by' }, r.by.map(([name, times]) => `${name} ${times}`).join(', ')),
      make('td', {}, r.text && !is.require && deed('accept', 'Accept'), r.text && !is.require && deed('forbid', 'Forbid'), r.text && deed('require', i < 9 ? `Require ${i + 1}` : 'Require')));
  }))];
}
function forms(item) {
  const listed = parts(cell(item, 'nl_forms'));
  const vetoed = new Set(listed.filter((form) => form.startsWith('!')).map((form) => form.slice(1)));
  const chip = (form) => make('button', {
    type: 'button', class: vetoed.has(form.text) ? 'vetoed' : form.count ? '' : 'unseen-form', 'data-do': 'veto', 'data-word': form.text, disabled: form.kind === 'listed',
    'aria-pressed': form.kind === 'listed' ? null : String(vetoed.has(form.text)), title: form.kind === 'listed' ? 'it stands in the glossary' : `${form.kind}; a click vetoes it`,
  }, make('span', { lang: 'nl' }, form.text), make('span', { class: 'times' }, form.count ? `${form.count}×` : '–'));
  const further = item.entry.further.map(([text, times]) => {
    const added = listed.includes(text);
    return make('button', { type: 'button', class: added ? 'added' : 'add', 'data-do': 'add', 'data-word': text, 'aria-pressed': String(added), title: 'in the texts, and not looked for; a click adds it to nl_forms' },
      make('span', { lang: 'nl' }, added ? text : '+ ' + text), make('span', { class: 'times' }, `${times}×`));
  });
  const seen = item.entry.forms.filter((form) => form.count || form.kind === 'listed' || vetoed.has(form.text));
  const unseen = item.entry.forms.filter((form) => !seen.includes(form));
  return [make('h3', {}, 'Dutch forms looked for'), make('div', { class: 'chips' }, ...seen.map(chip)),
    unseen.length > 0 && make('details', { class: 'further', open: unfolded.has('forms'), 'data-fold': 'forms' }, make('summary', {}, `and ${count(unseen.length, 'form')} that never occurred`), make('div', { class: 'chips' }, ...unseen.map(chip))),
    further.length > 0 && make('h3', {}, 'In the texts, and not looked for'), further.length > 0 && make('div', { class: 'chips' }, ...further)];
}
function places(item, most) {
  const all = item.entry.occurrences;
  if (!all.length) return [make('h3', {}, 'It does not occur in these texts')];
  const row = ({ nl, versions }) => make('div', { class: 'place-row' }, make('p', { class: 'nl', lang: 'nl' }, ...context(nl, '')),
    make('div', {}, ...versions.map((v) => make('p', { class: 'en', lang: 'en' }, flagOf(v.verdict), survey.sources.length > 1 && make('span', { class: 'by' }, v.by), ...context(v.en, v.verdict),
      v.repair && make('span', { class: 'by' }, `  repaired: ${v.repair}`)))));
  // What is wrong comes first, then what deviates.
  const weight = (o) => Math.max(0, ...o.versions.map((v) => ({ miss: 4, forbidden: 4, variant: 3, coordinated: 2, derived: 1 })[v.verdict] || 0));
  const sorted = all.map((o, i) => [weight(o), i, o]).sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, , o]) => o);
  const rest = sorted.length - most;
  return [make('h3', {}, `${count(all.length, 'occurrence')} in the Dutch`), make('div', { class: 'places' }, ...sorted.slice(0, most).map(row)),
    rest > 0 && make('button', { type: 'button', class: 'more', 'data-do': 'more' }, `Show the other ${rest.toLocaleString('en')}`)];
}
function examples(item) {
  return [make('h3', {}, 'Sentences'), make('div', { class: 'places' }, ...item.entry.examples.map(([nl, en]) =>
    make('div', { class: 'place-row' }, make('p', { class: 'nl', lang: 'nl' }, ...context(nl, '')), make('div', {}, make('p', { class: 'en', lang: 'en' }, ...context(en, 'exact'))))))];
}

// ---------------------------------------------------------------- deeds
function choose(item, open) {
  const before = current;
  current = item || null;
  if (before && before !== current) redrawRow(before);
  if (open) document.body.classList.add('opened');
  drawDetail();
  if (!current) return;
  redrawRow(current);
  byId('list').querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
}
function step(by, fits = () => true) {
  const at = shown.indexOf(current);
  for (let i = at + by; i >= 0 && i < shown.length; i += by) if (fits(shown[i])) { choose(shown[i]); return true; }
  if (at < 0 && shown.length) { choose(shown[0]); return true; }
  say(by > 0 ? 'That was the last one.' : 'That was the first one.');
  return false;
}
const needsWork = (item) => !(item.key in decided) && (item.candidate || item.wrong > 0 || item.ways > 1 || item.problems.length > 0);
function redraw() { drawDetail(); redrawRow(current); }
const DEEDS = {
  approve() { set(current, 'status', 'approved'); finish(current, 'seen'); redraw(); step(1); },
  take() { if (!cell(current, 'en')) { say('It has no English yet.'); byId('f-en').focus(); return; } finish(current, 'taken'); redraw(); step(1); },
  dismiss() { finish(current, 'dismissed'); redraw(); step(1); },
  deprecate() { set(current, 'status', 'deprecated'); redraw(); },
  undo() { delete decided[current.key]; keep(); redraw(); },
  back() { document.body.classList.remove('opened'); byId('list').querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'center' }); },
  require(word) {
    const before = cell(current, 'en');
    moved(current, 'en_accept', word, false);
    moved(current, 'forbidden', word, false);
    set(current, 'en', word);
    if (before && before !== word && !current.candidate) say(`${before} is no longer required.`);
    redraw();
  },
  accept(word) { moved(current, 'forbidden', word, false); moved(current, 'en_accept', word, !parts(cell(current, 'en_accept')).includes(word)); redraw(); },
  forbid(word) { moved(current, 'en_accept', word, false); moved(current, 'forbidden', word, !parts(cell(current, 'forbidden')).includes(word)); redraw(); },
  veto(word) { moved(current, 'nl_forms', '!' + word, !parts(cell(current, 'nl_forms')).includes('!' + word)); redraw(); },
  add(word) { moved(current, 'nl_forms', word, !parts(cell(current, 'nl_forms')).includes(word)); redraw(); },
  more() { byId('detail').querySelector('.places').replaceWith(places(current, Infinity)[1]); byId('detail').querySelector('.more').remove(); },
};
byId('detail').addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (!button || !current) return;
  const { top } = { top: byId('detail').scrollTop };
  DEEDS[button.dataset.do](button.dataset.word);
  if (!['approve', 'take', 'dismiss'].includes(button.dataset.do)) byId('detail').scrollTop = top;
});
byId('detail').addEventListener('toggle', (event) => {
  const { fold: name } = event.target.dataset;
  if (name && event.target.open) unfolded.add(name); else unfolded.delete(name);
}, true);
byId('detail').addEventListener('change', (event) => {
  const { column } = event.target.dataset;
  if (!column) return;
  set(current, column, event.target.value.replace(/[\t\r\n]/g, ' ').trim());
  event.target.classList.toggle('edited', cell(current, column) !== (current.cells[column] ?? ''));
  redrawRow(current);
});
byId('list').addEventListener('click', (event) => {
  const row = event.target.closest('.row');
  if (row) choose(items.find((item) => item.key === row.dataset.key), true);
});

// ---------------------------------------------------------------- the table that goes out
/** Rows for `glossary import`: changed entries with every column that any of them changed, candidates that were taken. */
function outgoing() {
  return items.filter((item) => (item.candidate ? decided[item.key]?.done === 'taken' : isChanged(item)));
}
function table() {
  const rows = outgoing();
  const columns = new Set(['id', 'nl', 'when', 'en']);
  for (const item of rows) {
    for (const column of Object.keys(decided[item.key].cells)) columns.add(column);
    if (item.candidate) for (const [column, value] of Object.entries(item.cells)) if (value) columns.add(column);
  }
  const order = [...columns];
  const clean = (text) => text.replace(/[\t\r\n]/g, ' ');
  const value = (item, column) => clean(cell(item, column));
  return [order.join('\t'), ...rows.map((item) => order.map((column) => value(item, column)).join('\t'))].join('\n') + '\n';
}
function download() {
  if (!outgoing().length) { say('Nothing was decided yet.'); return; }
  const link = make('a', { href: URL.createObjectURL(new Blob([table()], { type: 'text/tab-separated-values' })), download: about.download });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  say(`${about.download} was saved; overzet glossary import takes it.`);
}

// ---------------------------------------------------------------- keys
function help() {
  const dialog = byId('help');
  if (dialog.open) { dialog.close(); return; }
  dialog.replaceChildren(make('h2', { id: 'help-title' }, 'Keys'), make('div', { class: 'keys' }, ...KEYS.flatMap(([keys, what]) => [make('span', {}, ...keys.split('  ').map((key) => make('kbd', {}, key)).flatMap((k, i) => (i ? [' ', k] : [k]))), make('span', {}, what)])),
    make('p', {}, 'Decisions are kept in this browser until they are downloaded as ', make('b', {}, about.download), '. Then:'), make('p', {}, make('code', {}, `overzet glossary import ${about.download} --merge`)),
    make('p', {}, 'Where the English of an entry without an id changed, ', make('code', {}, '--theirs'), ' says that the table is right.'),
    make('form', { method: 'dialog' }, make('button', { class: 'main' }, 'Close')));
  dialog.showModal();
}
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches('input, textarea, select');
  if (event.key === 'Escape') { if (typing) { event.target.blur(); byId('detail').focus({ preventScroll: true }); } else document.body.classList.remove('opened'); return; }
  if (typing) {
    if (event.key === 'Enter' && event.target.id === 'search') { event.target.blur(); choose(shown[0]); }
    if (event.key === 'Enter' && event.target.dataset.column) { event.target.blur(); byId('detail').focus({ preventScroll: true }); }
    return;
  }
  if (byId('help').open && event.key !== '?') return;
  const run = {
    j: () => step(1), k: () => step(-1), n: () => step(1, needsWork), '/': () => byId('search').focus(), '?': help, s: download,
    a: () => current && (current.candidate ? DEEDS.take() : DEEDS.approve()), d: () => current && !current.candidate && DEEDS.deprecate(), x: () => current?.candidate && DEEDS.dismiss(),
    u: () => current && DEEDS.undo(), e: () => { const input = byId('f-en'); if (input) { input.focus(); input.select(); } },
  }[event.key];
  if (run) { event.preventDefault(); run(); return; }
  if (/^[1-9]$/.test(event.key) && current) {
    const rows = current.candidate ? current.entry.english.map(([text]) => text) : current.entry.renderings.filter((r) => r.verdict).map((r) => r.text);
    const word = rows[Number(event.key) - 1];
    if (word) DEEDS.require(word);
  }
});

// ---------------------------------------------------------------- start
{
  const entries = items.filter((item) => !item.candidate);
  const sum = (of) => entries.reduce((all, item) => all + of(item), 0);
  const fact = (n, what, bad) => make('span', { class: bad && n ? 'bad' : '' }, make('b', {}, n.toLocaleString('en')), ` ${what}`);
  const facts = [fact(entries.length, 'entries'), fact(sum((i) => i.times), 'occurrences'), fact(sum((i) => i.wrong), 'violations', true), fact(survey.candidates.length, 'candidates')];
  byId('masthead').append(make('h1', {}, about.title), make('p', { class: 'facts' }, ...facts.flatMap((f, i) => (i ? [' · ', f] : [f])),
    ` · ${survey.sources.map(([name, units]) => `${name} (${count(units, 'segment')})`).join(', ')}`));
  byId('bar').append(make('div', { class: 'filters', role: 'group', 'aria-label': 'Show' }, ...FILTERS.map(([name, label]) =>
    make('button', { type: 'button', 'data-filter': name, on: { click: () => { filter = name; drawBar(); drawList(); byId('list').scrollTop = 0; if (!shown.includes(current)) choose(shown[0]); } } }, label, make('i', {})))),
    make('span', { class: 'gap' }), make('input', { id: 'search', type: 'search', placeholder: 'Search  /', 'aria-label': 'Search the entries', on: { input: (event) => { needle = event.target.value; drawList(); } } }),
    make('button', { type: 'button', on: { click: help } }, 'Keys ?'), make('button', { type: 'button', class: 'main', id: 'download', on: { click: download } }, ''));
  filter = FILTERS[1][2] && items.some(FILTERS[1][2]) ? 'wrong' : 'all';
  drawBar();
  drawList();
  choose(shown[0]);
}

// The desk: which page is shown, its events, its keys.
import { ask, listen } from './api.js';
import { byId, count, make, say } from './text.js';
import * as work from './work.js';
import { desk } from './work.js';
import * as list from './list.js';
import * as view from './view.js';
import { sight } from './view.js';
import * as edition from './edition.js';
import * as deeds from './deeds.js';
import * as dialogs from './dialogs.js';

let showing = null;

// ---------------------------------------------------------------- the page of an article
function menu() {
  const base = `/api/articles/${desk.article.id}`;
  const link = (href, text) => make('li', {}, make('a', { href: `${base}/${href}`, download: '' }, text));
  const item = (text, run) => make('li', {}, make('button', { type: 'button', on: { click: () => { byId('more').open = false; run(); } } }, text));
  return make('details', { id: 'more' }, make('summary', {}, 'More'), make('ul', {},
    link('edition', 'Download the edition'), ...['jsonl', 'tmx', 'xlf', 'tsv', 'csv'].map((kind) => link(`pairs.${kind}`, `Pairs as ${kind.toUpperCase()}`)), link('report.json', 'Report'), link('source', 'The Dutch'),
    item('Write the files', () => dialogs.files()), item('Fields …', dialogs.fields), item('A new version of the Dutch …', dialogs.source),
    item('Translate what is missing', retry), item('Find and replace …', dialogs.replace), item('Alignment …', dialogs.align)));
}
async function retry() {
  try { desk.article = await ask('POST', `/api/articles/${desk.article.id}/retry`, {}); view.tally(); } catch (problem) { byId('told').textContent = problem.message; }
}
function frame() {
  const { article } = desk;
  document.title = `${article.name} – overzet`;
  byId('masthead').replaceChildren(
    make('p', { class: 'kicker' }, make('a', { href: '#/' }, 'Articles'), ` · ${desk.session.name}`),
    make('h1', { id: 'title' }, article.name),
    make('p', { class: 'facts', id: 'gate' }),
    ...(article.problem ? [make('p', { class: 'notice' }, make('b', {}, 'Note'), ' ', article.problem)] : []));
  byId('bar').hidden = false;
  byId('bar').replaceChildren(
    make('div', { class: 'filters', role: 'group', 'aria-label': 'Show' }, ...view.FILTERS.map(([name, label]) =>
      make('button', { type: 'button', 'data-filter': name, 'aria-pressed': String(name === sight.filter) }, label, ' ', make('span', { class: 'n' })))),
    make('div', { class: 'said' }, make('p', { id: 'saved', role: 'status', class: 'saved' }), make('p', { id: 'told', role: 'status', class: 'kept' })),
    make('div', { class: 'tools' },
      make('input', { type: 'search', id: 'search', placeholder: 'Search  /', 'aria-label': 'Search in both texts', autocomplete: 'off', spellcheck: 'false' }),
      make('button', { type: 'button', id: 'read', 'aria-pressed': 'false' }, 'Edition'),
      make('button', { type: 'button', id: 'clean', title: 'Shift A' }, 'Approve clean'),
      make('button', { type: 'button', id: 'copy', class: 'main' }, 'Copy edition'),
      menu(),
      make('button', { type: 'button', id: 'ask', 'aria-label': 'Keys' }, '?')),
    make('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Approved', 'aria-valuemin': '0', 'aria-valuemax': '1', 'aria-valuenow': '0' }, make('div', { class: 'done' })));
  byId('main').className = 'work';
  byId('main').replaceChildren(make('div', { id: 'pairs', role: 'region', 'aria-label': 'Pairs, Dutch and English' }),
    make('aside', { id: 'edition', 'aria-label': 'Edition', tabindex: '0' }, make('p', { class: 'label' }, 'Edition ', make('span', { id: 'edition-facts', class: 'id' })), make('div', { id: 'edition-text' })));
  byId('search').addEventListener('input', () => { clearTimeout(frame.timer); frame.timer = setTimeout(view.sift, 120); });
}
async function showArticle(id, unit) {
  try { await work.open(id); } catch (problem) {
    byId('masthead').replaceChildren(make('p', { class: 'kicker' }, make('a', { href: '#/' }, 'Articles')), make('h1', {}, 'This article is not here'), make('p', { class: 'notice' }, problem.message));
    byId('bar').hidden = true;
    byId('main').replaceChildren();
    return;
  }
  sight.current = null;
  sight.filter = 'all';
  frame();
  drawArticle(unit);
}
function drawArticle(wanted) {
  view.drawAll();
  view.tellSaved();
  const { article, units } = desk;
  if (article.state === 'translating' && !units.length) {
    byId('pairs').replaceChildren(make('p', { class: 'empty' }, 'The article is being translated. Its units appear here.'), make('p', { id: 'nothing', hidden: true }));
    return;
  }
  const first = desk.byId.get(wanted) || units.find(view.hasOpen) || units.find((unit) => !work.isApproved(unit)) || units[0];
  if (first) view.select(first);
}
/** Loads the open article again; what is typed, the place and the cursor stay. */
desk.reload = async () => {
  if (!desk.article || await work.refresh()) return;
  const current = sight.current?.id, cell = document.activeElement?.closest?.('.target');
  const held = cell?.closest('.unit').dataset.unit, place = scrollY;
  sight.current = null;
  drawArticle(current);
  scrollTo(0, place);
  if (held) view.edit(desk.byId.get(held));
};
desk.changed = view.changed;
desk.told = () => { view.tellSaved(); };
let presence = null;
sight.moved = (unit) => {
  byId('told').textContent = '';
  clearTimeout(presence);
  history.replaceState(null, '', `#/${desk.article.id}/${unit.id}`);
  presence = setTimeout(() => ask('POST', '/api/presence', { article: desk.article.id, unit: unit.id }).catch(() => null), 400);
};

// ---------------------------------------------------------------- where one is
async function go() {
  const [, id, unit] = decodeURIComponent(location.hash).split('/');
  if (desk.article && id !== desk.article.id) await work.flush();
  byId('dialog').close();
  showing = id || null;
  if (id) { await showArticle(id, unit); return; }
  desk.article = null;
  desk.units = [];
  document.body.classList.remove('reads');
  await list.show(desk.session);
}
function heard(name, data) {
  if (!showing) { list.heard(name, data); return; }
  if (!desk.article) return;
  if (name === 'reload') { desk.reload(); return; }
  if (name === 'progress' && data.article === desk.article.id) { desk.article.progress = { done: data.done, total: data.total }; view.tally(); }
  if (name === 'article' && data.id === desk.article.id) {
    if (data.deleted) { location.hash = '#/'; return; }
    const was = desk.article.state;
    desk.article = data;
    if (was === 'translating' && data.state !== 'translating') { frame(); drawArticle(sight.current?.id); desk.reload(); } else view.tally();
  }
  if (name === 'unit' && data.article === desk.article.id && desk.article.state !== 'translating') work.heard(data.unit);
  if (name === 'presence' && data.article === desk.article.id && data.name !== desk.session.name) {
    for (const unit of desk.units) if (unit.people.delete(data.name)) view.draw(unit);
    const unit = desk.byId.get(data.unit);
    if (unit) { unit.people.set(data.name, Date.now()); view.draw(unit); }
  }
}

// ---------------------------------------------------------------- keys
const now = () => sight.current;
function read() {
  const on = document.body.classList.toggle('reads');
  byId('read').setAttribute('aria-pressed', String(on));
}
const deed = (name) => () => { if (now()) run(now(), name); };
const PRESSES = {
  j: () => view.select(view.beside(1)), k: () => view.select(view.beside(-1)),
  n: () => view.select(view.beside(1, view.hasOpen, true)), N: () => view.select(view.beside(-1, view.hasOpen, true)),
  e: () => view.edit(now()), x: () => deeds.dismissFirst(now()), a: deed('again'), A: () => deeds.approveClean(),
  h: deed('history'), c: deed('comments'), m: deed('memory'), g: deed('term'), f: dialogs.replace, '+': deed('join'),
  o: () => now() && run(now(), work.isAbsent(now()) ? 'restore' : 'omit'), r: read, '?': dialogs.keys,
  '/': () => { byId('search').focus(); byId('search').select(); }, Enter: () => deeds.confirm(now()),
};
for (let n = 1; n <= 9; n++) PRESSES[n] = () => deeds.applyAt(now(), n);

function press(event) {
  if (event.isComposing || byId('dialog').open || !desk.article) return;
  const node = event.target, cell = node.closest('.target'), field = cell || node.closest('input, select, textarea');
  if (event.key === 'Escape') {
    if (byId('more').open) { byId('more').open = false; byId('more').firstChild.focus(); return; }
    if (document.body.classList.contains('reads') && !field) read();
    if (field) node.blur();
    if (now()) { const { panel } = now(); if (panel && !cell) run(now(), panel); view.select(now()); }
    event.preventDefault();
    return;
  }
  if (event.key === 'Enter') {
    if (!cell && node.closest('button, a, summary, input, select, textarea')) {
      if (node.id === 'search') { event.preventDefault(); node.blur(); view.select(view.isShown(now() || {}) ? now() : view.beside(1, () => true, true)); }
      return;
    }
    if (event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (cell) node.blur();
    deeds.confirm(now());
    return;
  }
  if (field || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(PRESSES, event.key)) return;
  event.preventDefault();
  PRESSES[event.key]();
}
async function run(unit, name, finding, node) {
  try { await deeds.DEEDS[name](unit, finding, node); } catch (problem) { byId('told').textContent = problem.message; say(problem.message); }
}
function unitOf(node) {
  const element = node?.closest?.('[data-unit]');
  return element ? desk.byId.get(element.dataset.unit) : null;
}
function click(event) {
  const node = event.target, button = node.closest('button');
  if (!desk.article) return;
  if (!node.closest('#more')) { const more = byId('more'); if (more) more.open = false; }
  if (button?.dataset.filter) { sight.filter = button.dataset.filter; view.sift(); return; }
  const tools = { ask: dialogs.keys, read, clean: () => deeds.approveClean(), copy };
  if (button && Object.hasOwn(tools, button.id)) { tools[button.id](); return; }
  const sentence = node.closest('[data-sentence]');
  if (sentence) { const unit = desk.byId.get(sentence.dataset.sentence); if (document.body.classList.contains('reads')) read(); view.select(unit); return; }
  const unit = unitOf(node);
  if (!unit) return;
  if (button?.dataset.do) {
    const note = button.closest('[data-finding]');
    view.select(unit, false);
    const shown = note ? unit.shown[note.dataset.finding] : null;
    const equal = (list) => list.filter((f) => f.check === shown.check && f.message === shown.message);
    const finding = shown && equal(unit.now.findings)[equal(unit.shown).indexOf(shown)];
    if (shown && !finding) { say('The finding is gone'); return; }
    run(unit, button.dataset.do, finding, button);
    if (['apply', 'dismiss', 'mine', 'theirs', 'withdraw', 'retry'].includes(button.dataset.do)) view.select(unit);
    return;
  }
  if (node.closest('.target, .panel')) return;
  view.select(unit, !getSelection().toString());
}
async function copy() {
  const told = (text) => { byId('told').textContent = text; };
  const go = async () => { try { told(await edition.copy()); } catch (problem) { told(`Not copied: ${problem.message}`); } };
  await work.flush();
  const errors = desk.units.flatMap((unit) => work.openOf(unit)).filter((f) => f.severity === 'error').length;
  const missing = desk.units.filter((unit) => !work.isAbsent(unit) && !unit.text).length;
  const words = [errors && `${count(errors, 'error')} ${errors === 1 ? 'is' : 'are'} open`, missing && `${count(missing, 'unit')} without English`].filter(Boolean);
  if (words.length) dialogs.gate(`${words.join(', ')}.`, go); else await go();
}
/** Where the cursor and the selection stand in a unit: for terms, concordance and splitting. */
function chosen() {
  const choice = getSelection(), node = choice.anchorNode;
  const cell = (node?.nodeType === 1 ? node : node?.parentElement)?.closest?.('.source, .target'), unit = unitOf(cell);
  if (!unit) return;
  const side = cell.classList.contains('source') ? 'source' : 'target';
  const range = document.createRange();
  range.setStart(cell, 0);
  range.setEnd(node, choice.anchorOffset);
  if (sight.places?.unit !== unit) sight.places = { unit };
  sight.places[side] = range.toString().length;
  if (side === 'target' && cell.contains(choice.focusNode)) {
    range.setEnd(choice.focusNode, choice.focusOffset);
    sight.places.range = [sight.places.target, range.toString().length].sort((a, b) => a - b);
  }
  const text = choice.toString().trim();
  if (!text) return;
  if (sight.chosen?.unit !== unit) sight.chosen = { unit };
  sight.chosen[side] = text;
  sight.chosen.last = side;
}
function listenToEdits() {
  const main = byId('main');
  const of = (event) => { const cell = event.target.closest?.('.target'); return cell ? unitOf(cell) : null; };
  main.addEventListener('input', (event) => {
    const unit = of(event);
    if (!unit) return;
    work.type(unit, unit.cells.target.textContent);
    work.settle(unit);
    edition.update(unit);
  });
  main.addEventListener('focusin', (event) => {
    const unit = unitOf(event.target);
    if (unit && !event.target.closest('.panel')) view.select(unit, false);
  });
  main.addEventListener('focusout', (event) => {
    const unit = of(event);
    // The element keeps the focus until the event is over.
    if (unit) queueMicrotask(() => { view.changed([unit]); work.save(unit); });
  });
  main.addEventListener('beforeinput', (event) => {
    // A unit is one sentence: no line ends, no styling, nothing dropped in as markup.
    if (of(event) && /^(insertParagraph|insertLineBreak|insertFromDrop|format)/.test(event.inputType)) event.preventDefault();
  });
  main.addEventListener('paste', (event) => {
    if (!of(event)) return;
    event.preventDefault();
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain').replace(/\s*[\r\n]+\s*/g, ' '));
  });
}
function dropping() {
  const files = (event) => event.dataTransfer?.types.includes('Files');
  addEventListener('dragover', (event) => { if (files(event)) { event.preventDefault(); document.body.classList.add('dropping'); } });
  addEventListener('dragleave', (event) => { if (!event.relatedTarget) document.body.classList.remove('dropping'); });
  addEventListener('drop', (event) => {
    if (!files(event)) return;
    event.preventDefault();
    document.body.classList.remove('dropping');
    list.add(event.dataTransfer.files);
  });
}
async function start() {
  try { desk.session = await ask('GET', '/api/session'); } catch (problem) {
    byId('masthead').append(make('h1', {}, 'The desk does not know you'), make('p', { class: 'notice' }, `${problem.message}. Open the link that “overzet serve” printed, or `, make('a', { href: '/login' }, 'log in'), '.'));
    return;
  }
  document.body.dataset.role = desk.session.role;
  desk.mayWrite = desk.session.role !== 'reader';
  desk.mayApprove = ['editor', 'admin'].includes(desk.session.role);
  listenToEdits();
  dropping();
  document.addEventListener('keydown', press);
  document.addEventListener('click', click);
  document.addEventListener('selectionchange', chosen);
  addEventListener('hashchange', () => { const [, id, unit] = location.hash.split('/'); if (desk.article && id === desk.article.id) view.select(desk.byId.get(unit)); else go(); });
  addEventListener('beforeunload', (event) => { if (work.unsaved().length) event.preventDefault(); });
  addEventListener('offline', () => { desk.offline = true; desk.told(); });
  addEventListener('online', () => { desk.offline = false; desk.told(); });
  listen(heard, (on) => { desk.offline = !on; desk.told(); });
  await go();
}
start();

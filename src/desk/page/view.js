// The units of an article as the editor sees them: drawing, filters, moving. What a button does stands in `deeds.js`.
import { count, decorate, difference, fold, make, roleClass, roleName, say, byId, SEVERITIES, STATES, VERDICTS } from './text.js';
import { desk, isAbsent, isApproved, isDirty, isOpen, missingCodes, openOf, settle, stateOf, unsaved } from './work.js';
import * as edition from './edition.js';

/** What the editor looks at. */
export const sight = { current: null, filter: 'all', needle: '', finding: 0 };

export const FILTERS = [
  ['all', 'All', () => true],
  ['open', 'Findings', (u) => openOf(u).length > 0],
  ['errors', 'Errors', (u) => openOf(u).some((f) => f.severity === 'error')],
  ['unapproved', 'Not approved', (u) => !isApproved(u) && !isAbsent(u)],
  ['edited', 'Edited', (u) => u.row.origin === 'human' || isDirty(u)],
  ['terms', 'Terms', (u) => openOf(u).some((f) => f.check === 'terms')],
  ['clean', 'Clean', (u) => !openOf(u).length && stateOf(u) !== 'untranslated' && !isAbsent(u)],
];

// ---------------------------------------------------------------- drawing
function layersOf(unit, side) {
  const layers = [];
  const put = (span, more) => span && layers.push({ start: span[0], end: span[1], ...more });
  unit.now.terms.forEach((term, i) => put(term[side], { mark: `term ${term.verdict || 'none'}`, term: i }));
  if (!isAbsent(unit)) unit.now.findings.forEach((f, i) => { if (isOpen(f)) put(f[side], { mark: `finding ${f.severity}`, finding: i }); });
  if (sight.needle) {
    const hay = fold(side === 'source' ? unit.row.source : unit.text);
    for (let at = hay.indexOf(sight.needle); at >= 0; at = hay.indexOf(sight.needle, at + sight.needle.length)) put([at, at + sight.needle.length], { mark: 'found' });
  }
  return layers;
}
function drawTexts(unit) {
  const { source, target } = unit.cells;
  decorate(source, unit.row.source, layersOf(unit, 'source'), unit.now.codes.source);
  if (document.activeElement !== target) decorate(target, unit.text, layersOf(unit, 'target'), unit.now.codes.target);
}
const button = (deed, text, label, more = {}) => make('button', { type: 'button', 'data-do': deed, 'aria-label': label, ...more }, text);
const pieces = (from, to) => difference(from, to).flatMap((p) => (p.same ? [p.a] : [p.a && make('del', {}, p.a), p.b && make('ins', {}, p.b)].filter(Boolean)));
export { pieces };

function chip(unit, term) {
  const verdict = term.verdict || 'none';
  const [sign, word, meaning] = VERDICTS[verdict] || VERDICTS.none;
  const flagged = verdict === 'miss' || verdict === 'forbidden';
  return make('span', { class: `chip ${verdict}`, title: `${word}: ${meaning}` }, make('i', { 'aria-hidden': 'true' }, sign), `${term.term} →`, make('b', {}, term.required),
    flagged && word.toLowerCase(),
    flagged && make('button', { type: 'button', class: 'inline', 'data-do': 'fixall', 'data-term': term.term, 'aria-label': `Repair ${term.term} in all units` }, 'fix all…'));
}
/** The open findings that a digit applies, in order. */
export const suggestions = (unit) => openOf(unit).filter((f) => f.target && f.suggestion !== undefined && f.suggestion !== null);

function findingItem(unit, f, i) {
  const [sign, word] = SEVERITIES[f.severity] || SEVERITIES.warning;
  const open = isOpen(f), number = suggestions(unit).indexOf(f) + 1;
  const settled = open ? '' : f.status === 'dismissed' ? 'not a problem' : 'accepted with the approval';
  return make('li', { class: `note ${f.severity}${settled ? ' settled' : ''}`, 'data-finding': i },
    make('i', { 'aria-hidden': 'true' }, sign),
    make('span', { class: 'what' }, make('b', {}, `${word} · ${f.check}`), ' ', make('span', { class: 'said' }, f.message), settled && make('em', {}, ` ${settled}`)),
    make('span', { class: 'deeds' },
      number > 0 && button('apply', make('span', {}, number < 10 && make('kbd', {}, String(number)), ' Write ', make('b', {}, f.suggestion || 'nothing')), `Apply: write ${f.suggestion || 'nothing'} instead`),
      open ? button('dismiss', 'Not a problem') : f.status === 'dismissed' && button('dismiss', 'It is a problem')));
}
function conflictBox(unit) {
  const theirs = unit.conflict;
  return make('div', { class: 'conflict', role: 'group', 'aria-label': `Conflict in ${unit.id}` },
    make('p', {}, make('b', {}, 'Somebody else changed this text.'), ' Nothing is overwritten: choose.'),
    make('div', { class: 'sides' },
      make('div', {}, make('p', { class: 'label' }, 'Yours'), make('p', { class: 'words', lang: 'en' }, unit.text), button('mine', 'Keep mine')),
      make('div', {}, make('p', { class: 'label' }, 'At the desk now'), make('p', { class: 'words', lang: 'en' }, ...pieces(unit.text, theirs.target)), button('theirs', 'Take theirs'))));
}
function metaLine(unit) {
  const state = stateOf(unit), [sign, word] = STATES[state] || STATES.translated, { row } = unit;
  const [kind, ...rest] = (row.origin || 'none').split(':');
  const origin = { engine: rest.join(':'), memory: `memory ${rest.join(':')} %`, human: 'by a person', copied: 'copied from the Dutch', none: '' }[kind] ?? row.origin;
  const others = [...unit.people].filter(([, at]) => Date.now() - at < 60000).map(([name]) => name);
  const parts = [isDirty(unit) ? 'not saved yet' : origin, ...(row.notes || []), others.length && `${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} here`].filter(Boolean);
  const absent = isAbsent(unit), next = desk.units[unit.index + 1];
  return make('p', { class: 'meta' },
    make('span', { class: `state ${state}` }, make('i', { 'aria-hidden': 'true' }, sign), word),
    ...parts.map((text) => make('span', { class: `part${text === 'not saved yet' ? ' low' : ''}` }, text)),
    row.joined_to && make('span', { class: 'part' }, `stands in ${row.joined_to}`),
    button('history', 'History'),
    make('span', { class: 'tools-of-unit' }, ...[
      isApproved(unit) && button('withdraw', 'Take back', `Take back the approval of ${unit.id}`),
      !absent && button('again', 'Ask again', `Other wordings of ${unit.id}`),
      button('comments', row.comments ? `Comments (${row.comments})` : 'Comment', `Comments on ${unit.id}`),
      !absent && button('term', 'Term', `Add a term from ${unit.id}`),
      button('memory', 'Memory', `Memory for ${unit.id}`),
      !absent && next && next.row.block === row.block && !isAbsent(next) && button('join', 'Join', `Join ${unit.id} with the next`),
      !absent && button('split', 'Split', `Split ${unit.id} where the cursors stand`),
      !absent && button('omit', 'Leave out', `Leave ${unit.id} out on purpose`),
      !absent && row.target && missingCodes(unit).map((code, i) => button('code', `Put in ‹${code.label}›`, `Put ‹${code.label}› around the selected words of ${unit.id}`, { 'data-code': i })),
      row.restorable && button('restore', 'Restore', `Undo join, split or omission of ${unit.id}`)].flat()));
}
/** While a button of the pointer is down nothing is drawn anew: what is pressed would be gone before it is a click. */
let down = false;
const later = new Set();
addEventListener('pointerdown', () => { down = true; }, true);
for (const end of ['pointerup', 'pointercancel']) {
  addEventListener(end, () => setTimeout(() => {
    down = false;
    for (const unit of later) draw(unit);
    later.clear();
  }), true);
}
/** Everything of a unit that an edit or a verdict may change. */
export function draw(unit) {
  const { element, cells } = unit;
  if (!element) return;
  if (down && element.isConnected) { later.add(unit); return; }
  unit.shown = unit.now.findings;
  drawTexts(unit);
  cells.terms.replaceChildren(...unit.now.terms.map((term) => chip(unit, term)));
  const held = document.activeElement?.closest?.('.notes') === cells.notes ? document.activeElement.dataset.do : null;
  const neighbours = unit.live?.text === unit.text ? (unit.live.neighbours || []) : [];
  cells.notes.replaceChildren(...[
    unit.conflict && conflictBox(unit),
    unit.failure && make('p', { class: 'notice bad', role: 'alert' }, make('b', {}, isDirty(unit) ? 'Not saved' : 'Refused'), ` ${unit.failure} `, isDirty(unit) && button('retry', 'Try again')),
    unit.notice && make('p', { class: 'notice' }, make('b', {}, 'Note'), ' ', unit.notice),
    unit.now.findings.length > 0 && make('ul', { class: 'findings', 'aria-label': `Findings of ${unit.id}` }, ...unit.now.findings.map((f, i) => findingItem(unit, f, i))),
    neighbours.length > 0 && make('p', { class: 'hint' }, `With this text the findings of ${neighbours.map((other) => other.id).join(', ')} change, too.`),
    metaLine(unit)].filter(Boolean));
  if (held) cells.notes.querySelector(`[data-do="${held}"]`)?.focus({ preventScroll: true });
  const may = isAbsent(unit) || !desk.mayWrite ? 'false' : cells.editable;
  if (cells.target.getAttribute('contenteditable') !== may) cells.target.setAttribute('contenteditable', may);
  cells.target.setAttribute('aria-readonly', String(may === 'false'));
  cells.target.dataset.empty = unit.row.state === 'omitted' ? 'Left out on purpose' : unit.row.joined_to ? `Stands in ${unit.row.joined_to}` : 'Not translated';
  const list = element.classList;
  list.toggle('absent', isAbsent(unit));
  list.toggle('omitted', unit.row.state === 'omitted');
  list.toggle('approved', isApproved(unit));
  element.setAttribute('aria-label', `${unit.id}, ${roleName(unit.row.role || 'paragraph')}, ${(STATES[stateOf(unit)] || STATES.translated)[1]}, ${count(openOf(unit).length, 'open finding')}`);
  cells.approve.setAttribute('aria-pressed', String(isApproved(unit)));
  cells.approve.setAttribute('aria-label', `${isApproved(unit) ? 'Approved' : 'Approve'} ${unit.id}`);
  edition.update(unit);
}
function build(unit, first) {
  const cells = {
    source: make('div', { class: 'text source', lang: 'nl' }),
    target: make('div', { class: 'text target', lang: 'en', contenteditable: 'plaintext-only', spellcheck: 'true', role: 'textbox', 'aria-multiline': 'true', 'aria-label': `English of ${unit.id}` }),
    terms: make('div', { class: 'terms' }),
    notes: make('div', { class: 'notes' }),
    panel: make('div', { class: 'panel', hidden: true }),
    approve: make('button', { type: 'button', class: 'approve', 'data-do': 'approve', title: 'Approve and go on (Enter)' }),
  };
  // Browsers that do not know the value take no text at all.
  if (cells.target.contentEditable !== 'plaintext-only') cells.target.setAttribute('contenteditable', 'true');
  cells.editable = cells.target.getAttribute('contenteditable');
  unit.cells = cells;
  unit.element = make('div', { class: 'unit', 'data-unit': unit.id, tabindex: '-1', role: 'group' },
    make('div', { class: 'side' }, first && make('span', { class: 'role' }, roleName(unit.row.role || 'paragraph')), make('span', { class: 'id' }, unit.id)),
    make('div', {}, cells.source, cells.terms), make('div', {}, cells.target, cells.notes, cells.panel), cells.approve);
  draw(unit);
  return unit.element;
}
/** Draws all units, in their blocks. */
export function drawAll() {
  const page = document.createDocumentFragment();
  let section = null, before = null;
  for (const unit of desk.units) {
    const first = !section || unit.row.block !== before;
    if (first) page.append(section = make('section', { class: `block ${roleClass(unit.row.role || 'paragraph')}` }));
    section.append(build(unit, first));
    before = unit.row.block;
  }
  page.append(make('p', { class: 'empty', id: 'nothing', hidden: true }, 'No unit passes this filter.'));
  byId('pairs').replaceChildren(page);
  edition.draw();
  sift();
}

// ---------------------------------------------------------------- counts and filters
export function tally() {
  const { article, units } = desk;
  if (!article || !byId('gate')) return;
  const errors = units.reduce((n, u) => n + openOf(u).filter((f) => f.severity === 'error').length, 0);
  const warnings = units.reduce((n, u) => n + openOf(u).filter((f) => f.severity !== 'error').length, 0);
  const approved = units.filter(isApproved).length, here = units.filter((u) => !isAbsent(u)).length;
  const missing = units.filter((u) => !isAbsent(u) && !u.text).length;
  for (const [name, , keep] of FILTERS) {
    const own = document.querySelector(`[data-filter="${name}"] .n`);
    if (own) own.textContent = units.filter(keep).length;
  }
  const translating = article.state === 'translating';
  const words = translating ? [`Translating: ${article.progress.done} of ${article.progress.total || '…'}`]
    : [`${approved} of ${here} approved`, errors && `■ ${count(errors, 'error')}`, warnings && `▲ ${count(warnings, 'warning')}`, missing && `${missing} untranslated`];
  if (!translating && !errors && !missing) words.push(approved === here ? '● Ready to publish' : 'Nothing stands in the way');
  const facts = words.filter(Boolean).map((text) => make('span', { class: `part${text.startsWith('■') ? ' error-count' : ''}` }, text));
  byId('gate').replaceChildren(...facts);
  const bar = document.querySelector('#bar .progress');
  bar.setAttribute('aria-valuenow', translating ? article.progress.done : approved);
  bar.setAttribute('aria-valuemax', translating ? article.progress.total || 1 : here);
  const part = translating ? article.progress.done / (article.progress.total || 1) : approved / (here || 1);
  bar.firstChild.style.width = `${100 * part}%`;
  edition.count();
}
/** The line that says whether everything is saved. */
export function tellSaved() {
  const line = byId('saved');
  if (!line) return;
  const open = unsaved(), bad = open.filter((u) => u.conflict || (u.failure && isDirty(u)));
  let text = 'All saved', kind = 'good';
  if (open.length) {
    const ids = open.length > 3 ? count(open.length, 'unit') : open.map((u) => u.id).join(', ');
    kind = desk.offline || bad.length ? 'bad' : 'busy';
    text = desk.offline ? `Not saved: ${ids}. No connection; it is sent as soon as there is one` : bad.length ? `Not saved: ${ids}` : open.some((u) => u.pending) ? `Saving ${ids}` : `Not saved yet: ${ids}`;
  } else if (desk.offline) { text = 'No connection'; kind = 'bad'; }
  if (line.textContent !== text) line.textContent = text;
  line.className = `saved ${kind}`;
}
export const isShown = (unit) => unit.element && !unit.element.hidden;
export function sift() {
  const wanted = FILTERS.find(([name]) => name === sight.filter)[2];
  const search = fold(byId('search').value.trim()), again = search !== sight.needle;
  sight.needle = search;
  let shown = 0;
  for (const unit of desk.units) {
    const found = !search || fold(unit.row.source).includes(search) || fold(unit.text).includes(search) || unit.id === search;
    unit.element.hidden = !(found && wanted(unit));
    if (again) drawTexts(unit);
    if (isShown(unit)) shown++;
  }
  for (const section of document.querySelectorAll('#pairs > section')) section.hidden = ![...section.children].some((child) => !child.hidden);
  for (const one of document.querySelectorAll('[data-filter]')) one.setAttribute('aria-pressed', String(one.dataset.filter === sight.filter));
  byId('nothing').hidden = shown > 0;
  tally();
}

// ---------------------------------------------------------------- moving
/** The unit, where it is shown, becomes the current one. */
export function select(unit, focus = true) {
  if (!unit) return;
  if (unit.element.hidden) { sight.filter = 'all'; byId('search').value = ''; sift(); }
  if (sight.current !== unit) {
    sight.current?.element?.classList.remove('current');
    sight.current?.element?.removeAttribute('aria-current');
    sight.current = unit;
    sight.moved?.(unit);
  }
  unit.element.classList.add('current');
  unit.element.setAttribute('aria-current', 'true');
  if (focus) { unit.element.focus({ preventScroll: true }); unit.element.scrollIntoView({ block: 'nearest' }); }
  edition.point(unit);
}
/** The next unit in a direction that fits, round the end of the article where `round`. */
export function beside(step, fits = () => true, round = false) {
  const { units } = desk;
  const from = sight.current ? sight.current.index : step > 0 ? -1 : units.length;
  for (let i = 1; i <= units.length; i++) {
    const at = from + step * i;
    if (!round && (at < 0 || at >= units.length)) return null;
    const unit = units[((at % units.length) + units.length) % units.length];
    if (unit !== sight.current && isShown(unit) && fits(unit)) return unit;
  }
  return null;
}
export const hasOpen = (unit) => openOf(unit).length > 0;
/** On to the next open finding, else to the next unit that is not approved. */
export function goOn() {
  const next = beside(1, hasOpen, true) || beside(1, (u) => !isApproved(u) && !isAbsent(u), true);
  if (next) { select(next); say(next.element.getAttribute('aria-label')); return; }
  if (sight.current) select(sight.current);
  say('Every unit is approved');
}
/** Puts the cursor into the English. */
export function edit(unit) {
  if (!unit) return;
  select(unit, false);
  unit.cells.target.focus();
  const choice = getSelection();
  choice.selectAllChildren(unit.cells.target);
  choice.collapseToEnd();
}
/** Units that changed are drawn anew. */
export function changed(units) {
  for (const unit of units) { settle(unit); draw(unit); }
  tally();
  tellSaved();
}


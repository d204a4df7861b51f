// What the buttons and keys of a unit do, and the panels beneath it.
import { ask } from './api.js';
import { byId, count, make, say } from './text.js';
import * as work from './work.js';
import { desk, isAbsent, isApproved, isDirty, openOf, path } from './work.js';
import { beside, draw, edit, goOn, hasOpen, pieces, select, sight, suggestions } from './view.js';
import { openTerm, fixAll } from './dialogs.js';

const when = (seconds) => new Date(seconds * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const euro = (cost) => (cost === null || cost === undefined ? 'no price' : cost === 0 ? 'no cost' : `€ ${cost.toFixed(cost < 0.01 ? 5 : 2)}`);
const row = (label, words, ...more) => make('li', { class: 'match' }, make('span', { class: 'label' }, label), make('p', { lang: 'en' }, ...[words].flat()), ...more);
const take = (unit, text, label = 'Write this') => make('button', { type: 'button', 'aria-label': `Write: ${text}`, on: { click: (event) => { event.stopPropagation(); work.write(unit, text); close(unit); select(unit); } } }, label);

// ---------------------------------------------------------------- panels
function close(unit) {
  unit.panel = null;
  unit.cells.panel.hidden = true;
  unit.cells.panel.replaceChildren();
}
/** Opens the panel of a name beneath a unit, or closes it. */
async function panel(unit, name, title, fill) {
  if (unit.panel === name) { close(unit); select(unit); return; }
  unit.panel = name;
  const body = make('div', { class: 'panel-body' }, make('p', { class: 'hint' }, 'Loading …'));
  unit.cells.panel.hidden = false;
  unit.cells.panel.replaceChildren(make('h2', { tabindex: '-1' }, title), body,
    make('button', { type: 'button', class: 'quiet', on: { click: (event) => { event.stopPropagation(); close(unit); select(unit); } } }, 'Close'));
  unit.cells.panel.firstChild.focus({ preventScroll: true });
  try { body.replaceChildren(...(await fill(body)).filter(Boolean)); } catch (problem) { body.replaceChildren(make('p', { class: 'notice bad', role: 'alert' }, problem.message)); }
  unit.cells.panel.scrollIntoView({ block: 'nearest' });
}
const refill = async (unit, name, title, fill) => { unit.panel = null; await panel(unit, name, title, fill); };

const history = (unit) => async () => {
  const { revisions } = await ask('GET', path(unit, '/history'));
  return [make('ol', { class: 'matches' }, ...revisions.map((step, i) => {
    const before = revisions[i + 1]?.target;
    return row(`${step.action} · ${step.by} · ${when(step.at)}`, before === undefined ? step.target : pieces(before, step.target),
      step.target && step.target !== unit.text && !isAbsent(unit) ? take(unit, step.target, 'Bring back') : '');
  }))];
};
const comments = (unit) => async () => {
  const list = (await ask('GET', path(unit, '/comments'))).comments;
  const field = make('textarea', { rows: '2', 'aria-label': `Comment on ${unit.id}` });
  const form = make('form', { class: 'stack' }, field, make('button', {}, 'Add the comment'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try { await ask('POST', path(unit, '/comments'), { text: field.value }); } catch (problem) { say(problem.message); form.append(make('p', { class: 'notice bad' }, problem.message)); return; }
    await refill(unit, 'comments', 'Comments', comments(unit));
  });
  return [make('ul', { class: 'matches' }, ...list.map((one) => row(`${one.by} · ${when(one.at)}`, one.text))), form];
};
/** What is selected in a side of a unit. */
function selected(unit, side) {
  const choice = getSelection();
  return choice.anchorNode && unit.cells[side].contains(choice.anchorNode) ? choice.toString().trim() : '';
}
const memory = (unit) => async () => {
  const chosen = sight.chosen?.unit === unit ? sight.chosen : {};
  const [text, lang] = chosen.last === 'target' && chosen.target ? [chosen.target, 'en'] : [chosen.source || unit.row.source, 'nl'];
  const found = await ask('GET', `/api/memory?limit=10&lang=${lang}&q=${encodeURIComponent(text)}`);
  const same = desk.units.filter((other) => other !== unit && other.row.source === unit.row.source && other.text !== unit.text && !isAbsent(other));
  return [
    make('p', { class: 'hint' }, chosen.last ? `For the words “${text}”` : 'For the whole sentence. Select words first to look for those.'),
    found.matches.length > 0 && make('ul', { class: 'matches' }, ...found.matches.map((one) => row(`${one.percent} % · ${one.file || 'memory'}`, one.target, make('p', { lang: 'nl' }, ...pieces(one.source, unit.row.source)), one.target !== unit.text ? take(unit, one.target) : ''))),
    found.concordance.length > 0 && make('p', { class: 'label' }, 'Where the words stand'),
    found.concordance.length > 0 && make('ul', { class: 'matches' }, ...found.concordance.map((one) => row(one.file || 'memory', one.target, make('p', { lang: 'nl' }, one.source)))),
    !found.matches.length && !found.concordance.length && make('p', { class: 'hint' }, 'The memory has nothing like it.'),
    same.length > 0 && make('button', { type: 'button', on: { click: () => propagate(unit) } }, `Give ${count(same.length, 'unit')} with the same Dutch this English`),
  ];
};
async function propagate(unit) {
  if (!await work.flush()) return;
  const answer = await ask('POST', `/api/articles/${desk.article.id}/propagate`, { unit: unit.id });
  say(`${count(answer.replaced, 'unit')} changed`);
  await desk.reload();
}
const again = (unit) => async () => {
  const kept = unit.row.alternatives || [];
  const engines = desk.session.engines.filter((engine) => engine.ready);
  const drafts = make('ul', { class: 'matches', 'aria-live': 'polite' });
  const request = async (engine) => {
    drafts.replaceChildren(make('li', { class: 'hint' }, 'Asking …'));
    try {
      const list = await ask('POST', path(unit, '/translate'), { ...(engine ? { engine } : {}), alternatives: 3 });
      drafts.replaceChildren(...list.map((one) => row(`${one.engine} · ${count(one.characters, 'character')} · ${euro(one.cost)}`, pieces(unit.text, one.target), one.target === unit.text ? make('span', { class: 'hint' }, 'as it stands') : take(unit, one.target))));
    } catch (problem) { drafts.replaceChildren(make('li', { class: 'notice bad', role: 'alert' }, problem.message)); }
  };
  const cost = (engine) => (engine.euro_per_million ? euro((engine.euro_per_million * [...unit.row.source].length) / 1e6) : 'no cost');
  return [
    kept.length > 0 && make('ul', { class: 'matches' }, ...kept.map((text, i) => row(`Wording ${i + 1} of the engine`, pieces(unit.text, text), take(unit, text)))),
    unit.row.draft && unit.row.draft !== unit.text && make('ul', { class: 'matches' }, row('The draft', pieces(unit.text, unit.row.draft), take(unit, unit.row.draft))),
    make('p', { class: 'row' }, make('button', { type: 'button', on: { click: () => request('') } }, 'Ask the engine again'),
      ...engines.map((engine) => make('button', { type: 'button', on: { click: () => request(engine.name) } }, `${engine.name} (${cost(engine)})`))),
    drafts,
  ];
};

// ---------------------------------------------------------------- deeds
async function split(unit) {
  const { source, target } = sight.places?.unit === unit ? sight.places : {};
  if (source === undefined || target === undefined) { unit.notice = 'To split: put the cursor (click) into the Dutch at the border, then into the English, then press Split.'; draw(unit); say(unit.notice); return; }
  const near = (text, at) => { const here = text.slice(at).search(/\s/); const back = text.slice(0, at).search(/\s\S*$/); return here >= 0 && (back < 0 || here <= at - back) ? at + here : back >= 0 ? back : at; };
  await work.restructure(unit, 'split', { source: work.bytesAt(unit.row.source, near(unit.row.source, source)), target: work.bytesAt(unit.text, near(unit.text, target)) });
}
export const DEEDS = {
  approve: (unit) => (isApproved(unit) && !openOf(unit).length ? work.withdraw(unit) : confirm(unit)),
  withdraw: (unit) => work.withdraw(unit),
  apply: (unit, f) => work.apply(unit, f),
  dismiss: (unit, f) => work.dismiss(unit, f),
  retry: (unit) => work.save(unit),
  mine: (unit) => work.choose(unit, true),
  theirs: (unit) => work.choose(unit, false),
  again: (unit) => panel(unit, 'again', 'Other wordings', again(unit)),
  history: (unit) => panel(unit, 'history', 'History', history(unit)),
  comments: (unit) => panel(unit, 'comments', 'Comments', comments(unit)),
  memory: (unit) => panel(unit, 'memory', 'Memory', memory(unit)),
  term: (unit) => openTerm(unit, sight.chosen?.unit === unit ? sight.chosen : { source: selected(unit, 'source'), target: selected(unit, 'target') }),
  fixall: (unit, f, node) => fixAll(node.dataset.term),
  code: (unit, f, node) => {
    const [start, end] = sight.places?.unit === unit && sight.places.range ? sight.places.range : [0, unit.text.length];
    return work.putCode(unit, work.missingCodes(unit)[node.dataset.code], start, end);
  },
  join: (unit) => work.restructure(unit, 'join'),
  split,
  omit: (unit) => work.restructure(unit, 'omit'),
  restore: (unit) => work.restructure(unit, 'restore'),
};
/** Confirms a unit and goes on. */
export function confirm(unit) {
  if (!unit) { goOn(); return; }
  // Who does not approve goes on all the same; what was typed is saved as the unit is left.
  if (isAbsent(unit) || !desk.mayApprove) { goOn(); return; }
  if (!unit.text.trim()) { say('There is nothing to approve: no translation'); return; }
  if (!(isApproved(unit) && !openOf(unit).length)) {
    work.approve(unit).then((done) => say(done ? `${unit.id} approved` : `${unit.id} is not approved`));
  }
  goOn();
}
/** Dismisses the finding that is looked at, and goes on where it was the last. */
export async function dismissFirst(unit) {
  const first = unit && openOf(unit)[0];
  if (!first) { goOn(); return; }
  const last = openOf(unit).length === 1;
  const done = work.dismiss(unit, first);
  if (last) goOn();
  await done;
}
export function applyAt(unit, n) {
  const f = unit && suggestions(unit)[n - 1];
  if (!f) { say('There is no such suggestion'); return; }
  work.apply(unit, f);
}
/** Approves all units without findings. */
export async function approveClean() {
  if (!await work.flush()) { byId('told').textContent = 'Not approved: a text is not saved.'; return; }
  const filter = 'clean';
  const answer = await ask('POST', `/api/articles/${desk.article.id}/approve`, { filter });
  byId('told').textContent = `${count(answer.approved.length, 'unit')} approved.`;
  desk.article = answer.article;
  await desk.reload();
}
export { beside, edit, hasOpen, isDirty };

'use strict';
// What the editor sees and does. Sections: words for things, drawing, counts, filters, moving, reading, editing, pointer, keys, start.

const KEYS = [
  ['j  k', 'next, previous unit'], ['n  N', 'next, previous finding'], ['u', 'next unit that is not approved'],
  ['e', 'edit the English'], ['Esc', 'leave the edit, the search or this help'], ['Ctrl Enter', 'approve and go on; a second time takes it back'],
  ['d', 'changes from the draft, of this unit'], ['a', 'the engine’s next wording'], ['o', 'leave the unit out on purpose, and back'], ['+', 'join with the next unit, and part again'], ['r', 'reading view and back'], ['/', 'search'], ['?', 'this help'],
];

function langName(tag) {
  try { return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) || tag; } catch { return tag; }
}
const NAME = { source: langName(LANG.source), target: langName(LANG.target) };

// ---------------------------------------------------------------- drawing
function layersOf(unit, side) {
  const layers = [];
  const put = (span, more) => span && layers.push({ start: span[0], end: span[1], ...more });
  unit.now.terms.forEach((term, i) => put(term[side], { mark: `term ${term.verdict}`, term: i }));
  unit.now.findings.forEach((finding, i) => {
    const { severity } = unit.row.findings[i];
    if (isOpen(unit, i)) put(finding[side], { mark: `finding ${severity}`, finding: i });
  });
  unit.now.doubts.forEach((doubt, i) => { if (!unit.approved && !unit.row.doubts[i].why) put(doubt[side], { mark: 'doubt' }); });
  if (unit.worded && unit.words) {
    const spans = side === 'source' ? unit.words.source : unit.now.words;
    spans.forEach((span, i) => put(span, { mark: 'word', word: i }));
  }
  if (needle) {
    const hay = fold(unit[side]);
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) put([at, at + needle.length], { mark: 'found' });
  }
  return layers;
}
const drawTexts = (unit) => {
  decorate(unit.cells.source, unit.source, layersOf(unit, 'source'), unit.codes.source);
  if (document.activeElement !== unit.cells.target) decorate(unit.cells.target, unit.target, layersOf(unit, 'target'), unit.now.codes);
};
function chip(unit, term, i) {
  const [sign, word] = VERDICTS[term.verdict];
  const { term: dutch, required, before } = unit.row.terms[i];
  const there = term.target ? unit.target.slice(...term.target) : '';
  const differs = !isFlagged(term) && there && there !== required;
  const was = before !== undefined && before !== null && !edited(unit) ? before : null;
  return make('button', { type: 'button', class: `chip ${term.verdict}`, 'data-term': i, 'aria-label': termTip(unit, i) },
    make('i', { 'aria-hidden': 'true' }, sign), `${dutch} →`, was && make('del', {}, was), make('b', {}, required), isFlagged(term) && word.toLowerCase(), differs && make('span', {}, `(${there})`));
}
function termTip(unit, i) {
  const { term, required, repair, before, entry } = unit.row.terms[i];
  const { verdict, target } = unit.now.terms[i];
  const [, word, meaning] = VERDICTS[verdict];
  let tip = `${term} → ${required}. ${word}: ${meaning}.`;
  if (target && unit.target.slice(...target) !== required) tip += ` In the text: ${unit.target.slice(...target)}.`;
  if (repair) tip += ` Repaired by ${repair}${before ? `; “${before}” stood there before` : ''}.`;
  if (entry) tip += ` Entry ${entry}.`;
  return tip;
}
function findingItem(unit, i) {
  const { check, severity, message, suggestion } = unit.row.findings[i];
  const [sign, word] = SEVERITIES[severity] || SEVERITIES.warning;
  const now = unit.now.findings[i], silenced = unit.dismissed.has(i);
  const settled = now.changed ? 'changed since: the merge checks the new text' : silenced ? 'not a problem, said the editor' : isAccepted(unit, i) ? 'accepted with the approval' : '';
  const offer = suggestion !== undefined && suggestion !== null && !settled;
  const instead = suggestion || 'nothing';
  return make('li', { class: `note ${severity}${settled ? ' settled' : ''}`, 'data-finding': i, tabindex: '-1' },
    make('i', { 'aria-hidden': 'true' }, sign),
    make('span', { class: 'what' }, make('b', {}, `${word} · ${check}`), ' ', make('span', { class: 'said' }, message),
      settled && make('em', {}, ` ${settled}`), offer && !now.target && ` Suggested: ${instead}`),
    make('span', { class: 'deeds' },
      offer && now.target && make('button', { type: 'button', 'data-do': 'apply', 'aria-label': `Apply: write ${instead} instead` }, 'Write ', make('b', {}, instead)),
      !now.changed && !isAccepted(unit, i) && make('button', { type: 'button', 'data-do': 'silence', 'aria-pressed': String(silenced) }, silenced ? 'It is a problem' : 'Not a problem')));
}
function metaLine(unit) {
  const [sign, word] = STATES[stateOf(unit)];
  const { row } = unit, origin = originOf(unit);
  const [kind, rest] = [origin.split(':')[0], origin.split(':').slice(1).join(':')];
  const source = { engine: rest, memory: `memory ${rest} %`, human: edited(unit) ? 'edited here' : 'by a person', copied: 'copied from the source', none: '' }[kind] ?? origin;
  // 0.999 is no certainty.
  const percent = (p) => `${Math.floor(p * 100 + 0.001)} %`;
  const sure = typeof row.confidence === 'number' ? `${oneSided(unit) ? '' : 'pair '}${percent(row.confidence)} sure` : typeof row.score === 'number' ? `score ${percent(row.score)}` : null;
  const range = (list) => (!list || !list.length ? '–' : list.length === 1 ? `${list[0] + 1}` : `${list[0] + 1}–${list[list.length - 1] + 1}`);
  const joined = row.source_segments || row.target_segments ? `sentences ${range(row.source_segments)} to ${range(row.target_segments)}` : null;
  const parts = [source, joined, ...(row.notes || [])].filter(Boolean).map((text) => make('span', { class: 'part' }, text));
  return make('p', { class: 'meta' },
    make('span', { class: `state ${stateOf(unit)}` }, make('i', { 'aria-hidden': 'true' }, sign), word), ...parts,
    sure && make('span', { class: isLow(unit) ? 'part low' : 'part' }, isLow(unit) ? `▽ low: ${sure}` : sure),
    draftOf(unit) && make('button', { type: 'button', 'data-do': 'changes', 'aria-expanded': String(Boolean(unit.compared)) }, 'Changes'),
    wordings(unit).length > 0 && make('button', { type: 'button', 'data-do': 'others', 'aria-expanded': String(Boolean(unit.others)) }, count(wordings(unit).length, 'other wording')),
    edited(unit) && !absent(unit) && !unit.joined.length && make('button', { type: 'button', 'data-do': 'undo' }, 'Take back my edit'),
    unit.joinedTo && make('button', { type: 'button', 'data-do': 'part' }, `Stands in ${unit.joinedTo}: part again`),
    unit.joined.length > 0 && make('button', { type: 'button', 'data-do': 'part' }, `Holds ${unit.joined.join(', ')}: part again`),
    mateOf(unit) && make('button', { type: 'button', 'data-do': 'mate' }, `Moved: go to ${unit.row.moved}`),
    unit.omitted && make('button', { type: 'button', 'data-do': 'omit' }, 'Put it back'),
    mayOmit(unit) && make('button', { type: 'button', 'data-do': 'omit', 'aria-label': `Leave ${unit.id} out on purpose` }, 'Leave out'),
    mayJoin(unit) && make('button', { type: 'button', 'data-do': 'join', 'aria-label': `Join ${unit.id} with the next` }, 'Join with next'));
}
/** The other side of a sentence that was moved. */
const mateOf = (unit) => unit.row.moved && units.find((other) => other.id === unit.row.moved);
const mayOmit = (unit) => unit.source && !absent(unit) && !unit.joined.length && !oneSided(unit);
/** The unit that a join would take in: the next one of the block that is not taken yet. */
function nextOf(unit) {
  let next = units[unit.index + 1];
  while (next && unit.joined.includes(next.id)) next = units[next.index + 1];
  return next && next.block === unit.block && unit.block > 0 && !absent(next) && !oneSided(next) ? next : null;
}
const mayJoin = (unit) => unit.source && unit.target && !absent(unit) && !oneSided(unit) && nextOf(unit);
function comparison(unit) {
  const draft = draftOf(unit);
  if (!unit.compared || draft === null) return null;
  const label = unit.row.draft === undefined ? 'Before your edit' : 'Draft';
  return make('p', { class: 'changes', lang: LANG.target, dir: direction(LANG.target) }, make('span', { class: 'label', lang: 'en' }, `${label} and now`),
    ...difference(draft, unit.target).flatMap((p) => (p.same ? [p.a] : [p.a && make('del', {}, p.a), p.b && make('ins', {}, p.b)].filter(Boolean))));
}
/** What the memory has that is like the unit: how its source differs, and what it became. */
function matchItem(unit, found, i) {
  const pieces = difference(found.source, unit.source).flatMap((p) => (p.same ? [p.a] : [p.a && make('del', {}, p.a), p.b && make('ins', {}, p.b)].filter(Boolean)));
  return make('li', { class: 'match', 'data-match': i },
    make('span', { class: 'label' }, `Memory ${found.percent} %`),
    make('p', { lang: LANG.source, dir: direction(LANG.source) }, ...pieces),
    make('p', { lang: LANG.target, dir: direction(LANG.target) }, found.target),
    unit.target !== found.target && !unit.approved && make('button', { type: 'button', 'data-do': 'take', 'aria-label': `Write what the memory has, ${found.percent} per cent alike` }, 'Write this'));
}
/** What else the engine has to offer for the unit. */
const wordings = (unit) => unit.row.alternatives || [];
function wordingItem(unit, text, i) {
  const pieces = difference(unit.original, text).flatMap((p) => (p.same ? [p.a] : p.b ? [make('b', {}, p.b)] : []));
  return make('li', { class: 'match', 'data-match': i },
    make('p', { lang: LANG.target, dir: direction(LANG.target) }, ...pieces),
    unit.target !== text && !unit.approved && make('button', { type: 'button', 'data-do': 'choose', 'aria-label': `Write wording ${i + 1}` }, 'Write this'));
}
/** Everything of a unit that an edit or a verdict may change. */
function draw(unit) {
  const { element, cells } = unit;
  drawTexts(unit);
  cells.terms.replaceChildren(...unit.now.terms.map((term, i) => chip(unit, term, i)));
  const items = unit.findings.map((_, i) => findingItem(unit, i));
  const change = comparison(unit);
  const matches = (unit.row.matches || []).map((found, i) => matchItem(unit, found, i));
  cells.notes.replaceChildren(metaLine(unit), ...(change ? [change] : []), ...(matches.length ? [make('ul', { class: 'matches' }, ...matches)] : []),
    ...(unit.others ? [make('ul', { class: 'matches' }, ...wordings(unit).map((text, i) => wordingItem(unit, text, i)))] : []), ...(items.length ? [make('ul', { class: 'findings' }, ...items)] : []));
  const held = absent(unit) ? 'false' : cells.editable;
  if (cells.target.getAttribute('contenteditable') !== held) cells.target.setAttribute('contenteditable', held);
  cells.target.dataset.empty = emptyText(unit);
  element.classList.toggle('absent', absent(unit));
  element.classList.toggle('omitted', unit.omitted);
  element.classList.toggle('approved', unit.approved);
  element.classList.toggle('edited', edited(unit));
  element.classList.toggle('troubled', openFindings(unit, 'error').length > 0);
  element.setAttribute('aria-label', `${unit.id}, ${roleName(unit.role)}, ${STATES[stateOf(unit)][1]}, ${count(openFindings(unit).length, 'open finding')}`);
  cells.approve.setAttribute('aria-pressed', String(unit.approved));
  cells.approve.setAttribute('aria-label', `${unit.approved ? 'Approved' : 'Approve'} ${unit.id}`);
}
function emptyText(unit) {
  if (unit.omitted) return 'Left out on purpose';
  if (unit.joinedTo) return `Stands in ${unit.joinedTo}`;
  if (mateOf(unit)) return `Moved: its ${NAME.target} is ${unit.row.moved}`;
  return oneSided(unit) ? `No ${NAME.target}: left out` : 'Not translated';
}
function build(unit, first) {
  const plain = { source: Boolean(unit.source), target: Boolean(unit.target) };
  const gap = oneSided(unit);
  const cells = {
    source: make('div', { class: 'text source', lang: LANG.source, dir: direction(LANG.source), 'data-empty': mateOf(unit) ? `Moved: its ${NAME.source} is ${unit.row.moved}` : gap ? `No ${NAME.source}: added in the ${NAME.target}` : '' }),
    target: make('div', {
      class: 'text target', lang: LANG.target, dir: direction(LANG.target), contenteditable: 'plaintext-only', spellcheck: 'true', role: 'textbox',
      'aria-multiline': 'true', 'aria-label': `${NAME.target} of ${unit.id}`, 'data-empty': emptyText(unit),
    }),
    terms: make('div', { class: 'terms', 'aria-label': 'Terms' }),
    notes: make('div', { class: 'notes' }),
    approve: make('button', { type: 'button', class: 'approve', 'data-do': 'approve', 'data-hint': 'Approve (Ctrl Enter)' }),
  };
  // Browsers that do not know the value take no text at all.
  if (cells.target.contentEditable !== 'plaintext-only') cells.target.setAttribute('contenteditable', 'true');
  cells.editable = cells.target.getAttribute('contenteditable');
  unit.cells = cells;
  unit.element = make('div', { class: `unit${gap || !plain.source ? ' lone' : ''}`, 'data-unit': unit.index, tabindex: '-1', role: 'group' },
    make('div', { class: 'side' }, first && make('span', { class: 'role' }, roleName(unit.role)), make('span', { class: 'id' }, unit.id),
      gap && make('span', { class: 'gap' }, mateOf(unit) ? '⇄ Moved' : plain.source ? '− Left out' : '+ Added')),
    make('div', {}, cells.source, cells.terms), make('div', {}, cells.target, cells.notes), cells.approve);
  settle(unit);
  draw(unit);
  return unit.element;
}
function buildAll() {
  const page = document.createDocumentFragment();
  let section = null, before = null;
  for (const unit of units) {
    if (!section || unit.block !== before || unit.block === 0) {
      section = make('section', { class: `block ${roleClass(unit.role)}` });
      page.append(section);
      section.append(build(unit, true));
    } else section.append(build(unit, false));
    before = unit.block;
  }
  if (!units.length) page.append(make('p', { class: 'empty' }, 'There are no pairs in this edition.'));
  else page.append(make('p', { class: 'empty', id: 'nothing', hidden: true }, 'No unit passes this filter.'));
  byId('pairs').replaceChildren(page);
}

// ---------------------------------------------------------------- masthead, counts, bar
function masthead() {
  const facts = [about.source_name, about.engine && `engine ${about.engine}`, about.glossary && `glossary ${about.glossary.slice(0, 12)}`,
    about.created, about.version && `overzet ${about.version}`].filter(Boolean);
  byId('masthead').append(
    make('p', { class: 'kicker' }, `Review · ${NAME.source} to ${NAME.target}`),
    make('h1', { lang: LANG.source, dir: direction(LANG.source) }, about.title),
    make('p', { class: 'facts' }, ...facts.map((fact) => make('span', { class: 'part' }, fact))),
    ...about.notices.map((notice) => make('p', { class: 'notice' }, make('b', {}, 'Note'), ' ', notice)),
    make('section', { class: 'offers', id: 'offers', 'aria-label': 'Earlier edits that do not fit', hidden: true }),
    make('dl', { class: 'counts', id: 'counts' }));
}
const FILTERS = [
  ['all', 'All', () => true],
  ['findings', 'Findings', (u) => openFindings(u).length > 0],
  ['errors', 'Errors', (u) => openFindings(u, 'error').length > 0],
  ['review', 'Needs review', (u) => ['needs-review', 'untranslated'].includes(stateOf(u))],
  ['edited', 'Edited', edited],
  ['terms', 'Terms', (u) => u.terms.length > 0],
  ['flagged', 'Terms flagged', (u) => u.now.terms.some(isFlagged)],
  ['lone', 'One-sided', (u) => oneSided(u) && !mateOf(u), true],
  ['moved', 'Moved', (u) => Boolean(mateOf(u)), true],
  ['absent', 'Left out, joined', (u) => absent(u) || u.joined.length > 0, true],
  ['low', 'Low confidence', isLow, true],
  ['open', 'Not approved', (u) => !u.approved && !absent(u)],
];
let filter = 'all', role = '', needle = '';
function bar() {
  const roles = [...new Set(units.map((u) => u.role))];
  byId('bar').append(
    make('div', { class: 'filters', role: 'group', 'aria-label': 'Show' }, ...FILTERS.filter(([, , keep, rare]) => !rare || units.some(keep)).map(([name, label]) =>
      make('button', { type: 'button', 'data-filter': name, 'aria-pressed': String(name === filter) }, label, ' ', make('span', { class: 'n' })))),
    make('p', { class: 'kept', id: 'kept' }),
    make('div', { class: 'tools' },
      make('input', { type: 'search', id: 'search', placeholder: 'Search  /', 'aria-label': 'Search in both texts', autocomplete: 'off', spellcheck: 'false' }),
      make('select', { id: 'role', 'aria-label': 'Role' }, make('option', { value: '' }, 'Every role'), ...roles.map((name) => make('option', { value: name }, roleName(name)))),
      make('button', { type: 'button', id: 'read', 'aria-pressed': 'false' }, 'Reading view'),
      make('button', { type: 'button', id: 'download', class: 'main' }, 'Download pairs'),
      make('button', { type: 'button', id: 'ask', 'aria-label': 'Help: the keys' }, '?')),
    make('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Approved', 'aria-valuemin': '0', 'aria-valuemax': String(units.length) }, make('div', { class: 'done' })));
}
function tally() {
  const sum = (of) => units.reduce((n, unit) => n + of(unit), 0);
  const terms = units.flatMap((u) => u.now.terms);
  const flagged = terms.filter(isFlagged).length, right = terms.filter((t) => !isFlagged(t) && t.verdict !== 'none').length;
  const approved = units.filter((u) => u.approved).length;
  const errors = sum((u) => openFindings(u, 'error').length), warnings = sum((u) => openFindings(u, 'warning').length);
  const facts = [['units', units.length, 'Units'], ['errors', errors, '■ Errors'], ['warnings', warnings, '▲ Warnings'], ['right', right, '= Terms right'],
    ['flagged', flagged, '× Terms flagged'], ['unjudged', terms.length - right - flagged, '? Terms not judged'], ['approved', approved, '● Approved']]
    .filter(([name, n]) => n || name !== 'unjudged');
  byId('counts').replaceChildren(...facts.map(([name, n, label]) => make('div', { class: n ? name : `${name} zero` }, make('dt', {}, label), make('dd', {}, String(n)))));
  for (const [name, , keep] of FILTERS) {
    const button = document.querySelector(`[data-filter="${name}"]`);
    if (button) button.querySelector('.n').textContent = units.filter(keep).length;
  }
  const progress = document.querySelector('.progress');
  progress.setAttribute('aria-valuenow', approved);
  progress.firstChild.style.width = `${units.length ? (100 * approved) / units.length : 0}%`;
}
/** A verdict or an edit changed this unit. */
function changed(unit) {
  settle(unit);
  draw(unit);
  tally();
  keep(unit);
}

// ---------------------------------------------------------------- filters
const isShown = (unit) => !unit.element.hidden;
function sift() {
  const wanted = FILTERS.find(([name]) => name === filter)[2];
  const search = fold(byId('search').value.trim());
  const again = search !== needle;
  needle = search;
  let shown = 0;
  for (const unit of units) {
    const found = !needle || fold(unit.source).includes(needle) || fold(unit.target).includes(needle);
    unit.element.hidden = !(found && wanted(unit) && (!role || unit.role === role));
    if (again && (found || unit.found)) { unit.found = needle && found; drawTexts(unit); }
    if (isShown(unit)) shown++;
  }
  for (const section of document.querySelectorAll('section.block')) section.hidden = ![...section.children].some((child) => !child.hidden);
  for (const button of document.querySelectorAll('[data-filter]')) button.setAttribute('aria-pressed', String(button.dataset.filter === filter));
  if (units.length) byId('nothing').hidden = shown > 0;
  say(`${shown} of ${count(units.length, 'unit')} shown`);
}

// ---------------------------------------------------------------- moving
let current = null, finding = -1;
function select(unit, focus = true) {
  if (!unit) return;
  if (current && current !== unit) current.element.classList.remove('current');
  if (current !== unit) finding = -1;
  current = unit;
  unit.element.classList.add('current');
  if (!focus) return;
  if (reading()) { point(unit); return; }
  unit.element.focus({ preventScroll: true });
  unit.element.scrollIntoView({ block: 'nearest' });
}
/** The next unit that passes, in the direction of `step`; none beyond the last. */
function beside(step, passes = () => true) {
  const start = current ? current.index + step : step > 0 ? 0 : units.length - 1;
  for (let i = start; units[i]; i += step) if ((reading() || isShown(units[i])) && passes(units[i])) return units[i];
  return null;
}
function toFinding(step) {
  let unit = current, list = unit && isShown(unit) ? openFindings(unit) : [];
  let next = step > 0 ? list.find((i) => i > finding) : finding < 0 ? undefined : list.findLast((i) => i < finding);
  if (next === undefined) {
    unit = beside(step, (u) => openFindings(u).length > 0);
    if (!unit) { say(step > 0 ? 'No further finding' : 'No finding before this one'); return; }
    list = openFindings(unit);
    next = step > 0 ? list[0] : list[list.length - 1];
  }
  select(unit);
  finding = next;
  light(unit, 'finding', next);
  unit.element.querySelector(`.note[data-finding="${next}"]`).focus({ preventScroll: true });
}
function light(unit, kind, i) {
  for (const lit of document.querySelectorAll('.lit')) lit.classList.remove('lit');
  if (unit) for (const piece of unit.element.querySelectorAll(`[data-${kind}="${i}"]`)) piece.classList.add('lit');
}
const unitOf = (node) => { const element = node && node.closest && node.closest('[data-unit]'); return element ? units[element.dataset.unit] : null; };

// ---------------------------------------------------------------- reading view
const reading = () => !byId('reading').hidden;
const ELEMENTS = { headline: 'h1', heading: 'h2', quote: 'blockquote' };
/** The English with its codes as real styling; what is not known is left out. */
function styled(unit) {
  const top = make('span', { class: 'sentence', 'data-unit': unit.index, tabindex: '-1' });
  if (!unit.target) {
    top.classList.add('absent');
    top.lang = LANG.source;
    top.append(unit.source);
    return top;
  }
  withCodes(top, unit.target, unit.now.codes);
  const worst = openFindings(unit, 'error').length ? 'error' : openFindings(unit).length ? 'warning' : '';
  if (worst) top.classList.add('doubtful', worst);
  return top;
}
function drawReading() {
  const article = make('article', { class: 'article', lang: LANG.target, dir: direction(LANG.target) });
  let block = null, before = null, list = null;
  for (const unit of units) {
    if (!unit.target && !unit.source) continue;
    if (!unit.target && (oneSided(unit) || absent(unit))) continue;
    if (!block || unit.block !== before || unit.block === 0) {
      const item = unit.role === 'list-item';
      block = make(item ? 'li' : ELEMENTS[unit.role] || 'p', { class: roleClass(unit.role) });
      if (item && !list) article.append(list = make('ul', {}));
      if (!item) list = null;
      (list || article).append(block);
      before = unit.block;
    } else if (!unit.glued) block.append(' ');
    block.append(styled(unit));
  }
  byId('reading').replaceChildren(article, make('aside', { id: 'beside', 'aria-live': 'polite' }));
  beneath(current);
}
/** The other language of a sentence, beside the article. */
function beneath(unit) {
  const aside = byId('beside');
  for (const sentence of document.querySelectorAll('.sentence.current')) sentence.classList.remove('current');
  if (!unit) {
    aside.replaceChildren(make('p', { class: 'label' }, NAME.source), make('p', { class: 'hint' }, 'Point at a sentence or touch it, or walk with j and k.'));
    return;
  }
  const sentence = document.querySelector(`.sentence[data-unit="${unit.index}"]`);
  if (sentence) sentence.classList.add('current');
  aside.replaceChildren(make('p', { class: 'label' }, `${NAME.source} `, make('span', { class: 'id' }, unit.id)),
    make('p', { class: 'dutch', lang: LANG.source, dir: direction(LANG.source) }, unit.source || '–'),
    ...openFindings(unit).map((i) => make('p', { class: `note ${unit.row.findings[i].severity}` },
      make('i', { 'aria-hidden': 'true' }, SEVERITIES[unit.row.findings[i].severity][0]), unit.row.findings[i].message)),
    make('button', { type: 'button', 'data-edit': unit.index }, 'Edit this sentence ', make('kbd', {}, 'e')));
}
function point(unit) {
  beneath(unit);
  const sentence = document.querySelector(`.sentence[data-unit="${unit.index}"]`);
  if (sentence) { sentence.focus({ preventScroll: true }); sentence.scrollIntoView({ block: 'nearest' }); }
}
function read(on) {
  byId('reading').hidden = !on;
  byId('pairs').hidden = on;
  document.body.classList.toggle('reads', on);
  byId('read').setAttribute('aria-pressed', String(on));
  if (on) drawReading();
  if (current) select(current); else scrollTo(0, 0);
}

// ---------------------------------------------------------------- editing
function edit(unit) {
  if (!unit) return;
  if (reading()) read(false);
  select(unit);
  unit.cells.target.focus();
  const choice = getSelection();
  choice.selectAllChildren(unit.cells.target);
  choice.collapseToEnd();
}
function approve(unit, on) {
  if (on && absent(unit)) { say(unit.omitted ? `${unit.id} is left out: there is nothing to approve` : `${unit.id} stands in ${unit.joinedTo}: approve that`); return false; }
  if (on && unit.source && !unit.target.trim() && !oneSided(unit)) { say('There is nothing to approve yet: no translation'); return false; }
  unit.approved = on;
  if (on) unit.seen = true;
  for (const other of units.slice(unit.index + 1, unit.index + 1 + unit.joined.length)) { other.approved = on; changed(other); }
  changed(unit);
  say(on ? `${unit.id} approved` : `${unit.id} no longer approved`);
  return true;
}
function write(unit, text) {
  unit.target = text;
  // What was approved was another text.
  if (edited(unit)) unit.approved = false;
  changed(unit);
}
/** The text that a unit had before it was left out or joined, as far as the file knows it. */
const alone = (unit) => unit.original && !absent({ omitted: unit.row.state === 'omitted', joinedTo: unit.row.joined_to }) && !unit.row.joined ? unit.original : unit.row.draft ?? unit.original;
const ACTIONS = {
  approve: (unit) => approve(unit, !unit.approved),
  undo: (unit) => { unit.approved = unit.row.state === 'approved'; write(unit, unit.original); },
  changes: (unit) => { unit.compared = !unit.compared; draw(unit); },
  apply: (unit, i) => {
    const [start, end] = unit.now.findings[i].target;
    write(unit, unit.target.slice(0, start) + unit.row.findings[i].suggestion + unit.target.slice(end));
  },
  take: (unit, i) => write(unit, unit.row.matches[i].target),
  choose: (unit, i) => write(unit, wordings(unit)[i]),
  others: (unit) => { unit.others = !unit.others; draw(unit); },
  wording: (unit) => {
    const all = [unit.original, ...wordings(unit)];
    if (all.length === 1) { say(`The engine has no other wording for ${unit.id}`); return; }
    unit.others = true;
    const next = (all.indexOf(unit.target) + 1) % all.length;
    write(unit, all[next]);
    say(next ? `Wording ${next} of ${all.length - 1}` : 'The first wording again');
  },
  silence: (unit, i) => {
    if (!unit.dismissed.delete(i)) unit.dismissed.add(i);
    changed(unit);
  },
  omit: (unit) => {
    if (unit.omitted) {
      unit.omitted = false;
      write(unit, unit.alone ?? alone(unit));
      say(`${unit.id} is back`);
      return;
    }
    if (!mayOmit(unit)) return;
    unit.alone = unit.target;
    Object.assign(unit, { omitted: true, approved: false });
    write(unit, '');
    say(`${unit.id} left out on purpose`);
  },
  join: (unit) => {
    const next = mayJoin(unit);
    if (!next) { say('There is no sentence after this one in its paragraph to join'); return; }
    unit.alone ??= unit.target;
    next.alone = next.target;
    const taken = [next, ...units.filter((other) => next.joined.includes(other.id))];
    unit.joined.push(...taken.map((other) => other.id));
    const text = [unit.target.trimEnd(), next.target.trimStart()].filter(Boolean).join(' ');
    for (const other of taken) {
      Object.assign(other, { joinedTo: unit.id, joined: [], approved: false });
      write(other, '');
    }
    write(unit, text);
    unit.approved = false;
    changed(unit);
    say(`${unit.id} joined with ${next.id}`);
  },
  part: (unit) => {
    const first = unit.joinedTo ? units.find((other) => other.id === unit.joinedTo) : unit;
    const taken = units.filter((other) => first && other.joinedTo === first.id);
    first.joined = [];
    for (const other of taken) {
      other.joinedTo = null;
      write(other, other.alone ?? alone(other));
    }
    write(first, first.alone ?? alone(first));
    first.alone = undefined;
    say(`${first.id} parted again`);
  },
  mate: (unit) => select(mateOf(unit)),
};
function listenToEdits(pairs) {
  pairs.addEventListener('input', (event) => {
    const unit = unitOf(event.target);
    if (!unit || event.target !== unit.cells.target) return;
    unit.target = unit.cells.target.textContent;
    if (edited(unit)) unit.approved = false;
    unit.element.classList.toggle('edited', edited(unit));
    keep(unit);
  });
  pairs.addEventListener('focusin', (event) => { if (unitOf(event.target)) select(unitOf(event.target), false); });
  pairs.addEventListener('focusout', (event) => {
    const unit = unitOf(event.target);
    // The element keeps the focus until the event is over.
    if (unit && event.target === unit.cells.target) queueMicrotask(() => { settle(unit); draw(unit); tally(); });
  });
  pairs.addEventListener('beforeinput', (event) => {
    // A unit is one sentence: no line ends, no styling, nothing dropped in as markup.
    if (/^(insertParagraph|insertLineBreak|insertFromDrop|format)/.test(event.inputType)) event.preventDefault();
  });
  pairs.addEventListener('paste', (event) => {
    event.preventDefault();
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain').replace(/\s*[\r\n]+\s*/g, ' '));
  });
}

// ---------------------------------------------------------------- pointer: tips, links between words
function showTip(node, text) {
  const tip = byId('tip');
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const place = node.getBoundingClientRect(), box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.width - 8))}px`;
  tip.style.top = `${place.bottom + box.height + 12 < innerHeight ? place.bottom + 6 : Math.max(8, place.top - box.height - 6)}px`;
}
function over(event) {
  const node = event.target, unit = unitOf(node);
  light(null);
  if (reading()) { if (unit && node.closest('.sentence')) beneath(unit); return; }
  if (!unit) { showTip(null, ''); return; }
  if (!unit.worded && unit.words && node.closest('.text') && event.type === 'pointerover') { unit.worded = true; drawTexts(unit); return; }
  const data = (node.closest('[data-term],[data-finding],[data-word],[data-markup],[data-hint]') || node).dataset;
  if (data.term !== undefined && data.finding === undefined) light(unit, 'term', data.term);
  else if (data.finding !== undefined) light(unit, 'finding', data.finding);
  if (data.word !== undefined) connect(unit, node.closest('.source') ? 0 : 1, Number(data.word));
  const tips = [];
  if (data.finding !== undefined && !node.closest('.note')) tips.push(unit.row.findings[data.finding].message);
  if (data.term !== undefined) tips.push(termTip(unit, data.term));
  if (data.markup !== undefined) tips.push(data.markup);
  if (data.hint !== undefined) tips.push(data.hint);
  showTip(node, tips.join(' '));
}
function connect(unit, side, word) {
  const mates = new Set(unit.now.links.filter((link) => link[side] === word).map((link) => link[1 - side]));
  const other = side === 0 ? unit.cells.target : unit.cells.source, own = side === 0 ? unit.cells.source : unit.cells.target;
  if (!mates.size) return;
  for (const piece of other.querySelectorAll('[data-word]')) if (mates.has(Number(piece.dataset.word))) piece.classList.add('lit');
  for (const piece of own.querySelectorAll(`[data-word="${word}"]`)) piece.classList.add('lit');
}

// ---------------------------------------------------------------- keys and clicks
const PRESSES = {
  j: () => select(beside(1)), k: () => select(beside(-1)),
  n: () => { if (reading()) read(false); toFinding(1); }, N: () => { if (reading()) read(false); toFinding(-1); },
  u: () => select(beside(1, (unit) => !unit.approved)),
  e: () => edit(current || beside(1)), d: () => current && ACTIONS.changes(current), a: () => current && ACTIONS.wording(current),
  o: () => current && ACTIONS.omit(current), '+': () => current && (current.joined.length && !mayJoin(current) ? ACTIONS.part(current) : ACTIONS.join(current)),
  r: () => read(!reading()), '?': () => byId('help').showModal(),
  '/': () => { if (reading()) read(false); byId('search').focus(); byId('search').select(); },
};
function press(event) {
  showTip(null, '');
  if (event.isComposing || byId('help').open) return;
  const inText = event.target.closest('input, select, textarea, [contenteditable]');
  if (event.key === 'Escape') {
    if (inText) { inText.blur(); if (current && !current.element.hidden) select(current); event.preventDefault(); } else if (reading()) read(false);
    return;
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!current) return;
    const unit = current;
    if (inText) inText.blur();
    // After the blur has settled the edit.
    queueMicrotask(() => {
      if (unit.approved) { approve(unit, false); select(unit); } else if (approve(unit, true)) select(beside(1) || unit);
    });
    return;
  }
  if (inText || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(PRESSES, event.key)) return;
  event.preventDefault();
  PRESSES[event.key]();
}
function click(event) {
  const node = event.target, button = node.closest('button'), unit = unitOf(node);
  if (button && button.dataset.filter) { filter = button.dataset.filter; if (reading()) read(false); sift(); return; }
  if (button && button.dataset.offer !== undefined) { settleOffer(Number(button.dataset.offer), button.dataset.take); return; }
  if (button && button.dataset.edit) { edit(units[button.dataset.edit]); return; }
  if (!unit) return;
  if (reading()) { select(unit); return; }
  if (button && button.dataset.do) {
    const item = button.closest('.note, .match');
    select(unit, false);
    ACTIONS[button.dataset.do](unit, item && Number(item.dataset.finding ?? item.dataset.match));
    // The button that was pressed has been drawn anew.
    if (!button.isConnected) (unit.element.querySelector(`[data-do="${button.dataset.do}"]`) || unit.element).focus({ preventScroll: true });
    return;
  }
  if (node.closest('.target')) return;
  select(unit, !getSelection().toString() && !node.closest('.chip, .note'));
}
function help() {
  byId('help').append(make('h2', { id: 'help-title' }, 'Keys'),
    make('dl', { class: 'keys' }, ...KEYS.flatMap(([keys, what]) => [make('dt', {}, ...keys.split('  ').flatMap((key, i) => [i ? ' ' : '', make('kbd', {}, key)])), make('dd', {}, what)])),
    make('h2', {}, 'Signs'),
    make('dl', { class: 'keys' }, ...Object.entries(VERDICTS).flatMap(([name, [sign, word, meaning]]) =>
      [make('dt', {}, make('span', { class: `chip ${name}` }, make('i', {}, sign), word)), make('dd', {}, meaning)])),
    make('p', {}, 'Your changes stay in this browser. “Download pairs” writes them as JSON Lines; lines that you did not touch stay as they are, byte for byte.'),
    make('form', { method: 'dialog' }, make('button', { class: 'main' }, 'Close')));
}

// ---------------------------------------------------------------- start
function start() {
  restore();
  masthead();
  bar();
  buildAll();
  help();
  tally();
  drawOffers();
  store();
  byId('colophon').append(make('p', {}, ['Made by overzet', about.version, about.glossary && `· glossary ${about.glossary}`, `· pairs ${digest.slice(0, 12)}`].filter(Boolean).join(' ')));
  listenToEdits(byId('pairs'));
  document.addEventListener('keydown', press);
  document.addEventListener('click', click);
  for (const event of ['pointerover', 'focusin']) document.addEventListener(event, over);
  byId('search').addEventListener('input', () => { clearTimeout(sift.timer); sift.timer = setTimeout(sift, 120); });
  byId('role').addEventListener('change', (event) => { role = event.target.value; if (reading()) read(false); sift(); });
  byId('read').addEventListener('click', () => read(!reading()));
  byId('download').addEventListener('click', download);
  byId('ask').addEventListener('click', () => byId('help').showModal());
  addEventListener('pagehide', store);
  addEventListener('beforeunload', (event) => { store(); if (units.some((unit) => touched(unit) && unit.out !== unit.target)) event.preventDefault(); });
  addEventListener('storage', (event) => { if (event.key === KEY) follow(); });
  let wanted = '';
  try { wanted = decodeURIComponent(location.hash.slice(1)); } catch { /* an address that somebody cut off */ }
  if (wanted === 'article') read(true);
  else if (wanted) select(units.find((unit) => unit.id === wanted));
}
start();

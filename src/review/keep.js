'use strict';
// Work that is kept in the browser by article and unit, what does not fit the page any more, and the download.

let stored = true, timer = 0, offers = [];
/** Units that this window changed since it last wrote them down. */
const fresh = new Set();
/** Notes that were dealt with when the page was opened, as text: they fit no unit any more, or say what stands there. */
const gone = new Map();
function saved() {
  try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { stored = false; return {}; }
}
/** What the editor made of a unit, in a form that a page made anew can understand. */
function noteOf(unit) {
  const keys = keysOf(unit);
  return {
    id: unit.id, source: unit.source, base: unit.row.base, from: unit.original, out: unit.out, target: unit.target, approved: unit.approved, seen: unit.seen,
    dismissed: [...unit.dismissed].map((i) => keys[i]), omitted: unit.omitted, joined: unit.joined, joinedTo: unit.joinedTo,
  };
}
/** Whether a note was made of the text that stands here, or of what came of this window's own download. */
const fits = (unit, note) => note.source === unit.source
  && ((note.base !== undefined && note.base === unit.row.base) || note.from === unit.original || note.out === unit.original);
function apply(unit, note) {
  const keys = keysOf(unit);
  if (typeof note.target === 'string') unit.target = note.target;
  unit.approved = Boolean(note.approved);
  unit.seen = unit.seen || Boolean(note.seen);
  unit.dismissed = new Set(keys.flatMap((key, i) => ((note.dismissed || []).includes(key) ? [i] : [])));
  unit.omitted = Boolean(note.omitted);
  unit.joined = Array.isArray(note.joined) ? note.joined.filter((id) => units.some((other) => other.id === id)) : [];
  unit.joinedTo = units.some((other) => other.id === note.joinedTo) ? note.joinedTo : null;
  unit.out = note.out;
}
function restore() {
  const free = new Map();
  for (const unit of units) free.set(unit.source, [...(free.get(unit.source) || []), unit]);
  const { notes = {}, offers: left = [] } = saved();
  offers = left;
  for (const note of Object.values(notes)) {
    const homes = free.get(note.source) || [];
    const unit = homes.find((u) => u.id === note.id) || homes[0];
    if (unit) homes.splice(homes.indexOf(unit), 1);
    if (unit && fits(unit, note)) {
      apply(unit, note);
      if (unit.id !== note.id) fresh.add(unit);
      if (unit.id === note.id && touched(unit)) continue;
    } else if (!unit || note.target !== unit.original) offers.push(note);
    gone.set(note.id, JSON.stringify(note));
  }
}
function keep(unit) {
  if (unit) fresh.add(unit);
  clearTimeout(timer);
  timer = setTimeout(store, 200);
}
/** Writes down what this window changed; what another window wrote of other units stays. */
function store() {
  clearTimeout(timer);
  const notes = saved().notes || {};
  for (const unit of fresh) delete notes[unit.id];
  for (const [id, note] of Object.entries(notes)) {
    if (gone.get(id) === JSON.stringify(note)) delete notes[id];
  }
  for (const unit of fresh) if (touched(unit)) notes[unit.id] = noteOf(unit);
  fresh.clear();
  const n = units.filter(touched).length, some = Object.keys(notes).length || offers.length;
  const waiting = units.some((unit) => touched(unit) && unit.out !== unit.target);
  try {
    if (some) localStorage.setItem(KEY, JSON.stringify({ notes, offers })); else localStorage.removeItem(KEY);
    stored = true;
  } catch { stored = false; }
  const place = stored ? 'kept in this browser' : 'this browser keeps nothing: download before you close the page';
  byId('kept').textContent = n ? `${count(n, 'unit')} changed, ${waiting ? 'not downloaded yet' : 'downloaded'} · ${place}` : `Nothing changed · changes are ${place}`;
}
/** Another window of this article changed units: those that this one did not touch follow. */
function follow() {
  const { notes = {}, offers: left = [] } = saved();
  offers = left;
  drawOffers();
  for (const unit of units) {
    const note = notes[unit.id];
    if (fresh.has(unit) || document.activeElement === unit.cells.target) continue;
    if (note && fits(unit, note)) apply(unit, note);
    else if (!note && touched(unit)) apply(unit, { target: unit.original, approved: unit.row.state === 'approved', dismissed: [], omitted: unit.row.state === 'omitted', joined: unit.row.joined, joinedTo: unit.row.joined_to });
    else continue;
    settle(unit);
    draw(unit);
  }
  tally();
}
/** Earlier edits whose unit has another text by now, or is gone. */
function drawOffers() {
  const place = byId('offers');
  place.hidden = !offers.length;
  place.replaceChildren(make('h2', {}, `${count(offers.length, 'earlier edit')} of yours ${offers.length === 1 ? 'does' : 'do'} not fit this page any more`),
    make('ul', {}, ...offers.map((note, i) => {
      const unit = units.find((u) => u.source === note.source && u.id === note.id) || units.find((u) => u.source === note.source);
      return make('li', {}, make('span', { class: 'id' }, note.id), make('p', { lang: LANG.source, dir: direction(LANG.source) }, note.source),
        make('p', { lang: LANG.target, dir: direction(LANG.target) }, note.target || (note.omitted ? 'Left out on purpose' : '–')),
        !unit && make('p', { class: 'hint' }, `This ${NAME.source} is not in the article any more.`),
        unit && note.target && make('button', { type: 'button', 'data-offer': i, 'data-take': unit.index, 'aria-label': `Use my text for ${unit.id}` }, `Use my text for ${unit.id}`),
        make('button', { type: 'button', 'data-offer': i, 'aria-label': `Forget my text of ${note.id}` }, 'Forget it'));
    })));
}
function settleOffer(i, index) {
  const [note] = offers.splice(i, 1);
  if (index !== undefined && !absent(units[index])) { write(units[index], note.target); select(units[index]); }
  drawOffers();
  store();
}
function download() {
  if (document.activeElement && document.activeElement.closest('.target')) document.activeElement.blur();
  const text = units.map((unit) => lineOf(unit) + '\n').join('');
  const address = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  const link = make('a', { href: address, download: about.pairs_name || 'pairs.jsonl' });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  for (const unit of units) if (touched(unit)) { unit.out = unit.target; fresh.add(unit); }
  store();
  say(`Pairs downloaded as ${about.pairs_name || 'pairs.jsonl'}; merge them with: overzet review FOLDER/ --edits FILE`);
}

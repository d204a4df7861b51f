'use strict';
// Texts and elements: shared by the review page and the desk. Nothing here knows of units or of a server.

// ---------------------------------------------------------------- words for things
const VERDICTS = {
  exact: ['=', 'Exact', 'the required form stands there'],
  variant: ['≈', 'Variant', 'an accepted variant stands there'],
  derived: ['~', 'Derived', 'a derivation that the sentence asks for'],
  coordinated: ['&', 'Coordinated', 'it shares its head with a neighbour'],
  miss: ['×', 'Missing', 'the required form does not stand there'],
  forbidden: ['!', 'Forbidden', 'a form that may never stand there'],
  none: ['?', 'Not judged', 'a check will judge it'],
};
const STATES = {
  translated: ['○', 'Translated'],
  'needs-review': ['◐', 'Needs review'],
  untranslated: ['–', 'Untranslated'],
  approved: ['●', 'Approved'],
  omitted: ['∅', 'Left out on purpose'],
};
const SEVERITIES = { error: ['■', 'Error'], warning: ['▲', 'Warning'] };

// ---------------------------------------------------------------- offsets: the file counts bytes, the browser counts UTF-16
function fromBytes(text) {
  if (!/[^\0-\x7f]/.test(text)) return (at) => at;
  const map = [];
  let wide = 0;
  for (const c of text) {
    const code = c.codePointAt(0);
    for (let i = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4; i > 0; i--) map.push(wide);
    wide += c.length;
  }
  map.push(wide);
  return (at) => map[Math.min(at, map.length - 1)];
}
const encoder = new TextEncoder();
const toBytes = (text, at) => encoder.encode(text.slice(0, at)).length;
/** The same number of UTF-16 units, without case and accents, for the search. */
const fold = (text) => text.replace(/[^\0-@[-`{-\x7f]/g, (c) => c.normalize('NFD')[0].toLowerCase()[0]);

// ---------------------------------------------------------------- difference, by words
const tokens = (text) => text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) || [];
/** What became of `a` in `b`: pieces { same, a, b } that put together are both. */
function difference(a, b) {
  const x = tokens(a), y = tokens(b), pieces = [];
  const put = (same, from, to) => {
    const last = pieces[pieces.length - 1];
    if (last && last.same === same) { last.a += from; last.b += to; } else if (from || to) pieces.push({ same, a: from, b: to });
  };
  let head = 0, tail = 0;
  while (head < x.length && head < y.length && x[head] === y[head]) head++;
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail]) tail++;
  const n = x.length - head - tail, m = y.length - head - tail;
  put(true, x.slice(0, head).join(''), x.slice(0, head).join(''));
  if (n * m > 1e6) put(false, x.slice(head, head + n).join(''), y.slice(head, head + m).join(''));
  else {
    // Longest common subsequence; best[i][j] is its length in x[head+i..], y[head+j..].
    const width = m + 1, best = new Uint16Array((n + 1) * width);
    for (let i = n - 1; i >= 0; i--) {
      for (let j = m - 1; j >= 0; j--) {
        best[i * width + j] = x[head + i] === y[head + j] ? best[(i + 1) * width + j + 1] + 1
          : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    let i = 0, j = 0;
    while (i < n || j < m) {
      if (i < n && j < m && x[head + i] === y[head + j]) { put(true, x[head + i], y[head + j]); i++; j++; }
      else if (j >= m || (i < n && best[(i + 1) * width + j] >= best[i * width + j + 1])) put(false, x[head + i++], '');
      else put(false, '', y[head + j++]);
    }
  }
  const end = x.slice(x.length - tail).join('');
  put(true, end, end);
  return pieces;
}
/** Where spans and points of `a` stand in `b`. A span that was touched is null. */
function moved(a, b) {
  const pieces = [];
  let from = 0, to = 0;
  for (const piece of difference(a, b)) {
    pieces.push({ same: piece.same, from, until: from + piece.a.length, to, end: to + piece.b.length });
    from += piece.a.length;
    to += piece.b.length;
  }
  return {
    span(span) {
      const home = pieces.find((p) => p.same && p.from <= span[0] && span[1] <= p.until);
      return home ? [span[0] - home.from + home.to, span[1] - home.from + home.to] : null;
    },
    /** An opening code stays with what follows it, any other with what stands before it. Order is kept, so pairs stay nested. */
    point(at, opens) {
      const home = opens ? pieces.findLast((p) => p.from === at) : pieces.find((p) => p.until === at);
      if (home) return opens ? home.to : home.end;
      const inside = pieces.find((p) => p.from < at && at < p.until);
      return !inside ? (at === 0 ? 0 : b.length) : inside.same ? at - inside.from + inside.to : inside.end;
    },
  };
}

// ---------------------------------------------------------------- elements
const byId = (id) => document.getElementById(id);
/** Says a sentence to a screen reader. */
const say = (sentence) => { byId('live').textContent = sentence; };
/** An element with properties, data and children; text never becomes markup. */
function make(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name === 'on') for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
const count = (n, one, many) => `${n} ${n === 1 ? one : many || one + 's'}`;
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
/** The class of a role: `note` and `meta` are classes of other things. */
const roleClass = (role) => ({ note: 'footnote', meta: 'of-page' })[role] || role;
const roleName = (role) => capital(role.replace('-', ' '));
const direction = (lang) => (['ar', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi'].includes(lang.split(/[-_]/)[0].toLowerCase()) ? 'rtl' : 'ltr');
/** Text cut at the borders of its layers { start, end, mark, … }; codes are empty elements, so that the text content stays the text. */
function decorate(cell, text, layers, codes) {
  const cuts = new Set([0, text.length]);
  layers = layers.filter((l) => l.start < l.end).sort((a, b) => a.start - b.start);
  for (const l of layers) { cuts.add(l.start); cuts.add(l.end); }
  for (const code of codes) cuts.add(code.at);
  const borders = [...cuts].sort((a, b) => a - b);
  const parts = [];
  let next = 0, code = 0, open = [];
  borders.forEach((start, i) => {
    for (; code < codes.length && codes[code].at <= start; code++) {
      const { label, kind, data: markup } = codes[code];
      const sign = kind === 'open' ? `‹${label}›` : kind === 'close' ? `‹/${label}›` : `‹${label}/›`;
      parts.push(make('span', { class: 'code', 'data-sign': sign, 'data-markup': markup }));
    }
    const end = borders[i + 1];
    if (end === undefined) return;
    for (; next < layers.length && layers[next].start <= start; next++) open.push(layers[next]);
    open = open.filter((l) => l.end > start);
    const piece = text.slice(start, end);
    if (!open.length) { parts.push(piece); return; }
    const span = make('span', { class: [...new Set(open.map((l) => l.mark))].join(' ') }, piece);
    if (open.some((l) => l.mark === 'doubt')) span.dataset.hint = 'The engine was unsure of this word';
    for (const l of open) for (const key of ['term', 'finding', 'word']) if (l[key] !== undefined) span.dataset[key] = l[key];
    parts.push(span);
  });
  cell.replaceChildren(...parts);
}
const STYLES = { b: 'strong', strong: 'strong', i: 'em', em: 'em', code: 'code', sub: 'sub', sup: 'sup', a: 'u' };
/** Puts a text into an element with its codes as real styling; a code that is not known is left out. */
function withCodes(top, text, codes) {
  const open = [{ element: top, id: 0 }];
  let at = 0;
  for (const code of codes) {
    open[open.length - 1].element.append(text.slice(at, code.at));
    at = code.at;
    if (code.kind === 'open') {
      const element = make(STYLES[code.label] || 'span', {});
      open[open.length - 1].element.append(element);
      open.push({ element, id: code.id });
    } else if (code.kind === 'close' && open.some((o) => o.id === code.id)) while (open.length > 1 && open.pop().id !== code.id);
    else if (code.label === 'br') open[open.length - 1].element.append(make('br', {}));
  }
  open[open.length - 1].element.append(text.slice(at));
}

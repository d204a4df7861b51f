// The living edition: the English in the layout of the document, as it is now; and its copy.
import { byId, count, make, roleClass, say, withCodes } from './text.js';
import { desk, isAbsent, isDirty, flush, openOf } from './work.js';

const ELEMENTS = { headline: 'h2', heading: 'h3', quote: 'blockquote', 'list-item': 'li' };
const sentences = new Map(), looks = new Map();
const paints = (unit) => !isAbsent(unit) && unit.text;

function fill(sentence, unit) {
  const findings = openOf(unit), kind = findings.some((f) => f.severity === 'error') ? ' doubtful error' : findings.length ? ' doubtful' : '';
  const current = sentence.classList.contains('current') ? ' current' : '';
  sentence.className = `sentence${kind}${unit.text ? '' : ' absent'}${current}`;
  const codes = unit.now.codes.target, look = JSON.stringify([unit.text || unit.row.source, codes]);
  if (looks.get(unit.id) !== look) {
    looks.set(unit.id, look);
    sentence.replaceChildren();
    withCodes(sentence, unit.text || unit.row.source, unit.text ? codes : []);
  }
  sentence.hidden = isAbsent(unit);
}
/** Draws the whole edition. */
export function draw() {
  const article = make('article', { class: 'article', lang: 'en' });
  sentences.clear();
  looks.clear();
  let block = null, before = null, list = null;
  for (const unit of desk.units) {
    if (!block || unit.row.block !== before) {
      const item = unit.row.role === 'list-item';
      block = make(ELEMENTS[unit.row.role] || 'p', { class: roleClass(unit.row.role || 'paragraph') });
      if (item && !list) article.append(list = make('ul', {}));
      if (!item) list = null;
      (list || article).append(block);
      before = unit.row.block;
    } else block.append(' ');
    const sentence = make('span', { 'data-sentence': unit.id });
    sentences.set(unit.id, sentence);
    fill(sentence, unit);
    block.append(sentence);
  }
  byId('edition-text').replaceChildren(article);
  count_();
}
export function update(unit) {
  const sentence = sentences.get(unit.id);
  if (sentence) fill(sentence, unit);
}
/** Lights the sentence of the current unit. */
export function point(unit) {
  for (const other of document.querySelectorAll('.sentence.current')) other.classList.remove('current');
  const sentence = sentences.get(unit.id);
  if (!sentence) return;
  sentence.classList.add('current');
  const frame = byId('edition');
  const top = sentence.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  if (top < 60 || top > frame.clientHeight - 90) frame.scrollTop += top - frame.clientHeight / 3;
}
/** Words of the edition, and the characters of fields that have a limit. */
function count_() {
  const line = byId('edition-facts');
  if (!line) return;
  const words = desk.units.filter(paints).reduce((n, u) => n + (u.text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}’'-]*/gu) || []).length, 0);
  const headline = desk.units.find((u) => u.row.role === 'headline' && paints(u));
  line.textContent = [count(words, 'word'), headline && `headline ${count([...headline.text].length, 'character')}`].filter(Boolean).join(' · ');
}
export { count_ as count };

/** The edition as plain text: its blocks with an empty line between. */
export function plain() {
  const blocks = [];
  let before = null;
  for (const unit of desk.units.filter(paints)) {
    if (unit.row.block === before) blocks[blocks.length - 1] += ` ${unit.text}`;
    else blocks.push(unit.text);
    before = unit.row.block;
  }
  return `${blocks.join('\n\n')}\n`;
}
async function toClipboard(text, html) {
  if (navigator.clipboard && html && self.ClipboardItem) {
    const part = (kind, own) => [kind, new Blob([own], { type: kind })];
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries([part('text/plain', text), part('text/html', html)]))]);
  } else await navigator.clipboard.writeText(text);
}
/** Copies the edition, all of it saved: text in the format of the document, or as plain text. */
export async function copy() {
  if (!await flush()) { say('Not copied: a text is not saved'); return 'Not copied: a text is not saved. Solve that first.'; }
  const { article } = desk;
  let text = plain(), html = '';
  if (['plain', 'markdown', 'html'].includes(article.format)) {
    const answer = await fetch(`/api/articles/${article.id}/edition`);
    const own = await answer.text();
    if (!answer.ok) return 'Not copied: the edition could not be made.';
    if (article.format === 'html') html = own; else text = own;
  }
  await toClipboard(text, html);
  const open = desk.units.filter(isDirty).length;
  const { errors, untranslated, unapproved } = desk.article.gate;
  const rest = [errors && count(errors, 'open error'), untranslated && `${untranslated} untranslated`, unapproved && `${unapproved} not approved`].filter(Boolean);
  say('The edition is copied');
  return `Copied: ${count((text.match(/\S+/g) || []).length, 'word')}${rest.length || open ? `; still ${rest.join(', ')}` : ''}.`;
}

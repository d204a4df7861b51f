// The dialogs: keys, find and replace, a term, fields, a new version of the Dutch, what an alignment needs.
import { ask } from './api.js';
import { byId, count, make, say } from './text.js';
import { desk, flush } from './work.js';
import { pieces } from './view.js';

export const KEYS = [
  ['Enter', 'approve what is shown and go on: to the next open finding, else to the next unit that is not approved'],
  ['n  N', 'next, previous unit with a finding'], ['j  k', 'next, previous unit'], ['e', 'edit the English'], ['Esc', 'leave the text, and save it; close a panel or dialog'],
  ['1 … 9', 'write the suggestion of that number'], ['x', 'not a problem: dismiss the finding and go on'], ['a', 'other wordings, and ask again'],
  ['Shift A', 'approve all units without findings'], ['h', 'history'], ['c', 'comments'], ['m', 'memory, for the selected words or the sentence'], ['g', 'a term from the selected words'],
  ['f', 'find and replace'], ['+', 'join with the next unit'], ['o', 'leave out on purpose, or restore'], ['r', 'the edition, and back (narrow windows)'], ['/', 'search'], ['?', 'this list'],
];
const box = () => byId('dialog');
/** Opens the dialog with a title and a body; `Close` is always there. */
function open(title, ...body) {
  box().replaceChildren(make('h2', { id: 'dialog-title' }, title), ...body);
  if (!box().open) box().showModal();
}
export const closeDialog = () => box().close();
const closing = (label = 'Close') => make('button', { type: 'button', on: { click: closeDialog } }, label);
const field = (label, props) => { const input = make('input', { autocomplete: 'off', ...props }); return [make('label', { class: 'field' }, label, input), input]; };
const refused = (problem) => make('p', { class: 'notice bad', role: 'alert' }, problem.message, ...(problem.body?.lint || []).map((one) => ` ${one.message}`));

export function keys() {
  open('Keys', make('dl', { class: 'keys' }, ...KEYS.flatMap(([own, what]) => [make('dt', {}, ...own.split('  ').flatMap((key, i) => [i ? ' ' : '', make('kbd', {}, key)])), make('dd', {}, what)])),
    make('p', {}, 'What you type is saved when you leave the unit. In the text, Enter does the same as outside it.'), make('p', { class: 'row' }, closing()));
}
const list = (changes) => make('ul', { class: 'matches scroll' }, ...changes.map((one) => make('li', { class: 'match' }, make('span', { class: 'id' }, one.unit), make('p', { lang: 'en' }, ...pieces(one.before, one.after)))));
/** Shows what would change, and changes it after a second word. */
async function previewed(out, route, body, done, none = 'No unit would change.') {
  if (!await flush()) { out.replaceChildren(make('p', { class: 'notice bad' }, 'A text is not saved. Solve that first.')); return; }
  try {
    const { changes } = await ask('POST', `/api/articles/${desk.article.id}/${route}`, { ...body, preview: true });
    const go = make('button', { type: 'button', class: 'main', on: { click: async () => {
      try {
        const { replaced } = await ask('POST', `/api/articles/${desk.article.id}/${route}`, { ...body, preview: false });
        closeDialog();
        byId('told').textContent = `${count(replaced, 'unit')} changed.`;
        await done();
      } catch (problem) { out.append(refused(problem)); }
    } } }, `Change ${count(changes.length, 'unit')}`);
    out.replaceChildren(changes.length ? list(changes) : make('p', { class: 'hint' }, none), ...(changes.length ? [make('p', { class: 'row' }, go)] : []));
  } catch (problem) { out.replaceChildren(refused(problem)); }
}
export function replace() {
  const [findLabel, find] = field('Find in the English', { required: true, value: getSelection().toString().trim() });
  const [withLabel, by] = field('Write instead', {});
  const out = make('div', { 'aria-live': 'polite' });
  const form = make('form', { class: 'stack' }, findLabel, withLabel, make('p', { class: 'row' }, make('button', { class: 'main' }, 'Show what would change'), closing()), out);
  form.addEventListener('submit', (event) => { event.preventDefault(); previewed(out, 'replace', { find: find.value, with: by.value }, desk.reload); });
  open('Find and replace', form);
  find.select();
}
export function fixAll(term) {
  const out = make('div', { 'aria-live': 'polite' });
  open(`Repair “${term}” in all units`, out, make('p', { class: 'row' }, closing()));
  previewed(out, 'glossary-fix', { term }, desk.reload, 'Nothing can be repaired without a person. The filter “Terms” shows the units.');
}
/** A term from what is selected. */
export function openTerm(unit, chosen) {
  const [nlLabel, nl] = field('Dutch', { required: true, lang: 'nl', value: chosen?.source || '' });
  const [enLabel, en] = field('English that it must be', { required: true, lang: 'en', value: chosen?.target || '' });
  const [acceptLabel, accept] = field('Also right (with | between)', { lang: 'en' });
  const [neverLabel, never] = field('Never (with | between)', { lang: 'en' });
  const [noteLabel, note] = field('Note', {});
  const known = make('div', { 'aria-live': 'polite' });
  const out = make('div', { 'aria-live': 'polite' });
  const split = (text) => text.split('|').map((one) => one.trim()).filter(Boolean);
  const look = async () => {
    if (!nl.value.trim()) { known.replaceChildren(); return; }
    const { entries } = await ask('GET', `/api/glossary?limit=5&q=${encodeURIComponent(nl.value.trim())}`).catch(() => ({ entries: [] }));
    known.replaceChildren(...(entries.length ? [make('p', { class: 'label' }, 'In the glossary'), make('ul', { class: 'matches' }, ...entries.map((one) => make('li', { class: 'match' }, `${one.nl} → ${one.en}`, make('span', { class: 'hint' }, ` ${one.file}`))))] : []));
  };
  const form = make('form', { class: 'stack' }, nlLabel, enLabel, acceptLabel, neverLabel, noteLabel, known, make('p', { class: 'row' }, make('button', { class: 'main' }, 'Add the term'), closing()), out);
  nl.addEventListener('change', look);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const body = { nl: nl.value, en: en.value, article: desk.article.id };
      if (split(accept.value).length) body.accept = split(accept.value);
      if (split(never.value).length) body.forbidden = split(never.value);
      if (note.value.trim()) body.note = note.value;
      const { changed, lint } = await ask('POST', '/api/glossary', body);
      const units = changed[desk.article.id] || [];
      await desk.reload();
      out.replaceChildren(make('p', { class: 'notice' }, `The term is in the glossary of the desk; ${count(units.length, 'unit')} of this article judged anew.`, ...lint.map((one) => ` ${one.message}`)),
        ...(units.length ? [make('button', { type: 'button', on: { click: () => fixAll(nl.value.trim()) } }, 'Show what it would repair')] : []));
    } catch (problem) { out.replaceChildren(refused(problem)); }
  });
  open('A term for the glossary', form);
  look();
  (nl.value ? en : nl).focus();
}
const FIELDS = [['headline', 'Headline', 70], ['summary', 'Summary', 160], ['slug', 'Slug', 60], ['byline', 'Byline', 0], ['dateline', 'Dateline', 0], ['embargo', 'Embargo', 0]];
export function fields() {
  const inputs = FIELDS.map(([name, label, most]) => {
    const [wrap, input] = field(label, { name, value: desk.article.fields[name] || '' });
    const n = make('span', { class: 'hint' });
    const tell = () => { const length = [...input.value].length; n.textContent = most ? ` ${length} of ${most}${length > most ? ': too long' : ''}` : ''; n.classList.toggle('error-count', Boolean(most && length > most)); };
    input.addEventListener('input', tell);
    tell();
    wrap.append(n);
    return wrap;
  });
  const out = make('div', {});
  const form = make('form', { class: 'stack' }, ...inputs, make('p', { class: 'row' }, make('button', { class: 'main' }, 'Save the fields'), closing()), out);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim() || null]));
    try { desk.article = await ask('PUT', `/api/articles/${desk.article.id}/fields`, body); closeDialog(); byId('told').textContent = 'The fields are saved.'; } catch (problem) { out.replaceChildren(refused(problem)); }
  });
  open('Fields of the article', form);
}
/** A new version of the Dutch, or the other text of an alignment. */
export function source() {
  const input = make('input', { type: 'file', required: true, 'aria-label': 'The new Dutch' });
  const out = make('div', { 'aria-live': 'polite' });
  const form = make('form', { class: 'stack' }, make('p', {}, 'Sentences whose Dutch is the same keep their English and their approval.'), input, make('p', { class: 'row' }, make('button', { class: 'main' }, 'Send it'), closing()), out);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = new FormData();
    body.append('file', input.files[0]);
    try {
      if (!await flush()) throw new Error('A text is not saved. Solve that first.');
      const answer = await ask('PUT', `/api/articles/${desk.article.id}/source`, body);
      out.replaceChildren(make('p', { class: 'notice' }, ['kept', 'changed', 'added', 'removed'].map((name) => `${answer[name].length} ${name}`).join(', ')));
      await desk.reload();
    } catch (problem) { out.replaceChildren(refused(problem)); }
  });
  open('A new version of the Dutch', form);
}
export async function align() {
  let words = '';
  try { await ask('POST', `/api/articles/${desk.article.id}/align`, {}); words = 'The desk aligns.'; } catch (problem) { words = problem.message; }
  open('Alignment of two texts', make('p', {}, words), make('p', { class: 'hint' }, 'The command `overzet align` and its page do it.'), make('p', { class: 'row' }, closing()));
}
export async function files(force = false) {
  try {
    if (!await flush()) throw new Error('A text is not saved. Solve that first.');
    const { paths } = await ask('POST', `/api/articles/${desk.article.id}/files`, { force });
    open('The files are written', make('ul', { class: 'plain' }, ...paths.map((one) => make('li', {}, one))), make('p', { class: 'row' }, closing()));
  } catch (problem) {
    open('The files are not written', refused(problem), make('p', { class: 'row' }, problem.status === 409 && make('button', { type: 'button', on: { click: () => files(true) } }, 'Write over what was changed by hand'), closing()));
  }
  say('');
}
/** Asks before an edition with open errors is copied. */
export function gate(words, go) {
  open('Not ready to publish', make('p', {}, words), make('p', { class: 'row' }, make('button', { type: 'button', class: 'main', on: { click: closeDialog } }, 'Back to the text'),
    make('button', { type: 'button', on: { click: () => { closeDialog(); go(); } } }, 'Copy all the same')));
}

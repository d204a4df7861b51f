// The list of articles: an article comes in by choosing or dropping a file.
import { ask } from './api.js';
import { byId, count, make, say } from './text.js';

const WORDS = { translating: '◌ Translating', ready: '● Ready', partial: '◐ Partly translated', failed: '■ Not translated' };
let articles = [];

const age = (seconds) => {
  const gone = Math.max(0, Date.now() / 1000 - seconds);
  const [n, unit] = gone < 3600 ? [gone / 60, 'minute'] : gone < 86400 ? [gone / 3600, 'hour'] : [gone / 86400, 'day'];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.round(n), unit);
};

function row(article) {
  const { findings, progress } = article;
  const busy = article.state === 'translating';
  const open = findings.errors + findings.warnings;
  return make('li', { class: 'article-row', 'data-article': article.id },
    make('a', { href: `#/${article.id}`, class: 'article-name', 'data-article': article.id }, article.name),
    make('p', { class: 'facts' },
      make('span', { class: `part article-state ${article.state}` }, WORDS[article.state] || article.state),
      busy && make('span', { class: 'part' }, `${progress.done} of ${progress.total || '…'}`),
      !busy && make('span', { class: 'part' }, `${article.approved} of ${article.units} approved`),
      !busy && make('span', { class: `part ${findings.errors ? 'error-count' : ''}` }, open ? count(open, 'open finding') : 'no open findings'),
      make('span', { class: 'part' }, count(article.words.source, 'word')),
      make('span', { class: 'part' }, age(article.updated))),
    article.problem && make('p', { class: 'notice' }, make('b', {}, 'Note'), ' ', article.problem),
    make('div', { class: 'line', role: 'progressbar', 'aria-label': busy ? `Translated of ${article.name}` : `Approved of ${article.name}`,
      'aria-valuemin': '0', 'aria-valuemax': String(busy ? progress.total : article.units), 'aria-valuenow': String(busy ? progress.done : article.approved) },
    make('div', { class: busy ? 'done busy' : 'done' })),
    make('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${article.name}`, 'data-remove': article.id }, 'Remove'));
}

function draw() {
  const list = byId('articles');
  if (!list) return;
  list.replaceChildren(...articles.map(row));
  articles.forEach((article, i) => {
    const [n, all] = article.state === 'translating' ? [article.progress.done, article.progress.total] : [article.approved, article.units];
    list.children[i].querySelector('.done').style.width = `${all ? (100 * n) / all : 0}%`;
  });
  byId('none').hidden = articles.length > 0;
}

/** Sends files to the desk; one alone is opened. */
export async function add(files) {
  const chosen = [...files];
  for (const file of chosen) {
    say(`${file.name} is being sent`);
    const form = new FormData();
    form.append('file', file);
    const engine = byId('engine')?.value;
    if (engine) form.append('engine', engine);
    try {
      const article = await ask('POST', '/api/articles', form);
      if (chosen.length === 1) { location.hash = `#/${article.id}`; return; }
    } catch (problem) {
      const words = ` was not taken: ${problem.message}`;
      if (byId('refused')) byId('refused').replaceChildren(make('p', { class: 'notice bad' }, make('b', {}, file.name), words));
      else byId('told').textContent = `${file.name}${words}`;
      return;
    }
  }
  if (byId('articles')) await load();
}

async function load() {
  articles = (await ask('GET', '/api/articles')).articles;
  draw();
}

export async function show(session) {
  document.title = 'Articles – overzet';
  byId('bar').hidden = true;
  byId('masthead').replaceChildren(
    make('p', { class: 'kicker' }, `The desk · ${session.name}`),
    make('h1', {}, 'Articles'));
  const ready = session.engines.filter((engine) => engine.ready);
  const input = make('input', { type: 'file', id: 'file', class: 'unseen', multiple: true });
  input.addEventListener('change', () => add(input.files));
  byId('main').className = 'list';
  byId('main').replaceChildren(
    make('section', { class: 'drop', 'aria-label': 'A new article' },
      input, make('label', { for: 'file', class: 'button main' }, 'Choose a Dutch article'),
      make('span', { class: 'hint' }, 'or drop it anywhere on this page: text, Markdown, HTML, Word, …'),
      ready.length > 1 && make('label', { class: 'pick' }, 'Engine ', make('select', { id: 'engine' }, make('option', { value: '' }, `as set (${session.engine || 'default'})`),
        ...ready.map((engine) => make('option', { value: engine.name }, engine.name))))),
    make('div', { id: 'refused', role: 'alert' }),
    make('ul', { class: 'articles', id: 'articles', 'aria-label': 'Articles' }),
    make('p', { class: 'empty', id: 'none', hidden: true }, 'There are no articles yet. An article that comes in is translated at once; you can work as soon as it is ready.'));
  byId('articles').addEventListener('click', async (event) => {
    const button = event.target.closest('[data-remove]');
    if (!button) return;
    if (button.textContent === 'Remove') { button.textContent = 'Remove for good?'; button.classList.add('bad'); return; }
    try { await ask('DELETE', `/api/articles/${button.dataset.remove}`); } catch (problem) { say(problem.message); }
    await load();
  });
  await load();
}

/** What an event changes in the list. */
export function heard(name, data) {
  if (name === 'reload') { load(); return; }
  if (name === 'progress') {
    const own = articles.find((article) => article.id === data.article);
    if (own) { own.progress = { done: data.done, total: data.total }; draw(); }
  }
  if (name === 'article') {
    const at = articles.findIndex((article) => article.id === data.id);
    if (data.deleted) articles = articles.filter((article) => article.id !== data.id);
    else if (at >= 0) articles[at] = data;
    else articles.unshift(data);
    draw();
  }
}

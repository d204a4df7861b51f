// The list of articles, and the units of one: the least that works with the interface.
const byId = (id) => document.getElementById(id);
const say = (text) => { byId('status').textContent = text; };
const ask = async (path, options = {}) => {
  const answer = await fetch(path, options);
  const body = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
};
const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });

async function articles() {
  const list = (await ask('/api/articles')).articles.map((article) => {
    const button = make('button', `${article.name}: ${article.state}, ${article.approved} of ${article.units} approved`);
    button.onclick = () => units(article.id);
    const item = make('li', '');
    item.append(button);
    return item;
  });
  byId('articles').replaceChildren(...list);
}

async function units(article) {
  const path = `/api/articles/${article}/units`;
  const list = (await ask(`${path}?limit=500`)).units.map((unit) => {
    const item = make('li', '');
    const text = Object.assign(make('textarea', unit.target), { ariaLabel: `English of ${unit.id}` });
    text.onchange = async () => {
      try {
        const body = JSON.stringify({ target: text.value });
        unit = await ask(`${path}/${unit.id}`, { method: 'PUT', headers: { 'If-Match': unit.etag, 'Content-Type': 'application/json' }, body });
        say(`${unit.id} is saved`);
      } catch (error) { say(`${unit.id} is not saved: ${error.message}`); }
    };
    item.append(make('p', unit.source), text);
    return item;
  });
  byId('units').replaceChildren(...list);
}

byId('file').onchange = async (event) => {
  const form = new FormData();
  form.append('file', event.target.files[0]);
  await ask('/api/articles', { method: 'POST', body: form }).catch((error) => say(error.message));
  await articles();
};
new EventSource('/api/events').addEventListener('article', articles);
articles();

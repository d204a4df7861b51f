// The interface of the desk: a request and its answer, and the events of all pages.

/** An answer that says that something did not happen. `status` is 0 where no answer came. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || 'the desk does not answer');
    this.status = status;
    this.body = body;
  }
}

/** Asks the desk. JSON goes out and comes back; a form goes out as it is. */
export async function ask(method, path, body, headers = {}) {
  const options = { method, headers: { ...headers } };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers['Content-Type'] = 'application/json';
  }
  let answer;
  try { answer = await fetch(path, options); } catch { throw new Problem(0, {}); }
  if (answer.status === 204) return null;
  const text = await answer.text();
  let value = {};
  try { value = JSON.parse(text); } catch { value = { detail: text.slice(0, 200) }; }
  if (!answer.ok) throw new Problem(answer.status, value);
  return value;
}

const NAMES = ['progress', 'unit', 'article', 'presence', 'reload'];

/**
 * Hands every event of the desk to `run(name, data)`. A browser opens six connections to a host:
 * one page holds the stream and tells the others.
 */
export function listen(run, connected) {
  const source = (tell) => {
    const stream = new EventSource('/api/events');
    let had = false;
    stream.onopen = () => { if (had) tell('reload', {}); had = true; connected(true); };
    stream.onerror = () => connected(false);
    for (const name of NAMES) stream.addEventListener(name, (event) => tell(name, JSON.parse(event.data)));
    return stream;
  };
  if (!navigator.locks || !self.BroadcastChannel) { source(run); return; }
  const channel = new BroadcastChannel('overzet-desk');
  channel.onmessage = ({ data }) => run(data.name, data.data);
  navigator.locks.request('overzet-desk', () => new Promise(() => {
    source((name, data) => { channel.postMessage({ name, data }); run(name, data); });
  }));
}

// The calls of the Node clients, each against a running mock whose address is the first argument.
// Prints one JSON object a line: client, version, call, and the error if there was one.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [address, modules] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'x.js'));
const dutch = 'De minister is in de stad.';
const english = 'The minister is in the city.';
const calls = [];

function same(told, wanted) {
  if (JSON.stringify(told) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(told)} is not ${JSON.stringify(wanted)}`);
  }
}

function call(client, name, run) {
  calls.push({ client, name, run });
}

function deepl() {
  const { DeepLClient } = require('deepl-node');
  return new DeepLClient('key', { serverUrl: address, maxRetries: 0 });
}

call('deepl-node', 'translateText', async () => {
  const told = await deepl().translateText([dutch, 'De man'], null, 'en-GB');
  same(told.map((one) => one.text), [english, 'The man']);
  same(told[0].detectedSourceLang, 'nl');
});

call('deepl-node', 'getUsage, getSourceLanguages, getTargetLanguages', async () => {
  const client = deepl();
  if (!((await client.getUsage()).character.limit > 0)) throw new Error('no limit');
  same((await client.getSourceLanguages()).some((one) => one.code === 'nl'), true);
  same((await client.getTargetLanguages()).some((one) => one.code === 'en-GB'), true);
});

call('deepl-node', 'glossary: create, translate, entries, delete (v2)', async () => {
  const { GlossaryEntries } = require('deepl-node');
  const client = deepl();
  const entries = new GlossaryEntries({ entries: { stad: 'town' } });
  const glossary = await client.createGlossary('node', 'nl', 'en', entries);
  const told = await client.translateText(dutch, 'nl', 'en-GB', { glossary });
  same(told.text, 'The minister is in the town.');
  same((await client.getGlossaryEntries(glossary)).entries(), { stad: 'town' });
  await client.deleteGlossary(glossary);
});

call('deepl-node', 'multilingual glossary: create, list, delete (v3)', async () => {
  const { GlossaryEntries } = require('deepl-node');
  const client = deepl();
  const glossary = await client.createMultilingualGlossary('node', [
    { sourceLangCode: 'nl', targetLangCode: 'en', entries: new GlossaryEntries({ entries: { a: 'b' } }) },
  ]);
  same((await client.listMultilingualGlossaries()).length, 1);
  await client.deleteMultilingualGlossary(glossary);
});

call('deepl-node', 'translateDocument', async () => {
  const { writeFileSync, mkdtempSync } = await import('node:fs');
  const folder = mkdtempSync(path.join(modules, 'document-'));
  const [from, to] = [path.join(folder, 'in.txt'), path.join(folder, 'out.txt')];
  writeFileSync(from, dutch);
  await deepl().translateDocument(from, to, null, 'en-GB');
  same(readFileSync(to, 'utf8'), english);
});

call('deepl-node', 'rephraseText', async () => {
  same((await deepl().rephraseText(english, 'en-GB')).text, english);
});

function google() {
  const { Translate } = require('@google-cloud/translate').v2;
  process.env.GOOGLE_CLOUD_TRANSLATE_ENDPOINT = `${address}/language/translate/v2`;
  return new Translate({ key: 'key', projectId: 'p' });
}

call('@google-cloud/translate', 'v2 translate, detect, getLanguages', async () => {
  const client = google();
  same((await client.translate(dutch, { to: 'en', format: 'text' }))[0], english);
  same((await client.detect(dutch))[0].language, 'nl');
  same((await client.getLanguages())[0].some((one) => one.code === 'nl'), true);
});

function openai() {
  const { OpenAI } = require('openai');
  return new OpenAI({ apiKey: 'key', baseURL: `${address}/v1`, maxRetries: 0 });
}

const messages = [{ role: 'user', content: dutch }];

call('openai (Node)', 'chat.completions.create, whole and streamed', async () => {
  const client = openai();
  const told = await client.chat.completions.create({ model: 'mock', messages });
  same(told.choices[0].message.content, english);
  let text = '';
  for await (const part of await client.chat.completions.create({ model: 'mock', messages, stream: true })) {
    text += part.choices[0]?.delta?.content ?? '';
  }
  same(text, english);
});

call('openai (Node)', 'responses.create, whole and streamed', async () => {
  const client = openai();
  same((await client.responses.create({ model: 'mock', input: dutch })).output_text, english);
  let text = '';
  for await (const event of await client.responses.create({ model: 'mock', input: dutch, stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta;
  }
  same(text, english);
});

call('openai (Node)', 'models.list, embeddings.create', async () => {
  const client = openai();
  same((await client.models.list()).data[0].id, 'mock');
  const told = await client.embeddings.create({ model: 'mock', input: dutch, dimensions: 16 });
  same(told.data[0].embedding.length, 16);
});

function ollama() {
  const { Ollama } = require('ollama');
  return new Ollama({ host: address });
}

call('ollama (Node)', 'chat, whole and streamed', async () => {
  same((await ollama().chat({ model: 'mock', messages })).message.content, english);
  let text = '';
  for await (const part of await ollama().chat({ model: 'mock', messages, stream: true })) {
    text += part.message.content;
  }
  same(text, english);
});

call('ollama (Node)', 'list, show, embed', async () => {
  same((await ollama().list()).models[0].model, 'mock:latest');
  same((await ollama().show({ model: 'mock' })).details.format, 'gguf');
  same((await ollama().embed({ model: 'mock', input: 'a' })).embeddings.length, 1);
});

for (const { client, name, run } of calls) {
  const told = { client, call: name, version: '–', error: null };
  try {
    const own = path.join(modules, 'node_modules', client.split(' ')[0], 'package.json');
    told.version = JSON.parse(readFileSync(own)).version;
    await run();
  } catch (error) {
    told.error = `${error.name}: ${error.message}`.slice(0, 300);
  }
  console.log(JSON.stringify(told));
}
process.exit(0);

// The npm package eventsource, as it is published, follows a turn of paliad's wire: node eventsource.mjs URL KEY SIGN
// The file SIGN is there once it has heard something.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { EventSource } from 'eventsource';

const [edge, key, sign] = process.argv.slice(2);
const authorization = `Bearer ${key}`;
const asked = await fetch(new URL('/api/paliadin/turn', edge), {
  method: 'POST',
  headers: { authorization, 'content-type': 'application/json' },
  body: JSON.stringify({ user_message: 'from EventSource', session_id: 'eventsource' }),
});
const { turn_id: turn, sse_url: url } = await asked.json();

let text = '';
let opened = 0;
let terminal = 0;
const source = new EventSource(new URL(url, edge), {
  fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, authorization } }),
});
source.addEventListener('open', () => { opened += 1; });
source.addEventListener('content', (event) => {
  text += JSON.parse(event.data).delta;
  writeFileSync(sign, 'following');
});
await new Promise((resolve, reject) => {
  source.addEventListener('end', () => { terminal += 1; resolve(); });
  source.addEventListener('error', (event) => {
    if (event.data) reject(new Error(event.data)); // the wire's own error
    else if (source.readyState === EventSource.CLOSED) reject(new Error(`given up: ${event.code} ${event.message}`));
  });
});
source.close();

const row = await (await fetch(new URL(`/api/paliadin/turns/${turn}`, edge), { headers: { authorization } })).json();
assert.equal(text, row.response);
assert.equal(terminal, 1);
assert.ok(opened > 1, `opened ${opened} times`);
console.log('all is well');

// Ollama's own JavaScript client, as it is published, against the edge: node ollama.mjs URL [KEY]
import assert from 'node:assert/strict';
import { Ollama } from 'ollama';

const [host, key] = process.argv.slice(2);
const ollama = new Ollama({ host, headers: key ? { Authorization: `Bearer ${key}` } : {} });
const model = 'echo';
const messages = [{ role: 'user', content: 'all is well that ends well' }];

const { models } = await ollama.list();
assert.ok(models.some((one) => one.name === 'echo:latest' || one.name === 'echo'), JSON.stringify(models));

const whole = await ollama.chat({ model, messages });
assert.equal(whole.message.content, messages[0].content);
assert.equal(whole.done, true);
assert.ok(whole.total_duration > 0 && whole.eval_count > 0);

const pieces = [];
let last;
for await (const piece of await ollama.chat({ model, messages, stream: true })) {
  pieces.push(piece.message.content);
  last = piece;
}
assert.equal(pieces.join(''), messages[0].content);
assert.ok(pieces.length > 3, `${pieces.length} pieces`);
assert.equal(last.done_reason, 'stop');

const generated = await ollama.generate({ model, prompt: 'again and again' });
assert.equal(generated.response, 'again and again');

const tools = [{ type: 'function', function: { name: 'look', description: 'looks', parameters: { type: 'object', properties: {} } } }];
const called = await ollama.chat({ model, messages: [{ role: 'user', content: 'please call the tool look' }], tools });
assert.equal(called.message.tool_calls[0].function.name, 'look');

const { embeddings } = await ollama.embed({ model, input: ['one', 'two'] });
assert.equal(embeddings.length, 2);
assert.ok(embeddings[0].length > 3 && embeddings[0][0] !== embeddings[1][0]);

const shown = await ollama.show({ model });
assert.ok(shown.details);
await ollama.ps();
assert.match((await ollama.version()).version, /^\d+\.\d+\.\d+$/);

await assert.rejects(ollama.chat({ model: 'nobody-has-it', messages }), /not found/);
console.log('all is well');

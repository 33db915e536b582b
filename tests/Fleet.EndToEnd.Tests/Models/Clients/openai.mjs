// OpenAI's own JavaScript client and the AI SDK, as they are published, against the edge: node openai.mjs URL KEY
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';

const [host, apiKey] = process.argv.slice(2);
const baseURL = `${host}v1`;
const openai = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = 'echo';
const words = 'all is well that ends well';

const whole = await openai.responses.create({ model, input: words, instructions: 'Echo.' });
assert.equal(whole.status, 'completed');
assert.equal(whole.output_text, words);
assert.ok(whole.usage.total_tokens > 0);

const events = [];
for await (const event of await openai.responses.create({ model, input: words, stream: true })) events.push(event);
assert.equal(events[0].type, 'response.created');
assert.equal(events.at(-1).type, 'response.completed');
assert.deepEqual(events.map((one) => one.sequence_number), events.map((_, place) => place));
assert.equal(events.filter((one) => one.type === 'response.output_text.delta').map((one) => one.delta).join(''), words);

const streaming = openai.responses.stream({ model, input: words });
let said = '';
streaming.on('response.output_text.delta', (event) => { said += event.delta; });
const final = await streaming.finalResponse();
assert.equal(final.output_text, words);
assert.equal(said, words);

let later = await openai.responses.create({ model, input: words, background: true });
assert.equal(later.status, 'queued');
while (later.status === 'queued' || later.status === 'in_progress') later = await openai.responses.retrieve(later.id);
assert.equal(later.output_text, words);
for (const after of [0, 3, 6]) {
  const rest = [];
  for await (const event of await openai.responses.retrieve(later.id, { stream: true, starting_after: after })) rest.push(event);
  assert.equal(rest[0].sequence_number, after + 1);
  assert.equal(rest.at(-1).type, 'response.completed');
}

const long = await openai.responses.create({ model, input: 'w '.repeat(2000), background: true, stream: true });
let id;
let last;
for await (const event of long) {
  id ??= event.response?.id;
  last = event;
  if (event.type === 'response.output_text.delta') break;
}
let cancelled = await openai.responses.cancel(id);
while (cancelled.status === 'in_progress') cancelled = await openai.responses.retrieve(id);
assert.equal(cancelled.status, 'cancelled');
assert.ok(cancelled.output[0].content[0].text.length > 0);
const rest = [];
for await (const event of await openai.responses.retrieve(id, { stream: true, starting_after: last.sequence_number })) rest.push(event);
assert.equal(rest[0].sequence_number, last.sequence_number + 1);
assert.equal(rest.at(-1).response.status, 'cancelled');

const next = await openai.responses.create({ model, input: 'and again', previous_response_id: whole.id });
assert.equal(next.previous_response_id, whole.id);
const asked = [];
for await (const item of openai.responses.inputItems.list(next.id)) asked.push(item);
assert.equal(asked[0].content[0].text, 'and again');
await openai.responses.delete(next.id);
await assert.rejects(openai.responses.retrieve(next.id), (error) => error.status === 404);

const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} }, strict: false }];
const called = await openai.responses.create({ model, input: 'please call the tool look', tools });
const call = called.output.find((item) => item.type === 'function_call');
assert.equal(call.name, 'look');
const told = await openai.responses.create({
  model, previous_response_id: called.id, input: [{ type: 'function_call_output', call_id: call.call_id, output: 'a tree' }],
});
assert.equal(told.status, 'completed');
const psst = await openai.responses.create({ model, input: words, store: false });
await assert.rejects(openai.responses.retrieve(psst.id), (error) => error.status === 404);
await assert.rejects(
  openai.responses.create({ model: 'nobody-has-it', input: words }), (error) => error.status === 404 && error.code === 'model_not_found');

const provider = createOpenAI({ baseURL, apiKey });
const streamed = streamText({ model: provider.responses(model), prompt: words });
const pieces = [];
for await (const piece of streamed.textStream) pieces.push(piece);
assert.equal(pieces.join(''), words);
assert.ok(pieces.length > 1, `${pieces.length} pieces`);
assert.equal(await streamed.finishReason, 'stop');
assert.ok((await streamed.usage).outputTokens > 0);

const looked = [];
const looking = tool({
  description: 'looks',
  inputSchema: jsonSchema({ type: 'object', properties: {} }),
  execute: async (given) => {
    looked.push(given);
    return 'a tree';
  },
});
const result = await generateText({
  model: provider.responses(model), prompt: 'please call the tool look', tools: { look: looking }, stopWhen: stepCountIs(2),
});
assert.equal(looked.length, result.steps.flatMap((step) => step.toolCalls).length);
assert.ok(looked.length >= 1);
assert.equal(result.steps.length, 2);
console.log('all is well');

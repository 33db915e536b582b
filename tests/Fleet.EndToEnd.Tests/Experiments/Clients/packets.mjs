// Sends every opcode over one connection and looks at what comes back, byte by byte where the wire fixes it.
// Prints one line of JSON: what was checked, and how many frames were answered.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import WebSocket from "ws";

const [url, key, weakKey, commitHex, frames] = process.argv.slice(2);
const commit = Buffer.from(commitHex, "hex");
const hashOf = (text) => createHash("sha256").update(text).digest().subarray(0, 16);
const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(n)); return b; };
const f64 = (n) => { const b = Buffer.alloc(8); b.writeDoubleBE(n); return b; };
const short = (text) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const long = (text) => Buffer.concat([u16(Buffer.byteLength(text)), Buffer.from(text)]);

const socket = new WebSocket(url, { perMessageDeflate: true });
await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
assert.match(socket.extensions, /permessage-deflate/);

const arrived = [];
const waiting = [];
socket.on("message", (data, isBinary) => {
  assert.ok(isBinary);
  const next = waiting.shift();
  if (next) next(data);
  else arrived.push(data);
});
const receive = () => arrived.length ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve));

function parse(packet) {
  const sections = [];
  for (let at = 9; at < packet.length;) {
    let length = 0, shift = 0, byte;
    do { byte = packet[at++]; length += (byte & 127) * 2 ** shift; shift += 7; } while (byte & 128);
    sections.push(packet.subarray(at, at + length));
    at += length;
  }
  assert.ok(Number(packet.readBigUInt64BE(1)) > 1.7e12, "the time is real");
  return { type: packet[0], sections };
}

const request = (opcode, ...body) => Buffer.concat([Buffer.from([opcode]), hashOf(key), ...body]);
async function ask(opcode, ...body) { socket.send(request(opcode, ...body)); return parse(await receive()); }
async function success(opcode, ...body) {
  const { type, sections } = await ask(opcode, ...body);
  assert.equal(type, 0, sections.map(String).join(": "));
  const answer = JSON.parse(sections[0]);
  assert.equal(answer.success, true);
  return answer;
}
async function data(name, opcode, ...body) {
  const { type, sections } = await ask(opcode, ...body);
  assert.deepEqual([type, String(sections[0])], [4, name]);
  return JSON.parse(sections[1]);
}
async function error(code, message, opcode, ...body) {
  const { type, sections } = await ask(opcode, ...body);
  assert.deepEqual([type, sections[0][0], String(sections[1])], [1, code, message]);
}

const name = `packets-${randomBytes(6).toString("hex")}`;
const keys = (answer) => Object.keys(answer).sort().join(" ");
const queued = await success(0x01, commit, Buffer.from([5]), short(name));
assert.equal(keys(queued), "commit_id job_id job_name priority success");
assert.deepEqual([queued.job_name, queued.commit_id, queued.priority], [name, commitHex, 5]);
await success(0x0c, commit, Buffer.from([1]), short(name + "-t"), long("{}"));
await success(0x17, commit, Buffer.from([1]), short(name + "-s"), short("snap"));
await success(0x1a, commit, Buffer.from([1]), short(name + "-a"), long("--lr 1"));
const noted = await success(0x1b, commit, Buffer.from([10]), short(name + "-n"), long(""), long("why not"));
const status = await data("status", 0x02);
for (const field of ["queue_length", "status", "authenticated", "authenticated_user", "running", "agents_online"])
  assert.ok(field in status, field);
assert.equal(status.status, "ok");

await success(0x07, short(name), long("https://data.example/x"));
await error(0x05, "dataset already exists", 0x07, short(name), long("https://data.example/x"));
assert.ok((await data("datasets", 0x06)).some((dataset) => dataset.name === name));
assert.equal((await data("dataset_info", 0x08, short(name))).url, "https://data.example/x");
assert.equal((await data("datasets", 0x09, short(name))).length, 1);
await error(0x04, "dataset not found", 0x08, short("nothing"));

assert.deepEqual(await success(0x0a, short("loss"), f64(0.5)), { success: true, message: "Metric logged", metric: "loss", value: 0.5 });
await success(0x0a, commit, u32(3), f64(0.25), short("loss"));
const shown = await success(0x0b, short(commitHex));
assert.equal(keys(shown), "commit_id files_count job_name overall_sha success timestamp user");
assert.ok(Number.isInteger(shown.timestamp) && Number.isInteger(shown.files_count));
assert.deepEqual(await success(0x0b, Buffer.from([20]), commit), shown);
await error(0x04, "experiment not found", 0x0b, short("nothing"));
assert.equal((await data("validate", 0x16, Buffer.from([0]), short(commitHex))).ok, true);
assert.equal((await data("validate", 0x16, Buffer.from([1]), short(noted.job_id))).task_id, noted.job_id);
await success(0x1c, short(noted.job_id), short("me"), long("a note"));
await success(0x1d, short(noted.job_id), long(JSON.stringify({ hypothesis: "h", tags: [name] })));
assert.deepEqual(
  await success(0x33, short(noted.job_id), long('{"outcome":"partial"}')),
  { success: true, run_id: noted.job_id, outcome: "partial", message: "Outcome updated" });
await error(0x01, "invalid outcome status", 0x33, short(noted.job_id), long('{"outcome":"x"}'));
const found = await success(0x31, long(JSON.stringify({ tag: name })));
assert.deepEqual([found.count, found.results[0].id, found.results[0].outcome], [1, noted.job_id, "partial"]);
assert.equal((await success(0x28, short(noted.job_id))).run_id, noted.job_id);
const compared = await success(0x30, short(queued.job_id), short(noted.job_id));
for (const field of ["run_a", "run_b", "job_name_match", "user_match", "timestamp_diff", "overall_sha_match", "files_count_a", "files_count_b"])
  assert.ok(field in compared, field);
assert.ok((await success(0x32, short(noted.job_id))).bundle);
assert.equal((await success(0x32, short(noted.job_id), long('{"anonymize":true}'))).anonymize, true);

socket.send(request(0x21, short(noted.job_id), u64(0)));
let last;
const lines = [];
while ((last = parse(await receive())).type === 5) lines.push(last.sections.map(String)[2]);
assert.equal(last.type, 0);
assert.equal(lines.join(""), "hello\n");
socket.send(request(0x20, short(noted.job_id)));
assert.equal(parse(await receive()).type, 5);
assert.equal(parse(await receive()).type, 0);
assert.equal((await success(0x03, short(name))).job_id, queued.job_id);
await error(0x20, "job not found", 0x03, short("nothing"));
assert.ok("pruned" in await success(0x04, Buffer.from([1]), u32(30)));

const started = (await success(0x0d, short(name), long("work"), long("a-long-password"))).service;
assert.deepEqual([started.name, started.workspace, started.token], [name, "work", undefined]);
const services = await success(0x0f);
assert.equal(services.count, services.services.length);
assert.ok(services.services.some((one) => one.notebook_id === started.notebook_id));
await error(0x21, "notebook already running", 0x0d, short(name), long(""), long(""));
assert.ok((await data("packages", 0x1e, short(name))).some((one) => one.name === "ipykernel"));
await success(0x0e, short(started.notebook_id));
await success(0x18, short(started.notebook_id), Buffer.from([0]));
await error(0x04, "notebook not found", 0x0e, short(name));
assert.equal((await success(0x19, short(name))).service.notebook_id, started.notebook_id);
await success(0x18, short(started.notebook_id), Buffer.from([1]));
await error(0x04, "notebook not found", 0x19, short(name));

socket.send("text is passed over");
for (const length of [0, 1, 16]) {
  socket.send(Buffer.alloc(length));
  const { sections } = parse(await receive());
  assert.deepEqual([sections[0][0], String(sections[1]), sections[2].length], [1, "payload too short", 0]);
}
socket.send(Buffer.concat([Buffer.from([2]), hashOf(weakKey)]));
assert.deepEqual([...parse(await receive()).sections.slice(0, 2).map(String)], ["\u0003", "permission denied"]);
socket.send(Buffer.concat([Buffer.from([2]), Buffer.alloc(16)]));
assert.deepEqual([...parse(await receive()).sections.slice(0, 2).map(String)], ["\u0002", "authentication failed"]);
const whole = request(0x02);
for (let i = 0; i < whole.length; i++) socket.send(whole.subarray(i, i + 1), { fin: i === whole.length - 1, binary: true });
assert.equal(parse(await receive()).type, 4);

let answered = 0;
const many = Number(frames);
for (let sent = 0; answered < many;) {
  for (; sent < many && sent - answered < 500; sent++) {
    const frame = randomBytes(Math.floor(Math.random() * 60));
    if (sent % 2 && frame.length > 17) hashOf(key).copy(frame, 1);
    if ([0x04, 0x0d, 0x21].includes(frame[0])) frame[0] = 0xff;
    socket.send(frame);
  }
  const { type } = parse(await receive());
  assert.ok([0, 1, 4].includes(type));
  answered++;
}
assert.equal((await data("status", 0x02)).status, "ok");
console.log(JSON.stringify({ lines: lines.length, answered }));
socket.close();

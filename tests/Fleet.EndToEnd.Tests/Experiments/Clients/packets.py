"""Sends every opcode over one connection and looks at what comes back, byte by byte where the wire fixes it.

Prints one line of JSON: what was checked, and how many frames were answered.
"""
import asyncio
import hashlib
import json
import os
import random
import struct
import sys

import websockets

URL, KEY, WEAK_KEY, COMMIT, FRAMES = sys.argv[1:6]
COMMIT_BYTES = bytes.fromhex(COMMIT)


def hash_of(text):
    return hashlib.sha256(text.encode()).digest()[:16]


def short(text):
    return bytes([len(text.encode())]) + text.encode()


def long(text):
    return struct.pack(">H", len(text.encode())) + text.encode()


def request(opcode, *body):
    return bytes([opcode]) + hash_of(KEY) + b"".join(body)


def parse(packet):
    assert isinstance(packet, bytes)
    sections, at = [], 9
    while at < len(packet):
        length = shift = 0
        while True:
            byte = packet[at]
            at += 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        sections.append(packet[at:at + length])
        at += length
    assert struct.unpack(">Q", packet[1:9])[0] > 1.7e12, "the time is real"
    return packet[0], sections


class Client:
    def __init__(self, socket):
        self.socket = socket

    async def receive(self):
        return parse(await self.socket.recv())

    async def ask(self, opcode, *body):
        await self.socket.send(request(opcode, *body))
        return await self.receive()

    async def success(self, opcode, *body):
        kind, sections = await self.ask(opcode, *body)
        assert kind == 0, (hex(opcode), sections)
        answer = json.loads(sections[0])
        assert answer["success"] is True
        return answer

    async def data(self, name, opcode, *body):
        kind, sections = await self.ask(opcode, *body)
        assert (kind, sections[0].decode()) == (4, name), (hex(opcode), sections)
        return json.loads(sections[1])

    async def error(self, code, message, opcode, *body):
        kind, sections = await self.ask(opcode, *body)
        assert (kind, sections[0][0], sections[1].decode()) == (1, code, message), (hex(opcode), sections)


async def runs(client, name):
    queued = await client.success(0x01, COMMIT_BYTES, b"\x05", short(name))
    assert sorted(queued) == ["commit_id", "job_id", "job_name", "priority", "success"]
    assert (queued["job_name"], queued["commit_id"], queued["priority"]) == (name, COMMIT, 5)
    await client.success(0x0C, COMMIT_BYTES, b"\x01", short(name + "-t"), long("{}"))
    await client.success(0x17, COMMIT_BYTES, b"\x01", short(name + "-s"), short("snap"))
    await client.success(0x1A, COMMIT_BYTES, b"\x01", short(name + "-a"), long("--lr 1"))
    noted = await client.success(0x1B, COMMIT_BYTES, b"\x0a", short(name + "-n"), long(""), long("why not"))
    run = noted["job_id"]
    status = await client.data("status", 0x02)
    for field in ("queue_length", "status", "authenticated", "authenticated_user", "running", "agents_online"):
        assert field in status, field

    logged = await client.success(0x0A, short("loss"), struct.pack(">d", 0.5))
    assert logged == {"success": True, "message": "Metric logged", "metric": "loss", "value": 0.5}
    await client.success(0x0A, COMMIT_BYTES, struct.pack(">I", 3), struct.pack(">d", 0.25), short("loss"))
    shown = await client.success(0x0B, short(COMMIT))
    assert sorted(shown) == ["commit_id", "files_count", "job_name", "overall_sha", "success", "timestamp", "user"]
    assert isinstance(shown["timestamp"], int) and isinstance(shown["files_count"], int)
    assert await client.success(0x0B, b"\x14", COMMIT_BYTES) == shown
    await client.error(0x04, "experiment not found", 0x0B, short("nothing"))
    assert (await client.data("validate", 0x16, b"\x00", short(COMMIT)))["ok"] is True
    assert (await client.data("validate", 0x16, b"\x01", short(run)))["task_id"] == run

    await client.success(0x1C, short(run), short("me"), long("a note"))
    await client.success(0x1D, short(run), long(json.dumps({"hypothesis": "h", "tags": [name]})))
    concluded = await client.success(0x33, short(run), long('{"outcome":"partial"}'))
    assert concluded == {"success": True, "run_id": run, "outcome": "partial", "message": "Outcome updated"}
    await client.error(0x01, "invalid outcome status", 0x33, short(run), long('{"outcome":"x"}'))
    found = await client.success(0x31, long(json.dumps({"tag": name})))
    assert (found["count"], found["results"][0]["id"], found["results"][0]["outcome"]) == (1, run, "partial")
    assert (await client.success(0x28, short(run)))["run_id"] == run
    compared = await client.success(0x30, short(queued["job_id"]), short(run))
    for field in ("run_a", "run_b", "job_name_match", "user_match", "timestamp_diff", "overall_sha_match", "files_count_a", "files_count_b"):
        assert field in compared, field
    assert (await client.success(0x32, short(run)))["bundle"]
    assert (await client.success(0x32, short(run), long('{"anonymize":true}')))["anonymize"] is True

    await client.socket.send(request(0x21, short(run), struct.pack(">Q", 0)))
    lines = []
    while (last := await client.receive())[0] == 5:
        lines.append(last[1][2].decode())
    assert (last[0], "".join(lines)) == (0, "hello\n")
    await client.socket.send(request(0x20, short(run)))
    assert [(await client.receive())[0], (await client.receive())[0]] == [5, 0]
    assert (await client.success(0x03, short(name)))["job_id"] == queued["job_id"]
    await client.error(0x20, "job not found", 0x03, short("nothing"))
    assert "pruned" in await client.success(0x04, b"\x01", struct.pack(">I", 30))
    return len(lines)


async def datasets(client, name):
    await client.success(0x07, short(name), long("https://data.example/x"))
    await client.error(0x05, "dataset already exists", 0x07, short(name), long("https://data.example/x"))
    assert any(one["name"] == name for one in await client.data("datasets", 0x06))
    assert (await client.data("dataset_info", 0x08, short(name)))["url"] == "https://data.example/x"
    assert len(await client.data("datasets", 0x09, short(name))) == 1
    await client.error(0x04, "dataset not found", 0x08, short("nothing"))


async def notebooks(client, name):
    started = (await client.success(0x0D, short(name), long("work"), long("a-long-password")))["service"]
    assert (started["name"], started["workspace"], "token" in started) == (name, "work", False)
    listed = await client.success(0x0F)
    assert listed["count"] == len(listed["services"])
    assert any(one["notebook_id"] == started["notebook_id"] for one in listed["services"])
    await client.error(0x21, "notebook already running", 0x0D, short(name), long(""), long(""))
    assert any(one["name"] == "ipykernel" for one in await client.data("packages", 0x1E, short(name)))
    await client.success(0x0E, short(started["notebook_id"]))
    await client.success(0x18, short(started["notebook_id"]), b"\x00")
    await client.error(0x04, "notebook not found", 0x0E, short(name))
    restored = (await client.success(0x19, short(name)))["service"]
    assert restored["notebook_id"] == started["notebook_id"]
    await client.success(0x18, short(started["notebook_id"]), b"\x01")
    await client.error(0x04, "notebook not found", 0x19, short(name))


async def nonsense(client):
    await client.socket.send("text is passed over")
    for length in (0, 1, 16):
        await client.socket.send(bytes(length))
        _, sections = await client.receive()
        assert (sections[0][0], sections[1], sections[2]) == (1, b"payload too short", b"")
    await client.socket.send(b"\x02" + hash_of(WEAK_KEY))
    assert (await client.receive())[1][:2] == [b"\x03", b"permission denied"]
    await client.socket.send(b"\x02" + bytes(16))
    assert (await client.receive())[1][:2] == [b"\x02", b"authentication failed"]
    whole = request(0x02)
    for length in range(17, len(request(0x30, short("a"), short("b")))):
        await client.socket.send(request(0x30, short("a"), short("b"))[:length])
        assert (await client.receive())[0] == 1
    await client.socket.send([whole[i:i + 1] for i in range(len(whole))])
    assert (await client.receive())[0] == 4
    await client.error(0x01, "trailing bytes", 0x02, b"\x00")
    await client.socket.send(b"\x05" + hash_of(KEY))
    assert (await client.receive())[1][1] == b"unknown opcode"


async def noise(client, frames):
    async def send():
        for number in range(frames):
            frame = bytearray(os.urandom(random.randrange(60)))
            if number % 2 and len(frame) > 17:
                frame[1:17] = hash_of(KEY)
            if frame and frame[0] in (0x04, 0x0D, 0x21):
                frame[0] = 0xFF
            await client.socket.send(bytes(frame))

    sending = asyncio.create_task(send())
    for _ in range(frames):
        kind, _ = await client.receive()
        assert kind in (0, 1, 4)
    await sending
    assert (await client.data("status", 0x02))["status"] == "ok"
    return frames


async def main():
    async with websockets.connect(URL, compression="deflate", max_size=None) as socket:
        assert any("permessage-deflate" in str(one.name) for one in socket.extensions)
        client = Client(socket)
        name = f"packets-{os.urandom(6).hex()}"
        lines = await runs(client, name)
        await datasets(client, name)
        await notebooks(client, name)
        await nonsense(client)
        print(json.dumps({"lines": lines, "answered": await noise(client, int(FRAMES))}))


asyncio.run(main())

// Raw messages that no client library would send.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mark, processesWith, server, sleep, until } from './client.mjs';

export class Wire {
  constructor(more = {}, { command, args } = server) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...more });
    this.process.stdin.on('error', () => {});
    this.lines = [];
    this.waiting = [];
    let parts = [];
    this.process.stdout.setEncoding('utf8').on('data', (text) => {
      const pieces = text.split('\n');
      const last = pieces.pop();
      for (const piece of pieces) {
        const message = JSON.parse(parts.join('') + piece);
        parts = [];
        if (this.waiting.length > 0) this.waiting.shift()(message);
        else this.lines.push(message);
      }
      parts.push(last);
    });
    this.ended = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve(code ?? signal)));
  }

  write(bytes) {
    return new Promise((resolve) => this.process.stdin.write(bytes, resolve));
  }

  next() {
    if (this.lines.length > 0) return Promise.resolve(this.lines.shift());
    return Promise.race([
      new Promise((resolve) => this.waiting.push(resolve)),
      this.ended.then((code) => { throw new Error(`the server ended: ${code}`); }),
    ]);
  }

  async ask(message) {
    await this.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
    return this.next();
  }

  async open(protocolVersion = '2025-11-25') {
    const opened = await this.ask({ jsonrpc: '2.0', id: 'open', method: 'initialize', params: { protocolVersion } });
    await this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return opened.result;
  }

  async alive() {
    assert.deepEqual(await this.ask({ jsonrpc: '2.0', id: 'p', method: 'ping' }), { jsonrpc: '2.0', id: 'p', result: {} });
  }

  close() {
    this.process.stdin.end();
    return this.ended;
  }
}

const request = (id, method, params) => ({ jsonrpc: '2.0', id, method, params });
export const call = (id, ...words) =>
  request(id, 'tools/call', { name: 'exec', arguments: { command: words[0], args: words.slice(1) } });
const modern = (version) => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
});

export async function handshake() {
  for (const [asked, answered] of [
    ['2024-11-05', '2024-11-05'], ['2025-03-26', '2025-03-26'], ['2025-06-18', '2025-06-18'],
    ['2025-11-25', '2025-11-25'], ['2026-07-28', '2025-11-25'], ['1999-01-01', '2025-11-25'],
  ]) {
    const wire = new Wire();
    assert.equal((await wire.ask(request(1, 'tools/list'))).error.code, -32600);
    await wire.alive();
    assert.equal((await wire.open(asked)).protocolVersion, answered);
    assert.equal((await wire.ask(request(2, 'tools/list', { cursor: 'x' }))).result.tools.length, 3);
    assert.equal((await wire.ask(request(3, 'initialize', { protocolVersion: asked }))).error.code, -32600);
    assert.equal(await wire.close(), 0);
  }
}

export async function withoutHandshake() {
  const wire = new Wire();
  const _meta = modern('2026-07-28');
  const found = (await wire.ask(request(1, 'server/discover', { _meta }))).result;
  assert.equal(found.resultType, 'complete');
  assert.ok(found.supportedVersions.includes('2026-07-28'));
  assert.equal(found._meta['io.modelcontextprotocol/serverInfo'].name, 'll-mcp');
  const listed = (await wire.ask(request(2, 'tools/list', { _meta }))).result;
  assert.deepEqual([listed.resultType, listed.cacheScope, listed.ttlMs], ['complete', 'private', 0]);
  const done = await wire.ask(request(3, 'tools/call', { _meta, name: 'exec', arguments: { command: 'true' } }));
  assert.deepEqual([done.result.resultType, done.result.structuredContent.exit_code], ['complete', 0]);
  const unknown = (await wire.ask(request(4, 'tools/list', { _meta: modern('2099-01-01') }))).error;
  assert.equal(unknown.code, -32022);
  assert.equal(unknown.data.requested, '2099-01-01');
  assert.ok(unknown.data.supported.includes('2026-07-28'));
  for (const method of ['ping', 'logging/setLevel', 'initialize', 'subscriptions/listen'])
    assert.equal((await wire.ask(request(5, method, { _meta }))).error.code, -32601);
  const bare = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  assert.equal((await wire.ask(request(6, 'tools/list', { _meta: bare }))).error.code, -32602);
  // Nothing is logged unless the request asks for it.
  const slow = { name: 'exec', arguments: { command: 'sleep', args: ['9'], timeout_ms: 100 } };
  assert.equal((await wire.ask(request(7, 'tools/call', { ...slow, _meta }))).id, 7);
  const told = { ..._meta, 'io.modelcontextprotocol/logLevel': 'info' };
  assert.equal((await wire.ask(request(8, 'tools/call', { ...slow, _meta: told }))).method, 'notifications/message');
  assert.equal((await wire.next()).id, 8);
  // And a handshake beside it.
  assert.equal((await wire.open()).protocolVersion, '2025-11-25');
  assert.equal(await wire.close(), 0);
}

export async function badMessages() {
  const wire = new Wire();
  await wire.open();
  const refused = async (message, code, id = null) => {
    const answer = await wire.ask(message);
    assert.deepEqual([message, answer.error?.code, answer.id], [message, code, id]);
  };
  for (const text of ['{', '}', 'nothing', '"', '{"a":1}}', '{"a":}', '[1,]', '{"jsonrpc":"2.0"} x', '\ufeff{}',
    '{"a":"\\ud800"}', '{"a":"\t"}', "{'a':1}", '{"a":01}', '{"a":NaN}', '// x', '[['.repeat(100000), '1e999'])
    await refused(text, -32700);
  await wire.write(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x0a]));
  assert.equal((await wire.next()).error.code, -32700);
  await wire.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\0\n');
  assert.equal((await wire.next()).error.code, -32700);
  for (const text of ['{}', '7', 'null', '"x"', '{"id":1}', '{"jsonrpc":"1.0","method":"ping"}',
    '{"jsonrpc":"2.0","method":7}', '[]', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'])
    await refused(text, -32600, text === '{"id":1}' ? 1 : null);
  for (const id of ['null', 'true', '[1]', '{}'])
    await refused(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`, -32600);
  await refused(request(1, 'no/such'), -32601, 1);
  await refused(request('a', 'tools/list', [1]), -32602, 'a');
  await refused(request(2, 'tools/call', {}), -32602, 2);
  await refused(request(2, 'tools/call', { name: 7 }), -32602, 2);
  await refused(request(2, 'tools/call', { name: 'exec', arguments: [] }), -32602, 2);
  await refused(request(2, 'logging/setLevel', { level: 'x' }), -32602, 2);
  // No answer: notifications, known or not, whatever they contain, and responses.
  for (const message of ['{"jsonrpc":"2.0","method":"x"}', '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}',
    '{"jsonrpc":"2.0","id":9,"result":{}}', '{"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"x"}}', '', '  \r'])
    await wire.write(`${message}\n`);
  await wire.alive();
  for (const id of ['0', '-1', '1.5', '9007199254740993', '18446744073709551615', '1.1', '1e3', '"\\u0000"', '""', '"ä\\n"']) {
    await wire.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\r\n`);
    assert.deepEqual((await wire.next()).id, JSON.parse(id));
  }
  assert.equal(await wire.close(), 0);
}

export async function largeMessages() {
  const wire = new Wire();
  await wire.open();
  const memory = () => Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${wire.process.pid}/status`, 'latin1'))[1]);
  const piece = 'x'.repeat(1 << 20);
  await wire.write('{"jsonrpc":"2.0","id":1,"method":"');
  for (let i = 0; i < 100; i++) await wire.write(piece);
  await wire.write('"}\n');
  assert.equal((await wire.next()).error.code, -32600);
  await wire.alive();
  assert.ok(memory() < 64 * 1024, `${memory()} KiB`);
  // Of the maximum size.
  const stdin = 'y'.repeat(4 * 1024 * 1024 - 200);
  const words = { name: 'exec', arguments: { command: 'wc', args: ['-c'], stdin } };
  const answer = await wire.ask(request(2, 'tools/call', words));
  assert.equal(answer.result.structuredContent.stdout.trim(), `${stdin.length}`);
  assert.equal(await wire.close(), 0);
}

export async function batches() {
  const wire = new Wire();
  await wire.open('2025-03-26');
  const text = [call(1, 'echo', 'a'), request('p', 'ping'), { jsonrpc: '2.0', method: 'x' }, 7, request(3, 'no/such')];
  const answers = await wire.ask(text);
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  assert.equal(answers.length, 4);
  assert.equal(byId.get(1).result.structuredContent.stdout, 'a\n');
  assert.deepEqual(byId.get('p').result, {});
  assert.equal(byId.get(null).error.code, -32600);
  assert.equal(byId.get(3).error.code, -32601);
  assert.equal((await wire.ask('[]')).error.code, -32600);
  assert.equal((await wire.ask(Array(65).fill(request(1, 'ping')))).error.code, -32600);
  assert.equal((await wire.ask([request(1, 'initialize', { protocolVersion: '2025-03-26' })]))[0].error.code, -32600);
  await wire.write('[{"jsonrpc":"2.0","method":"x"},{"jsonrpc":"2.0","id":5,"result":1}]\n');
  await wire.alive();
  // The answer to a cancelled request is missing.
  const argument = mark();
  await wire.write(`${JSON.stringify([call(8, 'sleep', argument), call(9, 'echo', 'b')])}\n`);
  await until(() => processesWith(argument) > 0, 'a start');
  await wire.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":8}}\n');
  assert.deepEqual((await wire.next()).map((answer) => answer.id), [9]);
  assert.equal(await wire.close(), 0);
}

// Which of the two counts is not for the server to guess.
export async function sameName() {
  const wire = new Wire();
  await wire.open();
  for (const [text, message] of [
    ['"command":"true","command":"false"', 'command: duplicate key'],
    ['"command":"true","args":[],"args":[]', 'args: duplicate key'],
    ['"command":"true","env":{"PATH":"a","PATH":"b"}', "env: duplicate key 'PATH'"],
  ]) {
    const asked = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"exec","arguments":{${text}}}}`;
    const { result } = await wire.ask(asked);
    assert.deepEqual([result.isError, result.content[0].text], [true, message]);
  }
  assert.equal(await wire.close(), 0);
}

export async function sameId() {
  const wire = new Wire();
  await wire.open();
  await wire.write(`${JSON.stringify(call(1, 'sleep', '0.5'))}\n`);
  const second = await wire.ask(call(1, 'echo', 'second'));
  assert.deepEqual([second.id, second.error.code], [null, -32600]);
  const other = await wire.ask(call('1', 'echo', 'other'));
  assert.deepEqual([other.id, other.result.structuredContent.stdout], ['1', 'other\n']);
  assert.equal((await wire.next()).id, 1);
  assert.equal((await wire.ask(call(1, 'echo', 'again'))).result.structuredContent.stdout, 'again\n');
  assert.equal(await wire.close(), 0);
}

// Fewer descriptors than calls need: calls without them get an error, the others run, and later ones as well.
export async function fewDescriptors() {
  const wire = new Wire({}, { command: 'sh', args: ['-c', 'ulimit -n 100 && exec "$@"', 'sh', server.command, ...server.args] });
  await wire.open();
  const count = 32;
  for (let i = 0; i < count; i++) wire.write(`${JSON.stringify(call(i, 'sleep', '0.5'))}\n`);
  const ended = { ran: 0, told: 0 };
  for (let i = 0; i < count; i++) {
    const { result } = await wire.next();
    if (result.structuredContent?.exit_code === 0) ended.ran += 1;
    else if (/^cannot open pipes: /.test(result.content[0].text)) ended.told += 1;
  }
  assert.ok(ended.ran >= 20 && ended.ran + ended.told === count, JSON.stringify(ended));
  assert.equal((await wire.ask(call('later', 'echo', 'later'))).result.structuredContent.stdout, 'later\n');
  assert.equal(await wire.close(), 0);
}

// The server was started with --max-output 8M: a result of 100 MB. That it is not moved for each piece is a unit test's.
export async function largeResult() {
  const wire = new Wire();
  await wire.open();
  const answer = await wire.ask(call(1, 'sh', '-c', "yes | tr 'y\\n' '\\000\\000' | head -c 8000000"));
  assert.equal(answer.result.structuredContent.stdout.length, 8000000);
  assert.equal(await wire.close(), 0);
}

// The client does not read for a while, whatever it requests; then all answers are there.
export async function notReading() {
  const wire = new Wire();
  await wire.open();
  wire.process.stdout.pause();
  const count = 60;
  const ids = new Set();
  for (let i = 0; i < count; i++) {
    ids.add(i);
    wire.write(`${JSON.stringify(call(i, 'sh', '-c', 'yes | head -c 200000'))}\n`);
  }
  await sleep(1500);
  const memory = Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${wire.process.pid}/status`, 'latin1'))[1]);
  assert.ok(memory < 100 * 1024, `${memory} KiB`);
  wire.process.stdout.resume();
  while (ids.size > 0) {
    const { id, result } = await wire.next();
    assert.ok(ids.delete(id));
    assert.equal(result.structuredContent.stdout.length, 200000);
  }
  await wire.alive();
  assert.equal(await wire.close(), 0);
}

// Disconnects in the middle of a message, and without reading the answers.
export async function rudelyGone() {
  const wire = new Wire();
  await wire.open();
  const argument = mark();
  await wire.write(`${JSON.stringify(call(1, 'sleep', argument))}\n{"jsonrpc":`);
  await until(() => processesWith(argument) > 0, 'a start');
  wire.process.stdout.destroy();
  await until(() => processesWith(argument) === 0, 'an end');
  await wire.ended;
  const other = new Wire();
  await other.write(`${JSON.stringify(request(1, 'ping'))}\n`);
  other.process.stdin.end('{"json');
  assert.equal((await other.next()).id, 1);
  assert.equal(await other.ended, 0);
}

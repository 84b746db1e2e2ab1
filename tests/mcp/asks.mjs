// The user is asked about refused accesses, by a client that supports it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connected, exec, kinds, laterSdk, sdk, server, shell, sleep, until } from './client.mjs';

const secret = process.env.ASKED_FILE;
const me = { name: 'll-mcp-tests', version: '0' };
const yes = { action: 'accept', content: { allow: true } };

// A client whose user answers with `answer`, a function of the request's parameters.
async function asking(kind, answer, body, elicitation = {}) {
  const old = kind === 'sdk';
  const negotiation = kind === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {};
  const { Client, StdioClientTransport, CallToolResultSchema, ElicitRequestSchema } = await (old ? sdk() : laterSdk());
  const client = new Client(me, { capabilities: { elicitation }, ...negotiation });
  const handler = async (request, extra) => answer(request.params, extra);
  client.setRequestHandler(old ? ElicitRequestSchema : 'elicitation/create', handler);
  const parameters = { ...server, stderr: 'inherit' };
  await client.connect(new StdioClientTransport(parameters));
  const call = (params, options) => (old ? client.callTool(params, CallToolResultSchema, options) : client.callTool(params, options));
  try {
    return await body({ client, call });
  } finally {
    await client.close();
  }
}

export async function asksUser() {
  for (const kind of kinds) {
    const questions = [];
    await asking(kind, (params) => (questions.push(params), yes), async (connection) => {
      const result = await exec(connection, 'cat', [secret]);
      assert.equal(result.structuredContent.stdout, 'asked\n', JSON.stringify(result));
      // Once in a call, whatever the answer.
      const twice = await shell(connection, `cat ${secret}; cat ${secret}`);
      assert.equal(twice.structuredContent.stdout, 'asked\nasked\n');
      assert.match(connection.client.getInstructions(), /user is asked about/);
    });
    assert.equal(questions.length, 2);
    assert.match(questions[0].message, /"\/[^"]*\/cat" \(process \d+\) wants to read "/);
    assert.ok(questions[0].message.includes(`read "${secret}"`));
    assert.deepEqual(questions[0].requestedSchema.required, ['allow']);
  }
}

// Only this answer allows.
export async function noIsNo() {
  const answers = [
    { action: 'decline' }, { action: 'accept', content: { allow: false } }, { action: 'accept', content: {} },
  ];
  for (const kind of kinds) for (const answer of answers) {
    await asking(kind, () => answer, async (connection) => {
      const result = await exec(connection, 'cat', [secret]);
      assert.equal(result.structuredContent.exit_code, 1);
      assert.match(result.structuredContent.stderr, /Permission denied/);
    });
  }
  await asking('sdk', () => { throw new Error('no'); }, async (connection) => {
    assert.equal((await exec(connection, 'cat', [secret])).structuredContent.exit_code, 1);
  });
}

// After a cancelled question nothing more is asked in that call.
export async function noMore() {
  for (const kind of kinds) {
    let count = 0;
    await asking(kind, () => ((count += 1), { action: 'cancel' }), async (connection) => {
      const result = await shell(connection, `cat ${secret}; cat ${secret}.0 ${secret}.1; cat ${secret}`);
      assert.equal(result.structuredContent.stdout, '');
      assert.equal(count, 1);
      await exec(connection, 'cat', [secret]);
      assert.equal(count, 2);
    });
  }
}

// As without the option.
export async function cannotAsk() {
  await connected('sdk', async (connection) => {
    assert.match(connection.client.getInstructions(), /this client cannot ask/);
    const result = await exec(connection, 'cat', [secret]);
    assert.equal(result.structuredContent.exit_code, 1);
    assert.match(result.structuredContent.stderr, /Permission denied/);
  });
  await asking('sdk', () => yes, async (connection) => {
    assert.equal((await exec(connection, 'cat', [secret])).structuredContent.exit_code, 1);
  }, { url: {} });
  if (!kinds.includes('modern')) return;
  await connected('modern', async (connection) => {
    assert.equal((await exec(connection, 'cat', [secret])).structuredContent.exit_code, 1);
  });
}

export async function notAsked() {
  await asking('sdk', () => assert.fail('asked'), async (connection) => {
    assert.equal((await exec(connection, 'cat', [secret])).structuredContent.exit_code, 1);
    assert.doesNotMatch(connection.client.getInstructions(), /asked of the user/);
  });
}

// Accesses that the policy denies cannot be allowed by the user, and granted ones are not asked about.
export async function floorHolds() {
  await asking('sdk', () => assert.fail('asked'), async (connection) => {
    assert.equal((await exec(connection, 'cat', [secret])).structuredContent.exit_code, 1);
    assert.equal((await shell(connection, 'true')).structuredContent.exit_code, 0);
    assert.equal((await exec(connection, 'cat', [secret], { explain: true })).structuredContent.exit_code, 1);
  });
}

// A call that has ended needs no answer, and others go on.
export async function askedAndGone() {
  let open = 0;
  let withdrawn = 0;
  const answer = (params, extra) => new Promise((resolve) => {
    open += 1;
    extra.signal.addEventListener('abort', () => { withdrawn += 1; resolve({ action: 'cancel' }); });
  });
  await asking('sdk', answer, async (connection) => {
    const late = exec(connection, 'cat', [secret], { timeout_ms: 1500 });
    await until(() => open === 1, 'asked');
    assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
    assert.equal((await late).structuredContent.timed_out, true);
    await until(() => withdrawn === 1, 'taken back');
    const stop = new AbortController();
    const cancelled = exec(connection, 'cat', [secret], {}, { signal: stop.signal });
    await until(() => open === 2, 'asked again');
    stop.abort();
    await assert.rejects(cancelled);
    await until(() => withdrawn === 2, 'taken back, too');
    assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
  });
}

// Several calls, each with its own question and answer.
export async function askedAtOnce() {
  const names = Array.from({ length: 8 }, (_, i) => `${secret}.${i}`);
  for (const name of names) writeFileSync(name, `${name}\n`);
  const answer = async (params) => {
    const number = Number(/\.(\d)"/.exec(params.message)[1]);
    await sleep(10 * (8 - number));
    return { action: 'accept', content: { allow: number % 2 === 0 } };
  };
  for (const kind of kinds) await asking(kind, answer, async (connection) => {
    const results = await Promise.all(names.map((name) => exec(connection, 'cat', [name])));
    results.forEach((result, i) => assert.equal(result.structuredContent.stdout, i % 2 === 0 ? `${names[i]}\n` : ''));
  });
}

// A server that asks nothing ignores answers, and one that asked is not confused by unknown ones.
export async function strayAnswers() {
  let release;
  const answer = () => new Promise((resolve) => { release = () => resolve({ action: 'decline' }); });
  await asking('sdk', answer, async (connection) => {
    const result = exec(connection, 'cat', [secret]);
    await until(() => release !== undefined, 'asked');
    const { transport } = connection.client;
    for (const id of ['ask-2', 'ask-', 'ask-1x', 1, 'nonsense'])
      await transport.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: { allow: true } } });
    release();
    assert.equal((await result).structuredContent.exit_code, 1);
    assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
  });
}

// In the revision without a handshake: a named call continues once, and only while it waits.
export async function askedAgain() {
  if (!kinds.includes('modern')) return;
  await asking('modern', () => assert.fail('by hand'), async ({ call }) => {
    const params = { name: 'exec', arguments: { command: 'cat', args: [secret] } };
    const byHand = { allowInputRequired: true };
    const question = await call(params, byHand);
    assert.equal(question.resultType, 'input_required');
    assert.match(question.inputRequests.answer.params.message, /wants to read/);
    const { requestState } = question;
    // A missing answer refuses.
    const first = await call({ ...params, requestState }, byHand);
    assert.equal(first.structuredContent.exit_code, 1);
    const second = await call({ ...params, requestState, inputResponses: { answer: yes } }, byHand);
    assert.match(second.content[0].text, /that call has ended/);
    const other = await call(params, byHand);
    assert.notEqual(other.requestState, requestState);
    const answered = await call({ ...params, requestState: other.requestState, inputResponses: { answer: yes } }, byHand);
    assert.equal(answered.structuredContent.stdout, 'asked\n');
  });
  await connected('modern', async ({ client, call }) => {
    const params = { name: 'exec', arguments: { command: 'cat', args: [secret] } };
    for (const requestState of ['ask-1', '', 'nonsense']) {
      const result = await call({ ...params, requestState, inputResponses: { answer: yes } });
      assert.equal(result.isError, true, JSON.stringify(result));
      assert.match(result.content[0].text, /that call has ended/);
    }
    assert.equal((await call({ name: 'exec', arguments: { command: 'true' } })).structuredContent.exit_code, 0);
  });
}

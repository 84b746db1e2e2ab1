// When a call ends in any way, all processes that it started are killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { byEach, connect, connected, exec, mark, processesWith, shell, stubborn, until } from './client.mjs';
import { Wire, call } from './wire.mjs';

const none = (argument) => until(() => processesWith(argument) === 0, `the end of ${argument}`);
const three = (argument) => until(() => processesWith(argument) >= 3, `three of ${argument}`);

// The command ends by itself; the processes that it left do not.
export async function endOfCommand() {
  await connected('sdk', async (connection) => {
    const argument = mark();
    const script = `setsid sleep ${argument} &
      setsid sh -c 'trap "" TERM HUP; (setsid sleep ${argument} &); sleep ${argument}' &
      until [ -e project/go ]; do sleep 0.01; done; echo ended`;
    await shell(connection, 'rm -f project/go');
    const running = shell(connection, script);
    await three(argument);
    await shell(connection, ': >project/go');
    assert.equal((await running).structuredContent.stdout, 'ended\n');
    assert.equal(processesWith(argument), 0);
  });
}

export async function timeOut() {
  await byEach(async (connection) => {
    const argument = mark();
    const running = shell(connection, stubborn(argument), { timeout_ms: 2500 });
    await three(argument);
    const result = await running;
    assert.equal(processesWith(argument), 0);
    assert.equal(result.isError, true);
    assert.equal(result.structuredContent.timed_out, true);
    assert.equal(result.structuredContent.exit_code, null);
    assert.equal(result.structuredContent.signal, 'SIGKILL');
    assert.ok(result.structuredContent.duration_ms >= 2500);
    assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
  });
}

// The server was started with --timeout 1s.
export async function longestTimeOut() {
  await connected('sdk', async (connection) => {
    const calls = [{}, { timeout_ms: 600000 }].map((more) => exec(connection, 'sleep', [mark()], more));
    for (const result of await Promise.all(calls)) assert.equal(result.structuredContent.timed_out, true);
  });
}

export async function cancellation() {
  await byEach(async (connection) => {
    const argument = mark();
    const abort = new AbortController();
    const running = shell(connection, stubborn(argument), {}, { signal: abort.signal });
    running.catch(() => {});
    await three(argument);
    abort.abort();
    await assert.rejects(running);
    await none(argument);
    assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
  });
}

export async function clientGone() {
  const connection = await connect();
  const arguments_ = [mark(), mark()];
  for (const argument of arguments_) shell(connection, stubborn(argument)).catch(() => {});
  for (const argument of arguments_) await three(argument);
  await connection.client.close();
  for (const argument of arguments_) await none(argument);
}

export async function serverKilled() {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT']) {
    const connection = await connect();
    const argument = mark();
    shell(connection, stubborn(argument)).catch(() => {});
    await three(argument);
    process.kill(connection.transport.pid, signal);
    await none(argument);
    await connection.client.close();
  }
}

// A client may kill the server's whole process group at once.
export async function groupKilled() {
  const wire = new Wire({ detached: true });
  await wire.open();
  const argument = mark();
  await wire.write(`${JSON.stringify(call(1, 'sh', '-c', stubborn(argument)))}\n`);
  await three(argument);
  process.kill(-wire.process.pid, 'SIGKILL');
  await none(argument);
  assert.equal(await wire.ended, 'SIGKILL');
}

const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);

// By another process: a command cannot.
export async function supervisorKilled() {
  await connected('sdk', async (connection) => {
    const [argument, other] = [mark(), mark()];
    const running = shell(connection, stubborn(argument));
    const beside = exec(connection, 'sleep', [other], { timeout_ms: 3000 });
    await three(argument);
    const children = () => childrenOf(connection.transport.pid);
    process.kill(children()[0], 'SIGKILL');
    assert.equal((await running).isError, true);
    assert.deepEqual([processesWith(argument), processesWith(other)], [0, 1]);
    assert.equal((await beside).structuredContent.timed_out, true);
    assert.deepEqual(children(), []);
  });
  const connection = await connect();
  const argument = mark();
  shell(connection, stubborn(argument)).catch(() => {});
  await three(argument);
  for (const child of childrenOf(connection.transport.pid)) process.kill(child, 'SIGKILL');
  await connection.client.close();
  await none(argument);
}

export async function supervisorStopped() {
  await connected('sdk', async (connection) => {
    const argument = mark();
    const running = shell(connection, stubborn(argument), { timeout_ms: 1500 });
    await three(argument);
    process.kill(childrenOf(connection.transport.pid)[0], 'SIGSTOP');
    assert.equal((await running).structuredContent.timed_out, true);
    assert.equal(processesWith(argument), 0);
  });
}

// A named pipe that all of a tree keep open: they say "all" in it, and at its end none of them is left, however short
// they live.
function ledger() {
  const path = `project/ledger.${mark()}`;
  execFileSync('mkfifo', ['-m', '666', path]);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const said = () => {
    const bytes = Buffer.alloc(3);
    try {
      return bytes.toString('latin1', 0, readSync(reading, bytes));
    } catch (error) {
      if (error.code === 'EAGAIN') return undefined;
      throw error;
    }
  };
  return { path, said };
}

// 200 of which each forks and ends, for ever, in the group and session that it is in or in its own.
export async function relay() {
  await connected('sdk', async (connection) => {
    for (const kind of ['same', 'own']) {
      const { path, said } = ledger();
      const abort = new AbortController();
      const running = exec(connection, process.env.SERVED_PROBE, ['relay', '200', kind, path], {}, { signal: abort.signal });
      running.catch(() => {});
      await until(() => said() === 'all', `200 of ${kind}`);
      abort.abort();
      await assert.rejects(running);
      await until(() => said() === '', `the end of ${kind}`);
      assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
    }
  });
}

// In a control group of which this user may make more.
export async function inGroups() {
  const own = readFileSync('/proc/self/cgroup', 'latin1').match(/^0::(.*)$/m)[1];
  const folder = `${process.env.GROUPS_AT}${own}`;
  const groups = () => readdirSync(folder).filter((name) => name.startsWith('ll-mcp.'));
  assert.deepEqual(groups(), []);
  await connected('sdk', async (connection) => {
    const argument = mark();
    const running = shell(connection, stubborn(argument), { timeout_ms: 3000 });
    await three(argument);
    assert.equal(groups().length, 1);
    const members = readFileSync(`${folder}/${groups()[0]}/cgroup.procs`, 'latin1').trim().split('\n');
    assert.ok(members.length >= 3, `${members}`);
    assert.equal((await running).structuredContent.timed_out, true);
    assert.deepEqual(groups(), []);
  });
  await relay();
  await until(() => groups().length === 0, 'the end of the groups');
}

// Many short lives, none of which waits for another.
export async function bomb() {
  await connected('sdk', async (connection) => {
    const argument = mark();
    const script = `chain() { sleep ${argument} & while :; do (setsid sh -c : &); done; }
      for i in 1 2 3; do (chain &); done; sleep ${argument}`;
    const running = shell(connection, script, { timeout_ms: 1000 });
    await until(() => processesWith(argument) >= 2, 'two');
    assert.equal((await running).structuredContent.timed_out, true);
    assert.equal(processesWith(argument), 0);
  });
}

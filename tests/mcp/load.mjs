// Many calls at once and in sequence, and large output: nothing grows, no call blocks another.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { connected, exec, kinds, mark, sdk, shell, sleep } from './client.mjs';

function sizeOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim(),
    memory: Number(/VmRSS:\s*(\d+)/.exec(status)[1]),
  };
}

// Each waits for all the others: in sequence none would end. They work in project/.
export async function atOnce() {
  for (const kind of kinds) {
    await connected(kind, async (connection) => {
      const count = 32;
      const script = `cd project && : >there.$1; until [ $(ls there.* | wc -l) -ge ${count} ]; do sleep 0.02; done; echo $1`;
      await shell(connection, 'rm -f project/there.*');
      const calls = Array.from({ length: count }, (_, i) =>
        exec(connection, 'sh', ['-c', script, 'sh', `${i}`], { timeout_ms: 30000 }));
      const results = await Promise.all(calls);
      assert.equal(new Set(results.map((result) => result.structuredContent.stdout)).size, count);
    });
  }
}

// The server was started with --jobs 2: the third has to wait, and a waiting one can be cancelled.
export async function queue() {
  await connected('sdk', async (connection) => {
    const long = [1, 2].map(() => exec(connection, 'sleep', [mark()], { timeout_ms: 2000 }));
    const abort = new AbortController();
    const never = shell(connection, 'echo x >project/never', {}, { signal: abort.signal });
    never.catch(() => {});
    const third = exec(connection, 'true');
    const wrong = exec(connection, 'true', [], { env: { NOT_PASSED: 'x' } });
    await connection.client.ping();
    abort.abort();
    const first = await Promise.race([...long.map((call) => call.then(() => 'long')), third.then(() => 'third')]);
    assert.equal(first, 'long');
    assert.equal((await third).structuredContent.exit_code, 0);
    assert.equal((await wrong).isError, true);
    assert.equal((await exec(connection, 'cat', ['project/never'])).structuredContent.exit_code, 1);
  });
}

export async function inARow() {
  await connected('sdk', async (connection) => {
    const run = async (count) => {
      for (let i = 0; i < count; i++) {
        const result = await exec(connection, 'echo', [`${i}`]);
        assert.equal(result.structuredContent.stdout, `${i}\n`);
      }
    };
    await run(100);
    const before = sizeOf(connection.transport.pid);
    await run(1000);
    const after = sizeOf(connection.transport.pid);
    assert.deepEqual([after.descriptors, after.children], [before.descriptors, '']);
    assert.ok(after.memory <= before.memory + 256, `${before.memory} KiB became ${after.memory} KiB`);
  });
}

// The server was started with --max-output 4K.
export async function output() {
  await connected('sdk', async (connection) => {
    const full = (await shell(connection, 'printf %04096d 7')).structuredContent;
    assert.deepEqual([full.stdout.length, full.truncated], [4096, false]);
    const cut = (await shell(connection, 'echo first; yes middle | head -n 100000; echo last; echo e >&2')).structuredContent;
    assert.equal(cut.truncated, true);
    assert.match(cut.stdout, /^first\nmiddle\n/);
    assert.match(cut.stdout, /middle\nlast\n$/);
    const missing = Number(/\[ll-mcp: (\d+) bytes omitted\]/.exec(cut.stdout)[1]);
    assert.equal(cut.stdout.replace(/\n\[.*\]\n/, '').length + missing, 'first\n'.length + 700000 + 'last\n'.length);
    assert.equal(cut.stderr, 'e\n');
    const bytes = (await shell(connection, `printf 'a\\377\\000\\303\\244\\355\\240\\200z'`)).structuredContent;
    assert.equal(bytes.stdout, 'a\ufffd\0\u00e4\ufffd\ufffd\ufffdz');
    // A character is not truncated.
    const umlauts = (await shell(connection, `printf x; yes $(printf '\\303\\244') | tr -d '\\n' | head -c 20000`)).structuredContent;
    assert.ok(!umlauts.stdout.includes('\ufffd'));
    for (let i = 0; i < 3; i++)
      assert.equal((await shell(connection, 'yes | head -c 30000000')).structuredContent.truncated, true);
  });
}

export async function progress() {
  await connected('sdk', async (connection) => {
    const seen = [];
    const onprogress = (now) => seen.push(now.progress);
    await shell(connection, 'sleep 2.3', {}, { onprogress });
    assert.ok(seen.length >= 2, `${seen}`);
    assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b));
  });
}

export async function logs() {
  const { LoggingMessageNotificationSchema } = await sdk();
  await connected('sdk', async (connection) => {
    const seen = [];
    connection.client.setNotificationHandler(LoggingMessageNotificationSchema, (message) => {
      seen.push(message.params.level);
    });
    await exec(connection, 'sleep', [mark()], { timeout_ms: 100 });
    await connection.client.setLoggingLevel('error');
    await exec(connection, 'sleep', [mark()], { timeout_ms: 100 });
    await connection.client.setLoggingLevel('debug');
    await exec(connection, 'true');
    await sleep(50);
    assert.deepEqual(seen, ['warning', 'debug']);
  });
}

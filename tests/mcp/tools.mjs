// The results of each tool, and the arguments that a call can and cannot have.
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { byEach, connected, exec, kinds, shell, server } from './client.mjs';

const text = (result) => result.content[0].text;

export async function everyTool() {
  await byEach(async (connection) => {
    const { tools } = await connection.client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name), ['exec', 'why', 'policy']);
    assert.deepEqual(tools[0].inputSchema.required, ['command']);
    assert.equal(tools[0].annotations.destructiveHint, true);
    assert.equal(tools[1].annotations.readOnlyHint, true);

    const result = await exec(connection, 'sh', ['-c', 'echo out; echo err >&2; exit 3']);
    const { duration_ms, ...rest } = result.structuredContent;
    assert.ok(Number.isInteger(duration_ms));
    assert.deepEqual(rest, {
      stdout: 'out\n', stderr: 'err\n', exit_code: 3, signal: null, timed_out: false, truncated: false,
    });
    assert.deepEqual(JSON.parse(text(result)), result.structuredContent);
    assert.equal(result.isError, false);

    const granted = await connection.call({ name: 'why', arguments: { right: 'rx', path: '/usr/share' } });
    assert.equal(granted.structuredContent.granted, true);
    assert.match(granted.structuredContent.answer, /by rx \/usr/);
    const refused = await connection.call({ name: 'why', arguments: { right: 'read_file', path: '/etc/shadow' } });
    assert.equal(refused.structuredContent.granted, false);
    const policy = await connection.call({ name: 'policy', arguments: {} });
    assert.match(policy.structuredContent.policy, /\/usr\//);
  });
}

export async function versions() {
  await connected('sdk', async ({ client }) => {
    assert.equal(client.getServerVersion().name, 'll-mcp');
    await client.ping();
    await client.setLoggingLevel('debug');
    await assert.rejects(client.setLoggingLevel('loud'));
  });
  if (kinds.includes('modern')) await connected('modern', async ({ client }) => {
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
  });
}

export async function errors() {
  await byEach(async (connection) => {
    const wrong = async (tool, args, message) => {
      const result = await connection.call({ name: tool, arguments: args });
      assert.equal(result.isError, true);
      assert.match(text(result), message);
    };
    await assert.rejects(connection.call({ name: 'nothing', arguments: {} }), { code: -32602 });
    await wrong('exec', {}, /command: .*missing/);
    await wrong('exec', { command: 7 }, /command: .*string/);
    await wrong('exec', { command: 'a\0b' }, /command: .*NUL/);
    await wrong('exec', { command: 'true', args: 'x' }, /args: .*array/);
    await wrong('exec', { command: 'true', args: ['x', null] }, /args: .*string/);
    await wrong('exec', { command: 'true', env: { 'A=B': 'x' } }, /env: 'A=B'/);
    await wrong('exec', { command: 'true', timeout_ms: 0 }, /timeout_ms/);
    await wrong('exec', { command: 'true', timeout_ms: 1.5 }, /timeout_ms/);
    await wrong('exec', { command: 'true', explain: 1 }, /explain/);
    await wrong('exec', { command: 'true', options: ['--rw=/'] }, /options: unknown argument of exec/);
    await wrong('exec', { command: 'true', args: Array(300000).fill('x'.repeat(8)) }, /cannot start the command/);
    await wrong('why', { right: 'read' , path: '/etc' }, /unknown right 'read'/);
    await wrong('why', { right: 'ro' }, /path: .*missing/);
    await wrong('policy', { of: 'x' }, /policy takes no arguments/);
    // And it goes on.
    assert.equal((await exec(connection, 'true')).structuredContent.exit_code, 0);
  });
}

export async function refusals() {
  await connected('sdk', async (connection) => {
    const secret = process.env.SECRET_FILE;
    const refused = await exec(connection, 'cat', [secret]);
    assert.notEqual(refused.isError, true);
    assert.equal(refused.structuredContent.exit_code, 1);
    assert.match(refused.structuredContent.stderr, /Permission denied/);
    assert.equal(refused.structuredContent.refusals, undefined);
    assert.equal((await exec(connection, secret)).structuredContent.exit_code, 126);
    assert.equal((await exec(connection, 'no-such-program')).structuredContent.exit_code, 127);
    assert.equal((await shell(connection, 'kill -USR1 $$')).structuredContent.signal, 'SIGUSR1');
  });
}

// A command that cannot be started is an error, with paths as the caller gave them; one that ran is none, whatever its status.
export async function notStarted() {
  await connected('sdk', async (connection) => {
    const wrong = async (status, pattern, ...call) => {
      const result = await exec(connection, ...call);
      const { exit_code, stderr } = result.structuredContent;
      assert.deepEqual([result.isError, exit_code], [true, status]);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /ll-exec|ll-ns|argument \d|--chdir/);
    };
    await wrong(127, /^command: 'no-such-program' is not found/, 'no-such-program');
    // In a private root it does not exist.
    const [status, why] = server.args.includes('--sandbox') ? [127, /^command: .* is not found/] : [126, /^command: .* cannot be run/];
    await wrong(status, why, process.env.SECRET_FILE);
    await wrong(125, /^cwd: cannot start in \/nowhere/, 'pwd', [], { cwd: '/nowhere' });
    await wrong(127, /^command: 'ls -l' is not found[^]*give its arguments in `args`/, 'ls -l');
    for (const status of [125, 126, 127]) {
      const result = await shell(connection, `exit ${status}`);
      assert.deepEqual([result.isError, result.structuredContent.exit_code], [false, status]);
    }
  });
}

// The server's policy is one that must not be served.
export async function unsafe() {
  await connected('sdk', async (connection) => {
    const pattern = /user changes its command line or policy[^]*a command could replace it by a symbolic link/;
    assert.match(connection.client.getInstructions(), pattern);
    assert.equal((await connection.client.listTools()).tools.length, 3);
    for (const call of [{ name: 'exec', arguments: { command: 'true' } }, { name: 'policy', arguments: {} }]) {
      const result = await connection.call(call);
      assert.equal(result.isError, true);
      assert.match(text(result), pattern);
    }
  });
}

export async function explains() {
  await connected('sdk', async (connection) => {
    const secret = process.env.SECRET_FILE;
    const result = await exec(connection, 'cat', [secret, '/dev/null'], { explain: true });
    const found = result.structuredContent.refusals.find((refusal) => refusal.target === secret);
    assert.equal(found.layer, 'Landlock');
    assert.equal(found.what, 'read_file');
    assert.equal(found.line, `ro ${secret}`);
    const odd = await exec(connection, 'sh', ['-c', `cat ${secret}$(printf '\\377')`], { explain: true });
    assert.ok(Array.isArray(odd.structuredContent.refusals));
    assert.equal((await exec(connection, 'true', [], { explain: true })).structuredContent.exit_code, 0);
  });
}

// A filter of the command allows nothing that is refused, traced or not.
export async function outwitted() {
  await connected('sdk', async (connection) => {
    const probes = [['socket', '1', '1', '0'], ['socket', '2', '2', '0'], ['add-key'], ['io-uring'], ['memfd'], ['shmget']];
    for (const explain of [false, true])
      for (const kind of ['trace', 'notify', 'log'])
        for (const probe of probes) {
          const result = (await exec(connection, process.env.SERVED_PROBE, ['behind', kind, ...probe], { explain })).structuredContent;
          const found = [explain, kind, probe[0], result.exit_code, result.stderr.split('\n')[0].replace(/: E.*/, '')];
          assert.deepEqual(found, [explain, kind, probe[0], 1, probe[0]]);
        }
  });
}

// The control: with a policy that grants it, such a filter is in force and the call succeeds.
export async function notOutwitted() {
  await connected('sdk', async (connection) => {
    for (const kind of ['trace', 'notify', 'log']) {
      const result = await exec(connection, process.env.SERVED_PROBE, ['behind', kind, 'socket', '1', '1', '0'], { explain: true });
      assert.deepEqual([kind, result.structuredContent.exit_code], [kind, 0]);
    }
  });
}

// The folder has many/, which the policy does not grant.
export async function manyRefusals() {
  await connected('sdk', async (connection) => {
    const name = 'x'.repeat(200);
    for (let i = 0; i < 4000; i++) writeFileSync(`many/${name}${i}`, '');
    const { refusals, truncated, exit_code } = (await shell(connection, `seq -f 'many/${name}%.0f' 0 3999 | xargs /bin/cat`,
      { explain: true })).structuredContent;
    assert.deepEqual([truncated, exit_code], [true, 123]);
    assert.ok(refusals.length > 1000 && refusals.length < 4000, `${refusals.length}`);
    const others = refusals.filter(({ layer, line }) => layer !== 'Landlock' || !line.startsWith('ro '));
    assert.deepEqual(others, []);
  });
}

// The server was started with --sandbox. Paths that are mounted and not granted are refused as well.
export async function explainsInSandbox() {
  await connected('sdk', async (connection) => {
    const result = await shell(connection, '(: >sub/new); ls -l sub; unshare -U true', { explain: true });
    const found = new Map(result.structuredContent.refusals.map(({ layer, target, line }) => [target, [layer, line]]));
    assert.deepEqual(found.get(`${process.cwd()}/sub/new`), ['read-only file system', undefined]);
    // The query of libc to nscd is not reported.
    assert.equal(found.get('AF_UNIX SOCK_STREAM'), undefined);
    const unshared = result.structuredContent.refusals.find(({ what }) => what === 'unshare');
    assert.deepEqual([unshared.layer, unshared.line], ['filter', 'syscall allow unshare']);
    assert.equal((await exec(connection, 'true', [], { explain: true })).structuredContent.exit_code, 0);
    // The command cannot write to the report.
    const forged = await shell(connection, 'echo "[{}]" >&3', { explain: true });
    assert.match(forged.structuredContent.stderr, /Bad file descriptor/);
  });
}

// The server was started with --report: each command leaves its page, whatever its name, and cannot write to any.
export async function records() {
  await connected('sdk', async (connection) => {
    const result = await shell(connection, 'cat sub/none /etc/hostname >project/new; exit 3');
    assert.equal(result.structuredContent.exit_code, 3);
    const forged = await shell(connection, 'echo "<script>" >&5');
    assert.match(forged.structuredContent.stderr, /Bad file descriptor/);
    await exec(connection, '../../../usr/bin/<no such>');
    await Promise.all([1, 2, 3].map(() => exec(connection, 'true')));
  });
}

export async function inputs() {
  await connected('sdk', async (connection) => {
    const output = async (...call) => (await exec(connection, ...call)).structuredContent.stdout;
    assert.equal(await output('cat', [], { stdin: 'a\0b\n' }), 'a\0b\n');
    assert.equal(await output('cat'), '');
    const long = 'x'.repeat(200000);
    assert.equal(await output('cat', [], { stdin: long }), long);
    // One that does not read all of it.
    assert.equal(await output('head', ['-c', '3'], { stdin: 'y'.repeat(3000000) }), 'yyy');
    assert.equal(await output('pwd', [], { cwd: '/usr/bin' }), '/usr/bin\n');
    assert.equal(await output('pwd', [], { cwd: 'sub' }), `${process.cwd()}/sub\n`);
    assert.equal(await output('pwd'), `${process.cwd()}\n`);
    const missing = await exec(connection, 'pwd', [], { cwd: '/nowhere' });
    assert.equal(missing.structuredContent.exit_code, 125);
    assert.match(missing.structuredContent.stderr, /cannot start in \/nowhere/);
  });
}

// The policy of this test has the lines: env PATH GIVEN FIXED=policy
export async function variables() {
  const path = 'PATH=/usr/bin:/bin';
  const more = { env: { PATH: '/usr/bin:/bin', GIVEN: 'server', SECRET_TOKEN: 'hunter2' } };
  await connected('sdk', async (connection) => {
    const variables = async (given) => {
      const result = await exec(connection, '/usr/bin/env', [], given);
      return result.isError ? text(result) : result.structuredContent.stdout.trim().split('\n').sort();
    };
    assert.deepEqual(await variables({}), ['FIXED=policy', 'GIVEN=server', path]);
    assert.deepEqual(await variables({ env: { GIVEN: 'call' } }), ['FIXED=policy', 'GIVEN=call', path]);
    assert.match(await variables({ env: { OTHER: 'x' } }), /does not pass the variable OTHER/);
    assert.match(await variables({ env: { FIXED: 'x' } }), /does not pass the variable FIXED/);
    assert.match(await variables({ env: { LD_PRELOAD: 'x' } }), /does not pass the variable LD_PRELOAD/);
    assert.deepEqual(await variables({}), ['FIXED=policy', 'GIVEN=server', path]);
  }, more);
}

// The policy of this test names no variable.
export async function noVariables() {
  const more = { env: { ...process.env, SECRET_TOKEN: 'hunter2' } };
  await connected('sdk', async (connection) => {
    const result = await exec(connection, '/usr/bin/env');
    assert.equal(result.structuredContent.stdout, '');
  }, more);
}

export async function literal() {
  await connected('sdk', async (connection) => {
    const secret = process.env.SECRET_FILE;
    for (const option of [`--ro=${secret}`, '--no-landlock', '--best-effort', '-p', '--', '-', '--help']) {
      const { exit_code, stdout } = (await exec(connection, option, ['cat', secret])).structuredContent;
      assert.deepEqual([option, exit_code, stdout], [option, 127, '']);
      const printed = await exec(connection, 'printf', ['%s.', option, '$HOME', '`id`', '*', 'a b']);
      assert.equal(printed.structuredContent.stdout, `${option}.$HOME.\`id\`.*.a b.`);
      const there = await exec(connection, 'cat', [secret], { cwd: option });
      assert.notEqual(there.structuredContent.exit_code, 0);
      for (const question of [{ right: 'ro', path: option }, { right: option, path: secret }]) {
        const answer = await connection.call({ name: 'why', arguments: question });
        assert.ok(answer.isError || !answer.structuredContent.granted);
      }
    }
    assert.equal((await exec(connection, 'cat', [secret])).structuredContent.exit_code, 1);
  });
}

// The folder has project/ (rw) and, by its policy file, data/ (ro).
export async function settled() {
  const [policy, secret] = [process.env.POLICY_FILE, process.env.SECRET_FILE];
  await connected('sdk', async (connection) => {
    const reads = async (file) => (await exec(connection, 'cat', [file])).structuredContent.exit_code === 0;
    assert.deepEqual([await reads('data/file'), await reads(secret)], [true, false]);
    writeFileSync(policy, `ro ${secret}\n`);
    assert.deepEqual([await reads('data/file'), await reads(secret)], [true, false]);
    // Symlinks that a command creates in its directory are not followed.
    await shell(connection, 'cd project && mkdir a && rmdir a && ln -s / root && ln -s ../data data');
    assert.deepEqual([await reads('project/data/file'), await reads(`project/root${secret}`)], [true, false]);
    await shell(connection, 'mv project gone; rm -rf project; ln -s / project');
    assert.equal(await reads(secret), false);
    assert.equal((await shell(connection, 'cd project && echo x >kept')).structuredContent.exit_code, 0);
    // The user may: the name is what was chosen.
    renameSync('project', 'former');
    mkdirSync('project');
    symlinkSync(secret, 'project/link');
    assert.equal(await reads('project/link'), false);
  });
}

// With the policy `agent`, and project/ to work in.
export async function agent() {
  await connected('sdk', async (connection) => {
    const status = async (script) => (await shell(connection, script)).structuredContent.exit_code;
    assert.equal(await status('cd project && echo x >file && mv file other && rm other'), 0);
    assert.equal(await status('file=$(mktemp) && rm "$file"'), 0);
    assert.equal(await status('grep -q processor /proc/cpuinfo || grep -q CPU /proc/cpuinfo'), 0);
    assert.equal(await status('cat /proc/1/cmdline'), 1);
    assert.equal(await status(`cat ${process.env.SECRET_FILE}`), 1);
    assert.equal(await status('echo x >outside'), 2);
    const connects = 'import socket; socket.create_connection(("127.0.0.1", 9))';
    const refused = await exec(connection, '/usr/bin/python3', ['-c', connects]);
    assert.match(refused.structuredContent.stderr, /PermissionError/);
  });
}

export async function samePolicy() {
  await connected('sdk', async (connection) => {
    for (let i = 0; i < 2; i++) {
      const { policy } = (await connection.call({ name: 'policy', arguments: {} })).structuredContent;
      assert.equal(policy.trimEnd(), process.env.POLICY);
    }
  });
}

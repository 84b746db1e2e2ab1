// What a command can find out about the server that started it.
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { connected, exec, mark, processesWith, shell } from './client.mjs';

// The server was started with --ro /proc --env GIVEN, so that a command may read there.
export async function serverHidden() {
  const more = { env: { PATH: '/usr/bin:/bin', GIVEN: 'shown', SECRET_TOKEN: 'hunter2' } };
  await connected('sdk', async (connection) => {
    const look = `for process in /proc/[0-9]*; do
        tr '\\0' '\\n' <$process/environ; cat $process/root${process.env.SECRET_FILE}; ls $process/fd/
        echo '{"jsonrpc":"2.0","method":"x"}' >$process/fd/1
      done 2>/dev/null | grep -e hunter2 -e GIVEN -e secret`;
    for (const explain of [false, true]) {
      const { stdout } = (await shell(connection, look, { explain })).structuredContent;
      assert.ok(stdout.includes('GIVEN=shown'), stdout);
      assert.ok(!stdout.includes('hunter2') && !stdout.includes('secret'), stdout);
    }
  }, more);
}

// The server was started with --sandbox, where a call has a /tmp of its own.
export async function placeShowsNothing() {
  await connected('sdk', async (connection) => {
    for (const cwd of [process.cwd(), dirname(process.cwd()), dirname(process.env.SECRET_FILE), '/tmp', '/etc', '/']) {
      const look = await shell(connection, `cat here /etc/shadow ${process.cwd()}/here ${process.env.SECRET_FILE}; pwd`, { cwd });
      assert.equal(look.structuredContent.stdout, `${cwd}\n`);
      assert.match(look.structuredContent.stderr, /^(cat: .*: No such file or directory\n){4}$/);
    }
    const granted = await shell(connection, 'pwd; : >new && ls', { cwd: 'project' });
    assert.equal(granted.structuredContent.stdout, `${process.cwd()}/project\nnew\n`);
  });
}

// From ABI 6 on, and with --sandbox on every kernel.
export async function serverOutOfReach() {
  await connected('sdk', async (connection) => {
    const { pid } = connection.transport;
    const argument = mark();
    const beside = exec(connection, 'sleep', [argument], { timeout_ms: 3000 });
    const signals = `for target in ${pid} $PPID -1; do kill -KILL $target; kill -STOP $target; done; echo lives`;
    const { stdout } = (await shell(connection, signals)).structuredContent;
    assert.equal(stdout, 'lives\n');
    assert.ok(processesWith(argument) > 0);
    assert.equal((await beside).structuredContent.timed_out, true);
  });
}

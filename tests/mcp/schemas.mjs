// All arguments and results match the JSON schemas of tools/list.
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import { byEach, connected, exec, shell } from './client.mjs';

const ajv = new Ajv({ strict: true, allErrors: true });

async function validators(client) {
  const { tools } = await client.listTools();
  return Object.fromEntries(tools.map((tool) => [tool.name, {
    takes: ajv.compile(tool.inputSchema),
    gives: ajv.compile(tool.outputSchema),
  }]));
}

export async function results() {
  await byEach(async (connection) => {
    const tools = await validators(connection.client);
    const valid = (name, result) => {
      const { gives } = tools[name];
      assert.ok(gives(result.structuredContent), ajv.errorsText(gives.errors));
      assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
      return result.structuredContent;
    };
    const secret = process.env.SECRET_FILE;
    valid('exec', await exec(connection, 'true'));
    valid('exec', await exec(connection, 'no-such-program'));
    valid('exec', await shell(connection, 'printf "\\377\\000\\"" >&2; exit 3'));
    valid('exec', await shell(connection, 'kill -KILL $$'));
    assert.equal(valid('exec', await exec(connection, 'sleep', ['9'], { timeout_ms: 50 })).timed_out, true);
    assert.equal(valid('exec', await shell(connection, 'yes | head -c 1000000')).truncated, true);
    assert.deepEqual(valid('exec', await exec(connection, 'true', [], { explain: true })).refusals, []);
    assert.notDeepEqual(valid('exec', await exec(connection, 'cat', [secret, '/etc'], { explain: true })).refusals, undefined);
    for (const path of [secret, '/usr', 'nothing'])
      valid('why', await connection.call({ name: 'why', arguments: { right: 'ro', path } }));
    valid('policy', await connection.call({ name: 'policy', arguments: {} }));
    for (const name of ['exec', 'why', 'policy']) assert.equal(tools[name].gives({}), false);
  });
}

// The server accepts what the schema allows, and nothing else.
export async function takenArguments() {
  await connected('sdk', async (connection) => {
    const tools = await validators(connection.client);
    const asked = {
      exec: [
        {}, { command: 'true' }, { command: '' }, { command: 7 }, { command: null }, { command: 'true', args: [] },
        { command: 'true', args: ['a', ''] }, { command: 'true', args: [1] }, { command: 'true', args: {} },
        { command: 'true', cwd: '/usr' }, { command: 'true', cwd: 1 }, { command: 'true', stdin: 'a\0b' },
        { command: 'true', stdin: [] }, { command: 'true', env: {} }, { command: 'true', env: [] },
        { command: 'true', env: { PATH: 1 } }, { command: 'true', env: { PATH: '/usr/bin' } },
        { command: 'true', timeout_ms: 5000 }, { command: 'true', timeout_ms: 0 }, { command: 'true', timeout_ms: -1 },
        { command: 'true', timeout_ms: 1.5 }, { command: 'true', timeout_ms: '5' }, { command: 'true', timeout_ms: null },
        { command: 'true', explain: false }, { command: 'true', explain: 'yes' }, { command: 'true', other: 1 },
      ],
      why: [{}, { right: 'ro' }, { right: 'ro', path: '/' }, { right: '', path: '/' }, { right: 'ro', path: '' },
        { right: 'ro', path: '/', other: 1 }, { right: ['ro'], path: '/' }],
      policy: [{}, { other: 1 }],
    };
    for (const [name, list] of Object.entries(asked))
      for (const given of list) {
        const result = await connection.call({ name, arguments: given });
        assert.deepEqual([given, result.isError === true], [given, !tools[name].takes(given)]);
      }
  });
}

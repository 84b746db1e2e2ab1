// The clients of the official SDKs, and queries about the machine.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

const me = { name: 'll-mcp-tests', version: '0' };

// The SDK that most clients are built on, the one that came after it, and that one without a handshake. The later one wants
// a later Node.js than the oldest Debian has.
export const kinds = parseInt(process.versions.node, 10) >= 20 ? ['sdk', 'client', 'modern'] : ['sdk'];

// Read when a test connects by it: each takes a third of a second.
export async function sdk() {
  const [index, stdio, types] = await Promise.all(['client/index.js', 'client/stdio.js', 'types.js'].map((file) =>
    import(`@modelcontextprotocol/sdk/${file}`)));
  return { ...index, ...stdio, ...types };
}
export async function laterSdk() {
  return { ...await import('@modelcontextprotocol/client'), ...await import('@modelcontextprotocol/client/stdio') };
}

// The server with the arguments that the test was given.
export const server = { command: process.argv[3], args: process.argv.slice(4) };

export async function connect(kind = 'sdk', more = {}) {
  const parameters = { ...server, stderr: 'inherit', ...more };
  if (kind === 'sdk') {
    const { Client, StdioClientTransport, CallToolResultSchema } = await sdk();
    const client = new Client(me);
    const transport = new StdioClientTransport(parameters);
    await client.connect(transport);
    return { client, transport, call: (params, options) => client.callTool(params, CallToolResultSchema, options) };
  }
  const { Client, StdioClientTransport } = await laterSdk();
  const negotiation = kind === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {};
  const client = new Client(me, negotiation);
  const transport = new StdioClientTransport(parameters);
  await client.connect(transport);
  return { client, transport, call: (params, options) => client.callTool(params, options) };
}

// Runs `body` with its own connection, which is closed in any case.
export async function connected(kind, body, more) {
  const connection = await connect(kind, more);
  try {
    return await body(connection);
  } finally {
    await connection.client.close();
  }
}

// By all kinds of client at once.
export function byEach(body) {
  return Promise.all(kinds.map((kind) => connected(kind, body)));
}

export function exec(connection, command, args = [], more = {}, options = undefined) {
  return connection.call({ name: 'exec', arguments: { command, args, ...more } }, options);
}

export function shell(connection, script, more, options) {
  return exec(connection, 'sh', ['-c', script], more, options);
}

// Processes that have that argument, and are not dead already.
export function processesWith(argument) {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0').includes(argument);
    } catch {
      return false;
    }
  }).length;
}

export async function until(holds, what) {
  for (let i = 0; i < 6000; i++) {
    if (await holds()) return;
    await sleep(10);
  }
  throw new Error(`never: ${what}`);
}

let marks = 0;
// An argument of sleep(1) that no other process has.
export function mark() {
  marks += 1;
  return `${3000 + (process.pid % 1000)}.${process.pid}${marks}`;
}

// Three processes that ignore signals: one in the foreground, one that left its session, one that was
// orphaned twice over.
export function stubborn(argument) {
  return `trap '' TERM HUP INT QUIT PIPE
    setsid sleep ${argument} &
    setsid sh -c '(setsid sleep ${argument} &)'
    sleep ${argument}`;
}

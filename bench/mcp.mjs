// mcp.mjs SERVER ARGUMENT...: what a call of /bin/true costs, next to a plain spawn and wait by the same client.
// Interleaved, so that what else the machine does meets both alike. With sandboxec on PATH, that as well.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { accessSync, constants } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [command, ...args] = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? 500);
const warmUp = 50;

async function connect(parameters) {
  const client = new Client({ name: 'bench', version: '0' });
  await client.connect(new StdioClientTransport({ ...parameters, stderr: 'ignore' }));
  return client;
}

function onPath(name) {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(`${folder}/${name}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const plain = () => new Promise((resolve, reject) => {
  spawn('/bin/true', [], { stdio: ['ignore', 'pipe', 'pipe'] }).on('error', reject).on('close', resolve);
});

function caller(client, params) {
  return async () => {
    const result = await client.callTool(params);
    if (result.isError) throw new Error(result.content[0].text);
  };
}

const ours = await connect({ command, args });
const rows = [
  { name: 'spawn and wait', act: plain },
  { name: 'll-mcp', act: caller(ours, { name: 'exec', arguments: { command: '/bin/true' } }) },
];
const closing = [ours];
if (onPath('sandboxec')) {
  const other = await connect({ command: 'sandboxec', args: ['--mode', 'mcp', '--fs', 'rx:/usr'] });
  closing.push(other);
  rows.push({ name: 'sandboxec', act: caller(other, { name: 'exec', arguments: { command: '/bin/true' } }) });
}

for (const row of rows) row.times = [];
for (let i = 0; i < warmUp + rounds; i++)
  for (const row of rows) {
    const start = performance.now();
    await row.act();
    if (i >= warmUp) row.times.push(performance.now() - start);
  }
for (const client of closing) await client.close();

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const base = median(rows[0].times);
console.log(`medians of ${rounds} interleaved rounds`);
for (const row of rows) {
  const time = median(row.times);
  console.log(`${row.name.padEnd(16)} ${time.toFixed(2).padStart(7)} ms ${(time / base).toFixed(2).padStart(6)} x`);
}

// With --sandbox there are namespaces to make and to take down: no bar is about that.
function bar(name, row, most) {
  const ratio = median(rows[1].times) / median(row.times);
  const holds = ratio <= most;
  console.log(`${name}: ${ratio.toFixed(2)} <= ${most}: ${holds ? 'PASS' : 'over'}`);
  if (!holds) process.exitCode = 1;
}

if (!args.includes('--sandbox')) {
  bar('a call next to a plain spawn and wait', rows[0], 1.5);
  if (rows.length > 2) bar("a call next to sandboxec's", rows[2], 0.4);
}

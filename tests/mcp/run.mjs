// run.mjs TEST SERVER ARGUMENT...: one test of those that the other files export. Status 0 if it passes. With BOTH set, it
// has to pass once more with --sandbox.
import { readFileSync } from 'node:fs';
import { server } from './client.mjs';

// Only its own file, as others read what it does not use.
async function testNamed(name) {
  for (const file of ['asks', 'ends', 'load', 'reach', 'schemas', 'tools', 'wire'].map((each) => `./${each}.mjs`))
    if (readFileSync(new URL(file, import.meta.url), 'utf8').includes(`export async function ${name}(`))
      return (await import(file))[name];
  throw new Error(`there is no test ${name}`);
}

const test = await testNamed(process.argv[2]);
await test();
if (process.env.BOTH !== undefined) {
  server.args.push('--sandbox');
  try {
    await test();
  } catch (error) {
    throw new Error('with --sandbox', { cause: error });
  }
}
process.exit(0);

// run.mjs TEST SERVER ARGUMENT...: one test of those that the other files export. Status 0 if it passes.
import * as asks from './asks.mjs';
import * as ends from './ends.mjs';
import * as load from './load.mjs';
import * as reach from './reach.mjs';
import * as schemas from './schemas.mjs';
import * as tools from './tools.mjs';
import * as wire from './wire.mjs';

const test = { ...asks, ...ends, ...load, ...reach, ...schemas, ...tools, ...wire }[process.argv[2]];
if (test === undefined) throw new Error(`there is no test ${process.argv[2]}`);
await test();
process.exit(0);

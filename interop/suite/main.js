// Runs the interoperability suite against nodes that are up. `interop/run` starts them.

import { parseArgs } from 'node:util';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { authenticationCases, tableCases } from './authentication.js';
import { browserCases } from './browser.js';
import { CLIENTS } from './clients.js';
import { compressionCases } from './compression.js';
import { Driver } from './driver.js';
import { nodes, plan } from './plan.js';
import { tracingCases } from './tracing.js';
import { untrue } from './untrue.js';

/** After so many failures the rest is not run, but counted as failed: the router is not well. */
const MAX_FAILURES = 100;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', multiple: true },
    realm: { type: 'string', default: 'realm1' },
    'closed-realm': { type: 'string' },
    'table-realm': { type: 'string', multiple: true, default: [] },
    collector: { type: 'string' },
    'compressed-url': { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    screenshots: { type: 'string' },
    'self-check': { type: 'boolean', default: false },
  },
});

/** `ws://host:port/path`; RawSocket is at the same port unless `,rs://host:port` follows. */
function endpoint(text) {
  const [websocket, rawsocket] = text.split(',');
  const { protocol, host } = new URL(websocket);
  const encrypted = protocol === 'wss:';
  return {
    websocket,
    rawsocket: rawsocket ?? `${encrypted ? 'rss' : 'rs'}://${host}`,
    longpoll: `${encrypted ? 'https' : 'http'}://${host}/lp`,
  };
}

const urls = options.url.map((url, node) => ({ ...endpoint(url), compressed: options['compressed-url'][node] }));
const only = new RegExp(options.only ?? '');
const selfCheck = options['self-check'];
const directory = dirname(dirname(fileURLToPath(import.meta.url)));
const drivers = new Map(
  CLIENTS.map((client) => [client, new Driver(client, directory, selfCheck ? untrue : undefined)]),
);

async function runCase({ scenario, a, b }, index) {
  const [nodeA, nodeB] = nodes(urls, index);
  const prefix = `tandem.interop.case${index}.run${process.pid}`;
  const opened = [];
  const open = async (seat, url) => {
    const session = await drivers.get(seat.client).open(seat, url, options.realm);
    opened.push(session);
    return session;
  };
  try {
    await scenario.run({
      a: await open(a, nodeA),
      b: await open(b, nodeB),
      uri: (name) => `${prefix}.${name}`,
      bCan: (skill) => b.client.can.has(skill),
    });
  } finally {
    await Promise.all(opened.map((session) => session.end()));
  }
}

/** The features each node announces; a scenario that needs another one is not run, and said so. */
async function announced() {
  const [client] = CLIENTS;
  const seat = { transport: 'websocket', serializer: 'json' };
  const everywhere = await Promise.all(
    urls.map(async (url) => {
      const session = await drivers.get(client).open(seat, url, options.realm);
      await session.close().catch(() => {});
      return { ...session.roles.broker.features, ...session.roles.dealer.features };
    }),
  );
  return (feature) => everywhere.every((features) => features[feature] === true);
}

const announces = await announced().catch((error) => {
  console.log(`FAIL no session to begin with: ${error.message}\n0 passed, 1 failed`);
  process.exit(1);
});
const planned = plan().filter(({ name }) => only.test(name));
const left = new Set(planned.map(({ scenario }) => scenario.feature).filter((f) => f && !announces(f)));
for (const feature of left) console.log(`note ${feature} is not announced: its cases are left out`);

const cases = planned
  .filter(({ scenario }) => !left.has(scenario.feature))
  .map((one, index) => ({ name: one.name, run: () => runCase(one, index) }));
if (options['closed-realm']) {
  const closed = authenticationCases(
    drivers,
    urls,
    options['closed-realm'],
    options.realm,
  );
  cases.push(...closed.filter(({ name }) => only.test(name)));
} else {
  console.log('note no closed realm is known: the cases of authentication are left out');
}
const table = tableCases(drivers, urls, options['table-realm']);
cases.push(...table.filter(({ name }) => only.test(name)));
if (urls.every(({ compressed }) => compressed)) {
  cases.push(...compressionCases(drivers, urls, options.realm).filter(({ name }) => only.test(name)));
} else {
  console.log('note no listener that compresses is known: the cases of compression are left out');
}
if (options.collector) {
  const traced = tracingCases(drivers, urls, options.realm, options.collector);
  cases.push(...traced.filter(({ name }) => only.test(name)));
} else {
  console.log('note no collector is known: the cases of traces are left out');
}
if (!selfCheck) {
  cases.push(...browserCases(urls, options.screenshots).filter(({ name }) => only.test(name)));
}

const complaints = () => [...drivers.values()].flatMap((driver) => driver.complaints());

let passed = 0;
let failed = 0;
for (const { name, run } of cases) {
  if (failed === MAX_FAILURES && !selfCheck) {
    console.log(`FAIL ${cases.length - passed - failed} cases not run after ${failed} failures`);
    failed = cases.length - passed;
    break;
  }
  const started = performance.now();
  try {
    await run();
    complaints();
    passed++;
    console.log(`ok   ${name} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n       ${error.message.replace(/\s*\n\s*/g, ' ')}`);
    for (const line of complaints()) console.log(`       | ${line}`);
  }
}
for (const driver of drivers.values()) driver.stop();
console.log(`${passed} passed, ${failed} failed`);

if (selfCheck) {
  console.log(passed === 0 && failed > 0 ? 'self-check: every case noticed' : 'self-check: FAILED');
  process.exitCode = passed === 0 && failed > 0 ? 0 : 1;
} else {
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

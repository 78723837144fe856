// Three nodes behind each balancer, as the files in docs/balancers say. `interop/balancers` starts this.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { callInPage } from '../browser.js';
import { Client, clientOn, lineOf, nodeOf, opening } from './clients.js';
import { Load } from './load.js';
import { BALANCER, BALANCERS, CLIENT, DIRECTORY, NODES, ROOT, addressOf, nodeFile } from './place.js';
import { LIMIT_MILLIS, Process, stopAll, until } from './processes.js';

/** The node that goes. */
const LEAVING = NODES[1];

/** Less than it takes to be told that a node goes. */
const TALK_MILLIS = 2;

/** A balancer may ask a node that was away only now and then. */
const RETURN_MILLIS = 30_000;

const WEB = `wss://${BALANCER}/ws`;
const OCTETS = `wss://${BALANCER}:8443/ws`;
const RAW = `rss://${BALANCER}:8443`;
const POLLS = `https://${BALANCER}/lp`;
const AT = { websocket: WEB, longpoll: POLLS };

// The shell's clients have to believe the certificate too.
const java = {
  cwd: ROOT,
  env: {
    ...process.env,
    TANDEM_JAVA_OPTS: `-Djavax.net.ssl.trustStore=${join(DIRECTORY, 'trust.p12')} -Djavax.net.ssl.trustStorePassword=certificates`,
  },
};

let passed = 0;
let failed = 0;

async function check(name, run) {
  const begun = performance.now();
  try {
    const told = await run();
    passed++;
    console.log(`ok   ${name} (${Math.round(performance.now() - begun)} ms)${told ? `: ${told}` : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}\n       ${error.message.replace(/\s*\n\s*/g, ' ')}`);
  }
}

// --- Nodes -------------------------------------------------------------------------------------------

const processes = new Map();

function startNode(node) {
  const command = [join(ROOT, 'tandem'), 'start', '--config', nodeFile(node)];
  processes.set(node, new Process(node, command, { cwd: ROOT }));
  return processes.get(node).says(/ready: /);
}

// --- What has to be so --------------------------------------------------------------------------------

/** One client on each node, by whatever the balancer chooses. */
async function oneOnEach(url) {
  const clients = new Map();
  await until(`clients on all nodes over ${url}`, async () => {
    const client = new Client(url);
    const node = await nodeOf(await client.joined());
    if (clients.has(node)) await client.close();
    else clients.set(node, client);
    return clients.size === NODES.length;
  });
  return clients;
}

/** Each node's client is called by each other node's. */
async function callsAcross(url) {
  const clients = await oneOnEach(url);
  let calls = 0;
  for (const [node, { session }] of clients) {
    await session.register('com.example.across', ([from]) => `${from} to ${node}`);
    for (const [from, caller] of clients) {
      if (from === node) continue;
      assert.equal(await caller.session.call('com.example.across', [from]), `${from} to ${node}`);
      calls++;
    }
    await Promise.all(session.registrations.map((registration) => registration.unregister()));
  }
  await Promise.all([...clients.values()].map((client) => client.close()));
  return `${calls} calls, each from one node to another`;
}

/** The address of the audit log is the client's, not the balancer's. */
async function addressIsTold(url) {
  const client = new Client(url);
  const { address } = await lineOf(await client.joined());
  await client.close();
  assert.equal(address.replace(/:\d+$/, ''), CLIENT);
  return address;
}

/** A client that claims to come on behalf of another one is who it is. */
async function claimsAreNotBelieved() {
  const headers = { 'X-Forwarded-For': '203.0.113.7' };
  const socket = new WebSocket(WEB, ['wamp.2.json'], { headers });
  const welcome = await new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify([1, 'realm1', { roles: { caller: {} } }])));
    socket.on('message', (text) => resolve(JSON.parse(text)));
    socket.on('error', reject);
  });
  const { address } = await lineOf({ id: welcome[1] });
  socket.close();
  assert.equal(address.replace(/:\d+$/, ''), CLIENT);
}

/** RawSocket is forwarded, with TLS to the node. */
async function rawSocketIsForwarded() {
  const begun = new Process('rawsocket', [join(ROOT, 'tandem'), 'selftest', ...[RAW, RAW, '--prefix', 'com.example.raw']], java);
  assert.equal(await begun.ended, 0, begun.output());
}

/** A client that always has something under way to its node. */
function talking(client) {
  const turn = setInterval(() => {
    if (client.leaves) clearInterval(turn);
    else if (client.session?.isOpen) client.session.publish('com.example.talk');
  }, TALK_MILLIS);
  return client;
}

/** A node is asked to go while its clients call, and comes back. */
async function drains(balancer, watch) {
  const load = new Load([WEB, OCTETS, POLLS], 9);
  await load.start();
  const bench = ['bench', 'drain', '--url', RAW, '--clients', '4', '--rate', '50', '--duration', '20'];
  const shell = await opening(8, () => new Process('drain', [join(ROOT, 'tandem'), ...bench], java));
  const slow = await clientOn(LEAVING, WEB);
  await slow.session.register('com.example.slow', () => new Promise((resolve) => setTimeout(() => resolve('done'), 4000)));
  const caller = new Client(WEB);
  const talker = talking(await clientOn(LEAVING, POLLS));
  const before = load.results;
  await until('calls', () => load.results > before + 100);

  const answer = (await caller.joined()).call('com.example.slow');
  const leaving = processes.get(LEAVING);
  leaving.signal('SIGTERM');
  await leaving.says(/draining/);

  await check(`${balancer}: while the node drains, new clients go to the others at once`, async () => {
    let joined = 0;
    for (const url of [WEB, OCTETS, POLLS, WEB, OCTETS, POLLS, WEB, OCTETS, POLLS]) {
      const client = new Client(url);
      const node = await nodeOf(await client.joined());
      assert.notEqual(node, LEAVING);
      assert.deepEqual(client.failures, []);
      await client.close();
      joined++;
    }
    assert.ok(leaving.runs, 'the node has ended before that was tried');
    return `${joined} clients`;
  });
  await watch.gone(leaving);
  await check(`${balancer}: what was under way on the node is finished`, async () => {
    assert.equal(await answer, 'done');
    assert.equal(await leaving.ended, 0, leaving.output());
  });
  await slow.joined();
  await check(`${balancer}: a long-poll client that sends when its node goes is told of one loss`, async () => {
    await talker.joined();
    assert.deepEqual([talker.losses, ...talker.failures], [1]);
  });
  await Promise.all([slow, caller, talker].map((client) => client.close()));

  await startNode(LEAVING);
  await check(`${balancer}: the node that is back gets clients again`, async () => {
    const begun = performance.now();
    await (await clientOn(LEAVING, WEB, RETURN_MILLIS)).close();
    await (await clientOn(LEAVING, OCTETS, RETURN_MILLIS)).close();
    return `after ${Math.round(performance.now() - begun)} ms`;
  });
  await watch.back();
  await check(`${balancer}: no call failed, and the clients have moved`, async () => {
    const nodes = await load.stop();
    assert.ok(load.isWhole, `${load}`);
    assert.ok(load.clients.some((client) => client.losses > 0), 'no client had to move: that proves nothing');
    assert.ok(nodes.every((node) => NODES.includes(node)));
    return `${load}`;
  });
  await check(`${balancer}: no call of RawSocket clients failed, and they have moved`, async () => {
    const status = await shell.ended;
    const told = shell.output().trim().split('\n').at(-1);
    assert.equal(status, 0, told);
    assert.match(told, / [1-9]\d* (reconnects of callers|of callees)/, 'none had to move: that proves nothing');
    return told;
  });
}

/** What only HAProxy has: it asks nodes for health, and tells what it hears. */
const watches = {
  nginx: () => ({ gone: async () => {}, back: async () => {} }),
  haproxy: (balancer) => ({
    gone: (leaving) =>
      check('haproxy: the health check takes the node out while it drains', async () => {
        for (const backend of ['tandem', 'octets']) {
          await balancer.says(new RegExp(`Server ${backend}/${LEAVING} is DOWN.*code: 503`));
        }
        assert.ok(leaving.runs, 'the node was gone by then');
      }),
    back: () =>
      check('haproxy: the health check takes the node in again', () =>
        balancer.says(new RegExp(`Server tandem/${LEAVING} is UP`)).then(() => ''),
      ),
  }),
};

async function behind(name) {
  const balancer = new Process(name, BALANCERS[name](), { cwd: DIRECTORY });
  await until(`${name} accepts`, async () => {
    assert.ok(balancer.runs, `${name} has ended: ${balancer.output()}`);
    const client = new Client(WEB);
    const joined = await until('a session', () => client.session, 1000).catch(() => null);
    await client.close();
    return joined;
  });
  for (const [what, url] of Object.entries({ WebSocket: WEB, 'WebSocket in TLS': OCTETS, 'long-poll': POLLS })) {
    await check(`${name}: clients by ${what} call each other across nodes`, () => callsAcross(url));
    await check(`${name}: the audit log has their address, by ${what}`, () => addressIsTold(url));
  }
  await check(`${name}: what a client says of its address is not believed`, claimsAreNotBelieved);
  await check(`${name}: RawSocket`, rawSocketIsForwarded);
  await check(`${name}: WebSocket and long-poll in Chromium`, () => callInPage(`https://${BALANCER}/`, AT, AT));
  await drains(name, watches[name](balancer));
  await balancer.stop();
}

const { positionals } = parseArgs({ allowPositionals: true });
const begun = Date.now();
process.on('unhandledRejection', (error) => console.log(`note ${error?.message ?? error}`));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => stopAll().finally(() => process.exit(1)));
}
try {
  await Promise.all(NODES.map(startNode));
  console.log(`note three nodes are ready after ${Math.round((Date.now() - begun) / 1000)} s`);
  for (const name of positionals.length > 0 ? positionals : Object.keys(BALANCERS)) await behind(name);
} catch (error) {
  failed++;
  console.log(`FAIL ${error.stack}`);
} finally {
  await stopAll();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

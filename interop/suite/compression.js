// permessage-deflate, which every client here offers: taken where the listener says so, and nowhere else.

import assert from 'node:assert/strict';
import { nodes } from './plan.js';

/** Longer than the shortest message that the router compresses, and worth it. */
const LONG = 'a message that compresses well. '.repeat(1000);

/** One case for each client; its callee is on another node, where there is one. */
export function compressionCases(drivers, urls, realm) {
  return [...drivers].map(([client, driver], index) => ({
    name: `${client.name}: compressed messages`,
    run: () => compressed(client, driver, nodes(urls, index), realm),
  }));
}

async function compressed(client, driver, [nodeA, nodeB], realm) {
  const seat = { client, transport: 'websocket', serializer: 'json', extensions: true };
  const opened = [];
  const open = async (websocket) => {
    const session = await driver.open(seat, { websocket }, realm);
    opened.push(session);
    return session;
  };
  try {
    const a = await open(nodeA.compressed);
    const b = await open(nodeB.compressed);
    const plain = await open(nodeB.websocket);
    assert.deepEqual([a.compressed, b.compressed, plain.compressed], [true, true, false], 'what was agreed on');
    const uri = `tandem.interop.compressed${client.name.replace(/\W/g, '')}.run${process.pid}`;
    await b.register(uri, 'echo');
    await plain.subscribe(uri);
    await b.subscribe(uri);
    // Small ones between them go out as they are.
    for (const text of [LONG, 'short', LONG, LONG]) {
      assert.deepEqual((await a.call(uri, [text])).args, [text]);
      assert.deepEqual((await plain.call(uri, [text])).args, [text]);
      await a.publish(uri, [text]);
      assert.deepEqual((await b.event(uri)).args, [text]);
      assert.deepEqual((await plain.event(uri)).args, [text]);
    }
  } finally {
    await Promise.all(opened.map((session) => session.end()));
  }
}

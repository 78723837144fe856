// Traces: who can name the one that a call or publication belongs to, who is told its place in it, and
// what the nodes tell a collector of it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { seats } from './clients.js';
import { nodes } from './plan.js';

const NOT_RECORDED = '00';
const RECORDED = '01';

/** Until the nodes have sent so many spans of the trace, which they do each second. */
async function told(collector, trace, count) {
  for (const start = Date.now(); Date.now() - start < 10_000; ) {
    const spans = await (await fetch(`${collector}/spans/${trace}`)).json();
    if (spans.length >= count) return spans;
    await new Promise((looked) => setTimeout(looked, 50));
  }
  assert.fail(`no ${count} spans of trace ${trace} have come`);
}

/** Each client that can name a trace: to those who hear of it in each serializer, to all others in JSON. */
export function tracingCases(drivers, urls, realm, collector) {
  const over = seats().filter(({ transport }) => transport === 'websocket');
  const pairs = over
    .filter(({ client }) => client.can.has('name-trace'))
    .flatMap((a) => over.filter((b) => b.serializer === a.serializer).map((b) => [a, b]))
    .filter(([, { client, serializer }]) => serializer === 'json' || client.can.has('hear-trace'));
  return pairs.map(([a, b], index) => ({
    name: `${a.name} -> ${b.name}: a trace goes on through the router`,
    run: () => traced(drivers, a, b, nodes(urls, index), realm, collector, `t${index}`),
  }));
}

async function traced(drivers, seatA, seatB, [nodeA, nodeB], realm, collector, name) {
  const uri = `tandem.interop.traced.${name}.run${process.pid}`;
  const hears = seatB.client.can.has('hear-trace');
  const opened = [];
  const open = async (seat, url) => {
    const session = await drivers.get(seat.client).open(seat, url, realm);
    opened.push(session);
    return session;
  };
  try {
    const a = await open(seatA, nodeA);
    const b = await open(seatB, nodeB);
    await b.register(uri, hears ? 'place' : 'echo');
    await b.subscribe(uri);
    const trace = randomBytes(16).toString('hex');
    const parent = randomBytes(8).toString('hex');
    const context = (flags) => ({ _traceparent: `00-${trace}-${parent}-${flags}`, _tracestate: 'interop=1' });

    const { args } = await a.call(uri, ['x'], {}, { options: context(RECORDED) });
    await a.publish(uri, ['x'], {}, context(RECORDED));
    const event = await b.event(uri);
    assert.deepEqual(event.args, ['x']);
    const spans = await told(collector, trace, 4);
    const span = (step) => spans.find((each) => each.name === `${step} ${uri}`);
    assert.equal(spans.length, 4, JSON.stringify(spans));
    assert.equal(span('CALL').parent, parent);
    assert.equal(span('INVOCATION').parent, span('CALL').id);
    assert.equal(span('PUBLISH').parent, parent);
    assert.equal(span('EVENT').parent, span('PUBLISH').id);
    const place = (step) => `00-${trace}-${span(step).id}-${RECORDED}`;
    assert.deepEqual(args, hears ? [place('INVOCATION'), 'interop=1'] : ['x']);
    assert.equal(event.trace, hears ? place('PUBLISH') : undefined);

    if (hears) {
      // One that is not recorded is handed on as it is.
      const unrecorded = await a.call(uri, ['x'], {}, { options: context(NOT_RECORDED) });
      assert.deepEqual(unrecorded.args, [`00-${trace}-${parent}-${NOT_RECORDED}`, 'interop=1']);
    }
    // What is none is none, and the session lives.
    const { args: none } = await a.call(uri, ['x'], {}, { options: { _traceparent: 5 } });
    assert.deepEqual(none, hears ? [null, null] : ['x']);
  } finally {
    await Promise.all(opened.map((session) => session.end()));
  }
}

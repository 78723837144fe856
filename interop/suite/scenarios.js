// What is expected of a router, whatever client looks at it.
//
// A scenario gets two open sessions: `b` serves (registers, subscribes), `a` asks (calls, publishes).
// `uri(name)` is a URI no other case uses.

import assert from 'node:assert/strict';
import { WampError } from './driver.js';

const KILLED = 'tandem.interop.killed';

const HISTORY = 'tandem.interop.history'; // wampy takes no pattern that ends with a dot

const REFUSED = 'tandem.interop.error.refused';

const ARGS = [1, 'two', [3, { four: 4 }]];
const KWARGS = { colour: 'blue', sizes: [1, 2.5] };

/** Values which every serializer and every client here can carry. */
const VALUES = {
  'unicode text': ['', 'Grüße, 世界', '🚲🚲', 'tab\tquote"slash/\\', 'e\u0301', '\u2028'],
  'null, booleans and floats': [null, true, false, [null, [null]], 0.5, -1.25, 1e300],
  'nested lists and maps': [[], {}, [[[]]], { a: { b: [{ c: {} }, []] } }, { '': 'empty key' }],
  'integers up to 2^53': [0, -1, 127, 128, -129, 65536, 2 ** 32, -(2 ** 32), 2 ** 53, -(2 ** 53)],
};

const BYTES = [{ $bytes: '' }, { $bytes: 'AAEC/f7/' }, [{ inner: { $bytes: 'EOP/kFMHXFJvX8BtT+N82w==' } }]];

const WIDE = [{ $int: '9223372036854775807' }, { $int: '-9223372036854775808' }, { $int: '18446744073709551615' }];

/** One client reports 2^53 as a number, another as a big integer; both mean the same. */
function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  if ('$int' in value && Math.abs(Number(value.$int)) <= 2 ** 53) return Number(value.$int);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, canonical(item)]));
}

function carried({ args, kwargs }, expectedArgs, expectedKwargs = {}) {
  assert.deepEqual(canonical(args), expectedArgs);
  assert.deepEqual(canonical(kwargs), expectedKwargs);
}

/** Asks until the router knows it no more: what has ended may stand in the record a little longer. */
async function gone(ask, uri) {
  const isThere = () =>
    ask().then(
      () => true,
      (error) => error.uri !== uri,
    );
  for (let asked = 1; await isThere(); asked++) assert.ok(asked < 1000, `it is still there, no ${uri}`);
}

/** The one result, which some clients spread where it is a list. */
function only({ args }) {
  return canonical(args.length === 1 ? args[0] : args);
}

async function refused(promise, ...uris) {
  const error = await promise.then(
    () => assert.fail(`expected ${uris.join(' or ')}, but it succeeded`),
    (reason) => reason,
  );
  if (!(error instanceof WampError)) throw error;
  assert.ok(uris.includes(error.uri), `expected ${uris.join(' or ')}, but got ${error.message}`);
  return error;
}

/** There and back in a call, and out once more as an event. */
async function everyWay({ a, b, uri }, values) {
  await b.register(uri('echo'), 'echo');
  carried(await a.call(uri('echo'), values, { values }), values, { values });
  await b.subscribe(uri('topic'));
  await a.publish(uri('topic'), values, { values });
  carried(await b.event(uri('topic')), values, { values });
}

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string[]} [asks] what the client of `a` must be able to do
 * @property {string[]} [serves] what the client of `b` must be able to do
 * @property {string} [feature] a feature of broker or dealer that the router must announce
 * @property {boolean} [crossed] also worth running between two different clients
 * @property {(stage: {a, b, uri, bCan}) => Promise<void>} run
 */

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    name: 'call and result carry args and kwargs',
    crossed: true,
    async run({ a, b, uri }) {
      const { registration } = await b.register(uri('echo'), 'echo');
      assert.ok(Number.isSafeInteger(registration) && registration > 0, `id ${registration}`);
      carried(await a.call(uri('echo'), ARGS, KWARGS), ARGS, KWARGS);
      carried(await a.call(uri('echo'), ['alone']), ['alone']);
      carried(await a.call(uri('echo')), []);
    },
  },
  {
    name: 'application error carries URI, args and kwargs',
    crossed: true,
    async run({ a, b, uri }) {
      await b.register(uri('refuse'), 'refuse');
      const error = await refused(a.call(uri('refuse'), ARGS, KWARGS), REFUSED);
      carried(error, ARGS, KWARGS);
    },
  },
  {
    name: 'event carries args, kwargs and the publication',
    crossed: true,
    async run({ a, b, uri, bCan }) {
      const { subscription } = await b.subscribe(uri('topic'));
      assert.ok(Number.isSafeInteger(subscription) && subscription > 0, `id ${subscription}`);
      const { publication } = await a.publish(uri('topic'), ARGS, KWARGS);
      const event = await b.event(uri('topic'));
      carried(event, ARGS, KWARGS);
      assert.ok(Number.isSafeInteger(publication) && publication > 0, `id ${publication}`);
      if (bCan('publication-id')) assert.equal(event.publication, publication);
    },
  },
  {
    name: 'call of an unknown procedure',
    async run({ a, uri }) {
      await refused(a.call(uri('nobody'), [1]), 'wamp.error.no_such_procedure');
    },
  },
  {
    name: 'a procedure is registered once',
    async run({ a, b, uri }) {
      await b.register(uri('single'), 'echo');
      await refused(a.register(uri('single'), 'echo'), 'wamp.error.procedure_already_exists');
      carried(await a.call(uri('single'), ['still there']), ['still there']);
    },
  },
  {
    name: 'a session is refused its own procedure twice',
    serves: ['second-register'],
    async run({ b, uri }) {
      await b.register(uri('single'), 'echo');
      await refused(b.register(uri('single'), 'echo'), 'wamp.error.procedure_already_exists');
    },
  },
  {
    name: 'after unregister the procedure is gone, and free again',
    async run({ a, b, uri }) {
      await b.register(uri('short'), 'echo');
      carried(await a.call(uri('short'), [1]), [1]);
      await b.unregister(uri('short'));
      await refused(a.call(uri('short'), [2]), 'wamp.error.no_such_procedure');
      await a.register(uri('short'), 'echo');
      carried(await b.call(uri('short'), [3]), [3]);
    },
  },
  {
    // Publications of one session reach one receiver in order, so the event on the second topic
    // tells that nothing more comes on the first.
    name: 'after unsubscribe there is silence',
    crossed: true,
    async run({ a, b, uri }) {
      await b.subscribe(uri('left'));
      await b.subscribe(uri('kept'));
      await a.publish(uri('left'), ['heard']);
      carried(await b.event(uri('left')), ['heard']);
      await b.unsubscribe(uri('left'));
      await a.publish(uri('left'), ['unheard']);
      await a.publish(uri('kept'), ['fence']);
      carried(await b.event(uri('kept')), ['fence']);
      assert.equal(b.waiting(uri('left')), 0);
    },
  },
  {
    name: 'events arrive in the order published',
    async run({ a, b, uri }) {
      await b.subscribe(uri('topic'));
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      await Promise.all(numbers.map((n) => a.publish(uri('topic'), [n])));
      for (const n of numbers) carried(await b.event(uri('topic')), [n]);
    },
  },
  {
    name: 'a publisher does not hear itself',
    async run({ a, b, uri }) {
      await b.subscribe(uri('topic'));
      await b.publish(uri('topic'), ['mine']);
      await a.publish(uri('topic'), ['fence']);
      carried(await b.event(uri('topic')), ['fence']);
    },
  },
  {
    name: 'a publisher hears itself with exclude_me false',
    serves: ['own-events'],
    async run({ b, uri }) {
      await b.subscribe(uri('topic'));
      await b.publish(uri('topic'), ['mine'], {}, { excludeMe: false });
      carried(await b.event(uri('topic')), ['mine']);
    },
  },
  ...Object.entries(VALUES).map(([name, values]) => ({
    name,
    run: (stage) => everyWay(stage, values),
  })),
  {
    name: 'bytes',
    crossed: true,
    run: (stage) => everyWay(stage, BYTES),
  },
  {
    name: 'integers beyond 2^53',
    asks: ['wide-integers'],
    serves: ['wide-integers'],
    crossed: true,
    run: (stage) => everyWay(stage, WIDE),
  },
  {
    name: 'clean close releases what the session held',
    async run({ a, b, uri, bCan }) {
      await b.register(uri('held'), 'echo');
      const { reason } = await b.close();
      if (bCan('close-reason')) assert.equal(reason, 'wamp.close.goodbye_and_out');
      await refused(a.call(uri('held')), 'wamp.error.no_such_procedure');
    },
  },
  {
    name: 'the router tells of its sessions',
    feature: 'session_meta_api',
    async run({ a, b }) {
      const onLeave = 'wamp.session.on_leave';
      await a.subscribe(onLeave);
      const count = await a.call('wamp.session.count');
      assert.equal(count.args.length, 1);
      assert.ok(count.args[0] >= 2, `count ${count.args[0]}`);
      const list = await a.call('wamp.session.list', [['anonymous', 'nobody']]);
      const known = canonical(list.args.length === 1 ? list.args[0] : list.args);
      await b.close();
      let gone;
      // Sessions of other cases may leave meanwhile.
      do {
        const { args } = await a.event(onLeave);
        assert.equal(args.length, 3);
        [gone] = canonical(args);
      } while (!known.includes(gone));
      await refused(a.call('wamp.session.get', [gone]), 'wamp.error.no_such_session');
      await refused(a.call('wamp.session.get', ['?']), 'wamp.error.invalid_argument');
    },
  },
  {
    name: 'a session is ended by another one',
    feature: 'session_meta_api',
    crossed: true,
    async run({ a, b, bCan }) {
      const left = b.left();
      await a.call('wamp.session.kill', [b.id], { reason: KILLED, message: 'enough' });
      const reason = await left;
      if (bCan('close-reason')) assert.equal(reason, KILLED);
      await gone(() => a.call('wamp.session.get', [b.id]), 'wamp.error.no_such_session');
      await refused(a.call('wamp.session.kill', [a.id]), 'wamp.error.no_such_session');
    },
  },
  {
    name: 'the router tells of registrations',
    feature: 'registration_meta_api',
    async run({ a, b, uri }) {
      const { registration } = await b.register(uri('known'), 'echo');
      carried(await a.call('wamp.registration.lookup', [uri('known')]), [registration]);
      carried(await a.call('wamp.registration.match', [uri('known')]), [registration]);
      assert.deepEqual(only(await a.call('wamp.registration.list_callees', [registration])), [b.id]);
      carried(await a.call('wamp.registration.count_callees', [registration]), [1]);
      const { id, uri: known, match, invoke } = only(
        await a.call('wamp.registration.get', [registration]),
      );
      assert.deepEqual({ id, known, match, invoke }, {
        id: registration,
        known: uri('known'),
        match: 'exact',
        invoke: 'single',
      });
      await b.unregister(uri('known'));
      await refused(
        a.call('wamp.registration.get', [registration]),
        'wamp.error.no_such_registration',
      );
    },
  },
  {
    name: 'the router tells of subscriptions',
    feature: 'subscription_meta_api',
    async run({ a, b, uri }) {
      const { subscription } = await b.subscribe(uri('known'));
      carried(await a.call('wamp.subscription.lookup', [uri('known')]), [subscription]);
      assert.deepEqual(only(await a.call('wamp.subscription.match', [uri('known')])), [subscription]);
      assert.deepEqual(only(await a.call('wamp.subscription.list_subscribers', [subscription])), [
        b.id,
      ]);
      carried(await a.call('wamp.subscription.count_subscribers', [subscription]), [1]);
      await b.unsubscribe(uri('known'));
      await gone(
        () => a.call('wamp.subscription.get', [subscription]),
        'wamp.error.no_such_subscription',
      );
    },
  },
  {
    name: 'an event is retained for who subscribes later',
    feature: 'event_retention',
    asks: ['retain'],
    crossed: true,
    async run({ a, b, uri, bCan }) {
      await a.publish(uri('state'), ['old'], {}, { retain: true });
      const { publication } = await a.publish(uri('state'), ARGS, KWARGS, { retain: true });
      await b.subscribe(uri('state'), { get_retained: true });
      const event = await b.event(uri('state'));
      carried(event, ARGS, KWARGS);
      if (bCan('publication-id')) assert.equal(event.publication, publication);
      await a.publish(uri('state'), ['live']);
      carried(await b.event(uri('state')), ['live']);
    },
  },
  {
    name: 'a testament is published when its session is over',
    feature: 'testament_meta_api',
    crossed: true,
    async run({ a, b, uri }) {
      await a.subscribe(uri('last'));
      await b.call('wamp.session.add_testament', [uri('last'), ['flushed'], {}]);
      await b.call('wamp.session.flush_testaments');
      await b.call('wamp.session.add_testament', [uri('last'), ARGS, KWARGS]);
      await b.close();
      carried(await a.event(uri('last')), ARGS, KWARGS);
      assert.equal(a.waiting(uri('last')), 0);
    },
  },
  {
    name: 'what was published is told later',
    feature: 'event_history',
    async run({ a, b, uri }) {
      const { subscription } = await b.subscribe(HISTORY, { match: 'prefix' });
      const topic = `${HISTORY}.${uri('topic')}`;
      await a.publish(topic, ['first'], KWARGS);
      await a.publish(topic, ['second']);
      const asked = { topic, reverse: true };
      const { args } = await b.call('wamp.subscription.get_events', [subscription], asked);
      const [second, first] = args[0] instanceof Array ? args[0] : args;
      assert.deepEqual(canonical(second.args), ['second']);
      assert.deepEqual([canonical(first.args), canonical(first.kwargs)], [['first'], KWARGS]);
    },
  },
  {
    name: 'a subscription to a prefix',
    async run({ a, b, uri }) {
      await b.subscribe(uri('some'), { match: 'prefix' });
      await a.publish(uri('some.thing'), ARGS, KWARGS);
      carried(await b.event(uri('some')), ARGS, KWARGS);
    },
  },
  {
    name: 'callees of a shared registration take turns',
    feature: 'shared_registration',
    async run({ a, b, uri }) {
      await a.register(uri('turns'), 'echo', { invoke: 'roundrobin' });
      await b.register(uri('turns'), 'refuse', { invoke: 'roundrobin' });
      for (let turn = 0; turn < 2; turn++) {
        carried(await a.call(uri('turns'), [turn]), [turn]);
        await refused(a.call(uri('turns'), [turn]), REFUSED);
      }
    },
  },
  {
    name: 'progressive results',
    feature: 'progressive_call_results',
    serves: ['progress'],
    crossed: true,
    async run({ a, b, uri }) {
      await b.register(uri('count'), 'count');
      const { args, chunks } = await a.call(uri('count'), [3], {}, { progress: true });
      assert.deepEqual(chunks, [[1], [2], [3]]);
      assert.deepEqual(args, [3]);
    },
  },
  {
    // In mode `kill` the caller gets what the callee makes of the interruption: Autobahn on Twisted
    // answers `canceled`, on asyncio `runtime_error`.
    name: 'a cancelled call ends',
    feature: 'call_canceling',
    asks: ['cancel'],
    serves: ['interrupt'],
    crossed: true,
    async run({ a, b, uri }) {
      await b.register(uri('hang'), 'hang');
      const label = uri('hang');
      const call = a.call(uri('hang'), [], {}, { label });
      const outcome = refused(call, 'wamp.error.canceled', 'wamp.error.runtime_error');
      outcome.catch(() => {}); // awaited below
      await a.cancel(label);
      await outcome;
    },
  },
];

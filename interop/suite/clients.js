// The clients under test. A new one is an adapter file in clients/ and an entry here.

const EVERY = ['json', 'msgpack', 'cbor'];

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {string} library clients of one library are not paired with each other
 * @property {string[]} command starts its adapter, from the directory interop
 * @property {Record<string, string[]>} transports transport to serializers
 * @property {Set<string>} can what not every client can do:
 *   `own-events` publish with exclude_me false, `publication-id` tell an event's publication,
 *   `close-reason` tell the reason of the router's GOODBYE, `wide-integers` integers beyond 2^53,
 *   `second-register` ask the router for a procedure it has registered itself,
 *   `progress` send progressive results, `cancel` cancel a call and hear the router's answer,
 *   `interrupt` be interrupted, `retain` have an event retained, `cookies` keep cookies, `logout` tell why it leaves,
 *   `name-trace` name the trace of a call or publication, `hear-trace` tell the one of an invocation or event
 * @property {Set<string>} proves the methods of authentication that it knows
 */

const SECRETS = new Set(['ticket', 'wampcra', 'cryptosign']);

/** Libraries that leave the names of methods to the application can show a token as what it is. */
const TOKENS = new Set([...SECRETS, 'jwt']);

/** @type {Client[]} */
export const CLIENTS = [
  {
    name: 'autobahn-js',
    library: 'autobahn-js',
    command: [process.execPath, 'clients/autobahn-js.js'],
    transports: { websocket: EVERY, longpoll: ['json'] },
    can: new Set([
      'own-events',
      'publication-id',
      'close-reason',
      'retain',
      'second-register',
      'progress',
      'cancel',
      'cookies',
      'logout',
      'name-trace',
    ]),
    proves: TOKENS,
  },
  {
    name: 'wampy',
    library: 'wampy',
    command: [process.execPath, 'clients/wampy.js'],
    transports: { websocket: EVERY },
    can: new Set(['cancel', 'cookies', 'name-trace', 'hear-trace']),
    proves: TOKENS,
  },
  ...['asyncio', 'twisted'].map((framework) => ({
    name: `autobahn-python/${framework}`,
    library: 'autobahn-python',
    command: ['.venv/bin/python', 'clients/autobahn_python.py', framework],
    // Batches differ in what is above the transport, which the frameworks share.
    transports: {
      websocket: EVERY,
      ...(framework === 'asyncio' ? { batched: EVERY } : {}),
      rawsocket: EVERY,
    },
    can: new Set([
      'own-events',
      'publication-id',
      'close-reason',
      'retain',
      'wide-integers',
      'second-register',
      'progress',
      'interrupt',
    ]),
    proves: new Set([...SECRETS, 'scram']),
  })),
];

/** A client on one transport with one serializer: what a session is opened as. */
export function seats(clients = CLIENTS) {
  return clients.flatMap((client) =>
    Object.entries(client.transports).flatMap(([transport, serializers]) =>
      serializers.map((serializer) => ({
        client,
        transport,
        serializer,
        name: `${client.name} ${transport} ${serializer}`,
      })),
    ),
  );
}

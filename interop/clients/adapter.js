// What every JavaScript client here shares: requests come in on standard input, one JSON object a
// line, answers and events leave on standard output. See docs/interop.md for the operations.
//
// Values JSON cannot carry travel as {"$bytes": base64} and {"$int": decimal digits}.

import { createInterface } from 'node:readline';
import WebSocket from 'ws';

/** The URI that the behaviour `refuse` fails with. */
export const REFUSED = 'tandem.interop.error.refused';

const out = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Jar to the cookies in it, as they are sent. */
const jars = new Map();

/** A WebSocket that takes cookies and sends them, as a browser's does. */
export function browser(jar) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { headers: jars.has(jar) ? { Cookie: jars.get(jar) } : {} });
      this.on('upgrade', ({ headers }) => {
        const [given] = headers['set-cookie'] ?? [];
        if (given) jars.set(jar, given.split(';')[0]);
      });
    }
  };
}

/** A WebSocket that tells what was agreed on when it opened; `seen` is given its extensions. */
export function observed(seen) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols);
      this.on('open', () => seen(this.extensions));
    }
  };
}

/** Runs the operations by name until standard input ends. */
export function serve(operations) {
  createInterface({ input: process.stdin })
    .on('line', async (line) => {
      const { id, op, ...request } = JSON.parse(line);
      try {
        out({ id, ok: (await operations[op](request)) ?? {} });
      } catch (error) {
        out({ id, error: describe(error) });
      }
    })
    .on('close', () => process.exit(0));
  // A client library that throws from a callback fails the case at hand, not this process.
  process.on('uncaughtException', (error) => console.error(error));
  process.on('unhandledRejection', (error) => console.error(error));
}

/** Reports an event that arrived for a subscription of the session. */
export function event(session, topic, args, kwargs, publication, trace) {
  out({ event: { session, topic, ...payload(args, kwargs), publication, trace } });
}

/** Arguments as the suite reads them; a client may leave out what is empty. */
export function payload(args, kwargs) {
  return { args: plain(args ?? []), kwargs: plain(kwargs ?? {}) };
}

/** An error that reached the application as a WAMP ERROR carries a URI; anything else has none. */
function describe(error) {
  const uri = error?.error ?? error?.errorUri;
  return typeof uri === 'string'
    ? { uri, ...payload(error.args ?? error.argsList, error.kwargs ?? error.argsDict) }
    : { message: String(error?.message ?? error) };
}

/** From the client's values to JSON. */
function plain(value) {
  if (typeof value === 'bigint') return { $int: String(value) };
  if (typeof value === 'string' && value.startsWith('\0')) return { $bytes: value.slice(1) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (value instanceof ArrayBuffer) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * From JSON to the client's values. Neither library converts bytes when it speaks JSON, so there
 * the application writes the string that WAMP defines for them: U+0000, then Base64.
 */
export function native(value, serializer) {
  if (Array.isArray(value)) return value.map((item) => native(item, serializer));
  if (value === null || typeof value !== 'object') return value;
  if ('$bytes' in value) {
    return serializer === 'json' ? `\0${value.$bytes}` : Buffer.from(value.$bytes, 'base64');
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, native(item, serializer)]),
  );
}

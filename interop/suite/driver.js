// One client library in its own process, and the sessions that it holds.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How many lines of what a library complains about are kept for the report of a failed case. */
const COMPLAINTS = 10;

/** Upper limit for one operation of a client; answers are awaited, never slept for. */
const LIMIT_MILLIS = 10_000;

/** An ERROR from the router as the client reported it. */
export class WampError extends Error {
  constructor({ uri, args, kwargs }) {
    super(`${uri} ${JSON.stringify(args)} ${JSON.stringify(kwargs)}`);
    this.uri = uri;
    this.args = args;
    this.kwargs = kwargs;
  }
}

function within(promise, what, millis = LIMIT_MILLIS) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${millis} ms`)), millis);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

export class Driver {
  #process;
  #pending = new Map();
  #sessions = new Map();
  #lastId = 0;
  #ended = null;
  #complaints = [];

  /** @param distort changes what the client reports, for the self-check */
  constructor(client, directory, distort = (report) => report) {
    this.#process = spawn(client.command[0], client.command.slice(1), {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    createInterface({ input: this.#process.stderr }).on('line', (line) => {
      this.#complaints.push(line);
      if (this.#complaints.length > COMPLAINTS) this.#complaints.shift();
    });
    this.#process.on('error', (error) => this.#end(error));
    this.#process.on('exit', (code) => this.#end(new Error(`${client.name} ended with ${code}`)));
    this.#process.stdin.on('error', () => {}); // the exit tells the story
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const { id, ok, error, event } = distort(JSON.parse(line));
      if (event) return this.#sessions.get(event.session)?.arrived(event);
      const { resolve, reject } = this.#pending.get(id);
      this.#pending.delete(id);
      if (ok) resolve(ok);
      else reject(error.uri ? new WampError(error) : new Error(error.message));
    });
  }

  #end(error) {
    this.#ended ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }

  request(op, fields) {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#process.stdin.write(`${JSON.stringify({ id, op, ...fields })}\n`);
    return within(answer, `${op} ${fields.procedure ?? fields.topic ?? ''}`);
  }

  /** @param proof what the client shows: method, authid, secret; nothing unless given */
  async open(seat, url, realm, proof) {
    const name = `s${++this.#lastId}`;
    const session = new Session(this, name);
    this.#sessions.set(name, session);
    const { id, roles, details, compressed } = await this.request('open', {
      session: name,
      url: url[seat.transport] ?? url.websocket,
      realm,
      serializer: seat.serializer,
      transport: seat.transport,
      extensions: seat.extensions,
      proof,
    });
    return Object.assign(session, { id, roles, details, compressed });
  }

  /** What the library printed since the last look. */
  complaints() {
    return this.#complaints.splice(0);
  }

  stop() {
    this.#process.stdin.end();
  }
}

/** One WAMP session; every method is one operation of the adapter. */
class Session {
  #driver;
  #name;
  #events = new Map();
  #closed = false;

  constructor(driver, name) {
    this.#driver = driver;
    this.#name = name;
  }

  #do(op, fields) {
    return this.#driver.request(op, { session: this.#name, ...fields });
  }

  /** @param options of REGISTER, as WAMP has them */
  register(procedure, behaviour, options = {}) {
    return this.#do('register', { procedure, behaviour, options });
  }

  unregister(procedure) {
    return this.#do('unregister', { procedure });
  }

  /** @param more `progress`, `label`, and `options` of CALL, as WAMP has them, for clients that take such */
  call(procedure, args = [], kwargs = {}, more = {}) {
    return this.#do('call', { procedure, args, kwargs, ...more });
  }

  cancel(label) {
    return this.#do('cancel', { label });
  }

  /** @param options of SUBSCRIBE, as WAMP has them */
  subscribe(topic, options = {}) {
    return this.#do('subscribe', { topic, options });
  }

  unsubscribe(topic) {
    return this.#do('unsubscribe', { topic });
  }

  /** @param options of PUBLISH, as WAMP has them, and `excludeMe` */
  publish(topic, args = [], kwargs = {}, { excludeMe, ...options } = {}) {
    return this.#do('publish', { topic, args, kwargs, excludeMe, options });
  }

  /** @param reason of its GOODBYE, for clients that can tell one */
  close(reason) {
    this.#closed = true;
    return this.#do('close', { reason });
  }

  /** The reason for which the router ends the session. */
  async left() {
    this.#closed = true;
    return (await this.#do('left', {})).reason;
  }

  /** Leaves whatever the case left open. */
  async end() {
    if (!this.#closed && this.id !== undefined) await this.close();
  }

  #inbox(topic) {
    if (!this.#events.has(topic)) this.#events.set(topic, { events: [], wake: () => {} });
    return this.#events.get(topic);
  }

  arrived(event) {
    const inbox = this.#inbox(event.topic);
    inbox.events.push(event);
    inbox.wake();
  }

  /** The next event on the topic, taken in order of arrival. */
  async event(topic) {
    const inbox = this.#inbox(topic);
    if (inbox.events.length === 0) {
      await within(new Promise((resolve) => (inbox.wake = resolve)), `event on ${topic}`);
    }
    return inbox.events.shift();
  }

  /** How many events wait on the topic. */
  waiting(topic) {
    return this.#inbox(topic).events.length;
  }
}

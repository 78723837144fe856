// A small WAMP client for this page: the basic profile in JSON over WebSocket, without any library.
//
//   const session = await Session.open({ url: 'ws://127.0.0.1:8080/ws', realm: 'realm1' });
//   await session.register('com.example.add', (args) => ({ args: [args[0] + args[1]] }));
//   const { args, kwargs } = await session.call('com.example.add', [2, 3]);

const HELLO = 1;
const WELCOME = 2;
const ABORT = 3;
const GOODBYE = 6;
const ERROR = 8;
const PUBLISH = 16;
const PUBLISHED = 17;
const SUBSCRIBE = 32;
const SUBSCRIBED = 33;
const UNSUBSCRIBE = 34;
const UNSUBSCRIBED = 35;
const EVENT = 36;
const CALL = 48;
const RESULT = 50;
const REGISTER = 64;
const REGISTERED = 65;
const UNREGISTER = 66;
const UNREGISTERED = 67;
const INVOCATION = 68;
const YIELD = 70;

/** Message codes by number, for those who show messages to people. */
export const NAMES = Object.freeze({
  [HELLO]: 'HELLO',
  [WELCOME]: 'WELCOME',
  [ABORT]: 'ABORT',
  [GOODBYE]: 'GOODBYE',
  [ERROR]: 'ERROR',
  [PUBLISH]: 'PUBLISH',
  [PUBLISHED]: 'PUBLISHED',
  [SUBSCRIBE]: 'SUBSCRIBE',
  [SUBSCRIBED]: 'SUBSCRIBED',
  [UNSUBSCRIBE]: 'UNSUBSCRIBE',
  [UNSUBSCRIBED]: 'UNSUBSCRIBED',
  [EVENT]: 'EVENT',
  [CALL]: 'CALL',
  [RESULT]: 'RESULT',
  [REGISTER]: 'REGISTER',
  [REGISTERED]: 'REGISTERED',
  [UNREGISTER]: 'UNREGISTER',
  [UNREGISTERED]: 'UNREGISTERED',
  [INVOCATION]: 'INVOCATION',
  [YIELD]: 'YIELD',
});

const ROLES = {
  caller: { features: {} },
  callee: { features: { pattern_based_registration: true, shared_registration: true } },
  publisher: { features: { publisher_exclusion: true } },
  subscriber: { features: { pattern_based_subscription: true } },
};

/** What the router, or the code behind a procedure, refused; a procedure throws one to do so. */
export class WampError extends Error {
  constructor(uri, args = [], kwargs = {}) {
    super(uri);
    this.uri = uri;
    this.args = args;
    this.kwargs = kwargs;
  }
}

/** One session on one WebSocket; a closed session stays closed. */
export class Session {
  #socket;
  #onMessage;
  #onClose;
  #lastRequest = 0;
  /** Request ID to the promise that waits for its answer. */
  #pending = new Map();
  /** Registration ID to the function that answers its calls. */
  #procedures = new Map();
  /** Subscription ID to the function that gets its events. */
  #handlers = new Map();
  #leaving = false;
  /** Why the session is over, as far as the router said so. */
  #ended = null;

  /** Session ID and WELCOME.Details, from the moment the session is open. */
  id;
  details;

  /**
   * Opens a session.
   *
   * onMessage(direction, message) sees every message, 'out' or 'in'; onClose(reason) is told once
   * how an open session ended.
   */
  static open({ url, realm, onMessage = () => {}, onClose = () => {} }) {
    return new Promise((resolve, reject) => {
      const session = new Session(new WebSocket(url, 'wamp.2.json'), onMessage, onClose);
      session.#begin(realm, () => resolve(session), reject);
    });
  }

  constructor(socket, onMessage, onClose) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    this.#onClose = onClose;
  }

  #begin(realm, opened, refused) {
    const socket = this.#socket;
    socket.onopen = () => this.#send([HELLO, realm, { agent: 'Tandem try-it page', roles: ROLES }]);
    socket.onclose = ({ code }) => {
      const reason = this.#ended ?? `the connection closed (${code})`;
      refused(new Error(reason)); // of no effect once the session is open
      for (const { reject } of this.#pending.values()) reject(new Error(reason));
      this.#pending.clear();
      if (this.id !== undefined) this.#onClose(reason);
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      this.#onMessage('in', message);
      if (this.id !== undefined) return this.#receive(message);
      if (message[0] === WELCOME) {
        [, this.id, this.details] = message;
        return opened();
      }
      const [, details, reason] = message;
      this.#ended = details?.message ? `${reason}: ${details.message}` : String(reason);
      socket.close();
    };
  }

  /** The result of a procedure as { args, kwargs }. */
  call(procedure, args = [], kwargs = {}, options = {}) {
    return this.#request((id) => [CALL, id, options, procedure, ...payload(args, kwargs)]);
  }

  /** Offers a procedure: answer(args, kwargs) returns or promises { args, kwargs }. */
  async register(procedure, answer, options = {}) {
    const id = await this.#request((request) => [REGISTER, request, options, procedure]);
    this.#procedures.set(id, answer);
    return id;
  }

  async unregister(registration) {
    await this.#request((request) => [UNREGISTER, request, registration]);
    this.#procedures.delete(registration);
  }

  /** Subscribes to a topic: handler({ publication, details, args, kwargs }). */
  async subscribe(topic, handler, options = {}) {
    const id = await this.#request((request) => [SUBSCRIBE, request, options, topic]);
    this.#handlers.set(id, handler);
    return id;
  }

  async unsubscribe(subscription) {
    await this.#request((request) => [UNSUBSCRIBE, request, subscription]);
    this.#handlers.delete(subscription);
  }

  /** Publishes; the publication ID with acknowledge, otherwise nothing. */
  publish(topic, args = [], kwargs = {}, options = {}) {
    const message = (id) => [PUBLISH, id, options, topic, ...payload(args, kwargs)];
    if (options.acknowledge) return this.#request(message);
    this.#send(message(++this.#lastRequest));
    return Promise.resolve();
  }

  /** Says goodbye; the router's answer closes the connection. */
  close() {
    this.#leaving = true;
    this.#send([GOODBYE, {}, 'wamp.close.normal']);
  }

  #send(message) {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error('the session is closed');
    this.#socket.send(JSON.stringify(message));
    this.#onMessage('out', message);
  }

  #request(message) {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastRequest;
      this.#send(message(id));
      this.#pending.set(id, { resolve, reject });
    });
  }

  #answered(request) {
    const waiting = this.#pending.get(request);
    this.#pending.delete(request);
    return waiting;
  }

  #receive(message) {
    const [code, request] = message;
    switch (code) {
      case PUBLISHED:
      case SUBSCRIBED:
      case REGISTERED:
        return this.#answered(request)?.resolve(message[2]);
      case UNSUBSCRIBED:
      case UNREGISTERED:
        return this.#answered(request)?.resolve();
      case RESULT: {
        const [, , , args = [], kwargs = {}] = message;
        return this.#answered(request)?.resolve({ args, kwargs });
      }
      case ERROR: {
        const [, , refused, , uri, args, kwargs] = message;
        return this.#answered(refused)?.reject(new WampError(uri, args, kwargs));
      }
      case EVENT: {
        const [, subscription, publication, details, args = [], kwargs = {}] = message;
        return this.#handlers.get(subscription)?.({ publication, details, args, kwargs });
      }
      case INVOCATION:
        return this.#invoke(message);
      case GOODBYE: {
        this.#ended = message[2];
        if (!this.#leaving) this.#send([GOODBYE, {}, 'wamp.close.goodbye_and_out']);
        return this.#socket.close();
      }
      case ABORT:
        this.#ended = message[1]?.message ? `${message[2]}: ${message[1].message}` : message[2];
        return this.#socket.close();
    }
  }

  async #invoke([, request, registration, details, args = [], kwargs = {}]) {
    try {
      const result = await this.#procedures.get(registration)(args, kwargs, details);
      this.#send([YIELD, request, {}, ...payload(result.args, result.kwargs)]);
    } catch (error) {
      const { uri = 'wamp.error.runtime_error', args: why = [], kwargs: more } = error;
      this.#send([ERROR, INVOCATION, request, {}, uri, ...payload(why, more)]);
    }
  }
}

/** Arguments and ArgumentsKw, left out where they say nothing. */
function payload(args = [], kwargs = {}) {
  if (Object.keys(kwargs).length > 0) return [args, kwargs];
  return args.length > 0 ? [args] : [];
}

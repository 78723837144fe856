// AutobahnJS (npm `autobahn`).

import autobahn from 'autobahn';
import nacl from 'tweetnacl';
import { REFUSED, browser, event, native, observed, payload, serve } from './adapter.js';
import { XMLHttpRequest } from './xml-http-request.js';

globalThis.XMLHttpRequest = XMLHttpRequest;

const SERIALIZERS = {
  json: autobahn.serializer.JSONSerializer,
  msgpack: autobahn.serializer.MsgpackSerializer,
  cbor: autobahn.serializer.CBORSerializer,
};

/** Who is known to the authenticator, in the fields of Crossbar's. */
const PRINCIPALS = {
  joe: {
    role: 'told',
    secret: process.env.INTEROP_PASSWORD,
    pubkey: '1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d',
  },
  ann: {
    role: 'told',
    secret: process.env.INTEROP_DERIVED_KEY,
    salt: 'salt of ann',
    iterations: 2000,
    keylen: 32,
  },
};

const BEHAVIOURS = {
  authenticate: ([, authid]) => {
    if (PRINCIPALS[authid]) return PRINCIPALS[authid];
    throw new autobahn.Error('wamp.error.no_such_principal', ['nobody has this authid']);
  },
  echo: (args, kwargs) => new autobahn.Result(args, kwargs),
  refuse: (args, kwargs) => {
    throw new autobahn.Error(REFUSED, args, kwargs);
  },
  count: ([upTo], kwargs, { progress }) => {
    for (let n = 1; n <= upTo; n++) progress([n]);
    return upTo;
  },
};

/** Session name to what is open under it. */
const sessions = new Map();

/** A single positional result arrives bare, several or keyword ones as a Result. */
function unwrap(result) {
  if (result instanceof autobahn.Result) return payload(result.args, result.kwargs);
  return payload(result === null ? [] : [result]);
}

/** What a connection is told so that it proves who it is. */
function proving({ method, authid, secret }) {
  switch (method) {
    case 'cookie':
      return { authmethods: [method] };
    case 'ticket':
    case 'jwt':
      return { authmethods: ['cookie', method], authid, onchallenge: () => secret };
    case 'wampcra':
      return {
        authmethods: [method],
        authid,
        onchallenge: (_, __, { challenge, salt, iterations, keylen }) =>
          autobahn.auth_cra.sign(
            salt ? autobahn.auth_cra.derive_key(secret, salt, iterations, keylen) : secret,
            challenge,
          ),
      };
    case 'cryptosign': {
      const key = nacl.sign.keyPair.fromSeed(Buffer.from(secret, 'hex'));
      return {
        authmethods: [method],
        authid,
        authextra: { pubkey: autobahn.auth_cryptosign.public_key(key), channel_binding: null },
        onchallenge: (_, __, extra) => autobahn.auth_cryptosign.sign_challenge(key, extra),
      };
    }
  }
}

serve({
  open({ session: name, url, realm, serializer, transport, extensions, proof }) {
    let agreed = '';
    return new Promise((resolve, reject) => {
      const connection = new autobahn.Connection({
        ...(transport === 'longpoll' ? { transports: [{ type: transport, url }] } : { url }),
        realm,
        serializers: [new SERIALIZERS[serializer]()],
        ...(proof ? proving(proof) : {}),
        max_retries: 0,
        retry_if_unreachable: false,
        on_user_error: () => {}, // a procedure that refuses is no news
      });
      connection.onopen = (session, details) => {
        const left = new Promise((closed) => {
          connection.onclose = (_, details) => closed(details.reason);
        });
        sessions.set(name, {
          connection,
          session,
          serializer,
          left,
          registrations: new Map(),
          subscriptions: new Map(),
          calls: new Map(),
        });
        resolve({
          id: session.id,
          roles: details.roles,
          details,
          compressed: agreed.includes('permessage-deflate'),
        });
      };
      connection.onclose = (reason, details) => {
        reject(new Error(`${reason}: ${details.reason} ${details.message}`));
        return true;
      };
      // The library takes a browser's WebSocket where there is one, when it connects.
      const own = globalThis.WebSocket;
      const other = proof?.jar ? browser(proof.jar) : extensions && observed((seen) => (agreed = seen));
      if (other) globalThis.WebSocket = other;
      connection.open();
      if (other) globalThis.WebSocket = own;
      if (own === undefined) delete globalThis.WebSocket;
    });
  },

  async close({ session: name, reason }) {
    const { connection, left } = sessions.get(name);
    sessions.delete(name);
    connection.close(reason);
    return { reason: await left };
  },

  async left({ session: name }) {
    const { left } = sessions.get(name);
    sessions.delete(name);
    return { reason: await left };
  },

  async register({ session: name, procedure, behaviour, options }) {
    const { session, registrations } = sessions.get(name);
    const registration = await session.register(procedure, BEHAVIOURS[behaviour], options);
    registrations.set(procedure, registration);
    return { registration: registration.id };
  },

  async unregister({ session: name, procedure }) {
    const { session, registrations } = sessions.get(name);
    await session.unregister(registrations.get(procedure));
  },

  async call({ session: name, procedure, args, kwargs, progress, label, options }) {
    const { session, serializer, calls } = sessions.get(name);
    const chunks = [];
    const call = session.call(
      procedure,
      native(args, serializer),
      native(kwargs, serializer),
      { ...(progress ? { receive_progress: true } : {}), ...options },
    );
    calls.set(label, call);
    const result = await call.then(undefined, undefined, (chunk) => chunks.push(unwrap(chunk).args));
    return { ...unwrap(result), chunks };
  },

  // With any mode but `kill` the library forgets the call, then closes over the router's answer.
  cancel({ session: name, label }) {
    sessions.get(name).calls.get(label).cancel({ mode: 'kill' });
  },

  async subscribe({ session: name, topic, options }) {
    const { session, subscriptions } = sessions.get(name);
    const subscription = await session.subscribe(
      topic,
      (args, kwargs, details) => event(name, topic, args, kwargs, details.publication),
      options,
    );
    subscriptions.set(topic, subscription);
    return { subscription: subscription.id };
  },

  async unsubscribe({ session: name, topic }) {
    const { session, subscriptions } = sessions.get(name);
    await session.unsubscribe(subscriptions.get(topic));
  },

  async publish({ session: name, topic, args, kwargs, excludeMe, options }) {
    const { session, serializer } = sessions.get(name);
    const publication = await session.publish(
      topic,
      native(args, serializer),
      native(kwargs, serializer),
      {
        acknowledge: true,
        ...(excludeMe === undefined ? {} : { exclude_me: excludeMe }),
        ...options,
      },
    );
    return { publication: publication.id };
  },
});

// wampy.js (npm `wampy`), with the WebSocket of npm `ws`.

import nacl from 'tweetnacl';
import { Wampy } from 'wampy';
import * as cryptosign from 'wampy/cryptosign.js';
import * as wampcra from 'wampy/wampcra.js';
import { CborSerializer } from 'wampy/CborSerializer.js';
import { JsonSerializer } from 'wampy/JsonSerializer.js';
import { MsgpackSerializer } from 'wampy/MsgpackSerializer.js';
import { REFUSED, browser, event, native, observed, payload, serve } from './adapter.js';

const SERIALIZERS = { json: JsonSerializer, msgpack: MsgpackSerializer, cbor: CborSerializer };

const BEHAVIOURS = {
  echo: ({ argsList, argsDict }) => ({ argsList: argsList ?? [], argsDict: argsDict ?? {} }),
  refuse: ({ argsList, argsDict }) => {
    throw { error: REFUSED, argsList: argsList ?? [], argsDict: argsDict ?? {} };
  },
  place: ({ details }) => ({ argsList: [details._traceparent ?? null, details._tracestate ?? null] }),
};

/** Session name to what is open under it. */
const sessions = new Map();

/** What a session is told so that it proves who it is. */
function proving({ method, authid, secret }) {
  const ways = {
    cookie: () => ({ authPlugins: { cookie: () => '' } }), // it wants one, and is never challenged
    ticket: () => ({ authPlugins: { ticket: () => secret } }),
    jwt: () => ({ authPlugins: { jwt: () => secret } }),
    wampcra: () => ({ authPlugins: { wampcra: wampcra.sign(secret) } }),
    cryptosign: () => ({
      authPlugins: { cryptosign: cryptosign.sign(secret) },
      authextra: {
        pubkey: cryptosign.bytes2hex(
          nacl.sign.keyPair.fromSeed(cryptosign.hex2bytes(secret)).publicKey,
        ),
      },
    }),
  };
  const asked = method === 'ticket' ? { authmethods: ['cookie', method] } : { authmethods: [method] };
  return { authid, ...asked, authMode: 'auto', ...ways[method]() };
}

serve({
  async open({ session: name, url, realm, serializer, proof }) {
    let agreed = '';
    const wampy = new Wampy(url, {
      realm,
      serializer: new SERIALIZERS[serializer](),
      ws: proof?.jar ? browser(proof.jar) : observed((seen) => (agreed = seen)),
      autoReconnect: false,
      ...(proof ? proving(proof) : {}),
    });
    const left = new Promise((closed) => wampy.setOptions({ onClose: () => closed() }));
    const details = await wampy.connect();
    sessions.set(name, { wampy, left, serializer, subscriptions: new Map(), calls: new Map() });
    const compressed = agreed.includes('permessage-deflate');
    return { id: Number(wampy.getSessionId()), roles: details.roles, details, compressed };
  },

  async close({ session: name }) {
    const { wampy } = sessions.get(name);
    sessions.delete(name);
    await wampy.disconnect();
  },

  async left({ session: name }) {
    const { left } = sessions.get(name);
    sessions.delete(name);
    await left;
  },

  async register({ session: name, procedure, behaviour, options }) {
    const { wampy } = sessions.get(name);
    const { registrationId } = await wampy.register(procedure, BEHAVIOURS[behaviour], options);
    return { registration: Number(registrationId) };
  },

  async unregister({ session: name, procedure }) {
    await sessions.get(name).wampy.unregister(procedure);
  },

  async call({ session: name, procedure, args, kwargs, progress, label, options }) {
    const { wampy, serializer, calls } = sessions.get(name);
    const chunks = [];
    const call = wampy.call(
      procedure,
      { argsList: native(args, serializer), argsDict: native(kwargs, serializer) },
      {
        ...(progress ? { progress_callback: ({ argsList }) => chunks.push(argsList) } : {}),
        ...options,
      },
    );
    calls.set(label, wampy.getOpStatus().reqId);
    const { argsList, argsDict } = await call;
    return { ...payload(argsList, argsDict), chunks };
  },

  cancel({ session: name, label }) {
    const { wampy, calls } = sessions.get(name);
    wampy.cancel(calls.get(label), { mode: 'kill' });
  },

  async subscribe({ session: name, topic, options }) {
    const { wampy, subscriptions } = sessions.get(name);
    const { subscriptionId } = await wampy.subscribe(
      topic,
      ({ argsList, argsDict, details }) =>
        event(name, topic, argsList, argsDict, undefined, details._traceparent),
      // With options, even none, the library does not find the subscription again to end it.
      Object.keys(options).length > 0 ? options : undefined,
    );
    subscriptions.set(topic, subscriptionId);
    return { subscription: Number(subscriptionId) };
  },

  async unsubscribe({ session: name, topic }) {
    const { wampy, subscriptions } = sessions.get(name);
    await wampy.unsubscribe(subscriptions.get(topic));
  },

  async publish({ session: name, topic, args, kwargs, options }) {
    const { wampy, serializer } = sessions.get(name);
    const { publicationId } = await wampy.publish(
      topic,
      { argsList: native(args, serializer), argsDict: native(kwargs, serializer) },
      options,
    );
    return { publication: Number(publicationId) };
  },
});

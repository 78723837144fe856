// Clients that prove who they are, or fail to, in the closed realm of tandem.yaml.

import assert from 'node:assert/strict';
import { seats } from './clients.js';

const PASSWORD = process.env.INTEROP_PASSWORD;
const KEY = process.env.INTEROP_PRIVATE_KEY;
const OTHER_KEY = 'd511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd';

const DENIED = 'wamp.error.authentication_denied';

/** What a client shows, and the role that it gets for it, or why it gets none. */
const PROOFS = [
  { method: 'ticket', authid: 'joe', secret: PASSWORD, role: 'ticket' },
  { method: 'ticket', authid: 'joe', secret: 'pencils', denied: DENIED },
  { method: 'ticket', authid: 'jane', secret: PASSWORD, denied: DENIED },
  { method: 'wampcra', authid: 'joe', secret: PASSWORD, role: 'wampcra' },
  { method: 'wampcra', authid: 'joe', secret: 'pencils', denied: DENIED },
  { method: 'wampcra', authid: 'ann', secret: PASSWORD, role: 'salted' },
  { method: 'wampcra', authid: 'ann', secret: 'pencils', denied: DENIED },
  { method: 'wampcra', authid: 'jane', secret: PASSWORD, denied: DENIED },
  { method: 'cryptosign', authid: 'joe', secret: KEY, role: 'cryptosign' },
  { method: 'cryptosign', authid: 'joe', secret: OTHER_KEY, denied: DENIED },
  { method: 'cryptosign', authid: 'jane', secret: KEY, denied: DENIED },
];

/** Every proof by every client that knows the method, on every transport in every serializer. */
export function authenticationCases(drivers, urls, realm) {
  return seats().flatMap((seat) =>
    PROOFS.filter(({ method }) => seat.client.proves.has(method)).map((proof, index) => ({
      name: `${seat.name}: ${proof.method} of ${proof.authid}, ${proof.role ? 'right' : 'wrong'}`,
      run: () => prove(drivers.get(seat.client), seat, urls[index % urls.length], realm, proof),
    })),
  );
}

async function prove(driver, seat, url, realm, { role, denied, ...proof }) {
  if (denied) {
    await assert.rejects(driver.open(seat, url, realm, proof), (error) => {
      assert.match(error.uri ?? error.message, new RegExp(denied.replaceAll('.', '\\.')));
      return true;
    });
    return;
  }
  const session = await driver.open(seat, url, realm, proof);
  try {
    const { authid, authrole, authmethod } = session.details;
    assert.deepEqual(
      { authid, authrole, authmethod },
      { authid: proof.authid, authrole: role, authmethod: proof.method },
    );
    const procedure = `tandem.interop.closed.run${process.pid}.${session.id}`;
    await session.register(procedure, 'echo');
    assert.deepEqual((await session.call(procedure, ['here'])).args, ['here']);
  } finally {
    await session.end();
  }
}

// Clients that prove who they are, or fail to, in the closed realms of tandem.yaml.

import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { CLIENTS, seats } from './clients.js';

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
  { method: 'scram', authid: 'joe', secret: PASSWORD, role: 'scram' },
  { method: 'scram', authid: 'joe', secret: 'pencils', denied: DENIED },
  { method: 'scram', authid: 'jane', secret: PASSWORD, denied: DENIED },
  { method: 'cryptosign', authid: 'joe', secret: KEY, role: 'cryptosign' },
  { method: 'cryptosign', authid: 'joe', secret: OTHER_KEY, denied: DENIED },
  { method: 'cryptosign', authid: 'jane', secret: KEY, denied: DENIED },
];

// ---- who is known to a procedure, or by a token ----

const UNKNOWN = 'wamp.error.no_such_principal';

/** As an OpenID provider writes it, signed by the key that jwks.json has the public half of. */
function token(claims, key = KEY) {
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${encoded({ alg: 'EdDSA', typ: 'JWT', kid: 'interop' })}.${encoded({
    iss: 'https://id.example.com',
    aud: 'tandem',
    exp: Math.floor(Date.now() / 1000) + 600,
    groups: ['staff'],
    ...claims,
  })}`;
  // What RFC 8410 puts before the octets of a private key.
  const der = Buffer.from(`302e020100300506032b657004220420${key}`, 'hex');
  const signer = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return `${said}.${sign(null, Buffer.from(said), signer).toString('base64url')}`;
}

const tokens = (method) => [
  { what: 'token', method, authid: 'joe', secret: token({ sub: 'joe' }), role: 'staff' },
  { what: 'token of joe', method, authid: 'jane', secret: token({ sub: 'joe' }), denied: DENIED },
  { what: 'old token', method, authid: 'joe', secret: token({ sub: 'joe', exp: 1 }), denied: DENIED },
  { what: 'token for others', method, authid: 'joe', secret: token({ sub: 'joe', aud: 'x' }), denied: DENIED },
  { what: 'forged token', method, authid: 'joe', secret: token({ sub: 'joe' }, OTHER_KEY), denied: DENIED },
];

/** The same in the realm that knows nobody by itself. */
const TOLD = [
  ...tokens('ticket'),
  ...tokens('jwt'),
  { method: 'wampcra', authid: 'joe', secret: PASSWORD, role: 'told' },
  { method: 'wampcra', authid: 'joe', secret: 'pencils', denied: DENIED },
  { method: 'wampcra', authid: 'ann', secret: PASSWORD, role: 'told' },
  { method: 'wampcra', authid: 'ann', secret: 'pencils', denied: DENIED },
  { method: 'wampcra', authid: 'jane', secret: PASSWORD, denied: UNKNOWN },
  { method: 'cryptosign', authid: 'joe', secret: KEY, role: 'told' },
  { method: 'cryptosign', authid: 'joe', secret: OTHER_KEY, denied: DENIED },
  { method: 'cryptosign', authid: 'jane', secret: KEY, denied: UNKNOWN },
].map((proof) => ({ what: `dynamic ${proof.method}`, ...proof }));

/**
 * Every proof by every client that knows the method, on every transport in every serializer.
 *
 * @param open the realm in which the procedure is that knows clients
 */
export function authenticationCases(drivers, urls, realm, open) {
  const [seat] = seats(CLIENTS.filter(({ name }) => name === 'autobahn-js'));
  let judge;
  const serveOnce = () => (judge ??= serve(drivers.get(seat.client), seat, urls[0], open));
  return [
    ...cases(drivers, urls, realm, PROOFS, async () => {}),
    ...cases(drivers, urls, `${realm}.told`, TOLD, serveOnce),
    ...cookies(drivers, urls, realm),
  ];
}

/** Of clients whom a table knows, see interop/postgres. */
const KNOWN_BY_A_TABLE = [
  { method: 'ticket', authid: 'joe', secret: PASSWORD, role: 'sql' },
  { method: 'ticket', authid: 'joe', secret: 'pencils', denied: DENIED },
  { method: 'ticket', authid: 'jane', secret: PASSWORD, denied: DENIED },
  { method: 'ticket', authid: "' OR '1'='1", secret: PASSWORD, denied: DENIED },
  { method: 'wampcra', authid: 'joe', secret: PASSWORD, role: 'sql' },
  { method: 'wampcra', authid: 'joe', secret: 'pencils', denied: DENIED },
  { method: 'wampcra', authid: 'jane', secret: PASSWORD, denied: DENIED },
];

/** These proofs by every client, on its first transport in its first serializer, in each realm. */
export function tableCases(drivers, urls, realms) {
  const first = seats().filter(
    (seat, index, all) => all.findIndex(({ client }) => client === seat.client) === index,
  );
  return realms.flatMap((realm) =>
    cases(drivers, urls, realm, KNOWN_BY_A_TABLE, async () => {}, first).map(({ name, run }) => ({
      name: `${name}, in ${realm}`,
      run,
    })),
  );
}

/** Stays until the end: clients come in whenever they like. */
async function serve(driver, seat, url, realm) {
  const session = await driver.open(seat, url, realm);
  await session.register('tandem.interop.authenticate', 'authenticate');
}

function cases(drivers, urls, realm, proofs, before, on = seats()) {
  return on.flatMap((seat) =>
    proofs.filter(({ method }) => seat.client.proves.has(method)).map((proof, index) => ({
      name: `${seat.name}: ${nameOf(proof)}, ${proof.role ? 'right' : 'wrong'}`,
      run: async () => {
        await before();
        await prove(drivers.get(seat.client), seat, urls[index % urls.length], realm, proof);
      },
    })),
  );
}

function nameOf({ what, method, authid }) {
  const shown = what && !what.endsWith(method) ? `${what} as ${method}` : (what ?? method);
  return `${shown} of ${authid}`;
}

async function prove(driver, seat, url, realm, { what, role, denied, ...proof }) {
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

/**
 * What a browser does: log in once, come back by the cookie, on every node, and log out. Here it is
 * the WebSocket alone that keeps cookies.
 */
function cookies(drivers, urls, realm) {
  return seats()
    .filter(({ client, transport }) => client.can.has('cookies') && transport === 'websocket')
    .map((seat, index) => ({
      name: `${seat.name}: cookie of joe`,
      run: () => returns(drivers.get(seat.client), seat, rotated(urls, index), realm),
    }));
}

function rotated(urls, by) {
  return urls.map((_, index) => urls[(index + by) % urls.length]);
}

async function returns(driver, seat, [first, ...others], realm) {
  const jar = `${seat.name} ${process.pid}`;
  const again = { method: 'cookie', authid: 'joe', jar };
  const unknown = (url) =>
    assert.rejects(driver.open(seat, url, realm, again), (error) => {
      assert.match(error.uri ?? error.message, /wamp\.error\.authentication_required/);
      return true;
    });
  await unknown(first);
  const proof = { method: 'ticket', authid: 'joe', secret: PASSWORD, jar };
  const session = await driver.open(seat, first, realm, proof);
  assert.equal(session.details.authmethod, 'ticket');
  await session.close();
  for (const url of [...others, first]) {
    const returned = await driver.open(seat, url, realm, again);
    const { authid, authrole, authmethod } = returned.details;
    assert.deepEqual(
      { authid, authrole, authmethod },
      { authid: 'joe', authrole: 'ticket', authmethod: 'cookie' },
    );
    await returned.close();
  }
  if (!seat.client.can.has('logout')) return;
  await (await driver.open(seat, first, realm, again)).close('wamp.close.logout');
  for (const url of [...others, first]) await unknown(url);
}

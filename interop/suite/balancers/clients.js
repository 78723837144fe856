// AutobahnJS in this process, from an address of its own, and what the nodes tell of its sessions.

import './quiet.js';
import net from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import autobahn from 'autobahn';
import { XMLHttpRequest } from '../../clients/xml-http-request.js';
import { BALANCER, CLIENT, NODES, auditFile } from './place.js';
import { until } from './processes.js';

globalThis.XMLHttpRequest = XMLHttpRequest;

// No client library here lets its application choose where it connects from.
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options.port) options.localAddress ??= CLIENT;
  return connect.apply(this, args);
};

/**
 * An open connection of AutobahnJS, which comes back by itself when it is lost.
 *
 * @param url wss://… or https://…/lp
 * @param onJoin is given each session before anybody else
 * @param onLost is told when one is lost
 */
export class Client {
  #connection;
  #closed;

  /** The session in force; null while there is none. */
  session = null;

  /** Whether it was told to close. */
  leaves = false;

  /** How often it was without a session. */
  losses = 0;

  /** How often it could not have one at first. */
  failures = [];

  constructor(url, onJoin = () => {}, onLost = () => {}) {
    const polls = url.startsWith('https:');
    this.#connection = new autobahn.Connection({
      ...(polls ? { transports: [{ type: 'longpoll', url }] } : { url }),
      realm: 'realm1',
      max_retries: -1,
      initial_retry_delay: 0.1,
      retry_delay_growth: 1,
      retry_delay_jitter: 0.01,
      on_user_error: () => {},
    });
    this.#closed = new Promise((closed) => {
      this.#connection.onopen = async (session) => {
        await onJoin(session);
        if (session.isOpen) this.session = session;
      };
      this.#connection.onclose = (reason, details) => {
        if (this.leaves) {
          // As it asked.
        } else if (this.session) {
          this.losses++;
          onLost(this.session);
        } else {
          this.failures.push(`${url} ${reason} ${details.reason ?? ''} ${details.message ?? ''}`.trim());
        }
        this.session = null;
        if (this.leaves) closed();
      };
    });
    this.#connection.open();
  }

  /** Waits until it has a session; tells it. */
  joined() {
    return until('a session', () => this.session);
  }

  async close() {
    this.leaves = true;
    const { isConnected } = this.#connection;
    this.#connection.close();
    if (isConnected) await this.#closed;
  }
}

/** The lines of all audit logs that tell of a session: node, address and more. */
function joins() {
  return NODES.filter((node) => existsSync(auditFile(node)))
    .flatMap((node) => readFileSync(auditFile(node), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'joined');
}

/** Runs what has sessions opened, and waits until there are so many more. */
export async function opening(count, run) {
  const before = joins().length;
  const running = await run();
  await until(`${count} sessions`, () => joins().length >= before + count);
  return running;
}

/** The line of the audit log for a session. */
export function lineOf(session) {
  return until(`session ${session.id} in an audit log`, () => joins().find((line) => line.session === session.id));
}

/** The node that holds a session. */
export async function nodeOf(session) {
  return (await lineOf(session)).node;
}

/**
 * Connects again and again, until a client is on that node. The others stay so long: a balancer that goes by the
 * number of connections would have the next one join them. To it a client by long-poll is none, so another one stands
 * in for that.
 */
export async function clientOn(node, url, millis) {
  const others = [];
  try {
    return await until(
      `a client on ${node}`,
      async () => {
        const client = new Client(url);
        if ((await nodeOf(await client.joined())) === node) return client;
        others.push(client);
        if (url.startsWith('https:')) {
          others.push(new Client(`wss://${BALANCER}/ws`));
          await others.at(-1).joined();
        }
        return null;
      },
      millis,
    );
  } finally {
    await Promise.all(others.map((client) => client.close()));
  }
}

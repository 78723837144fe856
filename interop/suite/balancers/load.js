// Calls at a steady rate between clients of AutobahnJS that reconnect, and what becomes of each.

import autobahn from 'autobahn';
import { Client, nodeOf } from './clients.js';
import { until } from './processes.js';

const PROCEDURE = 'com.example.load';
const WORK_MILLIS = 50;
const PERIOD_MILLIS = 20;

/**
 * Callers, and callees that share one procedure, in turn on each of the URLs. A call whose connection ends before its
 * answer is cut: its caller cannot know what became of it. If a callee has answered it all the same, the router has
 * lost that answer.
 */
export class Load {
  #callers = [];
  #callees = [];
  #timer;
  #turn = 0;
  #calls = 0;
  #results = 0;
  #cut = new Set();
  #answered = new Set();
  #lost = 0;
  #errors = [];
  #open = new Map();

  constructor(urls, count) {
    for (let i = 0; i < count; i++) {
      const url = urls[i % urls.length];
      this.#callees.push(new Client(url, (session) => this.#offer(session)));
      this.#callers.push(new Client(url, () => {}, (session) => this.#lose(session)));
    }
  }

  async #offer(session) {
    await session.register(
      PROCEDURE,
      async ([call]) => {
        await new Promise((resolve) => setTimeout(resolve, WORK_MILLIS));
        if (this.#cut.has(call)) this.#lost++;
        this.#answered.add(call);
        return new autobahn.Result([call]);
      },
      { invoke: 'roundrobin' },
    );
  }

  get clients() {
    return [...this.#callers, ...this.#callees];
  }

  async start() {
    await Promise.all(this.clients.map((client) => client.joined()));
    this.#timer = setInterval(() => this.#call(), PERIOD_MILLIS);
  }

  #call() {
    const connected = this.#callers.filter(({ session }) => session);
    if (connected.length === 0) return;
    const { session } = connected[this.#turn++ % connected.length];
    const call = this.#calls++;
    if (!this.#open.has(session)) this.#open.set(session, new Set());
    const open = this.#open.get(session);
    open.add(call);
    const done = (then) => (outcome) => open.delete(call) && then(outcome);
    session.call(PROCEDURE, [call]).then(
      done((result) => (result === call ? this.#results++ : this.#errors.push(`${result} for ${call}`))),
      done((error) => this.#errors.push(`${error.error ?? error}`)),
    );
  }

  #lose(session) {
    for (const call of this.#open.get(session) ?? []) {
      this.#cut.add(call);
      if (this.#answered.has(call)) this.#lost++;
    }
    this.#open.delete(session);
  }

  get results() {
    return this.#results;
  }

  /** Makes no more calls, waits for the answers, and tells on which nodes the clients are. */
  async stop() {
    clearInterval(this.#timer);
    await until('an answer to every call', () => [...this.#open.values()].every((calls) => calls.size === 0));
    const sessions = await Promise.all(this.clients.map((client) => client.joined()));
    const nodes = await Promise.all(sessions.map(nodeOf));
    await Promise.all(this.clients.map((client) => client.close()));
    return nodes;
  }

  /** Whether every call that could be answered was, and no client was turned away. */
  get isWhole() {
    return (
      this.#errors.length === 0 &&
      this.#lost === 0 &&
      this.#results + this.#cut.size === this.#calls &&
      this.clients.every(({ failures }) => failures.length === 0)
    );
  }

  toString() {
    const losses = this.clients.reduce((sum, client) => sum + client.losses, 0);
    const failures = this.clients.flatMap((client) => client.failures);
    return (
      `${this.#calls} calls, ${this.#results} results, errors [${[...new Set(this.#errors)]}], ` +
      `${this.#cut.size} cut with their connection, of which ${this.#lost} had been answered, ` +
      `${losses} reconnects, failed attempts [${[...new Set(failures)]}]`
    );
  }
}

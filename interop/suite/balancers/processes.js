// Processes of a run: started, awaited, and ended with it, each by its own ID.

import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY } from './place.js';

/** Upper limit for whatever is awaited; only what never happens meets it. */
export const LIMIT_MILLIS = 60_000;

/** How often a condition is looked at again. */
const AGAIN_MILLIS = 50;

/** Waits until `look` tells something other than null, undefined or false, and tells that. */
export async function until(what, look, millis = LIMIT_MILLIS) {
  for (const deadline = Date.now() + millis; ; ) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${millis} ms`);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLIS));
  }
}

const running = new Set();

export class Process {
  #child;
  #log;
  #begun;

  /** Its end: the exit code, or the signal that ended it. */
  ended;

  constructor(name, [command, ...args], options = {}) {
    this.name = name;
    this.#log = join(DIRECTORY, `${name}.log`);
    const output = openSync(this.#log, 'a');
    this.#begun = this.#written().length;
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', output, output] });
    running.add(this);
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('exit', (code, signal) => resolve(code ?? signal));
    }).finally(() => running.delete(this));
  }

  #written() {
    return readFileSync(this.#log, 'utf8');
  }

  /** What it has written since it was started. */
  output() {
    return this.#written().slice(this.#begun);
  }

  get runs() {
    return running.has(this);
  }

  /** Waits until it has written this. */
  says(pattern) {
    return until(`${this.name} says ${pattern}`, () => {
      if (!this.runs) throw new Error(`${this.name} has ended: ${this.output().slice(-2000)}`);
      return pattern.test(this.output());
    });
  }

  signal(name) {
    this.#child.kill(name);
  }

  async stop() {
    if (this.runs) this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), LIMIT_MILLIS);
    await this.ended;
    clearTimeout(late);
  }
}

/** Ends everything that was started. */
export async function stopAll() {
  await Promise.all([...running].map((process) => process.stop()));
}

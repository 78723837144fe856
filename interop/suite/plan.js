// Which cases there are: scenarios times clients, on the nodes given.

import { seats } from './clients.js';
import { SCENARIOS } from './scenarios.js';

const suits = (scenario, a, b) =>
  (scenario.asks ?? []).every((skill) => a.client.can.has(skill)) &&
  (scenario.serves ?? []).every((skill) => b.client.can.has(skill));

/**
 * Every scenario with two sessions of one client, transport and serializer; then the crossed
 * scenarios between any two seats that differ, so that every serializer meets every other and
 * every library calls and hears every other.
 */
export function plan() {
  const all = seats();
  const alone = all.map((seat) => [seat, seat]);
  const crossed = all.flatMap((a) => all.filter((b) => b !== a).map((b) => [a, b]));
  return [
    ...alone.flatMap(([a, b]) => SCENARIOS.map((scenario) => ({ scenario, a, b }))),
    ...crossed.flatMap(([a, b]) =>
      SCENARIOS.filter((scenario) => scenario.crossed).map((scenario) => ({ scenario, a, b })),
    ),
  ]
    .filter(({ scenario, a, b }) => suits(scenario, a, b))
    .map((one) => ({ ...one, name: name(one) }));
}

function name({ scenario, a, b }) {
  return `${a === b ? a.name : `${a.name} -> ${b.name}`}: ${scenario.name}`;
}

/**
 * The nodes for one case. The first of several nodes takes `a` of the first case and the second
 * one `b`; each case moves on by one, so that all clients see all nodes.
 */
export function nodes(urls, index) {
  return [urls[index % urls.length], urls[(index + 1) % urls.length]];
}

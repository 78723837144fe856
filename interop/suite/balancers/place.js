// Where a run of the balancers takes place: a network of its own on loopback, a directory for what is written, and the
// shipped files with these addresses in the place of theirs.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Has tls.crt and tls.key for the balancer's address, and takes everything that is written. */
export const DIRECTORY = process.env.BALANCERS_DIRECTORY;

const NETWORK = process.env.BALANCERS_NETWORK; // such as 127.101.7

/** Names of the nodes. */
export const NODES = ['tandem-0', 'tandem-1', 'tandem-2'];

/** What clients connect to. */
export const BALANCER = `${NETWORK}.2`;

/** What clients connect from; balancers reach the nodes from 127.0.0.1, as the system chooses. */
export const CLIENT = `${NETWORK}.101`;

const SHIPPED = ['10.0.0.11', '10.0.0.12', '10.0.0.13'];

/** The address of a node. */
export const addressOf = (node) => `${NETWORK}.${11 + NODES.indexOf(node)}`;

const certificate = { crt: join(DIRECTORY, 'tls.crt'), key: join(DIRECTORY, 'tls.key') };

/** A shipped file with other addresses and paths, every one of which has to be in it. */
function shipped(name, replaced) {
  const text = readFileSync(join(ROOT, 'docs', 'balancers', name), 'utf8');
  const before = Object.keys(replaced);
  for (const one of before) assert.ok(text.includes(one), `${name} has no ${one}`);
  const escaped = before.map((one) => `${RegExp.escape?.(one) ?? one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![0-9])`);
  return text.replace(new RegExp(escaped.join('|'), 'g'), (found) => replaced[found]);
}

function write(name, text) {
  const file = join(DIRECTORY, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** The configuration of a node, written. */
export function nodeFile(node) {
  const number = NODES.indexOf(node);
  const [own, ...others] = [0, 1, 2].map((step) => addressOf(NODES[(number + step) % NODES.length]));
  return write(
    `${node}.yaml`,
    shipped('tandem.yaml', {
      '10.0.0.2': '127.0.0.1',
      [SHIPPED[0]]: own,
      [SHIPPED[1]]: others[0],
      [SHIPPED[2]]: others[1],
      'tandem-0': node,
      'https://app.example.com': `https://${BALANCER}`,
      '/etc/tandem/tls.crt': certificate.crt,
      '/etc/tandem/tls.key': certificate.key,
      '/etc/tandem/cluster-secret': write('cluster-secret', 'known to the nodes of this run'),
      '/var/log/tandem/audit.log': auditFile(node),
    }),
  );
}

/** Where a node accounts for whom it admits. */
export const auditFile = (node) => join(DIRECTORY, `${node}.audit`);

const addresses = () => ({
  '10.0.0.2': BALANCER,
  ...Object.fromEntries(SHIPPED.map((address, number) => [address, addressOf(NODES[number])])),
});

/** What starts each balancer, from its shipped file. */
export const BALANCERS = {
  nginx: () => {
    const file = write(
      'nginx.conf',
      shipped('nginx.conf', {
        ...addresses(),
        '/etc/nginx/tandem.crt': certificate.crt,
        '/etc/nginx/tandem.key': certificate.key,
        '/run/nginx.pid': join(DIRECTORY, 'nginx.pid'),
        '/var/log/nginx/error.log': join(DIRECTORY, 'nginx.error'),
      }),
    );
    return ['nginx', '-c', file, '-g', 'daemon off;'];
  },
  haproxy: () => {
    const both = readFileSync(certificate.crt, 'utf8') + readFileSync(certificate.key, 'utf8');
    const pem = write('tandem.pem', both);
    const file = write('haproxy.cfg', shipped('haproxy.cfg', { ...addresses(), '/etc/haproxy/tandem.pem': pem }));
    return ['haproxy', '-db', '-f', file];
  },
};

// A headless Chromium: the try-it page of a node, used as a person would use it, and AutobahnJS in a page.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Upper limit for each step. */
const LIMIT_MILLIS = 10_000;

const LIBRARY = createRequire(import.meta.url).resolve('autobahn-browser/autobahn.min.js');

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Those so far, for names of their own: none may meet what another one has left behind. */
let cases = 0;

/** Two cases for each node; `screenshots` is the directory for the pictures, if any are wanted. */
export function browserCases(urls, screenshots) {
  return urls.flatMap((url, index) => [
    {
      name: `try-it page of ${pageOf(url.websocket)}`,
      run: () => withBrowser((browser) => tryIt(browser, pageOf(url.websocket), screenshots)),
    },
    {
      name: `AutobahnJS in Chromium, by WebSocket and long-poll of ${pageOf(url.websocket)}`,
      run: () => callInPage(pageOf(url.websocket), url, urls[(index + 1) % urls.length]),
    },
  ]);
}

/**
 * AutobahnJS in a page: by WebSocket and by long-poll, a client of one router calls a client of another one, and is
 * sent an event by it.
 */
export async function callInPage(address, callerAt, calleeAt) {
  await withBrowser(async (browser) => {
    // The pages of nodes take no script of others, and those of balancers are for a certificate of the run.
    const page = await browser.newPage({ bypassCSP: true, ignoreHTTPSErrors: true });
    page.setDefaultTimeout(LIMIT_MILLIS);
    await page.goto(address);
    await page.addScriptTag({ path: LIBRARY });
    for (const type of ['websocket', 'longpoll']) {
      const heard = await page.evaluate(conversation, {
        type,
        caller: callerAt[type],
        callee: calleeAt[type],
        uri: `com.example.page.run${process.pid}.${type}${cases++}`,
        limit: LIMIT_MILLIS,
      });
      assert.deepEqual(heard, { result: 'Grüße, 世界', event: 'Grüße, 世界' }, type);
    }
  });
}

/** Runs in the page. */
async function conversation({ type, caller, callee, uri, limit }) {
  const { autobahn } = window;
  const within = (promise, what) =>
    Promise.race([
      promise.catch((error) => Promise.reject(new Error(`${what}: ${error.error ?? error.message}`))),
      new Promise((_, reject) => setTimeout(() => reject(new Error(`${what}: not in time`)), limit)),
    ]);
  const open = (url) =>
    new Promise((resolve, reject) => {
      const connection = new autobahn.Connection({
        transports: [{ type, url }],
        realm: 'realm1',
        max_retries: 0,
      });
      connection.onopen = (session) => resolve({ connection, session });
      connection.onclose = (reason, details) => reject(new Error(`${reason} ${details.reason}`));
      connection.open();
    });
  const asking = await within(open(caller), 'caller');
  const serving = await within(open(callee), 'callee');
  let heardOf;
  const event = new Promise((resolve) => (heardOf = resolve));
  await within(
    asking.session.subscribe(`${uri}.event`, ([text]) => heardOf(text)),
    'SUBSCRIBED',
  );
  await within(
    serving.session.register(uri, ([text]) => {
      serving.session.publish(`${uri}.event`, [text]);
      return text;
    }),
    'REGISTERED',
  );
  const result = await within(asking.session.call(uri, ['Grüße, 世界']), 'RESULT');
  const heard = { result, event: await within(event, 'EVENT') };
  asking.connection.close();
  serving.connection.close();
  return heard;
}

function pageOf(websocket) {
  const { protocol, host } = new URL(websocket);
  return `${protocol === 'wss:' ? 'https' : 'http'}://${host}/`;
}

async function withBrowser(use) {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find(existsSync);
  assert.ok(executablePath, 'no Chromium: install the package chromium, or name one in CHROMIUM');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

async function tryIt(browser, url, screenshots) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(LIMIT_MILLIS);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  const picture = async (name) => {
    if (!screenshots) return;
    mkdirSync(screenshots, { recursive: true });
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(screenshots, `try-it-${name}.png`), fullPage: true });
  };
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  const reads = (id, text) => page.locator(`#${id}`, { hasText: text }).waitFor();
  const own = `com.example.run${process.pid}.page${cases++}`;

  assert.equal((await page.goto(url)).status(), 200);
  await press('Connect');
  await reads('state', 'connected to realm1');
  assert.match(await page.locator('#session-details').textContent(), /"broker"/);

  await page.fill('#register-uri', `${own}.add`);
  await press('Register');
  await reads('register-result', /registered, ID \d+/);
  await page.fill('#call-uri', `${own}.add`);
  await press('Call');
  await reads('call-result', 'args   [5]');
  await page.fill('#call-args', '[2, ');
  await press('Call');
  await reads('call-args-error', /\S/);
  assert.equal(await page.locator('#call-args').getAttribute('aria-invalid'), 'true');
  await page.fill('#call-args', '[2, "three"]');
  await press('Call');
  await reads('call-result', 'wamp.error.invalid_argument');

  await page.fill('#subscribe-uri', `${own}.news`);
  await press('Subscribe');
  await reads('subscribe-result', /subscribed, ID \d+/);
  await page.fill('#publish-uri', `${own}.news`);
  await page.fill('#publish-kwargs', '{"colour": "blue"}');
  await press('Publish');
  await reads('publish-result', /published, ID \d+/);
  await reads('events', '["hello"] {"colour":"blue"}');
  await reads('wire', 'INVOCATION');
  await picture('light');

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('tab', { name: 'Autobahn-Python' }).click();
  await reads('snippet-code', url.replace(/^http/, 'ws'));
  await picture('dark');
  await page.setViewportSize({ width: 390, height: 800 });
  await picture('narrow');

  await page.getByRole('button', { name: /^Unregister / }).click();
  await page.locator('#registrations li').waitFor({ state: 'detached' });
  await press('Call');
  await reads('call-result', 'wamp.error.no_such_procedure');
  await press('Disconnect');
  await reads('state', 'not connected');
  assert.deepEqual(complaints, []);
}

// The try-it page of a node, used as a person would use it, in a headless Chromium.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Upper limit for each step. */
const LIMIT_MILLIS = 10_000;

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** One case for each node; `screenshots` is the directory for the pictures, if any are wanted. */
export function browserCases(urls, screenshots) {
  return urls.map(({ websocket }) => ({
    name: `try-it page of ${pageOf(websocket)}`,
    run: () => withBrowser((browser) => tryIt(browser, pageOf(websocket), screenshots)),
  }));
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
  // A browser outlives the case only for its own URIs, so pages of several runs do not meet.
  const own = `com.example.run${process.pid}`;

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

// The try-it page: forms in front of one WAMP session.

import { NAMES, Session, WampError } from './wamp.js';
import { SNIPPETS } from './snippets.js';

/** Rows that each log keeps; the oldest go first. */
const MAX_ROWS = 200;

/** What a registered procedure can do here; no code is taken from the page. */
const BEHAVIOURS = {
  add: (args) => {
    if (!args.every(Number.isFinite)) {
      throw new WampError('wamp.error.invalid_argument', ['add takes numbers']);
    }
    return { args: [args.reduce((sum, value) => sum + value, 0)] };
  },
  echo: (args, kwargs) => ({ args, kwargs }),
  time: () => ({ args: [new Date().toISOString()] }),
  error: (args, kwargs) => {
    throw new WampError('com.example.error.refused', args, kwargs);
  },
};

const $ = (id) => document.getElementById(id);

/** The open session, or null. */
let session = null;
/** Whether the user asked for the end of it. */
let leaving = false;

// --- Small helpers for the page ------------------------------------------------------------------

function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function show(id, text, bad = false) {
  const result = $(id);
  result.textContent = text;
  result.classList.toggle('bad', bad);
  result.hidden = false;
}

function showFailure(id, error) {
  const wamp = error instanceof WampError;
  show(id, wamp ? `${error.uri}\n${describe(error)}`.trimEnd() : error.message, true);
}

function describe({ args, kwargs }) {
  const parts = [];
  if (args.length > 0) parts.push(`args   ${JSON.stringify(args)}`);
  if (Object.keys(kwargs).length > 0) parts.push(`kwargs ${JSON.stringify(kwargs)}`);
  return parts.join('\n');
}

/** Reads a JSON field, or tells next to it what is wrong and returns undefined. */
function read(id, shape) {
  const field = $(id);
  let value;
  let problem = '';
  try {
    value = JSON.parse(field.value.trim() || (shape === 'list' ? '[]' : '{}'));
    const fits = shape === 'list' ? Array.isArray(value) : isMap(value);
    if (!fits) problem = shape === 'list' ? 'A JSON list, such as [1, "two"]' : 'A JSON object, such as {"key": 1}';
  } catch (error) {
    problem = error.message;
  }
  $(`${id}-error`).textContent = problem;
  field.setAttribute('aria-invalid', String(problem !== ''));
  if (problem === '') return value;
  field.focus();
  return undefined;
}

function isMap(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A log that keeps the newest rows and stays at its end unless someone scrolled up. */
function rows(id) {
  const list = $(id);
  const count = $(`${id}-count`);
  let total = 0;
  $(`${id}-clear`).addEventListener('click', () => {
    list.replaceChildren();
    total = 0;
    count.textContent = '0';
  });
  return (kind, title, text) => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 30;
    const row = element('li', '', kind);
    const time = new Date().toISOString().slice(11, 23);
    row.append(element('time', time), element('b', title), element('span', text));
    list.append(row);
    if (list.childElementCount > MAX_ROWS) list.firstElementChild.remove();
    count.textContent = String(++total);
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
}

const logWire = rows('wire');
const logEvent = rows('events');

/** Submits by button or Enter, once at a time. */
function onSubmit(form, action) {
  $(form).addEventListener('submit', async (submitted) => {
    submitted.preventDefault();
    const button = $(form).querySelector('button');
    button.disabled = true;
    try {
      await action();
    } finally {
      button.disabled = form === 'connect-form' ? session !== null : session === null;
    }
  });
}

// --- Session -------------------------------------------------------------------------------------

function address() {
  const scheme = location.protocol === 'https:' ? 's' : '';
  return {
    websocket: `ws${scheme}://${location.host}${$('path').value}`,
    realm: $('realm').value,
  };
}

function showState(state, text) {
  $('state').dataset.state = state;
  $('state').textContent = text;
  const open = state === 'open';
  $('connect').disabled = open;
  $('disconnect').disabled = !open;
  $('path').disabled = open;
  $('realm').disabled = open;
  $('session').hidden = !open;
  for (const form of ['register', 'call', 'subscribe', 'publish']) {
    $(`${form}-form`).querySelector('button').disabled = !open;
  }
}

function closed(reason) {
  session = null;
  $('registrations').replaceChildren();
  $('subscriptions').replaceChildren();
  showState(leaving ? 'closed' : 'failed', 'not connected');
  show('connect-result', reason, !leaving);
  leaving = false;
}

onSubmit('connect-form', async () => {
  const { websocket, realm } = address();
  $('connect-result').hidden = true;
  showState('opening', 'connecting');
  try {
    session = await Session.open({
      url: websocket,
      realm,
      onMessage: (direction, message) =>
        logWire(direction, `${direction === 'in' ? '←' : '→'} ${NAMES[message[0]] ?? '?'}`, JSON.stringify(message)),
      onClose: closed,
    });
    $('session-id').textContent = session.id;
    $('session-details').textContent = JSON.stringify(session.details, null, 2);
    showState('open', `connected to ${realm}`);
  } catch (error) {
    showState('failed', 'not connected');
    showFailure('connect-result', error);
  }
});

$('disconnect').addEventListener('click', () => {
  leaving = true;
  session.close();
});

// --- Procedures ----------------------------------------------------------------------------------

/** Adds a line with a button that takes it back. */
function hold(list, text, action, release, result) {
  const item = document.createElement('li');
  const button = element('button', action, 'small');
  button.type = 'button';
  button.setAttribute('aria-label', `${action} ${text}`);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await release();
      item.remove();
    } catch (error) {
      button.disabled = false;
      showFailure(result, error);
    }
  });
  item.append(element('span', text), button);
  $(list).append(item);
}

onSubmit('register-form', async () => {
  const procedure = $('register-uri').value.trim();
  const behaviour = $('behaviour').value;
  try {
    const id = await session.register(procedure, BEHAVIOURS[behaviour]);
    show('register-result', `registered, ID ${id}`);
    const release = () => session.unregister(id);
    hold('registrations', `${procedure} · ${behaviour}`, 'Unregister', release, 'register-result');
  } catch (error) {
    showFailure('register-result', error);
  }
});

onSubmit('call-form', async () => {
  const args = read('call-args', 'list');
  const kwargs = read('call-kwargs', 'map');
  if (args === undefined || kwargs === undefined) return;
  try {
    const result = await session.call($('call-uri').value.trim(), args, kwargs);
    show('call-result', describe(result) || 'a result without values');
  } catch (error) {
    showFailure('call-result', error);
  }
});

// --- Topics --------------------------------------------------------------------------------------

onSubmit('subscribe-form', async () => {
  const topic = $('subscribe-uri').value.trim();
  const match = $('match').value;
  try {
    const id = await session.subscribe(
      topic,
      ({ publication, details, args, kwargs }) =>
        logEvent('in', details.topic ?? topic, `${JSON.stringify(args)} ${JSON.stringify(kwargs)} · publication ${publication}`),
      match === 'exact' ? {} : { match },
    );
    show('subscribe-result', `subscribed, ID ${id}`);
    const release = () => session.unsubscribe(id);
    hold('subscriptions', `${topic} · ${match}`, 'Unsubscribe', release, 'subscribe-result');
  } catch (error) {
    showFailure('subscribe-result', error);
  }
});

onSubmit('publish-form', async () => {
  const args = read('publish-args', 'list');
  const kwargs = read('publish-kwargs', 'map');
  if (args === undefined || kwargs === undefined) return;
  const options = { acknowledge: $('acknowledge').checked, exclude_me: $('exclude-me').checked };
  try {
    const id = await session.publish($('publish-uri').value.trim(), args, kwargs, options);
    show('publish-result', id === undefined ? 'sent, not acknowledged' : `published, ID ${id}`);
  } catch (error) {
    showFailure('publish-result', error);
  }
});

// --- Snippets ------------------------------------------------------------------------------------

let chosen = SNIPPETS[0];

function showAddress() {
  $('url').textContent = address().websocket;
  $('snippet-code').textContent = chosen.code(address());
}

function choose(snippet, focus) {
  chosen = snippet;
  for (const tab of $('tabs').children) {
    const selected = tab.textContent === snippet.name;
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
    if (selected && focus) tab.focus();
  }
  showAddress();
}

for (const snippet of SNIPPETS) {
  const tab = element('button', snippet.name);
  tab.type = 'button';
  tab.setAttribute('role', 'tab');
  tab.setAttribute('aria-controls', 'snippet');
  tab.addEventListener('click', () => choose(snippet, false));
  $('tabs').append(tab);
}

$('tabs').addEventListener('keydown', ({ key }) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step === undefined) return;
  const next = (SNIPPETS.indexOf(chosen) + step + SNIPPETS.length) % SNIPPETS.length;
  choose(SNIPPETS[next], true);
});

$('copy').addEventListener('click', async () => {
  // The clipboard is only given to pages from this machine or over TLS; elsewhere the text is
  // selected, ready for the user's own copy.
  try {
    await navigator.clipboard.writeText($('snippet-code').textContent);
    $('copy').textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren($('snippet-code'));
    $('copy').textContent = 'Selected';
  }
});
$('tabs').addEventListener('click', () => ($('copy').textContent = 'Copy'));
$('path').addEventListener('input', showAddress);
$('realm').addEventListener('input', showAddress);

choose(chosen, false);
showState('closed', 'not connected');

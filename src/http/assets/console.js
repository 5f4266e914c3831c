// The console: a conversation on the left, its ticket on the right.

import { post, readPartial } from './console/service.js';
import { TEXTS } from './console/texts.js';
import { $, labelFields, make, makeFields, showMeta, showTicket } from './console/ticket.js';

const KEPT_REQUESTS = 10;
const THEMES = { auto: 'light', light: 'dark', dark: 'auto' };

/** Storage can be blocked. */
const recall = (store, key) => { try { return window[store].getItem(key); } catch { return null; } };
const keep = (store, key, value) => { try { window[store].setItem(key, value); } catch { /* kept for this visit only */ } };

const LANGUAGES = Object.keys(TEXTS);
let language = [recall('localStorage', 'language'), navigator.language.split('-')[0], 'en'].find((tag) => LANGUAGES.includes(tag));
let theme = recall('localStorage', 'theme');
if (!THEMES[theme]) theme = 'auto';
let key = recall('sessionStorage', 'api-key') ?? '';
let limits = { message: 8000, history: 50 };
/** The conversation and the ticket so far, which the next request sends. */
let turns = [];
let answer = null;
let asked = null;
/** Aborts the running request; null if there is none. */
let running = null;

const text = () => TEXTS[language];
const nextLanguage = () => LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];

/** An error, described by the envelope or by this page. */
class Failure extends Error {
  constructor({ message, error, meta, status }) {
    super(message);
    this.parts = [error?.detail, error?.code, status && status !== 200 && `HTTP ${status}`, meta?.request_id].filter(Boolean);
    this.code = error?.code;
  }
}

// --- A conversation --------------------------------------------------------------------------------------------------

/** The history, as the service expects it. */
const history = (before) => before.slice(-limits.history).map(({ role, content }) => ({ role, content }));

/** Posts a body and returns the envelope; `onText` repeatedly gets the model's text so far. */
async function request(path, body, onText) {
  const entry = showRequest(path, body);
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  let seen = { status: 0, envelope: null };
  try {
    const headers = { 'accept-language': language, ...(key && { 'x-api-key': key }) };
    seen = await post(path, body, { headers, signal: running.signal, onText });
  } catch (error) {
    throw error instanceof TypeError ? new Failure({ message: text().network, error: { detail: error.message } }) : error;
  } finally {
    entry.end(seen, elapsed());
  }
  const { status, envelope, first } = seen;
  if (!envelope?.meta) throw new Failure({ message: text()[status === 200 ? 'broken' : 'unreadable'], status });
  if (!envelope.success) throw new Failure({ ...envelope, status });
  return { ...envelope, first, elapsed: elapsed() };
}

async function send(message) {
  const before = turns;
  turns = [...turns, { role: 'user', content: message }];
  addTurn('user', message);
  await run(() => analyze(message, before));
}

/** Runs a step of the conversation and the steps after it; a failed step can be retried. */
async function run(step) {
  running = new AbortController();
  busy(true);
  const waiting = addTurn('assistant', '', 'waiting');
  // Screen readers would read every piece: they get the whole question.
  waiting.ariaHidden = 'true';
  try {
    while (step) step = await step(waiting);
  } catch (error) {
    if (error.name === 'AbortError') say(text().stopped);
    else showFailure(error, step);
  }
  waiting.remove();
  running = null;
  busy(false);
}

async function analyze(message, before) {
  say(text().analysing);
  asked = null;
  const known = answer?.data ?? {};
  showTicket(text(), known, {});
  try {
    answer = await request('analyze', { message, history: history(before) }, (written) => {
      const partial = readPartial(written);
      showTicket(text(), { ...known, ...partial }, { writing: Object.keys(partial).pop() });
    });
  } finally {
    // Remove an incomplete ticket.
    showAnswer();
  }
  return askNext;
}

async function askNext(waiting) {
  if (!answer.meta.missing_fields.length) return close();
  const words = waiting.lastChild;
  const next = await request('followup', { ticket: answer.data, history: history(turns) }, (written) => {
    words.textContent = readPartial(written).question ?? '';
    scroll();
  });
  asked = next.data.field;
  if (!asked) return close();
  turns = [...turns, { role: 'assistant', content: next.data.question }];
  addTurn('assistant', next.data.question);
  say(`${showAnswer()}. ${text().ready}`);
  return null;
}

/** Announces that the ticket is complete. */
function close() {
  addTurn('assistant', text().complete, 'done');
  say(showAnswer());
  return null;
}

function restart() {
  running?.abort();
  turns = [];
  answer = asked = null;
  $('log').replaceChildren($('welcome'));
  $('welcome').hidden = false;
  $('restart').disabled = true;
  showAnswer();
  $('message').focus();
}

// --- Display ---------------------------------------------------------------------------------------------------

const say = (words) => { $('status').textContent = words; };
const scroll = () => { $('log').scrollTop = $('log').scrollHeight; };

function busy(is) {
  $('send').disabled = is;
  $('stop').hidden = !is;
  $('fields').ariaBusy = String(is);
  if (is) $('restart').disabled = false;
}

function addTurn(role, words, kind = '') {
  $('welcome').hidden = true;
  const name = make('b', { textContent: text()[role] });
  name.dataset.t = role;
  const turn = make('div', { className: `turn ${role} ${kind}` }, name, make('p', { textContent: words }));
  $('log').append(turn);
  scroll();
  return turn;
}

function showFailure(error, step) {
  const retry = make('button', { className: 'button', type: 'button', textContent: text().retry });
  const detail = make('small', { textContent: error.parts?.join(' · ') ?? String(error) });
  const node = make('div', { className: 'failure', role: 'alert' }, make('p', { textContent: error.message }), detail, retry);
  retry.onclick = () => {
    if (running) return;
    node.remove();
    $('message').focus();
    run(step);
  };
  $('log').append(node);
  scroll();
  if (error.code === 'unauthorized') openKey();
}

/** Shows the last complete answer and returns a text with the number of filled fields. */
function showAnswer() {
  const count = showTicket(text(), answer?.data ?? {}, { ...answer?.meta, asked });
  document.querySelector('.to-ticket').textContent = answer ? text().jump(count) : '';
  if (answer) showMeta(text(), language, answer);
  else for (const id of ['notes', 'meta']) $(id).replaceChildren();
  return count;
}

/** Adds a request to the list; `end` adds its answer. */
function showRequest(path, body) {
  $('no-requests').hidden = true;
  const outcome = make('span', { textContent: text().pending });
  const received = make('pre', { tabIndex: 0 });
  const part = (name, pre) => {
    const title = make('span', { textContent: text()[name] });
    title.dataset.t = name;
    const copy = make('button', { className: 'button', type: 'button', textContent: text().copy });
    copy.dataset.t = 'copy';
    // Browsers provide a clipboard over HTTPS and on localhost only.
    copy.hidden = !navigator.clipboard;
    copy.onclick = async () => {
      await navigator.clipboard.writeText(pre.textContent);
      copy.textContent = text().copied;
      say(text().copied);
    };
    return [make('h3', {}, title, copy), pre];
  };
  const sent = make('pre', { tabIndex: 0, textContent: JSON.stringify(body, null, 2) });
  const box = make('div', {}, ...part('request', sent), ...part('answer', received));
  const summary = make('summary', {}, make('code', { textContent: `POST /${path}` }), outcome);
  $('requests').prepend(make('li', {}, make('details', {}, summary, box)));
  while ($('requests').children.length > KEPT_REQUESTS) $('requests').lastChild.remove();
  return {
    end({ status, envelope }, millis) {
      outcome.textContent = `${(envelope?.error?.code ?? status) || '—'} · ${millis.toLocaleString(language)} ms`;
      outcome.className = envelope?.success ? 'ok' : 'bad';
      received.textContent = envelope ? JSON.stringify(envelope, null, 2) : '—';
    },
  };
}

function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = text()[node.dataset.t];
  for (const node of document.querySelectorAll('[data-label]')) node.ariaLabel = text()[node.dataset.label];
  const next = nextLanguage();
  Object.assign($('language'), { lang: next, textContent: next.toUpperCase(), ariaLabel: TEXTS[next].language });
  $('samples').replaceChildren(...text().examples.map((words) => {
    const button = make('button', { className: 'button', type: 'button', textContent: words });
    button.onclick = () => {
      $('message').focus();
      if (!running) send(words);
    };
    return make('li', {}, button);
  }));
  labelFields(text());
  showAnswer();
  applyTheme();
}

function applyTheme() {
  document.documentElement.dataset.theme = theme;
  $('theme').ariaLabel = $('theme').title = text().theme[theme];
}

function openKey() {
  // Forget the button that closed it last.
  $('key-dialog').returnValue = '';
  $('key').value = key;
  $('key-dialog').showModal();
}

// --- Start -------------------------------------------------------------------------------------------------------

async function showHealth() {
  const pill = $('health');
  try {
    const health = await (await fetch('health', { headers: { 'accept-language': language } })).json();
    pill.classList.toggle('bad', health.status !== 'healthy');
    pill.textContent = health.message ?? [...new Set([health.backend, health.model])].join(' · ');
    pill.title = health.error?.detail ?? `Support Ticket AI ${health.version}`;
  } catch {
    pill.classList.add('bad');
    pill.textContent = text().down;
  }
}

async function readDocument() {
  try {
    const { schemas } = (await (await fetch('openapi.json')).json()).components;
    limits = { message: schemas.AnalyzeRequest.properties.message.maxLength, history: schemas.History.maxItems };
    $('message').maxLength = limits.message;
    makeFields(text(), schemas.Ticket.properties);
    showAnswer();
  } catch { /* the first answer names the fields, and the pill shows that the service is down */ }
}

$('composer').onsubmit = (event) => {
  event.preventDefault();
  const message = $('message').value.trim();
  if (!message || running) return;
  $('message').value = '';
  send(message);
};
$('message').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $('composer').requestSubmit();
  }
};
$('stop').onclick = () => { running?.abort(); $('message').focus(); };
$('restart').onclick = restart;
$('language').onclick = () => {
  language = nextLanguage();
  keep('localStorage', 'language', language);
  translate();
  showHealth();
};
$('theme').onclick = () => {
  theme = THEMES[theme];
  keep('localStorage', 'theme', theme);
  applyTheme();
};
$('open-key').onclick = openKey;
$('cancel').onclick = () => $('key-dialog').close();
$('key-dialog').onclose = () => {
  if ($('key-dialog').returnValue === 'save') {
    key = $('key').value.trim();
    keep('sessionStorage', 'api-key', key);
  }
};
translate();
showHealth();
readDocument();

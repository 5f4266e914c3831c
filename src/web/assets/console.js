// The console: a conversation on the left, the ticket that comes out of it on the right.
'use strict';

/** Everything the page says, in both languages. */
const TEXTS = {
  fr: {
    skip: 'Aller au message', tools: 'Outils', docs: 'API', key: 'Clé d’accès', theme: { auto: 'Thème auto', light: 'Thème clair', dark: 'Thème sombre' },
    conversation: 'Conversation', restart: 'Recommencer', welcome: 'Écrivez comme le ferait un client : le ticket se remplit à mesure, et la question suivante se pose d’elle-même.',
    samples: 'Exemples', message: 'Message du client', hint: 'Entrée pour envoyer, Maj + Entrée pour aller à la ligne', stop: 'Arrêter', send: 'Envoyer',
    ticket: 'Ticket', progress: 'Champs remplis', how: 'Comment la réponse est venue', requests: 'Requêtes', noRequests: 'Les requêtes et leurs réponses en JSON s’affichent ici.',
    keyHelp: 'Nécessaire seulement si le service en demande une. Elle reste dans cet onglet et disparaît avec lui.', keyLabel: 'Clé', cancel: 'Annuler', save: 'Enregistrer',
    user: 'Client', assistant: 'Support', complete: 'Merci, votre ticket est complet.', stopped: 'Arrêté.', ready: 'Question posée',
    analysing: 'Analyse en cours', jump: (count) => `Ticket : ${count}`, count: (n, all) => `${n} champ${n > 1 ? 's' : ''} sur ${all}`, request: 'Requête', answer: 'Réponse', copy: 'Copier', copied: 'Copié', retry: 'Réessayer', pending: 'en cours',
    degraded: 'Mode dégradé : le moteur intégré a remplacé le modèle.', review: 'À relire : un champ au moins est peu sûr.', cached: 'Réponse gardée d’une demande précédente.',
    missing: 'à demander', asked: 'demandé', unknown: 'inconnu', levels: { high: 'sûr', medium: 'probable', low: 'à vérifier' }, yes: 'oui', no: 'non',
    meta: { backend: 'Moteur', model: 'Modèle', duration: 'Durée', first: 'Premiers mots', attempts: 'Appels', tokens: 'Jetons', id: 'Identifiant' },
    network: 'Le service ne répond pas. Vérifiez la connexion, puis réessayez.', unreadable: 'La réponse du service n’est pas lisible.', broken: 'La réponse s’est interrompue avant la fin.',
    down: 'Service indisponible', labels: { titre: 'Titre', categorie: 'Catégorie', priorite: 'Priorité', description: 'Description', localisation: 'Localisation', equipement: 'Équipement' },
    examples: ['L’imprimante HP LaserJet du 2e étage n’imprime plus depuis ce matin.', 'Je n’arrive plus à me connecter au VPN, c’est urgent !', 'La facture du mois de mars me compte deux fois le même écran.'],
  },
  en: {
    skip: 'Skip to the message', tools: 'Tools', docs: 'API', key: 'API key', theme: { auto: 'Auto theme', light: 'Light theme', dark: 'Dark theme' },
    conversation: 'Conversation', restart: 'Start over', welcome: 'Write as a customer would: the ticket fills in as you go, and the next question asks itself.',
    samples: 'Examples', message: 'Customer’s message', hint: 'Enter to send, Shift + Enter for a new line', stop: 'Stop', send: 'Send',
    ticket: 'Ticket', progress: 'Fields filled', how: 'How the answer came about', requests: 'Requests', noRequests: 'Requests and their answers show up here as JSON.',
    keyHelp: 'Needed only if the service asks for one. It stays in this tab and goes with it.', keyLabel: 'Key', cancel: 'Cancel', save: 'Save',
    user: 'Customer', assistant: 'Support', complete: 'Thank you, your ticket is complete.', stopped: 'Stopped.', ready: 'Question asked',
    analysing: 'Analysing', jump: (count) => `Ticket: ${count}`, count: (n, all) => `${n} of ${all} field${all > 1 ? 's' : ''}`, request: 'Request', answer: 'Answer', copy: 'Copy', copied: 'Copied', retry: 'Try again', pending: 'running',
    degraded: 'Degraded mode: the embedded engine stood in for the model.', review: 'To be reviewed: at least one field is uncertain.', cached: 'Answer kept from an earlier request.',
    missing: 'to ask', asked: 'asked', unknown: 'unknown', levels: { high: 'sure', medium: 'likely', low: 'to check' }, yes: 'yes', no: 'no',
    meta: { backend: 'Engine', model: 'Model', duration: 'Duration', first: 'First words', attempts: 'Calls', tokens: 'Tokens', id: 'Request id' },
    network: 'The service does not answer. Check the connection, then try again.', unreadable: 'The service’s answer cannot be read.', broken: 'The answer broke off before its end.',
    down: 'Service unavailable', labels: { titre: 'Title', categorie: 'Category', priorite: 'Priority', description: 'Description', localisation: 'Location', equipement: 'Equipment' },
    examples: ['The HP LaserJet on the 2nd floor has not printed since this morning.', 'I cannot connect to the VPN any more, it is urgent!', 'The March invoice charges me twice for the same screen.'],
  },
};
const UNKNOWN = '[INCONNU]';
const KEPT_REQUESTS = 10;

const $ = (id) => document.getElementById(id);
const make = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
/** Storage that may be forbidden. */
const recall = (store, key) => { try { return window[store].getItem(key); } catch { return null; } };
const keep = (store, key, value) => { try { window[store].setItem(key, value); } catch { /* only for this visit, then */ } };

let language = recall('localStorage', 'language') ?? (navigator.language.startsWith('fr') ? 'fr' : 'en');
if (!TEXTS[language]) language = 'fr';
let theme = recall('localStorage', 'theme') ?? 'auto';
let key = recall('sessionStorage', 'api-key') ?? '';
let limits = { message: 8000, history: 50 };
/** The ticket's fields: name, description, and the nodes that show them. */
let fields = [];
/** What has been said, and the ticket so far: what the next request sends. */
let turns = [];
let answer = null;
let asked = null;
/** Ends the running request; null while there is none. */
let running = null;

const text = () => TEXTS[language];

/** An answer other than success, in the envelope's words or the page's own. */
class Failure extends Error {
  constructor({ message, error, meta, status }) {
    super(message);
    this.parts = [error?.detail, error?.code, status && status !== 200 && `HTTP ${status}`, meta?.request_id].filter(Boolean);
    this.code = error?.code;
  }
}

// --- The service -----------------------------------------------------------------------------------------------------

/** Posts a body and gives back the envelope; `onText` gets all that the model has written so far, again and again. */
async function post(path, body, onText) {
  const entry = showRequest(path, body);
  const started = performance.now();
  const since = () => Math.round(performance.now() - started);
  let status = 0;
  let envelope = null;
  let first = null;
  try {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', 'accept-language': language };
    if (key) headers['x-api-key'] = key;
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body), signal: running.signal });
    status = response.status;
    if ((response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
      let written = '';
      envelope = await readEvents(response.body, (piece) => {
        first ??= since();
        onText(written += piece);
      });
    } else {
      envelope = await response.json().catch(() => null);
    }
    if (!envelope?.meta) throw new Failure({ message: text()[status === 200 ? 'broken' : 'unreadable'], status });
    if (!envelope.success) throw new Failure({ ...envelope, status });
    return { ...envelope, first, elapsed: since() };
  } catch (error) {
    throw error instanceof TypeError ? new Failure({ message: text().network, error: { detail: error.message } }) : error;
  } finally {
    entry.end(status, envelope, since());
  }
}

/** Reads server-sent events to the envelope that ends them. */
async function readEvents(body, onPiece) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return null;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const line = (name) => event.split('\n').find((l) => l.startsWith(name))?.slice(name.length);
      const data = line('data: ');
      if (!data) continue;
      const kind = line('event: ');
      if (kind === 'delta') onPiece(JSON.parse(data).text);
      else if (kind === 'result' || kind === 'error') return JSON.parse(data);
    }
  }
}

/** The object that a JSON text is going to be, as far as it is written. */
function readPartial(written) {
  const start = written.indexOf('{');
  if (start < 0) return {};
  const open = [];
  let inString = false;
  let lastComma = -1;
  let end = start;
  for (; end < written.length; end++) {
    const c = written[end];
    if (inString) {
      if (c === '\\') end++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') open.push(c === '{' ? '}' : ']');
    else if (c === '}' || c === ']') {
      open.pop();
      if (!open.length) { end++; break; }
    } else if (c === ',' && open.length === 1) lastComma = end;
  }
  const soFar = written.slice(start, end).replace(/\\(u[0-9a-f]{0,3})?$/i, '');
  const closers = open.reverse().join('');
  const complete = lastComma < 0 ? '{}' : written.slice(start, lastComma) + '}';
  for (const attempt of [soFar + (inString ? '"' : '') + closers, complete]) {
    try { return JSON.parse(attempt); } catch { /* the value is only beginning: what stands before it, then */ }
  }
  return {};
}

// --- A conversation --------------------------------------------------------------------------------------------------

/** What was said up to now, as the service takes it. */
const history = (before) => before.slice(-limits.history).map(({ role, content }) => ({ role, content }));

async function send(message) {
  const before = turns;
  turns = [...turns, { role: 'user', content: message }];
  addTurn('user', message);
  await run(() => analyze(message, before));
}

/** Runs a step of the conversation and those that follow from it; one that fails can be tried again. */
async function run(step) {
  running = new AbortController();
  busy(true);
  try {
    while (step) step = await step();
  } catch (error) {
    document.querySelectorAll('.waiting').forEach((node) => node.remove());
    if (error.name === 'AbortError') say(text().stopped);
    else showFailure(error, step);
  }
  running = null;
  busy(false);
}

async function analyze(message, before) {
  say(text().analysing);
  asked = null;
  const known = answer?.data ?? {};
  showTicket(known, {});
  try {
    answer = await post('analyze', { message, history: history(before) }, (written) => {
      const partial = readPartial(written);
      showTicket({ ...known, ...partial }, { writing: Object.keys(partial).pop() });
    });
  } finally {
    // Half a ticket does not stay.
    showTicket(answer?.data ?? {}, answer?.meta ?? {});
  }
  showMeta(answer);
  return askNext;
}

async function askNext() {
  if (!answer.meta.missing_fields.length) {
    addTurn('assistant', text().complete, 'done');
    say(text().complete);
    return null;
  }
  const turn = addTurn('assistant', '', 'waiting');
  const words = turn.lastChild;
  // A reader would hear each piece of a question: it hears the whole one.
  words.ariaHidden = 'true';
  const next = await post('followup', { ticket: answer.data, history: history(turns) }, (written) => {
    words.textContent = written.trimStart().startsWith('{') ? readPartial(written).question ?? '' : written;
    scroll();
  });
  turn.remove();
  const question = next.data.question ?? text().complete;
  asked = next.data.field;
  if (asked) turns = [...turns, { role: 'assistant', content: question }];
  addTurn('assistant', question, asked ? '' : 'done');
  showTicket(answer.data, answer.meta);
  say(text().ready);
  return null;
}

function restart() {
  running?.abort();
  turns = [];
  answer = asked = null;
  $('log').replaceChildren($('welcome'));
  $('welcome').hidden = false;
  $('meta').replaceChildren();
  $('notes').replaceChildren();
  $('restart').disabled = true;
  showTicket({}, {});
  $('message').focus();
}

// --- What is shown ---------------------------------------------------------------------------------------------------

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
  if (error.code === 'unauthorized') $('key-dialog').showModal();
}

/** A value for people; null where there is none. */
function shown(value) {
  if (value === undefined || value === null || value === '' || value === UNKNOWN) return null;
  return typeof value === 'boolean' ? text()[value ? 'yes' : 'no'] : String(value);
}

function showTicket(ticket, { missing_fields = [], confidence = {}, writing }) {
  if (!fields.length) makeFields(Object.keys(ticket).map((name) => [name, {}]));
  let filled = 0;
  for (const { name, description, row, value, tag } of fields) {
    const words = shown(ticket[name]);
    const level = confidence[name];
    const isMissing = missing_fields.includes(name);
    if (words !== null) filled++;
    value.textContent = words ?? (name === writing ? '' : description ?? '—');
    row.className = [words !== null && 'filled', level, isMissing && 'missing', isMissing && name === asked && 'asked', name === writing && 'writing'].filter(Boolean).join(' ');
    tag.textContent = isMissing ? text()[name === asked ? 'asked' : 'missing'] : level ? text().levels[level] : ticket[name] === UNKNOWN && name !== writing ? text().unknown : '';
  }
  const count = text().count(filled, fields.length);
  $('count').textContent = count;
  $('progress').max = fields.length || 1;
  $('progress').value = filled;
  document.querySelector('.to-ticket').textContent = answer ? text().jump(count) : '';
}

function showMeta({ meta, elapsed, first }) {
  const notes = ['degraded', 'cached', 'needs_review'].filter((name) => meta[name]);
  $('notes').replaceChildren(...notes.map((name) => make('p', { textContent: text()[name === 'needs_review' ? 'review' : name] })));
  const tokens = meta.usage.prompt_tokens + meta.usage.completion_tokens;
  const ms = (n) => `${n.toLocaleString(language)} ms`;
  const rows = { backend: meta.backend, model: meta.model, duration: ms(elapsed), first: first === null ? null : ms(first), attempts: meta.attempts, tokens: tokens || null, id: meta.request_id };
  const known = Object.entries(rows).filter(([, value]) => value !== null && value !== 0);
  $('meta').replaceChildren(...known.map(([name, value]) => make('div', {}, make('dt', { textContent: text().meta[name] }), make('dd', { textContent: value }))));
}

function makeFields(properties) {
  fields = properties.map(([name, { description, title }]) => {
    const label = make('span', {});
    const tag = make('span', { className: 'tag' });
    const value = make('dd', {});
    const row = make('div', {}, make('dt', {}, label, tag), value);
    return { name, title, description, label, row, value, tag };
  });
  $('fields').replaceChildren(...fields.map(({ row }) => row));
  labelFields();
}

function labelFields() {
  for (const { name, title, label } of fields) {
    label.textContent = text().labels[name] ?? title ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  }
}

/** Adds a request to the list; `end` puts the answer to it. */
function showRequest(path, body) {
  $('no-requests').hidden = true;
  const outcome = make('span', { textContent: text().pending });
  const received = make('pre', { tabIndex: 0 });
  const part = (title, pre) => {
    const copy = make('button', { className: 'button', type: 'button', textContent: text().copy });
    copy.onclick = async () => {
      await navigator.clipboard?.writeText(pre.textContent);
      copy.textContent = text().copied;
    };
    return [make('h3', {}, title, copy), pre];
  };
  const sent = make('pre', { tabIndex: 0, textContent: JSON.stringify(body, null, 2) });
  const box = make('div', {}, ...part(text().request, sent), ...part(text().answer, received));
  const summary = make('summary', {}, make('code', { textContent: `POST /${path}` }), outcome);
  $('requests').prepend(make('li', {}, make('details', {}, summary, box)));
  while ($('requests').children.length > KEPT_REQUESTS) $('requests').lastChild.remove();
  return {
    end(status, envelope, millis) {
      outcome.textContent = `${status || '—'} · ${millis} ms`;
      outcome.className = envelope?.success ? 'ok' : 'bad';
      received.textContent = envelope ? JSON.stringify(envelope, null, 2) : '—';
    },
  };
}

function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = text()[node.dataset.t];
  for (const node of document.querySelectorAll('[data-label]')) node.ariaLabel = text()[node.dataset.label];
  $('ticket-title').textContent = text().ticket;
  $('language').textContent = language === 'fr' ? 'English' : 'Français';
  $('language').lang = language === 'fr' ? 'en' : 'fr';
  $('theme').textContent = text().theme[theme];
  $('samples').replaceChildren(...text().examples.map((words) => {
    const button = make('button', { className: 'button', type: 'button', textContent: words });
    button.onclick = () => {
      $('message').focus();
      if (!running) send(words);
    };
    return make('li', {}, button);
  }));
  labelFields();
  showTicket(answer?.data ?? {}, answer?.meta ?? {});
  if (answer) showMeta(answer);
}

function applyTheme() {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

// --- The start -------------------------------------------------------------------------------------------------------

async function showHealth() {
  const pill = $('health');
  try {
    const health = await (await fetch('health', { headers: { 'accept-language': language } })).json();
    pill.classList.toggle('bad', health.status !== 'healthy');
    pill.textContent = health.message ?? [health.backend, health.model].filter((part, at, all) => all.indexOf(part) === at).join(' · ');
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
    makeFields(Object.entries(schemas.Ticket.properties));
    showTicket(answer?.data ?? {}, answer?.meta ?? {});
  } catch { /* the first answer names the fields, and the pill says that the service is down */ }
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
  language = language === 'fr' ? 'en' : 'fr';
  keep('localStorage', 'language', language);
  translate();
};
$('theme').onclick = () => {
  theme = { auto: 'light', light: 'dark', dark: 'auto' }[theme] ?? 'auto';
  keep('localStorage', 'theme', theme);
  applyTheme();
  $('theme').textContent = text().theme[theme];
};
$('open-key').onclick = () => $('key-dialog').showModal();
$('cancel').onclick = () => $('key-dialog').close();
$('key-dialog').onclose = () => {
  if ($('key-dialog').returnValue === 'save') {
    key = $('key').value.trim();
    keep('sessionStorage', 'api-key', key);
  }
  $('key').value = key;
};
$('key').value = key;
if (!text().theme[theme]) theme = 'auto';
applyTheme();
translate();
showHealth();
readDocument();

'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, afterEach, before, beforeEach, test } = require('node:test');
const { browser, ollama, open, screen, serve } = require('./harness');

const UNKNOWN = '[INCONNU]';
const MESSAGE = 'L’imprimante HP LaserJet n’imprime plus depuis ce matin.';
const FIRST = {
  titre: 'Imprimante HP LaserJet en panne', categorie: 'Matériel', priorite: 'Normale',
  description: 'L’imprimante HP LaserJet n’imprime plus depuis ce matin.', localisation: UNKNOWN, equipement: 'Imprimante HP LaserJet',
};
const QUESTION = 'Sur quel site et à quel étage se trouve l’imprimante ?';
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A custom ticket: fields with a title, only a description, or neither; several kinds of values. */
const OTHER = {
  type: 'object',
  properties: {
    site: { type: 'string', title: 'Établissement', description: 'Où le client travaille', 'x-ask': 1, 'x-question': { fr: 'Dans quel établissement ?' } },
    description: { type: 'string', title: 'Récit' },
    poste_de_travail: { type: 'integer', description: 'Le numéro du poste', minimum: 1 },
    bloquant: { type: 'boolean' },
  },
};

let model, server, keyed, alone, local, other, chrome, page, errors;

before(async () => {
  model = await ollama();
  const scripted = { OLLAMA_ORIGIN: model.origin, MAX_ATTEMPTS: '1' };
  [server, keyed, alone, local, other, chrome] = await Promise.all([
    serve(scripted), serve({ ...scripted, API_KEYS: 'a-key' }), serve({ ...scripted, FALLBACK_BACKEND: '' }),
    serve({ MODEL_BACKEND: 'local' }), serve({ ...scripted, TICKET_SCHEMA: JSON.stringify(OTHER) }), browser(),
  ]);
});
after(async () => {
  await chrome?.stop();
  for (const each of [model, server, keyed, alone, local, other]) each?.stop();
});
beforeEach(() => Object.assign(model, { ticket: FIRST, question: QUESTION, pause: 0, status: 200 }));
afterEach(async () => {
  await page?.evaluate(() => localStorage.clear());
  await page?.close();
  assert.deepEqual(errors, []);
});

async function start(origin = server.origin) {
  ({ page, errors } = await open(chrome.context, `${origin}/`));
  await page.locator('#fields > div').first().waitFor();
}
const field = (label) => page.locator('#fields > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) });
const value = (label) => field(label).locator('dd').first().textContent();
const turns = () => page.locator('.turn p').allTextContents();
async function type(words) {
  await page.getByLabel('Message du client').fill(words);
  await page.keyboard.press('Enter');
}
const text = (locator, expected) => locator.filter({ hasText: expected }).first().waitFor();
const idle = () => page.locator('#stop').waitFor({ state: 'hidden' });

test('a conversation fills the ticket, and the console asks for missing fields', async () => {
  await start();
  await screen(page, 'start');
  model.pause = 40;
  await type(MESSAGE);
  // The ticket is filled while the model writes: the title is complete, and another field is being written.
  await page.locator('.filled').first().waitFor();
  await page.locator('.writing').first().waitFor();
  assert.equal(await page.locator('#stop').isVisible(), true);
  await page.locator('.writing').filter({ hasText: 'Description' }).waitFor();
  await screen(page, 'streaming');
  await page.locator('.turn.assistant').filter({ hasText: 'Sur quel' }).waitFor();
  await idle();
  assert.deepEqual(await turns(), [MESSAGE, QUESTION]);
  assert.equal(await field('Localisation').locator('.tag').textContent(), 'demandé');
  assert.match(await field('Localisation').getAttribute('class'), /missing asked/);
  assert.equal(await value('Catégorie'), 'Matériel');
  assert.equal(await page.locator('#count').textContent(), '5 champs sur 6');
  await text(page.locator('#meta'), 'mistral:instruct');
  await screen(page, 'asked');

  model.ticket = { ...FIRST, localisation: 'Lyon, 2e étage' };
  await type('À Lyon, au 2e étage.');
  await text(page.locator('.turn.done p'), 'Merci, votre ticket est complet.');
  await idle();
  assert.equal(await page.locator('#count').textContent(), '6 champs sur 6');
  assert.equal(await page.locator('.missing').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'message');

  // One click shows the last request's JSON, with the history.
  await page.locator('summary').first().click();
  const [sent, received] = await page.locator('details[open] pre').allTextContents();
  assert.deepEqual(JSON.parse(sent), {
    message: 'À Lyon, au 2e étage.',
    history: [{ role: 'user', content: MESSAGE }, { role: 'assistant', content: QUESTION }],
  });
  assert.equal(JSON.parse(received).data.localisation, 'Lyon, 2e étage');
  await screen(page, 'complete', { fullPage: true });

  await page.getByRole('button', { name: 'Recommencer' }).click();
  assert.deepEqual(await turns(), []);
  assert.equal(await page.locator('#count').textContent(), '0 champ sur 6');
});

test('a failing model is named, and the step can be repeated', async () => {
  await start(alone.origin);
  model.status = 500;
  await type(MESSAGE);
  const alert = page.getByRole('alert');
  await text(alert.locator('p'), 'Le modèle d’IA n’a pas pu répondre.');
  const detail = await alert.locator('small').textContent();
  assert.match(detail, /^ollama: .* · upstream_error · [0-9a-f]{32}$/);
  // The stream started with status 200: the list shows the error code instead.
  assert.match(await page.locator('summary .bad').textContent(), /^upstream_error · /);
  await screen(page, 'error');
  model.status = 200;
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await text(page.locator('.turn.assistant p'), QUESTION);
  await idle();
  assert.deepEqual(await turns(), [MESSAGE, QUESTION], 'the message is shown once');
  assert.equal(await alert.count(), 0);
});

test('an unreachable service is reported', async () => {
  await start();
  await page.route('**/analyze', (route) => route.abort());
  await type(MESSAGE);
  await text(page.getByRole('alert').locator('p'), 'Le service ne répond pas.');
  errors = errors.filter((error) => !/ERR_FAILED/.test(error));
});

test('an interrupted answer leaves no partial ticket', async () => {
  await start();
  const body = 'event: delta\ndata: {"text":"{\\"titre\\":\\"Moitié"}\n\n';
  await page.route('**/analyze', (route) => route.fulfill({ contentType: 'text/event-stream', body }));
  await type(MESSAGE);
  await text(page.getByRole('alert').locator('p'), 'La réponse s’est interrompue avant la fin.');
  assert.equal(await page.locator('.filled').count(), 0);
});

test('stopping an answer cancels the call to the model', async () => {
  await start();
  model.pause = 200;
  const before = model.disconnects;
  await type(MESSAGE);
  await page.locator('.writing').first().waitFor();
  await page.getByRole('button', { name: 'Arrêter' }).click();
  await idle();
  assert.equal(await page.locator('.filled').count(), 0);
  for (let waited = 0; model.disconnects === before && waited < 5000; waited += 100) await page.waitForTimeout(100);
  assert.equal(model.disconnects, before + 1);
});

test('the key is requested, and stored for this tab only', async () => {
  await start(keyed.origin);
  await type(MESSAGE);
  const dialog = page.getByRole('dialog', { name: 'Clé d’API' });
  await dialog.waitFor();
  await screen(page, 'key');
  await page.keyboard.type('a-key');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await text(page.locator('.turn.assistant p'), QUESTION);
  await idle();
  const stored = () => page.evaluate(() => [sessionStorage, localStorage].map((store) => Object.entries(store)));
  assert.deepEqual(await stored(), [[['api-key', 'a-key']], []]);
  // A cancelled change is not stored, even after an earlier save.
  for (const cancel of [() => page.keyboard.press('Escape'), () => page.getByRole('button', { name: 'Annuler' }).click()]) {
    await page.getByRole('button', { name: 'Clé d’API' }).click();
    await page.getByLabel('Clé', { exact: true }).fill('another');
    await cancel();
    await dialog.waitFor({ state: 'hidden' });
  }
  await page.getByRole('button', { name: 'Clé d’API' }).click();
  assert.equal(await page.locator('#key').inputValue(), 'a-key');
  assert.deepEqual(await stored(), [[['api-key', 'a-key']], []]);
  await page.evaluate(() => sessionStorage.clear());
});

test('an answer of the fallback is marked', async () => {
  await start();
  model.status = 500;
  await type(MESSAGE);
  await text(page.locator('#notes p'), 'Mode dégradé');
  await page.locator('.turn.assistant').last().waitFor();
  await idle();
  await screen(page, 'degraded');
});

test('the local backend alone asks its questions', async () => {
  await start(local.origin);
  assert.equal(await page.locator('#health').textContent(), 'local');
  await page.locator('#samples button').first().click();
  await page.locator('.turn.assistant').last().waitFor();
  await idle();
  assert.equal((await turns()).length, 2);
  await screen(page, 'local');
});

test('language and theme change at once and are remembered', async () => {
  await start();
  await type(MESSAGE);
  await text(page.locator('.turn.assistant p'), QUESTION);
  await idle();
  await page.getByRole('button', { name: 'English' }).click();
  await text(page.locator('h2'), 'Requests');
  assert.deepEqual(await page.locator('li:first-child h3').allTextContents(), ['RequestCopy', 'AnswerCopy']);
  await text(field('Location').locator('.tag'), 'asked');
  const theme = page.locator('#theme');
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const colours = [await background()];
  await theme.click();
  await theme.click();
  assert.equal(await theme.getAttribute('aria-label'), 'Dark theme');
  colours.push(await background());
  assert.notEqual(colours[0], colours[1]);
  await screen(page, 'dark');
  await page.reload();
  await page.locator('#fields > div').first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  assert.equal(await background(), colours[1]);
  // A message is answered in the page's language.
  await page.getByLabel('Customer’s message').fill('x');
  await page.keyboard.press('Enter');
  await idle();
  await page.locator('summary').first().waitFor();
  await page.locator('summary').last().click();
  await text(page.locator('details[open] pre').last(), 'Ticket analysed successfully');
});

test('the tab order follows the reading order', async () => {
  await start();
  const names = [];
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => {
      const node = document.activeElement;
      const visible = node.matches(':focus-visible') && node.getClientRects().length > 0;
      return `${node.id || node.className || node.textContent.slice(0, 14)}${visible ? '' : ' (not visible)'}`;
    }));
  }
  assert.deepEqual(names, ['skip', 'button', 'open-key', 'language', 'theme', 'log', 'button', 'button', 'button', 'message', 'send', ...names.slice(11)]);
});

/** Checks accessibility in both colour schemes. */
async function audit(what) {
  await page.evaluate(axe);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const { violations, passes } = await page.evaluate(() => window.axe.run());
    const found = violations.map(({ id, nodes }) => `${what}, ${scheme}, ${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`);
    assert.deepEqual(found, []);
    assert.ok(passes.some(({ id }) => id === 'color-contrast'));
  }
}

test('names, roles and contrast are accessible', async () => {
  await start(alone.origin);
  await audit('the start');
  model.status = 500;
  await type(MESSAGE);
  await page.getByRole('alert').waitFor();
  await audit('an error');
  model.status = 200;
  model.pause = 60;
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await page.locator('.writing').first().waitFor();
  await audit('a stream');
  await text(page.locator('.turn.assistant p'), QUESTION);
  await idle();
  await page.locator('summary').first().click();
  await audit('a question');
  await page.setViewportSize({ width: 375, height: 720 });
  await audit('a phone');
  await page.getByRole('button', { name: 'Clé d’API' }).click();
  await audit('a dialog');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'open-key', 'focus returns to the button');
  const tree = await page.locator('body').ariaSnapshot();
  for (const part of ['- banner:', '- main:', 'region "Conversation"', 'log "Conversation"', 'textbox "Message du client"', 'region "Ticket"', 'progressbar "Champs remplis"', 'button "Envoyer"', 'status']) {
    assert.ok(tree.includes(part), `${part} in\n${tree}`);
  }
});

test('a screen reader announces each step once', async () => {
  await start();
  await page.evaluate(() => {
    const live = document.querySelector('#status');
    window.announced = [];
    new MutationObserver(() => window.announced.push(live.textContent)).observe(live, { childList: true });
  });
  model.pause = 20;
  await type(MESSAGE);
  await page.locator('.writing').first().waitFor();
  assert.equal(await page.locator('#fields').getAttribute('aria-busy'), 'true');
  assert.equal(await page.locator('.waiting').getAttribute('aria-hidden'), 'true', 'a partial question is not read out');
  await text(page.locator('.turn.assistant:not(.waiting) p'), QUESTION);
  await idle();
  assert.equal(await page.locator('#fields').getAttribute('aria-busy'), 'false');
  assert.equal(await page.locator('.waiting').count(), 0);
  assert.deepEqual(await page.evaluate(() => window.announced), ['Analyse en cours', '5 champs sur 6. Question posée']);
});

test('the fields and labels come from the schema', async () => {
  await start(other.origin);
  assert.deepEqual(await page.locator('#fields dt').allTextContents(), ['Établissement', 'Récit', 'Poste de travail', 'Bloquant']);
  assert.deepEqual(await Promise.all(['Établissement', 'Récit', 'Poste de travail', 'Bloquant'].map(value)), ['Où le client travaille', '—', 'Le numéro du poste', '—']);
  model.ticket = { site: UNKNOWN, description: 'Le poste 12 est bloqué.', poste_de_travail: 12, bloquant: true };
  model.question = 'Quel est votre établissement ?';
  await type('Le poste 12 est bloqué.');
  await text(page.locator('.turn.assistant p'), model.question);
  await idle();
  assert.deepEqual(await Promise.all(['Récit', 'Poste de travail', 'Bloquant'].map(value)), ['Le poste 12 est bloqué.', '12', 'oui']);
  assert.match(await field('Établissement').getAttribute('class'), /missing asked/);
  await screen(page, 'other-ticket');
});

test('the JSON can be copied; without a clipboard, there is no button', async () => {
  await start();
  await chrome.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin });
  await type(MESSAGE);
  await text(page.locator('.turn.assistant p'), QUESTION);
  await idle();
  await page.locator('summary').last().click();
  const copy = page.locator('details[open] .button').first();
  await copy.click();
  await text(copy, 'Copié');
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), { message: MESSAGE, history: [] });
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await type('À Lyon.');
  await text(page.locator('.turn.user p'), 'À Lyon.');
  await idle();
  await page.locator('summary').first().click();
  assert.equal(await page.locator('li:first-child .button:visible').count(), 0);
});

test('everything fits on a phone', async () => {
  await start();
  await page.setViewportSize({ width: 375, height: 720 });
  await type(MESSAGE);
  await text(page.locator('.turn.assistant p'), QUESTION);
  await idle();
  await screen(page, 'phone');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375, 'no horizontal scrolling');
  await page.getByRole('link', { name: /^Ticket/ }).click();
  await page.waitForTimeout(100);
  await screen(page, 'phone-ticket');
});

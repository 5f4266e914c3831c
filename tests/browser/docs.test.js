'use strict';

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { browser, open, screen, serve } = require('./harness');

let server, chrome;

before(async () => {
  [server, chrome] = await Promise.all([serve({ MODEL_BACKEND: 'local' }), browser()]);
});
after(async () => {
  await chrome?.stop();
  server?.stop();
});

test('Swagger UI shows the document and sends a request, without calls to other origins', async () => {
  const { page, errors } = await open(chrome.context, `${server.origin}/docs`);
  const operation = page.locator('#operations-tickets-analyze');
  await operation.waitFor();
  assert.equal(await page.locator('.opblock').count(), 16);
  await screen(page, 'docs');
  // The error codes are folded until a reader opens them.
  assert.equal(await page.getByText('upstream_timeout').first().isVisible(), false);
  await page.getByText('Statuses and error codes').click();
  assert.equal(await page.getByText('upstream_timeout').first().isVisible(), true);
  await page.getByText('Statuses and error codes').click();
  await operation.locator('.opblock-summary').click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const live = operation.locator('.live-responses-table .response');
  await live.waitFor();
  assert.equal(await live.locator('.response-col_status').first().evaluate((node) => node.firstChild.textContent), '200');
  assert.match(await live.locator('pre').first().textContent(), /Ticket analysé avec succès/);
  await live.scrollIntoViewIfNeeded();
  await screen(page, 'docs-tried');
  // A schema, the dialog for keys, a parameter.
  await operation.locator('.model-example button', { hasText: 'Schema' }).first().click();
  await page.locator('button.authorize').first().click();
  await page.locator('.modal-ux-content').waitFor();
  await page.locator('.modal-ux .close-modal').click();
  await page.locator('#operations-service-health .opblock-summary').click();
  await page.locator('#operations-service-health').getByRole('button', { name: 'Execute' }).click();
  await page.locator('#operations-service-health .live-responses-table').waitFor();
  await page.locator('section.models h4 button, section.models .models-control').first().click();
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html.dark-mode').waitFor();
  assert.notEqual(await background(), light, 'dark if the system is');
  await page.evaluate(() => window.scrollTo(0, 0));
  await screen(page, 'docs-dark');
  assert.equal(await page.locator('.errors-wrapper').count(), 0, 'Swagger UI finds no error in the document');
  assert.deepEqual(errors, []);
});

// The served component, a scripted Ollama and a browser, all on this machine.
'use strict';

const { spawn } = require('node:child_process');
const http = require('node:http');
const os = require('node:os');
const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const { chromium } = require('playwright-core');

const ROOT = path.join(__dirname, '..', '..');
const SCREENS = process.env.SUPPORT_TICKET_SCREENS;

/** Serves the component with these variables; returns its origin and a function that stops it. */
async function serve(variables) {
  const settings = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const script = path.join(ROOT, 'scripts', 'serve-wasmtime.sh');
  const server = spawn(script, ['--addr', '127.0.0.1:0', ...settings, process.env.SUPPORT_TICKET_COMPONENT]);
  let output = '';
  const origin = await new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (data) => {
        output += data;
        const found = /^Serving HTTP on (http:\/\/[^/]+)\/$/m.exec(output);
        if (found) resolve(found[1]);
      });
    }
    server.on('exit', () => reject(new Error(`the server did not start: ${output}`)));
  });
  return { origin, stop: () => server.kill() };
}

/**
 * A scripted Ollama. Its model writes `ticket` or `question`, one piece every `pause` milliseconds; a `status` other than
 * 200 is an error. `disconnects` counts the answers that the client did not read to the end.
 */
async function ollama() {
  const script = { ticket: {}, question: 'Où êtes-vous ?', pause: 0, status: 200, disconnects: 0 };
  const server = http.createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()) || '{}');
    if (script.status !== 200) {
      response.writeHead(script.status, { 'content-type': 'application/json' }).end('{"error": "out of order"}');
      return;
    }
    const isQuestion = 'question' in (body.format?.properties ?? {});
    const words = JSON.stringify(isQuestion ? { question: script.question } : script.ticket);
    const end = { model: body.model, done: true, done_reason: 'stop', prompt_eval_count: 321, eval_count: 64 };
    if (!body.stream) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...end, response: words }));
      return;
    }
    response.on('close', () => { if (!response.writableFinished) script.disconnects++; });
    response.setHeader('content-type', 'application/x-ndjson');
    for (const piece of words.match(/[^]{1,6}/g)) {
      response.write(`${JSON.stringify({ model: body.model, response: piece, done: false })}\n`);
      await new Promise((resolve) => setTimeout(resolve, script.pause));
      if (response.destroyed) return;
    }
    response.end(`${JSON.stringify({ ...end, response: '' })}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  script.origin = `http://127.0.0.1:${server.address().port}`;
  script.stop = () => { server.close(); server.closeAllConnections(); };
  return script;
}

/** A browser with a new profile. */
async function browser() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'support-ticket-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    headless: true,
    locale: 'fr-FR',
    viewport: { width: 1280, height: 860 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  context.setDefaultTimeout(10_000);
  const stop = async () => {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  };
  return { context, stop };
}

/**
 * Opens a page; `errors` lists exceptions, console messages (such as violations of its policy) and calls to other origins.
 *
 * Browsers also log unsuccessful answers, which are not errors of the page.
 */
async function open(context, address) {
  const page = await context.newPage();
  const errors = [];
  const own = new URL(address).origin;
  page.on('pageerror', (error) => errors.push(`exception: ${error.stack}`));
  page.on('console', (message) => {
    const expected = /Failed to load resource: the server responded with a status of/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !expected) errors.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(own) && !request.url().startsWith('data:')) errors.push(`call: ${request.url()}`);
  });
  await page.goto(address);
  return { page, errors };
}

const screen = (page, name, options) => page.screenshot({ path: path.join(SCREENS, `${name}.png`), ...options });

module.exports = { serve, ollama, browser, open, screen };

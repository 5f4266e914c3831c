// Calls the service: sends a request, reads the events of the answer and its envelope.

/**
 * Posts a body; `onText` repeatedly gets the model's text so far.
 *
 * Returns the status, the envelope (null if it is incomplete), and the milliseconds to the first text (null without a
 * stream). Throws like `fetch`: a TypeError if the service is unreachable.
 */
export async function post(path, body, { headers, signal, onText }) {
  const started = performance.now();
  let first = null;
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return { status: response.status, envelope: await response.json().catch(() => null), first };
  }
  let written = '';
  const envelope = await readEvents(response.body, (piece) => {
    first ??= Math.round(performance.now() - started);
    onText(written += piece);
  });
  return { status: response.status, envelope, first };
}

/** Reads server-sent events and returns the envelope, which comes last. */
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

/** Parses an incomplete JSON object as far as it is written. */
export function readPartial(written) {
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
    try { return JSON.parse(attempt); } catch { /* the last value has only begun: use what precedes it */ }
  }
  return {};
}

// Displays the ticket. `text` has the page's texts in the current language.

const UNKNOWN = '[INCONNU]';

export const $ = (id) => document.getElementById(id);

/** A new element. */
export function make(tag, props, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
}

/** The ticket's fields: their schemas and the nodes that show them. */
let fields = [];

/** Makes a row for each property of the ticket's schema. */
export function makeFields(text, properties) {
  fields = Object.entries(properties).map(([name, { title, description }]) => {
    const nodes = { label: make('dt', {}), value: make('dd', {}), tag: make('dd', { className: 'tag' }) };
    return { name, title, description, ...nodes, row: make('div', {}, ...Object.values(nodes)) };
  });
  $('fields').replaceChildren(...fields.map(({ row }) => row));
  labelFields(text);
}

/** Labels each field: with the schema's title, else the page's label, else its name. */
export function labelFields(text) {
  for (const { name, title, label } of fields) {
    label.textContent = title ?? text.labels[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  }
}

/** Placeholder of a value: the schema's description, unless the field is one of the built-in schema. */
function hint(text, { name, title, description }) {
  const isKnown = text.labels[name] && !title;
  return isKnown || description === title ? '—' : description ?? '—';
}

/** A value as text; null if there is none. */
function shown(text, value) {
  if (value === undefined || value === null || value === '' || value === UNKNOWN) return null;
  return typeof value === 'boolean' ? text[value ? 'yes' : 'no'] : String(value);
}

/** Shows a ticket and returns a text with the number of filled fields; `writing` and `asked` are names of fields. */
export function showTicket(text, ticket, { missing_fields: missing = [], confidence = {}, writing, asked }) {
  if (!fields.length) makeFields(text, Object.fromEntries(Object.keys(ticket).map((name) => [name, {}])));
  let filled = 0;
  for (const field of fields) {
    const { name, row, value, tag } = field;
    const words = shown(text, ticket[name]);
    const level = confidence[name];
    const isMissing = missing.includes(name);
    if (words !== null) filled++;
    value.textContent = words ?? (name === writing ? '' : hint(text, field));
    row.className = [words !== null && 'filled', level, isMissing && 'missing', isMissing && name === asked && 'asked', name === writing && 'writing'].filter(Boolean).join(' ');
    tag.textContent = isMissing ? text[name === asked ? 'asked' : 'missing'] : level ? text.levels[level] : ticket[name] === UNKNOWN && name !== writing ? text.unknown : '';
  }
  const count = text.count(filled, fields.length);
  $('count').textContent = count;
  $('progress').max = fields.length || 1;
  $('progress').value = filled;
  return count;
}

/** Shows how an answer was produced; numbers are formatted for `language`. */
export function showMeta(text, language, { meta, elapsed, first }) {
  const notes = ['degraded', 'cached', 'needs_review'].filter((name) => meta[name]);
  $('notes').replaceChildren(...notes.map((name) => make('p', { textContent: text[name] })));
  const tokens = meta.usage.prompt_tokens + meta.usage.completion_tokens;
  const ms = (n) => `${n.toLocaleString(language)} ms`;
  const rows = { backend: meta.backend, model: meta.model, duration: ms(elapsed), first: first === null ? null : ms(first), attempts: meta.attempts, tokens: tokens || null, id: meta.request_id };
  const known = Object.entries(rows).filter(([, value]) => value !== null && value !== 0);
  $('meta').replaceChildren(...known.map(([name, value]) => make('div', {}, make('dt', { textContent: text.meta[name] }), make('dd', { textContent: value }))));
}

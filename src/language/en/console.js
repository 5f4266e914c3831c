// The console's texts in English.

export default {
  language: 'EN: English',
  skip: 'Skip to the message', tools: 'Tools', docs: 'API', key: 'API key', theme: { auto: 'Auto theme', light: 'Light theme', dark: 'Dark theme' },
  conversation: 'Conversation', restart: 'Start over',
  welcome: 'Write as a customer would', explain: 'The ticket fills in as you go, and the next question follows automatically.',
  samples: 'Examples', message: 'Customer’s message', hint: 'Enter to send, Shift + Enter for a new line', stop: 'Stop', send: 'Send',
  user: 'Customer', assistant: 'Support', analysing: 'Analysing', ready: 'Question asked', complete: 'Thank you, your ticket is complete.', stopped: 'Stopped.', retry: 'Try again',
  ticket: 'Ticket', progress: 'Fields filled', count: (n, all) => `${n} of ${all} field${all > 1 ? 's' : ''}`, jump: (count) => `Ticket: ${count}`,
  missing: 'to ask', asked: 'asked', unknown: 'unknown', levels: { high: 'sure', medium: 'likely', low: 'to check' }, yes: 'yes', no: 'no',
  degraded: 'Degraded mode: the local backend replaced the model.', needs_review: 'Needs review: at least one field is uncertain.', cached: 'Answer from the cache.',
  how: 'Answer details',
  meta: { backend: 'Backend', model: 'Model', duration: 'Duration', first: 'Time to first text', attempts: 'Calls', tokens: 'Tokens', id: 'Request ID' },
  requests: 'Requests', noRequests: 'Requests and answers appear here as JSON.', request: 'Request', answer: 'Answer', copy: 'Copy', copied: 'Copied', pending: 'running',
  keyHelp: 'Needed only if the service requires one. It is forgotten when this tab closes.', keyLabel: 'Key', cancel: 'Cancel', save: 'Save',
  network: 'The service does not respond. Check the connection, then try again.', unreadable: 'The service’s answer is unreadable.', broken: 'The answer was cut off.',
  down: 'Service unavailable',
  labels: { titre: 'Title', categorie: 'Category', priorite: 'Priority', description: 'Description', localisation: 'Location', equipement: 'Equipment' },
  examples: ['The HP LaserJet on the 2nd floor has not printed since this morning.', 'I cannot connect to the VPN any more, it is urgent!', 'The March invoice charges me twice for the same screen.'],
};

'use strict';
// The console's theme, else the system's.
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.onchange = () => {
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch { /* storage can be blocked */ }
  document.documentElement.classList.toggle('dark-mode', theme === 'dark' || (theme !== 'light' && dark.matches));
};
dark.onchange();
SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  // By default every document is sent to its publisher's validator.
  validatorUrl: null,
});

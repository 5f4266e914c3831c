'use strict';
// Dark where the console was told to be, else where the system is.
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.onchange = () => {
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch { /* storage may be forbidden */ }
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
  // By default it shows every document to a server of its publisher's.
  validatorUrl: null,
});

// The provider's few pages: sign in, signing out, signed out, error. No script where none is needed, nothing from outside.
const TEXTS = {
  'pt-BR': {
    title: 'Entrar na Rotina',
    lead: 'Rotinas do dia, na hora, todo dia útil.',
    username: 'Usuário',
    password: 'Senha',
    submit: 'Entrar',
    wrong: 'Usuário ou senha incorretos.',
    wait: (seconds) => `Muitas tentativas. Aguarde ${seconds} s e tente de novo.`,
    demo: 'Logins de demonstração (ambiente local)',
    signOut: 'Sair da Rotina?',
    signOutYes: 'Sair',
    signedOut: 'Você saiu da Rotina.',
    error: 'Não foi possível continuar',
    expired: 'Esta página de login expirou. Volte ao aplicativo e entre de novo.',
    back: 'Voltar à Rotina',
  },
  en: {
    title: 'Sign in to Rotina',
    lead: "The day's routines, on time, every business day.",
    username: 'User',
    password: 'Password',
    submit: 'Sign in',
    wrong: 'Wrong user or password.',
    wait: (seconds) => `Too many attempts. Wait ${seconds} s and try again.`,
    demo: 'Demo logins (local environment)',
    signOut: 'Sign out of Rotina?',
    signOutYes: 'Sign out',
    signedOut: 'You have signed out of Rotina.',
    error: 'Cannot go on',
    expired: 'This sign-in page has expired. Go back to the application and sign in again.',
    back: 'Back to Rotina',
  },
};

const STYLE = `
:root{color-scheme:light dark;--bg:#f4f5f7;--card:#fff;--ink:#1b1f27;--soft:#5b6473;--line:#d5d9e0;--accent:#0b7285;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--bg:#12151b;--card:#1a1f28;--ink:#e8ebf0;--soft:#9aa4b5;--line:#323a48;--accent:#22b8cf;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--bg);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:23rem;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:2rem}
h1{font-size:1.25rem;margin:0 0 .25rem}
p{margin:0 0 1.25rem;color:var(--soft)}
label{display:block;font-size:.875rem;font-weight:600;margin:0 0 1rem}
input{display:block;width:100%;margin-top:.25rem;padding:.6rem .7rem;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:8px}
input:focus-visible,button:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button{width:100%;padding:.65rem;font:inherit;font-weight:600;color:var(--card);background:var(--accent);border:0;border-radius:8px;cursor:pointer}
a{color:var(--accent)}
.problem{color:var(--bad);font-weight:600;margin:0 0 1rem}
details{margin-top:1.25rem;font-size:.875rem;color:var(--soft)}
table{border-collapse:collapse;margin-top:.5rem;width:100%}
td{padding:.15rem .5rem .15rem 0;font-family:ui-monospace,Menlo,Consolas,monospace}`;

export function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** `ui_locales` of the request first, then the browser's languages; Portuguese when neither names one we speak. */
export function languageOf(uiLocales, acceptLanguage) {
  const wishes = `${uiLocales ?? ''} ${String(acceptLanguage ?? '').replace(/;q=[\d.]+/g, '').replaceAll(',', ' ')}`;
  for (const wish of wishes.toLowerCase().split(/\s+/)) {
    if (wish.startsWith('pt')) return 'pt-BR';
    if (wish.startsWith('en')) return 'en';
  }
  return 'pt-BR';
}

function page(language, nonce, title, body) {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body><main>${body}</main></body>
</html>`;
}

export function loginPage({ language, nonce, action, username = '', problem, demoUsers = [] }) {
  const text = TEXTS[language];
  const rows = demoUsers
    .map((one) => `<tr><td>${escapeHtml(one.username)}</td><td>${escapeHtml(one.password)}</td></tr>`)
    .join('');
  const demo = rows ? `<details><summary>${text.demo}</summary><table>${rows}</table></details>` : '';
  const shown = problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : '';
  return page(
    language,
    nonce,
    text.title,
    `<h1>${text.title}</h1><p>${text.lead}</p>${shown}
<form method="post" action="${escapeHtml(action)}">
<label>${text.username}<input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required
 value="${escapeHtml(username)}"${username ? '' : ' autofocus'}></label>
<label>${text.password}<input name="password" type="password" autocomplete="current-password" required${username ? ' autofocus' : ''}></label>
<button type="submit">${text.submit}</button>
</form>${demo}`,
  );
}

/** `form` is the provider's own, with its anti-forgery value. Submits itself when the application proved who it signs out. */
export function logoutPage({ language, nonce, form, automatic }) {
  const text = TEXTS[language];
  const script = automatic
    ? `<script nonce="${nonce}">document.getElementById('op.logoutForm').submit()</script>`
    : '';
  return page(
    language,
    nonce,
    text.signOut,
    `<h1>${text.signOut}</h1>${form}<input type="hidden" name="logout" value="yes" form="op.logoutForm">
<button type="submit" form="op.logoutForm" autofocus>${text.signOutYes}</button>${script}`,
  );
}

export function messagePage({ language, nonce, kind, detail = '', home }) {
  const text = TEXTS[language];
  const back = home ? `<p><a href="${escapeHtml(home)}">${text.back}</a></p>` : '';
  return page(language, nonce, text[kind], `<h1>${text[kind]}</h1><p>${escapeHtml(detail)}</p>${back}`);
}

export const texts = (language) => TEXTS[language];

// The identity provider of the local stack: a real OpenID provider (authorization code with PKCE, JWT access tokens,
// rotating refresh tokens) with demo accounts. Usage: node server.mjs config.json
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { Provider, errors, interactionPolicy } from 'oidc-provider';

import { Accounts, FailureLimiter } from './accounts.mjs';
import { languageOf, loginPage, logoutPage, messagePage, texts } from './pages.mjs';

const ACCESS_TOKEN_SECONDS = 600;
const REFRESH_TOKEN_SECONDS = 12 * 3600;
const RESOURCE = 'urn:rotina:api'; // RFC 8707 wants a URI; the audience that it stands for is set apart
const MAX_FORM_BYTES = 10_000;
const CLAIMS = { profile: ['name', 'preferred_username'], email: ['email', 'email_verified'], openid: ['sub', 'roles'] };

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const accounts = new Accounts(config.users);
const limiter = new FailureLimiter({ limit: 8, windowSeconds: 30 });
const log = (event, fields = {}) =>
  process.stdout.write(`${JSON.stringify({ ts: new Date().toISOString(), event, ...fields })}\n`);

/** Signing and cookie keys survive restarts, so a token stays valid for its ten minutes. */
function loadKeys(path) {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  const keys = { jwks: { keys: [jwk] }, cookies: [randomBytes(32).toString('base64url')] };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
  return keys;
}

function claimsOf(user) {
  return {
    sub: user.username,
    name: user.name,
    preferred_username: user.username,
    email: user.email,
    email_verified: true,
    roles: user.roles,
  };
}

async function findAccount(_ctx, sub) {
  const user = accounts.find(sub);
  return user && { accountId: user.username, claims: async () => claimsOf(user) };
}

/** First-party clients ask for no consent: the grant is made of what they request. */
async function grantEverythingAsked(ctx) {
  const { client, session, params, provider } = ctx.oidc;
  const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const grant = (known && (await provider.Grant.find(known)))
    || new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(['openid', 'profile', 'email', params.scope].filter(Boolean).join(' '));
  grant.addResourceScope(RESOURCE, params.scope ?? '');
  await grant.save();
  return grant;
}

const languageFor = (ctx, params) => languageOf(params?.ui_locales, ctx.get('accept-language'));

function showError(ctx, out, error) {
  log('error', { code: out.error, description: out.error_description, stack: error.status >= 500 ? error.stack : undefined });
  const language = languageFor(ctx, ctx.oidc?.params);
  const detail = `${out.error}: ${out.error_description ?? ''}`;
  ctx.type = 'html';
  ctx.body = messagePage({ language, nonce: ctx.state.nonce, kind: 'error', detail, home: config.home });
}

const native = config.clients.cli;
const spa = config.clients.spa;
const shared = { token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
const keys = loadKeys(config.keys_file);
const policy = interactionPolicy.base();
policy.get('consent').checks.remove('native_client_prompt'); // both clients are ours: signing in is the only page

const provider = new Provider(config.issuer, {
  clients: [
    {
      ...shared,
      client_id: spa.client_id,
      client_name: 'Rotina',
      redirect_uris: spa.redirect_uris,
      post_logout_redirect_uris: spa.post_logout_redirect_uris,
    },
    // A native application: the port of its loopback redirect is free (RFC 8252, 7.3).
    { ...shared, client_id: native.client_id, client_name: 'Rotina CLI', application_type: 'native', redirect_uris: native.redirect_uris },
  ],
  jwks: keys.jwks,
  cookies: { keys: keys.cookies },
  claims: CLAIMS,
  conformIdTokenClaims: false, // the single page application reads the name and roles from its id token
  findAccount,
  loadExistingGrant: grantEverythingAsked,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  pkce: { required: () => true },
  responseTypes: ['code'],
  clientAuthMethods: ['none'],
  clientBasedCORS: (_ctx, origin, client) => client.clientId === spa.client_id && spa.origins.includes(origin),
  interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  extraTokenClaims: async (_ctx, token) => {
    const user = accounts.find(token.accountId);
    if (!user) return undefined;
    const { sub: _sub, email_verified: _verified, ...claims } = claimsOf(user);
    return claims;
  },
  renderError: showError,
  ttl: {
    AccessToken: ACCESS_TOKEN_SECONDS,
    AuthorizationCode: 60,
    Grant: 14 * 24 * 3600,
    IdToken: ACCESS_TOKEN_SECONDS,
    Interaction: 3600,
    RefreshToken: REFRESH_TOKEN_SECONDS,
    Session: REFRESH_TOKEN_SECONDS,
  },
  features: {
    devInteractions: { enabled: false },
    userinfo: { enabled: false }, // access tokens are for the API; everything else is in the id token
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (_ctx, _client, oneOf) => oneOf?.[0] ?? RESOURCE,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_ctx, resource) => {
        if (resource !== RESOURCE) throw new errors.InvalidTarget();
        return {
          audience: config.audience,
          scope: 'openid profile email offline_access',
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: 'RS256' } },
        };
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (ctx, form) => {
        // Only an application that shows the id token of this very session signs out without a click.
        const hint = ctx.oidc.entities.IdTokenHint?.payload?.sub;
        const automatic = hint !== undefined && hint === ctx.oidc.session.accountId;
        ctx.body = logoutPage({ language: languageFor(ctx, ctx.oidc.params), nonce: ctx.state.nonce, form, automatic });
      },
      postLogoutSuccessSource: async (ctx) => {
        ctx.body = messagePage({ language: languageFor(ctx), nonce: ctx.state.nonce, kind: 'signedOut', home: config.home });
      },
    },
  },
});

/** `form-action` also binds the redirects that follow a submitted form, hence the clients' origins. */
async function securityHeaders(ctx, next) {
  ctx.state.nonce = randomBytes(16).toString('base64');
  const origins = [...spa.origins, 'http://127.0.0.1:*'].join(' ');
  ctx.set({
    'Content-Security-Policy':
      `default-src 'none'; style-src 'nonce-${ctx.state.nonce}'; script-src 'nonce-${ctx.state.nonce}'; `
      + `form-action 'self' ${origins}; frame-ancestors 'none'; base-uri 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  });
  await next();
}

async function readForm(ctx) {
  const chunks = [];
  let size = 0;
  for await (const chunk of ctx.req) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) ctx.throw(413, 'form too large');
    chunks.push(chunk);
  }
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}

function showLogin(ctx, details, { status = 200, username = details.params.login_hint ?? '', problem } = {}) {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = loginPage({
    language: languageFor(ctx, details.params),
    nonce: ctx.state.nonce,
    action: `/interaction/${details.uid}`,
    username,
    problem,
    demoUsers: config.show_demo_logins ? config.users : [],
  });
}

async function logIn(ctx, details) {
  const { username, password } = await readForm(ctx);
  const key = `${ctx.ip}|${String(username).toLowerCase()}`;
  const text = texts(languageFor(ctx, details.params));
  const wait = limiter.wait(key);
  if (wait > 0) {
    ctx.set('Retry-After', String(wait));
    return showLogin(ctx, details, { status: 429, username, problem: text.wait(wait) });
  }
  const user = accounts.check(username, password);
  if (!user) {
    limiter.failed(key);
    log('login_failed', { username });
    return showLogin(ctx, details, { status: 401, username, problem: text.wrong });
  }
  limiter.succeeded(key);
  log('login', { username: user.username, client: details.params.client_id });
  const result = { login: { accountId: user.username, amr: ['pwd'] } };
  ctx.status = 303;
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false }));
  return undefined;
}

async function interactions(ctx, next) {
  if (!ctx.path.startsWith('/interaction/')) return next();
  ctx.set('Cache-Control', 'no-store');
  let details;
  try {
    details = await provider.interactionDetails(ctx.req, ctx.res);
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    const language = languageFor(ctx);
    ctx.status = 400;
    ctx.type = 'html';
    ctx.body = messagePage({ language, nonce: ctx.state.nonce, kind: 'error', detail: texts(language).expired, home: config.home });
    return undefined;
  }
  if (ctx.method === 'POST') return logIn(ctx, details);
  return showLogin(ctx, details);
}

provider.use(securityHeaders);
provider.use(interactions);
provider.on('server_error', (_ctx, error) => log('server_error', { stack: error.stack }));
provider.on('grant.error', (ctx, error) => log('grant_refused', { code: error.error, detail: error.error_detail, client: ctx.oidc?.client?.clientId }));

const server = provider.listen(config.port, config.host, () => log('listening', { issuer: config.issuer, port: config.port }));
server.on('error', (error) => {
  log('cannot_listen', { message: error.message });
  process.exit(1);
});
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

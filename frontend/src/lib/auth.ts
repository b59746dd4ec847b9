import { ErrorResponse, InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts'

import { ApiProblem } from './api-problem'
import type { RuntimeConfig } from './config'

/** What the API client needs to know about a session. */
export interface TokenSource {
  /** A token that is still valid, renewed first if it is not; null when there is no session. */
  token: () => Promise<string | null>
  /** Trades the refresh token for a new access token; null when the provider says that the session is over. */
  renew: () => Promise<string | null>
  /** Called when a request stays unauthorised: sends the person to the sign-in page. */
  sessionEnded: () => void
}

const SIGNED_OUT_FLAG = 'rotina.signed-out'

/** Only a path of this app may be returned to: anything else in the state would be an open redirect. */
export function safeReturnPath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/') || /^\/[/\\]/.test(value) || value.startsWith('/auth/')) return '/'
  return value
}

function managerFor(config: RuntimeConfig, origin: string): UserManager {
  return new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    scope: config.scope,
    redirect_uri: `${origin}/auth/callback`,
    post_logout_redirect_uri: `${origin}/`,
    response_type: 'code',
    // Providers that take the audience as a parameter (Auth0) need it; the others ignore it.
    extraQueryParams: { audience: config.audience },
    // Tokens live in this page's memory only. A reload signs in again through the provider's own session.
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    // The PKCE verifier must outlive the redirect to the provider; it is worthless after the code was used.
    stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
    // Renewal is ours (see renew): the library's own would fall back to a hidden frame, which browsers block.
    automaticSilentRenew: false,
    monitorSession: false,
    loadUserInfo: false,
    // Signing out revokes the refresh token in a step of its own (see signOut): here a failure of it would end the sign-out.
    revokeTokensOnSignout: false,
  })
}

/** The signed-in person's session with the OIDC provider: code flow with PKCE and rotating refresh tokens. */
export class AuthSession implements TokenSource {
  readonly #manager: UserManager
  #renewing: Promise<string | null> | null = null
  #redirecting: Promise<void> | null = null

  constructor(config: RuntimeConfig, origin: string = window.location.origin) {
    this.#manager = managerFor(config, origin)
    this.#manager.events.addAccessTokenExpiring(() => {
      // A failure here is not final: the next request tries again and reports.
      this.renew().catch(() => null)
    })
  }

  async signedIn(): Promise<boolean> {
    return (await this.#manager.getUser()) !== null
  }

  async token(): Promise<string | null> {
    const user = await this.#manager.getUser()
    if (user === null) return null
    return user.expired === true ? this.renew() : user.access_token
  }

  renew(): Promise<string | null> {
    // One renewal at a time: a rotating refresh token that is used twice ends the session.
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null
    })
    return this.#renewing
  }

  async #renew(): Promise<string | null> {
    const user = await this.#manager.getUser()
    if (user?.refresh_token === undefined) return null
    try {
      return (await this.#manager.signinSilent())?.access_token ?? null
    } catch (error) {
      if (!(error instanceof ErrorResponse)) throw ApiProblem.network(error)
      await this.#manager.removeUser()
      return null
    }
  }

  sessionEnded(): void {
    this.signIn(window.location.pathname + window.location.search).catch(() => {
      // The provider does not answer. A reload shows the sign-in error with a way to try again.
      window.location.reload()
    })
  }

  /** Goes to the provider; the promise settles only if that fails. */
  signIn(returnTo: string): Promise<void> {
    const request = { state: { returnTo }, ui_locales: document.documentElement.lang }
    this.#redirecting ??= this.#manager.signinRedirect(request).finally(() => {
      this.#redirecting = null
    })
    return this.#redirecting
  }

  /** Finishes the sign-in on the callback page and says where the person wanted to go. */
  async completeSignIn(): Promise<string> {
    const user = await this.#manager.signinRedirectCallback()
    const state = user.state as { returnTo?: unknown } | undefined
    return safeReturnPath(state?.returnTo)
  }

  /** Revokes the refresh token, then ends the session at the provider, which sends the browser back to `/`. */
  async signOut(): Promise<void> {
    try {
      await this.#manager.revokeTokens(['refresh_token'])
    } catch {
      // Some providers answer a revocation with an empty text, which the library takes for an error; and one that failed
      // must not keep the person from leaving: the token dies with the provider's session, or of age.
    }
    window.sessionStorage.setItem(SIGNED_OUT_FLAG, 'everywhere')
    try {
      await this.#manager.signoutRedirect()
    } catch {
      // The provider is away: our tokens go all the same, and the page says that its own session may live on.
      await this.#manager.removeUser()
      window.sessionStorage.setItem(SIGNED_OUT_FLAG, 'here')
      window.location.assign('/')
    }
  }

  /** Where the person has just signed out, on the page to which that leads; null once they sign in again. */
  static signedOut(): 'everywhere' | 'here' | null {
    const flag = window.sessionStorage.getItem(SIGNED_OUT_FLAG)
    return flag === 'everywhere' || flag === 'here' ? flag : null
  }

  static forgetSignOut(): void {
    window.sessionStorage.removeItem(SIGNED_OUT_FLAG)
  }
}

// Demo accounts: password check in constant time, and a brake on guessing.
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text) => createHash('sha256').update(String(text), 'utf8').digest();
// An unknown user costs the same comparison as a known one.
const NOBODY = digest('there is no such account');

export class Accounts {
  #byName = new Map();

  constructor(users) {
    for (const user of users) {
      this.#byName.set(user.username.toLowerCase(), { ...user, digest: digest(user.password) });
    }
  }

  /** The user of a correct name (or e-mail) and password, else undefined. */
  check(name, password) {
    const wanted = String(name ?? '').trim().toLowerCase();
    const user = this.#byName.get(wanted) ?? [...this.#byName.values()].find((one) => one.email === wanted);
    const same = timingSafeEqual(digest(password ?? ''), user?.digest ?? NOBODY);
    return same && user ? user : undefined;
  }

  find(username) {
    return this.#byName.get(String(username).toLowerCase());
  }
}

/** Counts failures per key within a window; past the limit the key has to wait until the window ends. */
export class FailureLimiter {
  #failures = new Map();

  constructor({ limit, windowSeconds, now = Date.now }) {
    this.limit = limit;
    this.window = windowSeconds * 1000;
    this.now = now;
  }

  /** Seconds to wait before the next try; 0 when one is allowed. */
  wait(key) {
    const entry = this.#failures.get(key);
    if (!entry || entry.until <= this.now()) return 0;
    return entry.count >= this.limit ? Math.ceil((entry.until - this.now()) / 1000) : 0;
  }

  failed(key) {
    const now = this.now();
    const entry = this.#failures.get(key);
    if (entry && entry.until > now) entry.count += 1;
    else this.#failures.set(key, { count: 1, until: now + this.window });
    if (this.#failures.size > 10_000) {
      for (const [old, { until }] of this.#failures) if (until <= now) this.#failures.delete(old);
    }
  }

  succeeded(key) {
    this.#failures.delete(key);
  }
}

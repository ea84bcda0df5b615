/** How many acts of one kind become records of their own: a flood of wrong passwords is one record with a count (pure). */
import type { SecurityAct, SecurityFact } from "../../runtime/security-log.ts";

/** A fact, or many of one kind: `count` of them within `forMs`. */
export interface CountedFact {
  readonly fact: SecurityFact;
  readonly count: number;
  readonly forMs: number;
  /** Different addresses among them, the first sixteen by name. */
  readonly addresses: readonly string[];
  readonly moreAddresses: boolean;
}

interface Window {
  readonly fromMs: number;
  readonly lengthMs: number;
  written: number;
  counted: number;
  last: SecurityFact;
  readonly addresses: Set<string>;
  hasMoreAddresses: boolean;
}

/** What anybody can cause who reaches a port: the first is a record, the rest a number. */
const strangersActs: ReadonlySet<SecurityAct> = new Set([
  "login-failed",
  "login-locked",
  "code-wrong",
  "command-unsigned",
]);
/** Acts of people who were let in, a minute: more than a person does, less than a script. */
const mostOfKnown = 20;
const firstWindowMs = 60_000;
/** A flood that goes on is told less often: 96 records a day at most. */
const longestWindowMs = 900_000;
const namedAddresses = 16;

/** One for the box; times are monotonic milliseconds. */
export class ActWindows {
  readonly #open = new Map<SecurityAct, Window>();

  /** Takes a fact; what is returned is to be written now. */
  take(fact: SecurityFact, nowMs: number): readonly CountedFact[] {
    const before = this.due(nowMs);
    const window = this.#open.get(fact.act) ?? this.#begin(fact, nowMs, firstWindowMs);
    if (window.counted === 0 && window.written < (strangersActs.has(fact.act) ? 1 : mostOfKnown)) {
      window.written += 1;
      const addresses = fact.address === null ? [] : [fact.address];
      return [...before, { fact, count: 1, forMs: 0, addresses, moreAddresses: false }];
    }
    window.counted += 1;
    window.last = fact;
    if (fact.address !== null && !window.addresses.has(fact.address)) {
      if (window.addresses.size < namedAddresses) window.addresses.add(fact.address);
      else window.hasMoreAddresses = true;
    }
    return before;
  }

  /** Counts of windows that are over. */
  due(nowMs: number): readonly CountedFact[] {
    return [...this.#open].flatMap(([act, window]) => {
      if (nowMs - window.fromMs < window.lengthMs) return [];
      this.#open.delete(act);
      if (window.counted === 0) return [];
      // The flood may go on: its next window is longer, and begins with nothing to be written one by one.
      const next = this.#begin(window.last, nowMs, Math.min(longestWindowMs, window.lengthMs * 2));
      next.written = Number.POSITIVE_INFINITY;
      return [counted(window, nowMs)];
    });
  }

  /** Everything that has been counted so far; the box stops. */
  all(nowMs: number): readonly CountedFact[] {
    const found = [...this.#open.values()].filter(({ counted: count }) => count > 0);
    this.#open.clear();
    return found.map((window) => counted(window, nowMs));
  }

  #begin(fact: SecurityFact, nowMs: number, lengthMs: number): Window {
    const window = {
      fromMs: nowMs,
      lengthMs,
      written: 0,
      counted: 0,
      last: fact,
      addresses: new Set<string>(),
      hasMoreAddresses: false,
    };
    this.#open.set(fact.act, window);
    return window;
  }
}

function counted(window: Window, nowMs: number): CountedFact {
  const { fromMs, last, addresses, counted: count, hasMoreAddresses } = window;
  return {
    fact: { ...last, address: null },
    count,
    forMs: Math.round(nowMs - fromMs),
    addresses: [...addresses],
    moreAddresses: hasMoreAddresses,
  };
}

/** Security records: each act a line of the audit chain and an event up the uplinks that want it, in one commit. */
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { Log } from "../../runtime/log.ts";
import type { SecurityAct, SecurityFact, SecurityLog } from "../../runtime/security-log.ts";
import { say } from "../../runtime/texts/say.ts";
import type { Audit } from "../commands/audit.ts";
import type { SystemFact } from "../events/system-event.ts";
import type { SystemEvents } from "../system-events.ts";
import { ActWindows, type CountedFact } from "./act-windows.ts";

/** What this is made of. */
export interface SecurityRecordsOptions {
  readonly from: SecurityLog;
  readonly audit: Audit;
  readonly system: SystemEvents;
  readonly clock: Clock;
  readonly log: Log;
}

const lookMs = 1_000;
/** Pictures that one page shows in a second: a list has fifty. */
const mostSeen = 1_000;
/** What somebody should look at today; everything else is for whoever asks later. */
const severities: Partial<Record<SecurityAct, SystemFact["severity"]>> = {
  "login-failed": 3,
  "login-locked": 2,
  "code-wrong": 3,
  "command-unsigned": 2,
  "users-file-changed": 3,
  "user-added": 3,
  "user-changed": 3,
  "user-removed": 3,
  "token-added": 3,
  "token-removed": 3,
  "config-returned": 3,
  "records-lost": 2,
};

/** One for the life of a delivery. */
export class SecurityRecords implements AsyncDisposable {
  readonly #options: SecurityRecordsOptions;
  readonly #windows = new ActWindows();
  readonly #stop = new AbortController();
  /** Looks at evidence: each a line of its own, all of a second in one commit. */
  readonly #seen: { readonly fact: SecurityFact; readonly atMs: number }[] = [];
  readonly #ended: Promise<void>;
  readonly #unfollow: () => void;

  constructor(options: SecurityRecordsOptions) {
    this.#options = options;
    this.#unfollow = options.from.follow((fact) => this.#take(fact));
    this.#ended = this.#run();
  }

  /** What was counted and not told is written before this returns. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#unfollow();
    this.#stop.abort();
    await this.#ended;
    this.#writeSeen();
    for (const one of this.#windows.all(this.#options.clock.monotonicMs())) this.#write(one);
  }

  #take(fact: SecurityFact): void {
    if (fact.act === "evidence-seen") {
      if (this.#seen.length < mostSeen) this.#seen.push({ fact, atMs: this.#options.clock.nowMs() });
      return;
    }
    for (const one of this.#windows.take(fact, this.#options.clock.monotonicMs())) this.#write(one);
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(lookMs, this.#stop.signal).catch(() => undefined);
      this.#writeSeen();
      for (const one of this.#windows.due(clock.monotonicMs())) this.#write(one);
    }
  }

  /** The platform has a list of its own: these stay on the box. */
  #writeSeen(): void {
    const { audit, log } = this.#options;
    const seen = this.#seen.splice(0);
    if (seen.length === 0) return;
    try {
      audit.together(() => {
        for (const { fact, atMs } of seen) {
          const { act, user, address, detail } = fact;
          audit.add({ what: act, user, address, ...detail }, atMs);
        }
      });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      log.error({ act: "evidence-seen", count: seen.length }, "security record not written", error);
    }
  }

  /** A full disk refuses this like anything else: what is refused is told in the log of the service. */
  #write({ fact, count, forMs, addresses, moreAddresses }: CountedFact): void {
    const { audit, system, clock, log } = this.#options;
    const { act, user, address } = fact;
    const detail = { act, user, address, ...fact.detail, count, forMs, addresses, moreAddresses };
    const values = { user: user ?? "–", address: addresses.join(" ") || "–", count };
    const key = `security-${act}` as const;
    try {
      system.say(() => ({
        kind: "security",
        severity: severities[act] ?? 4,
        title: { zh: say("zh", key, values), en: say("en", key, values) },
        // With its place in the audit: a platform that has these can tell whether a box's own list was changed since.
        detail: {
          ...detail,
          audit: audit.add({ what: act, ...detail, addresses: addresses.join(" ") }, clock.nowMs()),
        },
      }));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      log.error({ act, user, count }, "security record not written", error);
    }
  }
}

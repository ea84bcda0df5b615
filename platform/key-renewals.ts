/** Boxes that change their keys: who may, who has come with the new ones, and from when these are the only ones. */
import type { Header, Message } from "../gateway/delivery/uplink/protocol/messages.ts";
import type { Enrolled } from "./enrolment.ts";

/** What is known of it in memory; what must survive a restart is in the list of enrolled boxes. */
export class KeyRenewals {
  readonly #enrolled: Enrolled;
  /** Told to renew: the order to do so has passed here. */
  readonly #ordered = new Set<string>();
  /** Have signed with the new keys. */
  readonly #seen = new Set<string>();

  constructor(enrolled: Enrolled) {
    this.#enrolled = enrolled;
  }

  /** An order to renew goes to `gw`. */
  ordered(gw: string): void {
    this.#ordered.add(gw);
  }

  /** Only keys that somebody has ordered, from whoever holds them. */
  readonly may = (gw: string, signPublic: string, text: string, proof: string): boolean =>
    this.#ordered.has(gw) && this.#enrolled.proves(signPublic, text, proof);

  /** AUTH of `gw`, by either of its pairs. */
  verify(gw: string, text: string, signature: string): boolean {
    const by = this.#enrolled.signedBy(gw, text, signature);
    if (by === "next") this.#seen.add(gw);
    return by !== null;
  }

  /** Takes the keys beside those of `gw`; durable on return. The answer for the box. */
  async offer(gw: string, keys: Header<"REKEY">): Promise<Extract<Message, { kind: "REKEYED" }>> {
    const taken = await this.#enrolled.offer(gw, keys);
    const detail = taken ? "" : "these keys cannot be taken";
    return { kind: "REKEYED", header: { curvePublic: keys.curvePublic, taken, detail } };
  }

  /** A session of `gw` is open. True: it is the first with new keys, and they are the only ones from here on. Durable on return. */
  async opened(gw: string): Promise<boolean> {
    if (!this.#seen.delete(gw) || !(await this.#enrolled.renewed(gw))) return false;
    this.#ordered.delete(gw);
    return true;
  }
}

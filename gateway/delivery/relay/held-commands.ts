/** Commands for gateways behind this one: carried when the box is there, and again when it comes, until its last word has passed. */
import type { Header } from "../uplink/protocol/messages.ts";
import type { Result } from "../uplink/protocol/result.ts";

/** Whoever can speak to these gateways. */
export interface CommandCarrier {
  carry(header: Header<"CMD">, payload: Uint8Array): boolean;
}

/** More than this wait with the platform: it asks again in the next session. */
const mostHeld = 256;

/** In memory only: a relay that restarts is told everything again. */
export class HeldCommands {
  readonly #held = new Map<string, { readonly header: Header<"CMD">; readonly payload: Uint8Array }>();

  take(header: Header<"CMD">, payload: Uint8Array, to: CommandCarrier): void {
    this.#held.set(header.cmd, { header, payload });
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest);
    to.carry(header, payload);
  }

  /** A gateway has come (again), perhaps with others behind it: each obeys once, however often it is asked. */
  opened(to: CommandCarrier): void {
    for (const { header, payload } of this.#held.values()) to.carry(header, payload);
  }

  answered({ cmd, state }: Result): void {
    if (state !== "accepted" && state !== "running") this.#held.delete(cmd);
  }

  forget(): void {
    this.#held.clear();
  }
}

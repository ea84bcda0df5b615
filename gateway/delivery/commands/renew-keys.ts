/** `key.renew`: this box makes new keys of its own. The former ones are good until the platform has the new ones on its disk. */
import type { Clock } from "../../runtime/clock.ts";
import type { KeyFile } from "../uplink/keys.ts";
import type { OpenUplink } from "../uplink/open-uplinks.ts";
import type { CommandAnswer, CommandRun } from "./commands.ts";

/** What this is made of. */
export interface KeyRenewalOptions {
  readonly clock: Clock;
  readonly keys: KeyFile;
  readonly uplinks: readonly OpenUplink[];
  /** Told of each new pair. */
  readonly onRenewed?: (operator: string) => void;
}

type LastWord = CommandAnswer & { readonly state: "done" | "failed" };

/** A platform that is behind a bad line answers within minutes, or the order is repeated: nothing is lost by that. */
const patienceMs = 600_000;
const lookMs = 200;

/** One for the box. */
export class KeyRenewal implements Disposable {
  readonly #options: KeyRenewalOptions;
  readonly #stop = new AbortController();

  constructor(options: KeyRenewalOptions) {
    this.#options = options;
  }

  /** The doer. Asked again before the platform knows the newest keys, it makes no others: it shows those once more. */
  readonly run: CommandRun = async (_args, { uplinkId, operator }) => {
    const { keys, uplinks } = this.#options;
    const asked = uplinks.find(({ id }) => id === uplinkId)?.uplink;
    if (!asked?.mayRekey)
      throw new RangeError("this platform takes no new keys; write them where this box is enrolled");
    if (asked.knownByFormerKeys !== true) {
      const behind = keys.former && uplinks.find(({ uplink }) => uplink.knownByFormerKeys !== false);
      // Two pairs are kept: with a third, a platform that has missed the second would know none of them.
      if (behind) throw new RangeError(`platform ${behind.id} has not shown yet that it knows the present keys`);
      await keys.renew();
      this.#options.onRenewed?.(operator);
      for (const { uplink } of uplinks) uplink.rekey();
    } else asked.rekey();
    return { detail: `keys ${short(keys.newest)} are shown to the platform`, later: this.outcome(uplinkId) };
  };

  /** Whether the platform of `uplinkId` has let this box in with its newest keys. Never rejects. */
  async outcome(uplinkId: string): Promise<LastWord> {
    const { clock, keys, uplinks } = this.#options;
    const uplink = uplinks.find(({ id }) => id === uplinkId)?.uplink;
    const endMs = clock.monotonicMs() + patienceMs;
    while (uplink && clock.monotonicMs() < endMs) {
      if (uplink.knownByFormerKeys === false)
        return { state: "done", detail: `keys ${short(keys.newest)} took the place of ${short(keys.former)}` };
      await clock.sleep(lookMs, this.#stop.signal).catch(() => undefined);
      // The next run goes on with it; this one has nothing to say.
      if (this.#stop.signal.aborted) return new Promise<LastWord>(() => undefined);
    }
    return {
      state: "failed",
      detail: `the platform has not taken keys ${short(keys.newest)}: the former ones are used`,
    };
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}

/** Enough to tell keys apart, and to find them in the platform's log. */
function short(keys: { readonly curvePublic: string } | null): string {
  return keys?.curvePublic.slice(0, 8) ?? "";
}

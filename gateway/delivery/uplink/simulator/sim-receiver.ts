/** A receiver in the simulator: the real sessions over the common store, with commits that take time and lives that end between them. */
import type { Header, Message } from "../protocol/messages.ts";
import type { Batch, PlatformAction } from "../protocol/platform-port.ts";
import { PlatformSessions } from "../protocol/platform.ts";
import type { Receipt } from "../protocol/platform-session.ts";
import { ResultParts, type Result } from "../protocol/result.ts";
import type { SimStore, StoreOutcome } from "./store.ts";
import type { Link, World } from "./world.ts";

/** What else a receiver tells: a box has come, a whole word about a command. */
export interface ReceiverEars {
  readonly onOpened?: (by: SimReceiver) => void;
  readonly onTurn?: (by: SimReceiver) => void;
  readonly onResult?: (result: Result) => void;
}

/** One receiver. */
export class SimReceiver {
  life = 0;
  up = false;
  readonly #world: World;
  #sessions: PlatformSessions;
  #links = new Map<string, Link>();
  #doomed: number | null = null;
  /** When the last commit in the queue will be done: one after another. */
  #busyUntilMs = 0;

  readonly #store: SimStore;
  readonly #relay: string | null;

  readonly #ears: ReceiverEars;
  #results = new ResultParts();

  /** @param relay name of the gateway that this receiver belongs to; null: a platform */
  constructor(world: World, store: SimStore, ears: ReceiverEars, relay: string | null = null) {
    this.#ears = ears;
    this.#world = world;
    this.#store = store;
    this.#relay = relay;
    this.#sessions = this.#newSessions();
  }

  start(): void {
    this.life += 1;
    this.up = true;
    this.#links.clear();
    this.#results = new ResultParts();
    this.#sessions = this.#newSessions();
    this.#tick(this.life);
  }

  die(downMs: number): void {
    if (!this.up) return;
    this.up = false;
    this.life += 1;
    this.#world.cutAll(this);
    this.#world.time.after(downMs, () => {
      this.start();
    });
  }

  /** Goes with the gateway that it belongs to; comes back with `start`. */
  stop(): void {
    if (!this.up) return;
    this.up = false;
    this.life += 1;
    this.#world.cutAll(this);
  }

  /** Tells a box how far its lane is at the end of the way. */
  receipt(gw: string, epoch: string, lane: number, receipt: Receipt): void {
    if (this.up) this.#do(this.#sessions.receipt(gw, epoch, lane, receipt));
  }

  /** Carries a command to a box, or to the gateway before it; false when neither is here. */
  carry(header: Header<"CMD">, payload: Uint8Array): boolean {
    const actions = this.up ? this.#sessions.command(header.gw, header, payload) : null;
    if (actions) this.#do(actions);
    return actions !== null;
  }

  /** Dies at the worst moment: soon after its next commit has begun. */
  dieAtNextCommit(downMs: number): void {
    this.#doomed = downMs;
  }

  /** It lives on after all. */
  spare(): void {
    this.#doomed = null;
  }

  received(link: Link, message: Message): void {
    this.#links.set(link.rid, link);
    this.#do(this.#sessions.received(link.rid, message, this.#world.time.nowMs));
  }

  gone(link: Link): void {
    this.#sessions.gone(link.rid);
  }

  #newSessions(): PlatformSessions {
    const { random, time } = this.#world;
    const identity = {
      serverKey: "k",
      isEnrolled: () => true,
      mayRelay: () => true,
      ...(this.#relay === null ? {} : { gw: this.#relay, endToEnd: true }),
      verify: (_gw: string, text: string, signature: string) => signature === `signed ${text}`,
      nonce: () => random.hex32(),
      random: () => random.next(),
    };
    return new PlatformSessions(identity, () => time.nowMs);
  }

  #tick(life: number): void {
    this.#alive(1_000, () => {
      this.#do(this.#sessions.tick(this.#world.time.nowMs));
      this.#ears.onTurn?.(this);
      this.#tick(life);
    });
  }

  /** Does `act` after `ms` if this life is still going on. */
  #alive(ms: number, act: () => void): void {
    const { life } = this;
    this.#world.time.after(ms, () => {
      if (this.life === life && this.up) act();
    });
  }

  #do(actions: readonly PlatformAction[]): void {
    const { random, time } = this.#world;
    const store = this.#store;
    for (const action of actions) {
      if (action.kind === "send") {
        const link = this.#links.get(action.rid);
        if (link) this.#world.send(link, "down", action.message);
      } else if (action.kind === "lookup") {
        this.#alive(random.between(1, 20), () => {
          this.#do(
            this.#sessions.watermarks(action.rid, action.sid, store.watermarks(action.gw, action.epoch), time.nowMs),
          );
        });
      } else if (action.kind === "commit") this.#commit(action.batch);
      else if (action.kind === "opened") this.#ears.onOpened?.(this);
      else if (action.kind === "result") {
        const result = this.#results.take(action.result, action.bytes);
        if (result) this.#ears.onResult?.(result);
      }
    }
  }

  #commit(batch: Batch): void {
    const { random, time, variant } = this.#world;
    const store = this.#store;
    // A disk that now and then thinks for a while opens the window between one step and the next.
    const pause = (): number => (random.chance(0.2) ? random.between(60, 600) : random.between(1, 60));
    this.#busyUntilMs = Math.max(this.#busyUntilMs, time.nowMs) + pause();
    const inMs = this.#busyUntilMs - time.nowMs;
    if (this.#doomed !== null) {
      const downMs = this.#doomed;
      this.#doomed = null;
      this.#alive(random.between(0, 400), () => {
        this.die(downMs);
      });
    }
    const acknowledge = ({ ticket, lane, acked }: StoreOutcome): void => {
      this.#do(this.#sessions.committed(ticket, lane, acked, []));
    };
    if (variant.commit === "after-ack") {
      const last = batch.items.at(-1)?.seq ?? batch.gap?.to ?? 0;
      acknowledge({ ticket: batch.ticket, lane: batch.lane, acked: last });
      this.#alive(inMs, () => void store.commit(batch));
      return;
    }
    this.#alive(inMs, () => {
      const { outcome, rest } = store.commit(batch);
      // The moment in which a receiver can die between its commit and its word.
      this.#alive(pause(), () => {
        if (variant.commit === "watermark-first") rest();
        acknowledge(outcome);
      });
    });
  }
}

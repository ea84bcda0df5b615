/** Evidence of one box on its way to two receivers over one folder, and everything that goes wrong; repeatable by its seed. */
import { BoxBulk, type BulkAction } from "../protocol/box-bulk.ts";
import type { Message } from "../protocol/messages.ts";
import type { PlatformAction } from "../protocol/platform-port.ts";
import { PlatformSessions } from "../protocol/platform.ts";
import { EvidenceBlobs } from "./evidence-blobs.ts";
import { EvidenceStore, type EvidenceVariant } from "./evidence-store.ts";
import { Random } from "./random.ts";
import { Timeline } from "./timeline.ts";

/** What a seed showed. `lost`: not whole at the platform in the end, or not what the box had; `resent`: bytes sent beyond the files. */
export interface EvidenceOutcome {
  readonly seed: number;
  readonly blobs: number;
  readonly lost: number;
  readonly cuts: number;
  readonly resent: number;
}

const troubleMs = 120_000;
const healMs = 600_000;
const tickMs = 1_000;
const blobsPerSeed = 16;
const faultsPerSeed = 14;

interface Link {
  readonly rid: string;
  dead: boolean;
  readonly receiver: Receiver;
  readonly life: number;
  readonly boxLife: number;
  upMs: number;
  downMs: number;
}

interface Receiver {
  life: number;
  up: boolean;
  sessions: PlatformSessions;
  /** Sizes of what was offered in this life. */
  offered: Map<string, number>;
  links: Map<string, Link>;
}

/** Everything of one seed. */
export class EvidenceWorld {
  readonly #seed: number;
  readonly #random: Random;
  readonly #time = new Timeline();
  readonly #store: EvidenceStore;
  readonly #variant: EvidenceVariant;
  readonly #blobs = new EvidenceBlobs();
  readonly #receivers: readonly Receiver[];
  #bulk: BoxBulk;
  #link: Link | null = null;
  #boxLife = 0;
  #boxUp = false;
  /** While alarms wait, no evidence leaves. */
  #alarmsUntilMs = 0;
  /** The platform's power fails soon after the next piece has come: the worst moment. */
  #isDoomed = false;
  #linkCount = 0;
  #cuts = 0;
  #sent = 0;

  constructor(seed: number, variant: EvidenceVariant) {
    this.#seed = seed;
    this.#variant = variant;
    this.#random = new Random(seed);
    this.#store = new EvidenceStore(variant, this.#random);
    this.#bulk = this.#newBulk();
    this.#receivers = [0, 1].map(() => this.#newReceiver());
  }

  /** Runs the seed to its end. */
  run(): EvidenceOutcome {
    const [time, random] = [this.#time, this.#random];
    for (const receiver of this.#receivers) this.#turn(receiver);
    this.#startBox();
    for (let n = 0; n < blobsPerSeed; n += 1) time.after(random.between(0, troubleMs), () => this.#record());
    for (let n = 0; n < faultsPerSeed; n += 1) time.after(random.between(1_000, troubleMs), () => this.#fault());
    time.run(troubleMs);
    this.#isDoomed = false;
    time.run(troubleMs + healMs, () => this.#blobs.areDone);
    const { all } = this.#blobs;
    const isWhole = ({ offered, bytes }: (typeof all)[number]): boolean => {
      const whole = this.#store.whole(offered.sha256);
      return whole !== null && Buffer.compare(whole, bytes) === 0;
    };
    return {
      seed: this.#seed,
      blobs: all.length,
      lost: all.filter((blob) => !isWhole(blob)).length,
      cuts: this.#cuts,
      resent: this.#sent - all.reduce((sum, { offered }) => sum + offered.size, 0),
    };
  }

  #record(): void {
    this.#blobs.record(this.#random);
    if (this.#boxUp) this.#box(this.#bulk.wake());
  }

  #newBulk(): BoxBulk {
    const random = this.#random;
    const identity = {
      ...{ gw: "box-a", boot: random.hex32(), software: "sim", serverKey: "k", role: "box" as const, caps: ["blob"] },
      sign: (text: string) => `signed ${text}`,
      nonce: () => random.hex32(),
    };
    const wallMs = (): number => this.#time.nowMs;
    return new BoxBulk(identity, this.#blobs, { wallMs, mayPass: () => wallMs() >= this.#alarmsUntilMs });
  }

  #newReceiver(): Receiver {
    return { life: 0, up: true, sessions: this.#newSessions(), offered: new Map(), links: new Map() };
  }

  #newSessions(): PlatformSessions {
    const random = this.#random;
    const identity = {
      serverKey: "k",
      isEnrolled: () => true,
      verify: (_gw: string, text: string, signature: string) => signature === `signed ${text}`,
      nonce: () => random.hex32(),
      random: () => random.next(),
    };
    return new PlatformSessions(identity, () => this.#time.nowMs);
  }

  #startBox(): void {
    this.#boxLife += 1;
    this.#boxUp = true;
    this.#bulk = this.#newBulk();
    const life = this.#boxLife;
    const tick = (): void => {
      if (this.#boxLife !== life) return;
      this.#box(this.#bulk.tick(this.#time.nowMs));
      this.#time.after(tickMs, tick);
    };
    this.#time.after(tickMs, tick);
    this.#connectSoon(100);
  }

  #connectSoon(ms: number): void {
    const life = this.#boxLife;
    this.#time.after(ms * this.#random.between(0.5, 1.5), () => {
      if (this.#boxLife !== life || this.#link) return;
      const receiver = this.#random.pick(this.#receivers as [Receiver, ...Receiver[]]);
      if (!receiver.up) {
        this.#connectSoon(2_000);
        return;
      }
      this.#linkCount += 1;
      this.#link = { rid: `r${this.#linkCount}`, dead: false, receiver, life: receiver.life, boxLife: life, upMs: 0, downMs: 0 }; // prettier-ignore
      receiver.links.set(this.#link.rid, this.#link);
      this.#box(this.#bulk.connected(this.#time.nowMs));
    });
  }

  /** Does what the box wants. */
  #box(actions: readonly BulkAction[]): void {
    for (const action of actions) {
      if (action.kind === "send" && this.#link) {
        if (action.message.kind === "DATA") this.#sent += action.message.payload?.length ?? 0;
        this.#send(this.#link, "up", action.message);
      }
      if (action.kind === "read") {
        const life = this.#boxLife;
        const { sha256, off, size } = action;
        const bytes = this.#blobs.of(sha256)?.bytes.slice(off, off + size);
        // A disk that now and then thinks for a while hands over its piece when another session has begun.
        const tookMs = this.#random.chance(0.05) ? this.#random.between(500, 4_000) : this.#random.between(1, 30);
        this.#time.after(tookMs, () => {
          if (this.#boxLife === life) this.#box(this.#bulk.chunk(action, bytes ?? null, this.#time.nowMs));
        });
      }
      if (action.kind === "check") this.#box(this.#bulk.checked(action, "whole")); // No disk of a box rots here.
      if (action.kind !== "drop") continue;
      const link = this.#link;
      this.#link = null;
      if (link) this.#cut(link, false);
      this.#connectSoon((action.retryAfterSec ?? 1) * 1_000);
    }
  }

  /** Does what a receiver wants. */
  #platform(receiver: Receiver, actions: readonly PlatformAction[]): void {
    const { life, sessions } = receiver;
    const later = (act: () => readonly PlatformAction[]): void => {
      const tookMs = this.#random.chance(0.1) ? this.#random.between(50, 1_500) : this.#random.between(1, 40);
      this.#time.after(tookMs, () => {
        if (receiver.life === life && receiver.up) this.#platform(receiver, act());
      });
    };
    for (const action of actions) {
      if (action.kind === "send") {
        const link = receiver.links.get(action.rid);
        if (link) this.#send(link, "down", action.message);
      } else if (action.kind === "lookup")
        later(() => sessions.watermarks(action.rid, action.sid, new Map(), this.#time.nowMs));
      else if (action.kind === "offer") {
        receiver.offered.set(action.offer.sha256, action.offer.size);
        this.#platform(receiver, sessions.wants(action.rid, action.sid, this.#store.offer(action.offer)));
      } else if (action.kind === "append") {
        if (this.#isDoomed) {
          this.#isDoomed = false;
          this.#time.after(this.#random.between(0, 60), () => this.#killReceivers(this.#receivers, true));
        }
        const size = receiver.offered.get(action.data.sha256) ?? 0;
        const back = this.#store.append(action.data, action.bytes, size);
        const say = (): readonly PlatformAction[] =>
          back
            ? sessions.stored(action.rid, action.sid, action.bytes.length, back)
            : sessions.evidenceFailed(action, "a piece begins behind what is here");
        if (!this.#variant.flushesFirst) this.#platform(receiver, say());
        later(() => {
          this.#store.flush();
          return this.#variant.flushesFirst ? say() : [];
        });
      }
    }
  }

  #turn(receiver: Receiver): void {
    const { life } = receiver;
    this.#time.after(tickMs, () => {
      if (receiver.life !== life) return;
      this.#platform(receiver, receiver.sessions.tick(this.#time.nowMs));
      this.#turn(receiver);
    });
  }

  /** In order, or not at all. */
  #send(link: Link, direction: "up" | "down", message: Message): void {
    if (link.dead) return;
    const way = direction === "up" ? "upMs" : "downMs";
    link[way] = Math.max(link[way], this.#time.nowMs + this.#random.between(1, 150));
    this.#time.after(link[way] - this.#time.nowMs, () => {
      if (link.dead) return;
      const { receiver } = link;
      if (direction === "up") {
        if (receiver.life === link.life)
          this.#platform(receiver, receiver.sessions.received(link.rid, message, this.#time.nowMs));
      } else if (this.#link === link) this.#box(this.#bulk.received(message, this.#time.nowMs));
    });
  }

  /** Half-open: neither side hears of it. */
  #cut(link: Link, halfOpen: boolean): void {
    if (link.dead) return;
    link.dead = true;
    this.#cuts += 1;
    if (halfOpen) return;
    this.#time.after(this.#random.between(1, 300), () => {
      if (link.receiver.life === link.life) link.receiver.sessions.gone(link.rid);
      if (this.#link !== link) return;
      this.#link = null;
      this.#bulk.lost();
      this.#connectSoon(500);
    });
  }

  #fault(): void {
    const random = this.#random;
    const kind = random.next();
    const link = this.#link;
    const receiver = link?.receiver ?? random.pick(this.#receivers as [Receiver, ...Receiver[]]);
    if (kind < 0.4) {
      if (link) this.#cut(link, random.chance(0.5));
    } else if (kind < 0.5) this.#alarmsUntilMs = this.#time.nowMs + random.between(100, 10_000);
    else if (kind < 0.65) this.#killBox();
    else if (kind < 0.8) this.#killReceivers([receiver], false);
    else this.#isDoomed = true;
  }

  /** Its list of uploads is on the disk; what it was reading and where it was is gone. */
  #killBox(): void {
    if (!this.#boxUp) return;
    const link = this.#link;
    this.#link = null;
    this.#boxUp = false;
    this.#boxLife += 1;
    if (link) this.#cut(link, this.#random.chance(0.3));
    this.#time.after(this.#random.between(200, 8_000), () => this.#startBox());
  }

  #killReceivers(which: readonly Receiver[], isPowerCut: boolean): void {
    for (const receiver of which) {
      receiver.life += 1;
      receiver.up = false;
      for (const link of receiver.links.values()) this.#cut(link, this.#random.chance(0.3));
      this.#time.after(this.#random.between(100, 8_000), () => {
        Object.assign(receiver, { up: true, sessions: this.#newSessions(), offered: new Map(), links: new Map() });
        this.#turn(receiver);
      });
    }
    if (isPowerCut) this.#store.powerCut();
  }
}

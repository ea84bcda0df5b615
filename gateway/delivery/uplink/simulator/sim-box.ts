/** A box in the simulator: the real session over a disk in memory, with lives that end. */
import type { BoxAction } from "../protocol/box-port.ts";
import { BoxSession } from "../protocol/box.ts";
import type { Header, Message } from "../protocol/messages.ts";
import type { Result } from "../protocol/result.ts";
import { BoxDisk, type Image } from "./box-disk.ts";
import { SimCommands, type CommandImage } from "./sim-commands.ts";
import type { SimReceiver } from "./sim-receiver.ts";
import type { Link, World } from "./world.ts";

/** Between two looks of a box at its deadlines, ms. */
export const tickMs = 1_000;

/** How a life ends: the process, the power, or the disk with an older image put in its place. */
export type Death = "kill" | "power-cut" | "old-image";

/** What makes a box more than a box: where it sends, what it shares, who hears of its fate. */
export interface SimBoxOptions {
  readonly targets: readonly SimReceiver[];
  readonly role?: "box" | "relay";
  readonly disk?: BoxDisk;
  /** Another uplink of the same box: lives and dies with it. */
  readonly twinOf?: SimBox;
  readonly onDeath?: () => void;
  readonly onStart?: () => void;
  /** A command for a gateway behind this one. */
  readonly onForeignCommand?: (header: Header<"CMD">, payload: Uint8Array) => void;
  readonly onAcknowledged?: (lane: number, from: number, to: number) => void;
}

/** One box. */
export class SimBox {
  readonly gw: string;
  readonly disk: BoxDisk;
  readonly targets: readonly SimReceiver[];
  /** Events that an older image in the place of the disk took away at some time. */
  readonly tookBack = new Set<string>();
  /** Events that a power cut took away although they were recorded: a disk that honours a flush has none. */
  readonly tornAway = new Set<string>();
  life = 0;
  readonly #world: World;
  #session: BoxSession;
  #link: Link | null = null;
  #running = false;
  /** What the disk really holds, where it does not honour a flush at once; and an image to come back to. */
  #flushed: { readonly outbox: Image; readonly commands: CommandImage };
  #old: { readonly outbox: Image; readonly commands: CommandImage };
  readonly #commands: SimCommands;
  /** Times at which an old image was put in the place of the disk: what was ordered before may be done again. */
  readonly putBackMs: number[] = [];

  readonly #options: SimBoxOptions;
  /** Other uplinks of this box: few, and made with it. */
  readonly twins: SimBox[] = [];

  constructor(world: World, gw: string, options: SimBoxOptions) {
    this.#world = world;
    this.#options = options;
    this.gw = gw;
    this.targets = options.targets;
    this.disk = options.disk ?? new BoxDisk(world.random, world.variant.keepsAcked);
    options.twinOf?.twins.push(this);
    this.#session = this.#newSession();
    this.#commands = new SimCommands(world, gw, {
      alive: (ms, act) => {
        const { life } = this;
        world.time.after(ms, () => {
          if (this.life === life && this.#running) act();
        });
      },
      say: (result) => this.say(result),
    });
    this.#flushed = this.#image();
    this.#old = this.#flushed;
  }

  /** A word about a command goes up, if somebody listens. */
  say(result: Result): void {
    if (this.#running) this.#do(this.#session.result(result));
  }

  #image(): { readonly outbox: Image; readonly commands: CommandImage } {
    return { outbox: this.disk.image(), commands: this.#commands.image() };
  }

  #restore({ outbox, commands }: { readonly outbox: Image; readonly commands: CommandImage }): void {
    this.disk.restore(outbox);
    this.#commands.restore(commands);
  }

  /** Nothing waits, not even for the end of the way. */
  get drained(): boolean {
    return this.#running && [0, 1, 2].every((lane) => this.disk.acked(lane) >= this.disk.head(lane));
  }

  start(): void {
    this.life += 1;
    this.#running = true;
    this.#commands.start();
    this.#session = this.#newSession();
    this.#tick(this.life);
    this.#connectSoon(100);
    this.#options.onStart?.();
    for (const twin of this.twins) twin.start();
  }

  /** Something was put on the disk by somebody else. */
  wake(): void {
    if (this.#running) this.#do(this.#session.wake(this.#world.time.nowMs));
  }

  /** False while the box is down: then there was nothing to record. */
  record(id: string): boolean {
    if (!this.#running) return false;
    const lane = this.#world.random.pick([0, 0, 0, 1, 1, 2]);
    const event = {
      specversion: "1.0",
      id,
      source: `/gateways/${this.gw}`,
      type: "t",
      time: "2026-01-01T00:00:00Z",
      data: {},
    };
    const body = new TextEncoder().encode(JSON.stringify(event));
    // One commit for all uplinks of a box; a disk that they share by mistake gets the row once.
    for (const disk of new Set([this.disk, ...this.twins.map((twin) => twin.disk)])) disk.append(lane, id, body);
    for (const each of [this, ...this.twins]) each.wake();
    return true;
  }

  die(how: Death): void {
    if (!this.#running) return;
    this.#end(how);
    for (const twin of this.twins) twin.#end(how);
    this.#options.onDeath?.();
    this.#world.time.after(this.#world.random.between(200, 15_000), () => {
      this.start();
    });
  }

  #end(how: Death): void {
    this.#running = false;
    this.life += 1;
    this.#link = null;
    this.#world.cutAll(this);
    const before = this.disk.ids();
    if (how === "power-cut" && !this.#world.variant.diskHonours) this.#restore(this.#flushed);
    if (how === "old-image") {
      this.#restore(this.#old);
      this.putBackMs.push(this.#world.time.nowMs);
    }
    const after = this.disk.ids();
    const gone = how === "old-image" ? this.tookBack : this.tornAway;
    for (const id of before) if (!after.has(id)) gone.add(id);
  }

  received(link: Link, message: Message): void {
    if (link === this.#link) this.#do(this.#session.received(message, this.#world.time.nowMs));
  }

  lost(link: Link): void {
    if (link !== this.#link) return;
    this.#link = null;
    this.#session.lost();
    this.#connectSoon(500);
  }

  #newSession(): BoxSession {
    const { random, time, variant } = this.#world;
    const identity = {
      gw: this.gw,
      boot: random.hex32(),
      software: "sim",
      serverKey: "k",
      role: this.#options.role ?? ("box" as const),
      caps: ["blob", "cmd", ...(variant.endToEnd ? ["e2e"] : [])],
      sign: (text: string) => `signed ${text}`,
      nonce: () => random.hex32(),
    };
    return new BoxSession(identity, this.disk, () => time.nowMs, variant.agrees);
  }

  #tick(life: number): void {
    this.#world.time.after(tickMs, () => {
      if (this.life !== life || !this.#running) return;
      const { random, time } = this.#world;
      if (random.chance(0.15)) this.#flushed = this.#image();
      if (random.chance(0.02)) this.#old = this.#image();
      this.#do(this.#session.tick(time.nowMs));
      this.#tick(life);
    });
  }

  #connectSoon(ms: number): void {
    const { life } = this;
    this.#world.time.after(ms * this.#world.random.between(0.5, 1.5), () => {
      if (this.life !== life || this.#link) return;
      this.#link = this.#world.connect(this);
      if (this.#link) this.#do(this.#session.connected(this.#world.time.nowMs));
      else this.#connectSoon(2_000);
    });
  }

  #do(actions: readonly BoxAction[]): void {
    for (const action of actions) {
      if (action.kind === "send" && this.#link) this.#world.send(this.#link, "up", action.message);
      if (action.kind === "command") {
        if (action.header.gw === this.gw) this.#commands.take(action.payload);
        else this.#options.onForeignCommand?.(action.header, action.payload);
      }
      if (action.kind === "acknowledged") this.#options.onAcknowledged?.(action.lane, action.from, action.to);
      if (action.kind !== "drop") continue;
      const link = this.#link;
      this.#link = null;
      if (link) this.#world.cut(link, false);
      this.#connectSoon((action.retryAfterSec ?? 1) * 1_000);
    }
  }
}

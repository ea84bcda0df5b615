/** Two boxes, two receivers with one store, in some seeds another platform and a gateway between, and everything that goes wrong; repeatable by its seed. */
import { answerMs, beatSec } from "../protocol/limits.ts";
import type { Message } from "../protocol/messages.ts";
import { SimBox, tickMs } from "./sim-box.ts";
import { SimSpool } from "./sim-commands.ts";
import { SimReceiver, type ReceiverEars } from "./sim-receiver.ts";
import { SimRelay } from "./sim-relay.ts";
import { Random } from "./random.ts";
import { Store } from "./store.ts";
import { Timeline } from "./timeline.ts";
import type { Variant } from "./variant.ts";

/** What a seed showed. `rolledBack`: events that an old disk image took away before anybody had them; `torn`: those of the lost ones that went with a power cut. */
export interface Outcome {
  readonly seed: number;
  readonly events: number;
  /** A command that was never answered, or answered wrongly, counts as lost; one that was obeyed twice as duplicated. */
  readonly commands: number;
  readonly lost: number;
  readonly torn: number;
  readonly duplicated: number;
  readonly rolledBack: number;
}

/** Simulated ms during which events are made and things go wrong; after it the links are whole again. */
const troubleMs = 240_000;
/** How long a session can live on a line that died silently: until its next beat, then until the answer is overdue, each seen at the tick after. */
const silentMs = beatSec * 1_000 + answerMs + 2 * tickMs;
/** From there to the last word about a command: to connect again (1.5 s), the five words of a session's beginning and a look-up (0.8 s), to obey (3.5 s), there and back over a gateway between (0.6 s); whole seconds above. */
const settleMs = 7_000;
const healMs = 900_000;
const eventsPerBox = 100;
const commandsPerBox = 4;
const faultsPerSeed = 14;

/** One connection; frames of a direction arrive in order or not at all. */
export interface Link {
  readonly rid: string;
  dead: boolean;
  readonly box: SimBox;
  readonly boxLife: number;
  readonly receiver: SimReceiver;
  readonly receiverLife: number;
  upMs: number;
  downMs: number;
}

/** Everything of one seed. */
export class World {
  readonly random: Random;
  readonly time = new Timeline();
  readonly variant: Variant;
  readonly #seed: number;
  /** City, which everybody sends to in the end, and a district, which one box sends to as well. */
  readonly #stores: readonly [Store, Store];
  /** Boxes that record, by themselves. */
  readonly #boxes: readonly SimBox[];
  /** Everything that dies like a box and must be drained: other uplinks and relays too. */
  readonly #senders: readonly SimBox[];
  readonly #receivers: readonly SimReceiver[];
  readonly #twin: SimBox | null;
  /** What dies by itself: a second uplink dies with its box. */
  readonly #mortals: readonly SimBox[];
  readonly #links = new Set<Link>();
  readonly #recorded = new Map<string, SimBox>();
  readonly #spool = new SimSpool();
  /** Every command: of which box, since when, and how often it was obeyed. */
  readonly #orders = new Map<string, { readonly box: SimBox; readonly atMs: number; times: number }>();
  #lossShare: number;
  #linkCount = 0;

  constructor(seed: number, variant: Variant) {
    this.#seed = seed;
    this.variant = variant;
    this.random = new Random(seed);
    this.#stores = [new Store(variant), new Store(variant)];
    this.#lossShare = this.random.pick([0, 0, 0.01, 0.05]);
    const [city, district] = this.#stores;
    const ears: ReceiverEars = {
      onOpened: (by) => this.#spool.opened(by),
      onTurn: (by) => this.#spool.carry(by),
      onResult: (result) => this.#spool.answered(result),
    };
    const cities = [new SimReceiver(this, city, ears), new SimReceiver(this, city, ears)];
    // Each seed has one of four ways: plain, a second uplink, a gateway between, both.
    const hasTwin = seed % 2 === 1;
    const relay = seed % 4 > 1 ? new SimRelay(this, "street", cities) : null;
    const first = new SimBox(this, "box-a", { targets: cities });
    const second = new SimBox(this, "box-b", { targets: relay ? [relay.receiver] : cities });
    const far = hasTwin ? new SimReceiver(this, district, {}) : null;
    this.#twin = far
      ? new SimBox(this, "box-a", {
          targets: [far],
          twinOf: first,
          ...(variant.ownCursors ? {} : { disk: first.disk }),
        })
      : null;
    this.#receivers = far ? [...cities, far] : cities;
    this.#boxes = [first, second];
    this.#senders = [...this.#boxes, ...(this.#twin ? [this.#twin] : []), ...(relay ? [relay.box] : [])];
    this.#mortals = [...this.#boxes, ...(relay ? [relay.box] : [])];
  }

  /** Runs the seed to its end. */
  run(): Outcome {
    for (const box of this.#mortals) box.start();
    for (const box of this.#boxes) {
      for (let n = 0; n < eventsPerBox; n += 1) {
        const id = `${box.gw}-${n}`;
        this.time.after(this.random.between(0, troubleMs), () => {
          if (box.record(id)) this.#recorded.set(id, box);
        });
      }
    }
    for (const box of this.#boxes)
      for (let n = 0; n < commandsPerBox; n += 1)
        this.time.after(this.random.between(0, troubleMs), () => this.#order(box));
    for (const receiver of this.#receivers) receiver.start();
    for (let n = 0; n < faultsPerSeed; n += 1) {
      this.time.after(this.random.between(1_000, troubleMs), () => {
        this.#fault();
      });
    }
    this.time.run(troubleMs);
    this.#lossShare = 0;
    for (const link of [...this.#links]) this.cut(link, false);
    // A receiver that was to die at its next commit may not commit for a while: its death would leave half-open links that nobody has the time to notice.
    for (const receiver of this.#receivers) receiver.spare();
    // A box whose last link died half-open believes in it until a beat is not answered: only then does it hear what the platform knows.
    this.time.run(troubleMs + silentMs + settleMs);
    this.time.run(troubleMs + healMs, () => this.#senders.every((box) => box.drained));
    // A little longer: what is on its way twice must arrive twice to be seen.
    this.time.run(this.time.nowMs + 5_000);
    return this.#outcome();
  }

  /** A command has had its effect. */
  did(cmd: string): void {
    const order = this.#orders.get(cmd);
    if (order) order.times += 1;
  }

  /** Orders something, and lets somebody in between say it again later, whatever became of it. */
  #order(box: SimBox): void {
    const cmd = this.random.hex32();
    this.#orders.set(cmd, { box, atMs: this.time.nowMs, times: 0 });
    const { header, payload } = this.#spool.order(cmd, box.gw);
    this.time.after(this.random.between(0, 2 * silentMs), () => {
      for (const link of this.#links) if (link.box === box) this.send(link, "down", { kind: "CMD", header, payload });
    });
  }

  /** A new connection from `box` to some receiver; null while that one is down. */
  connect(box: SimBox): Link | null {
    const receiver = box.targets[Math.floor(this.random.next() * box.targets.length)];
    if (!receiver?.up) return null;
    this.#linkCount += 1;
    const link: Link = {
      rid: `r${this.#linkCount}`,
      dead: false,
      box,
      boxLife: box.life,
      receiver,
      receiverLife: receiver.life,
      upMs: 0,
      downMs: 0,
    };
    this.#links.add(link);
    return link;
  }

  /** Sends on `link`; `up` is from the box to the receiver. */
  send(link: Link, direction: "up" | "down", message: Message): void {
    if (link.dead || this.random.chance(this.#lossShare)) return;
    // Commands and words about them come twice now and then.
    if ((message.kind === "CMD" || message.kind === "RES") && this.#lossShare > 0 && this.random.chance(0.2))
      this.#deliver(link, direction, message);
    this.#deliver(link, direction, message);
  }

  #deliver(link: Link, direction: "up" | "down", message: Message): void {
    const arriveMs = Math.max(
      direction === "up" ? link.upMs : link.downMs,
      this.time.nowMs + this.random.between(1, 150),
    );
    if (direction === "up") link.upMs = arriveMs;
    else link.downMs = arriveMs;
    this.time.after(arriveMs - this.time.nowMs, () => {
      if (link.dead) return;
      if (direction === "up") {
        if (link.receiver.life === link.receiverLife) link.receiver.received(link, message);
      } else if (link.box.life === link.boxLife) link.box.received(link, message);
    });
  }

  /** Ends a connection; half-open: neither side hears of it. */
  cut(link: Link, halfOpen: boolean): void {
    if (link.dead) return;
    link.dead = true;
    this.#links.delete(link);
    if (halfOpen) return;
    this.time.after(this.random.between(1, 300), () => {
      if (link.box.life === link.boxLife) link.box.lost(link);
      if (link.receiver.life === link.receiverLife) link.receiver.gone(link);
    });
  }

  /** Everything that hangs on a box or receiver that has just died. */
  cutAll(of: SimBox | SimReceiver): void {
    for (const link of [...this.#links])
      if (link.box === of || link.receiver === of) this.cut(link, this.random.chance(0.3));
  }

  #fault(): void {
    const { random, time } = this;
    const box = this.#mortals[Math.floor(random.next() * this.#mortals.length)];
    const receiver = this.#receivers[Math.floor(random.next() * this.#receivers.length)];
    if (!box || !receiver) return;
    const kind = random.next();
    if (kind < 0.35)
      for (const link of [...this.#links].filter((l) => l.box === box)) this.cut(link, random.chance(0.5));
    else if (kind < 0.5) box.die("kill");
    else if (kind < 0.65) box.die("power-cut");
    else if (kind < 0.72) box.die("old-image");
    else if (kind < 0.8) receiver.die(random.between(100, 20_000));
    else if (kind < 0.93) for (const each of this.#receivers) each.dieAtNextCommit(random.between(100, 5_000));
    else if (this.variant.restores) {
      // Last night's backup: taken now, put back later, and every receiver starts again on it.
      const restores = this.#stores.map((store) => store.backup());
      time.after(random.between(0, troubleMs - time.nowMs), () => {
        for (const each of this.#receivers) each.die(1_000);
        for (const restore of restores) restore();
      });
    }
  }

  #outcome(): Outcome {
    let lost = 0;
    let torn = 0;
    let duplicated = 0;
    let rolledBack = 0;
    for (const [store, uplink] of [
      [this.#stores[0], null],
      [this.#stores[1], this.#twin],
    ] as const) {
      for (const [id, box] of this.#recorded) {
        if (uplink && box.gw !== uplink.gw) continue;
        if (!uplink && store === this.#stores[1]) continue;
        const from = uplink ?? box;
        const times = store.count(id);
        if (times > 1) duplicated += times - 1;
        if (times > 0) continue;
        const isGone = !from.disk.ids().has(id);
        if (isGone && from.tookBack.has(id)) {
          rolledBack += 1;
          continue;
        }
        lost += 1;
        if (isGone && from.tornAway.has(id)) torn += 1;
      }
    }
    for (const [cmd, { box, atMs, times }] of this.#orders) {
      // A disk that was put back knows nothing of it: then it may be done again.
      if (box.putBackMs.some((ms) => ms >= atMs)) continue;
      const word = this.#spool.words.get(cmd);
      if (times > 1) duplicated += times - 1;
      const isTold = word === "done" ? times > 0 : word === "failed" || (word === "denied" && times === 0);
      if (!isTold) lost += 1;
    }
    const [events, commands] = [this.#recorded.size, this.#orders.size];
    return { seed: this.#seed, events, commands, lost, torn, duplicated, rolledBack };
  }
}

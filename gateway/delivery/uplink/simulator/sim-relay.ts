/** A gateway between a box and the platforms in the simulator: real sessions in front and behind, one disk in the middle. */
import { decide } from "../protocol/commit.ts";
import type { Batch, Watermark } from "../protocol/platform-port.ts";
import type { Receipt } from "../protocol/platform-session.ts";
import { HeldCommands } from "../../relay/held-commands.ts";
import type { Result } from "../protocol/result.ts";
import { BoxDisk, type Image } from "./box-disk.ts";
import type { Random } from "./random.ts";
import { SimBox } from "./sim-box.ts";
import { SimReceiver } from "./sim-receiver.ts";
import type { SimStore, StoreOutcome } from "./store.ts";
import type { World } from "./world.ts";

/** What the front half has on the disk. */
interface Front {
  readonly marks: ReadonlyMap<string, Watermark>;
  /** By lane of a box (gw/epoch/lane): numbers that wait, each with the id of its event. */
  readonly waiting: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** Outbox and front in one file: they go back to an old image together. */
class RelayDisk extends BoxDisk implements SimStore {
  readonly #gw: string;
  #marks = new Map<string, Watermark>();
  #waiting = new Map<string, Map<number, string>>();
  readonly #fronts = new WeakMap<Image, Front>();

  constructor(random: Random, gw: string, keepsAcked: boolean) {
    super(random, keepsAcked);
    this.#gw = gw;
  }

  override image(): Image {
    const image = super.image();
    const waiting = new Map([...this.#waiting].map(([key, rows]) => [key, new Map(rows)]));
    this.#fronts.set(image, { marks: new Map(this.#marks), waiting });
    return image;
  }

  override restore(image: Image): void {
    super.restore(image);
    const front = this.#fronts.get(image);
    this.#marks = new Map(front?.marks);
    this.#waiting = new Map([...(front?.waiting ?? [])].map(([key, rows]) => [key, new Map(rows)]));
  }

  watermarks(gw: string, epoch: string): ReadonlyMap<number, Watermark> {
    return new Map(
      [0, 1, 2].flatMap((lane) => {
        const key = `${gw}/${epoch}/${lane}`;
        const mark = this.#marks.get(key);
        return mark ? [[lane, { ...mark, final: this.receipt(key).final }] as const] : [];
      }),
    );
  }

  commit(batch: Batch): { readonly outcome: StoreOutcome; readonly rest: () => void } {
    const key = `${batch.gw}/${batch.epoch}/${batch.lane}`;
    const here = this.ids();
    const { mark, fresh, duplicates } = decide(batch, this.#marks.get(key) ?? { acked: 0, lastId: "" }, (id) =>
      here.has(id),
    );
    const before = this.#marks.get(key)?.acked ?? 0;
    const rows = this.#waiting.get(key) ?? new Map<number, string>();
    for (const { event, seq, body } of fresh) {
      if (!event) continue;
      this.append(batch.lane, event.id, body, [...(batch.via ?? []), this.#gw]);
      rows.set(seq, event.id);
    }
    for (const { event, seq } of duplicates) if (event && seq > before && this.waits(event.id)) rows.set(seq, event.id);
    this.#waiting.set(key, rows);
    this.#marks.set(key, mark);
    return { outcome: { ticket: batch.ticket, lane: batch.lane, acked: mark.acked }, rest: () => undefined };
  }

  /** Everything that waits and is acknowledged from above is done; returns the lanes that this touches. */
  passedOn(): readonly string[] {
    const touched: string[] = [];
    for (const [key, rows] of this.#waiting) {
      const size = rows.size;
      for (const [seq, id] of rows) if (!this.waits(id)) rows.delete(seq);
      if (rows.size < size) touched.push(key);
    }
    return touched;
  }

  receipt(key: string): Receipt {
    const acked = this.#marks.get(key)?.acked ?? 0;
    const waiting = [...(this.#waiting.get(key)?.keys() ?? [])].sort((a, b) => a - b);
    return { final: (waiting[0] ?? acked + 1) - 1, sack: [] };
  }
}

/** One relay. */
export class SimRelay {
  readonly box: SimBox;
  readonly receiver: SimReceiver;

  constructor(world: World, gw: string, targets: readonly SimReceiver[]) {
    const { variant } = world;
    const disk = new RelayDisk(world.random, gw, variant.keepsAcked);
    const store: SimStore = {
      watermarks: (of, epoch) => disk.watermarks(of, epoch),
      commit: (batch) => {
        const done = disk.commit(batch);
        this.box.wake();
        return done;
      },
    };
    const held = new HeldCommands();
    const ears = {
      onOpened: (by: SimReceiver) => held.opened(by),
      onResult: (result: Result) => {
        held.answered(result);
        this.box.say(result);
      },
    };
    this.receiver = new SimReceiver(world, store, ears, gw);
    this.box = new SimBox(world, gw, {
      targets,
      role: "relay",
      disk,
      onDeath: () => {
        held.forget();
        this.receiver.stop();
      },
      onForeignCommand: (header, payload) => held.take(header, payload, this.receiver),
      onStart: () => this.receiver.start(),
      onAcknowledged: () => {
        for (const key of disk.passedOn()) {
          const [of = "", epoch = "", lane = ""] = key.split("/");
          this.receiver.receipt(of, epoch, Number(lane), disk.receipt(key));
        }
      },
    });
  }
}

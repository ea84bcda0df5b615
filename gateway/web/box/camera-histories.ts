/** The last 24 hours of each camera in slots of ten minutes: a table of fixed size, on disk slot by slot. */
import type { CameraStatus } from "../../runtime/status.ts";
import type { CameraHistory } from "../api.ts";
import { HistoryFiles, type SlotCounts } from "./history-files.ts";

const slotMs = 600_000;
const slotCount = 144;
const lookMs = 10_000;
/** As many cameras as a config may have. */
const maxCameras = 64;

interface Slot extends SlotCounts {
  readonly startMs: number;
}

type Counts = Pick<CameraStatus, "framesIn" | "analysed" | "triggers" | "reconnects">;
const counters = ["framesIn", "analysed", "triggers", "reconnects"] as const;
const nothing: SlotCounts = { looks: 0, ups: 0, framesIn: 0, analysed: 0, triggers: 0, reconnects: 0 };

/** Looks at the status every ten seconds until disposed. */
export class CameraHistories implements Disposable {
  readonly #slots = new Map<string, (Slot | null)[]>();
  readonly #last = new Map<string, Counts>();
  readonly #files: HistoryFiles;
  readonly #timer: NodeJS.Timeout;
  /** What was read or written of a slot already; the line to come holds only the rest. */
  readonly #kept = new Map<string, Slot>();
  #currentMs = 0;

  /** @param folder the storage folder; what lies there of the last day is taken in */
  constructor(folder: string, cameras: () => readonly CameraStatus[], nowMs = Date.now()) {
    this.#files = new HistoryFiles(folder);
    this.#files.read(nowMs - slotCount * slotMs, nowMs, (startMs, id, counts) => {
      if (startMs % slotMs !== 0 || (this.#slots.size >= maxCameras && !this.#slots.has(id))) return;
      const slot = this.#slotAt(id, startMs);
      for (const key of [...counters, "looks", "ups"] as const) slot[key] += counts[key];
      this.#kept.set(id, { ...slot });
    });
    this.#timer = setInterval(() => this.look(cameras(), Date.now()), lookMs);
    this.#timer.unref();
  }

  /** Takes in one status. */
  look(cameras: readonly CameraStatus[], nowMs: number): void {
    if (cameras.length === 0) return; // A daemon that starts has none yet: that is no reason to forget them.
    const startMs = Math.floor(nowMs / slotMs) * slotMs;
    if (startMs !== this.#currentMs) this.#keep();
    this.#currentMs = startMs;
    for (const camera of cameras.slice(0, maxCameras)) {
      const slot = this.#slotAt(camera.id, startMs);
      const last = this.#last.get(camera.id);
      slot.looks += 1;
      if (camera.state === "streaming") slot.ups += 1;
      for (const key of counters)
        // A counter that fell began anew with its camera.
        slot[key] += last && camera[key] >= last[key] ? camera[key] - last[key] : last ? camera[key] : 0;
      this.#last.set(camera.id, camera);
    }
    for (const id of this.#slots.keys()) {
      if (cameras.some((camera) => camera.id === id)) continue;
      this.#slots.delete(id);
      this.#last.delete(id);
    }
  }

  of(cameraId: string, nowMs = Date.now()): CameraHistory {
    const newest = Math.floor(nowMs / slotMs) * slotMs;
    const firstMs = newest - (slotCount - 1) * slotMs;
    const known = this.#slots.get(cameraId) ?? [];
    const slots = Array.from({ length: slotCount }, (_, index) => {
      const startMs = firstMs + index * slotMs;
      const slot = known[(startMs / slotMs) % slotCount];
      if (slot?.startMs !== startMs) return null;
      const { looks, ups, framesIn, analysed, triggers, reconnects } = slot;
      return { up: looks === 0 ? 0 : ups / looks, framesIn, analysed, triggers, reconnects };
    });
    return { slotMs, firstMs, slots };
  }

  #slotAt(id: string, startMs: number): Slot {
    const slots = this.#slots.get(id) ?? Array.from({ length: slotCount }, () => null);
    this.#slots.set(id, slots);
    const index = (startMs / slotMs) % slotCount;
    const known = slots[index];
    if (known?.startMs === startMs) return known;
    const fresh: Slot = { startMs, ...nothing };
    slots[index] = fresh;
    return fresh;
  }

  /** Writes the slot that ends: once in ten minutes, and when the daemon stops. */
  #keep(): void {
    const index = (this.#currentMs / slotMs) % slotCount;
    const rows: [string, SlotCounts][] = [];
    for (const [id, slots] of this.#slots) {
      const slot = slots[index];
      if (slot?.startMs !== this.#currentMs) continue;
      const kept = this.#kept.get(id);
      const before = kept?.startMs === slot.startMs ? kept : nothing;
      const rest = { ...nothing };
      for (const key of [...counters, "looks", "ups"] as const) rest[key] = slot[key] - before[key];
      if (rest.looks > 0) rows.push([id, rest]);
      this.#kept.set(id, { ...slot });
    }
    if (rows.length > 0) this.#files.append(this.#currentMs, rows);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#keep();
  }
}

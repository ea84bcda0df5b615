/** The last 24 hours of each camera in slots of ten minutes: a table of fixed size in memory. */
import type { CameraStatus } from "../../runtime/status.ts";
import type { CameraHistory } from "../api.ts";

const slotMs = 600_000;
const slotCount = 144;
const lookMs = 10_000;
/** As many cameras as a config may have. */
const maxCameras = 64;

interface Slot {
  readonly startMs: number;
  looks: number;
  ups: number;
  framesIn: number;
  analysed: number;
  triggers: number;
  reconnects: number;
}

type Counts = Pick<CameraStatus, "framesIn" | "analysed" | "triggers" | "reconnects">;

/** Looks at the status every ten seconds until disposed. */
export class CameraHistories implements Disposable {
  readonly #slots = new Map<string, (Slot | null)[]>();
  readonly #last = new Map<string, Counts>();
  readonly #timer: NodeJS.Timeout;

  constructor(cameras: () => readonly CameraStatus[]) {
    this.#timer = setInterval(() => this.look(cameras(), Date.now()), lookMs);
    this.#timer.unref();
  }

  /** Takes in one status. */
  look(cameras: readonly CameraStatus[], nowMs: number): void {
    for (const camera of cameras.slice(0, maxCameras)) {
      const slot = this.#slotOf(camera.id, nowMs);
      const last = this.#last.get(camera.id);
      slot.looks += 1;
      if (camera.state === "streaming") slot.ups += 1;
      for (const key of ["framesIn", "analysed", "triggers", "reconnects"] as const)
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

  #slotOf(id: string, nowMs: number): Slot {
    const startMs = Math.floor(nowMs / slotMs) * slotMs;
    const slots = this.#slots.get(id) ?? Array.from({ length: slotCount }, () => null);
    this.#slots.set(id, slots);
    const index = (startMs / slotMs) % slotCount;
    const known = slots[index];
    if (known?.startMs === startMs) return known;
    const fresh: Slot = { startMs, looks: 0, ups: 0, framesIn: 0, analysed: 0, triggers: 0, reconnects: 0 };
    slots[index] = fresh;
    return fresh;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** How each camera looks by day and by night: one picture of each, so that one can draw at noon what is lit at midnight. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sunTimes } from "../../analysis/zones/sun.ts";
import { writeWhole } from "../../runtime/whole-file.ts";

export type Light = "day" | "night";

/** Where a camera stands; without coordinates the sun rises at six and sets at six. */
export interface Site {
  readonly timezone: string;
  readonly lon?: number | undefined;
  readonly lat?: number | undefined;
}

/** What it needs of the box. */
export interface BackgroundsOptions {
  /** Storage folder. */
  readonly folder: string;
  readonly cameras: () => readonly { readonly id: string; readonly site: Site }[];
  /** Whether it looks as usual: what was taken before it was bumped is kept. */
  readonly isUsual: (cameraId: string) => boolean;
  /** A camera's next frame, masks burnt in; null when none comes. */
  readonly picture: (cameraId: string) => Promise<Uint8Array | null>;
}

/** Soon after the start, so that who sets a box up has them; then once a minute. */
const firstLookMs = 10_000;
const lookMs = 60_000;
const freshMs = 15 * 60_000;
const dayMs = 86_400_000;

/** Whether the sun stands above the horizon. */
export function lightAt(nowMs: number, { timezone, lon, lat }: Site): Light {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" });
  const localMs = Date.parse(`${parts.format(nowMs).replace(" ", "T")}Z`);
  const midnightMs = Math.floor(localMs / dayMs) * dayMs;
  const sun = lon === undefined || lat === undefined ? null : sunTimes(midnightMs, { lon, lat });
  if (sun) return nowMs >= sun.riseMs && nowMs < sun.setMs ? "day" : "night";
  const hour = (localMs - midnightMs) / 3_600_000;
  return hour >= 6 && hour < 18 ? "day" : "night";
}

/** Where a picture lies. */
export function backgroundPath(folder: string, cameraId: string, light: Light): string {
  return join(folder, "backgrounds", cameraId, `${light}.jpg`);
}

/** Looks until disposed; a picture is taken anew after a quarter of an hour. */
export class Backgrounds implements Disposable {
  readonly #options: BackgroundsOptions;
  readonly #timers: readonly NodeJS.Timeout[];
  #isBusy = false;

  constructor(options: BackgroundsOptions) {
    this.#options = options;
    // A disk that refuses costs this picture and nothing else: the next look tries again.
    const look = (): void => void this.look(Date.now()).catch(() => undefined);
    this.#timers = [setTimeout(look, firstLookMs).unref(), setInterval(look, lookMs).unref()];
  }

  /** @throws what the disk says */
  async look(nowMs: number): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const { folder, cameras, isUsual, picture } = this.#options;
      const all = cameras();
      await this.#forget(new Set(all.map(({ id }) => id)));
      for (const { id, site } of all) {
        const path = backgroundPath(folder, id, lightAt(nowMs, site));
        const takenMs = (await stat(path).catch(() => null))?.mtimeMs ?? -Infinity;
        // A clock that was set back must not keep an old picture for years.
        if (Math.abs(nowMs - takenMs) < freshMs || (takenMs > -Infinity && !isUsual(id))) continue;
        const jpeg = await picture(id);
        if (jpeg) await writeWhole(path, jpeg);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  /** Pictures of a camera that was taken away go with it. */
  async #forget(known: ReadonlySet<string>): Promise<void> {
    const root = join(this.#options.folder, "backgrounds");
    for (const name of await readdir(root).catch(() => []))
      if (!known.has(name)) await rm(join(root, name), { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

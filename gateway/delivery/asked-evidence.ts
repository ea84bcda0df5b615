/** Evidence that somebody above asks for: a picture of now, a clip from then to then. It travels like any other, with an event of its own. */
import { z } from "zod";
import type { CommandRun } from "./commands/commands.ts";
import type { DeliveryParts, Picture } from "./delivery-options.ts";
import { evidenceOnWire, type EvidenceRef } from "./events/event.ts";
import { cutClip } from "./evidence/clip.ts";
import { insertEvidence } from "./evidence/uploads.ts";

/** What this is made of. */
export interface AskedEvidenceOptions extends DeliveryParts {
  /** The newest picture of a camera; null when there is none. */
  readonly picture: (cameraId: string) => Promise<Picture | null>;
}

const snapArgs = z.object({ camera: z.string().max(32) });
const clipArgs = z.object({ camera: z.string().max(32), fromMs: z.number(), toMs: z.number() });
/** A ring holds little more; a longer clip would only be refused by its size. */
const maxClipMs = 120_000;
const maxClipBytes = 60 * 1_048_576;

/** Doers of `snap.now` and `clip.get`. */
export class AskedEvidence {
  readonly #options: AskedEvidenceOptions;

  constructor(options: AskedEvidenceOptions) {
    this.#options = options;
  }

  /** A picture of now. */
  readonly snap: CommandRun = async (args, { cmd, uplinkId }) => {
    const read = snapArgs.safeParse(args);
    if (!read.success) throw new RangeError("snap.now wants a camera");
    const { camera } = read.data;
    this.#known(camera);
    const picture = await this.#options.picture(camera);
    if (!picture) throw new RangeError(`camera ${camera} has no picture now`);
    return this.#told(cmd, uplinkId, camera, await this.#options.files.write(picture));
  };

  /** What the ring of a camera's evidence stream holds from then to then. */
  readonly clip: CommandRun = async (args, { cmd, uplinkId }) => {
    const read = clipArgs.safeParse(args);
    if (!read.success) throw new RangeError("clip.get wants camera, fromMs and toMs");
    const { camera, fromMs, toMs } = read.data;
    this.#known(camera);
    if (toMs <= fromMs || toMs - fromMs > maxClipMs) throw new RangeError(`a clip has 1 to ${maxClipMs} ms`);
    const { files, footage, config } = this.#options;
    const signal = AbortSignal.timeout(60_000);
    const found = (await footage?.(camera)?.span({ fromMs, atMs: fromMs, toMs }, signal)) ?? "stream-down";
    if (typeof found === "string") throw new RangeError(`no clip: ${found}`);
    using span = found;
    const path = await files.unfinished(".mp4");
    const cut = await cutClip({ span, toMs, path, ffmpegPath: config.ffmpeg.path, maxBytes: maxClipBytes }, signal);
    const momentMs = Math.max(0, Math.round(fromMs - span.startMs));
    const evidence = { kind: "clip", mediaType: "video/mp4", ...cut, momentMs, ...(await files.adopt(path)) } as const;
    return this.#told(cmd, uplinkId, camera, evidence);
  };

  #known(camera: string): void {
    if (!this.#options.config.cameras.some(({ id }) => id === camera)) throw new RangeError(`no camera ${camera}`);
  }

  #told(cmd: string, uplinkId: string, camera: string, evidence: EvidenceRef): { detail: string; body: object } {
    const { config, clock, database, system, uplinks } = this.#options;
    const { sha256, bytes, mediaType, kind } = evidence;
    const expiresMs = clock.nowMs() + config.storage.keepDays * 86_400_000;
    system.say(
      {
        kind: "command",
        severity: 4,
        title: {
          zh: `应平台要求提供${kind === "clip" ? "录像" : "抓拍"}:${camera}`,
          en: `${kind} of ${camera}, as asked`,
        },
        detail: { cmd, camera },
        evidence: [evidenceOnWire(evidence, "asked", config.site, expiresMs)],
      },
      1,
      // Whoever asked gets it, whatever the filters say of other evidence.
      (event) => insertEvidence(database, evidence, event.id, clock.nowMs(), [uplinkId]),
    );
    for (const { uplink } of uplinks) uplink.wake();
    return { detail: `${kind} ${sha256.slice(0, 12)} is on its way`, body: { sha256, bytes, mediaType, kind } };
  }
}

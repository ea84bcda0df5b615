/** A live frame as it goes over the socket: made once a size, however many look. */
import type { LiveFrame, LiveSize } from "../../analysis/live-view.ts";
import type { Trigger } from "../../analysis/zones/trigger.ts";
import type { Fired, FrameHeader, LiveTrack } from "../api.ts";

/** One frame. */
export class EncodedFrame {
  readonly cameraId: string;
  readonly seq: number;
  readonly atMs: number;
  readonly #frame: LiveFrame;
  readonly #bytes = new Map<LiveSize, Buffer>();
  #header: Buffer | null = null;

  constructor(frame: LiveFrame) {
    this.cameraId = frame.cameraId;
    this.seq = frame.seq;
    this.atMs = frame.atMs;
    this.#frame = frame;
  }

  /** The message of this size; null when nobody wanted it when the picture was made. */
  bytes(size: LiveSize): Buffer | null {
    const known = this.#bytes.get(size);
    if (known) return known;
    const picture = this.#frame.pictures.find((one) => one.size === size);
    if (!picture) return null;
    this.#header ??= Buffer.from(JSON.stringify(headerOf(this.#frame)));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(this.#header.length);
    const bytes = Buffer.concat([length, this.#header, picture.jpeg]);
    this.#bytes.set(size, bytes);
    return bytes;
  }
}

function headerOf({ cameraId, seq, atMs, widthPx, heightPx, tracks, fired }: LiveFrame): FrameHeader {
  return {
    cam: cameraId,
    seq,
    atMs,
    w: widthPx,
    h: heightPx,
    tracks: tracks?.map(trackOf) ?? null,
    fired: fired.map(firedOf),
  };
}

function trackOf({
  id,
  label,
  score,
  state,
  box,
  zones,
}: LiveFrame["tracks"] extends readonly (infer T)[] | null ? T : never): LiveTrack {
  const [x, y, width, height] = box;
  return {
    id,
    cls: label,
    conf: round(score, 100),
    box: [round(x), round(y), round(width), round(height)],
    anchor: [round(x + width / 2), round(y + height)],
    state: state === "ended" ? "lost" : state,
    zones: zones.map((zone) => ({ id: zone.id, dwellSec: round(zone.dwellSec, 10) })),
  };
}

function firedOf(trigger: Trigger): Fired {
  return {
    occurrence: trigger.occurrenceId,
    phase: trigger.phase,
    zone: trigger.zoneId,
    rule: trigger.ruleId,
    type: trigger.eventType,
    severity: trigger.severity,
    certainty: trigger.certainty,
    tracks: trigger.objects.flatMap(({ track }) => (track === null ? [] : [track])),
  };
}

/** Four digits are a tenth of a pixel at 1,000 pixels. */
function round(value: number, digits = 10_000): number {
  return Math.round(value * digits) / digits;
}

/** The list of cameras goes up when it is another one than the platforms have: as events, so that it arrives like one. */
import { createHash } from "node:crypto";
import type { ListedCamera } from "../config/camera-list.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { Delivery } from "./delivery.ts";

/** A list longer than this travels in parts; an event holds 64 KiB. */
const maxPartBytes = 48_000;
/** Told again after a week: acknowledged rows are kept no longer, and a platform may be new behind the same key. */
const againMs = 7 * 86_400_000;
const key = "cameras-told";

/** Records the list for every uplink, unless it was told to these very platforms before. True: it was told now. A full disk is tried again at the next session. */
export function tellCameras(delivery: Delivery, cameras: readonly ListedCamera[]): boolean {
  try {
    return tell(delivery, cameras);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.retry === "never") throw error;
    delivery.parts.log.warn({}, "list of cameras not recorded", error);
    return false;
  }
}

function tell({ parts, system }: Delivery, cameras: readonly ListedCamera[]): boolean {
  const { database, config, clock } = parts;
  const revision = digest(JSON.stringify(cameras)).slice(0, 16);
  const to = config.uplinks.map(({ id, serverKey }) => `${id} ${serverKey}`).join("\n");
  const told = `${revision} ${digest(to).slice(0, 16)}`;
  const [beforeTold, beforeMs] = String(
    database.get("SELECT value FROM meta WHERE name = ?", key)?.["value"] ?? "",
  ).split("@");
  const ageMs = clock.nowMs() - Number(beforeMs ?? 0);
  if (beforeTold === told && ageMs >= 0 && ageMs < againMs) return false;
  const pieces = piecesOf(cameras);
  for (const [i, piece] of pieces.entries())
    system.say(
      {
        kind: "cameras",
        severity: 4,
        title: { zh: `摄像机目录:${cameras.length} 路`, en: `list of cameras: ${cameras.length}` },
        detail: { revision, part: i + 1, parts: pieces.length, total: cameras.length, cameras: piece },
      },
      1,
      () => {
        // Only the last part makes the list told: a power cut between two of them tells it all again.
        if (i < pieces.length - 1) return;
        const value = `${told}@${Math.round(clock.nowMs())}`;
        database.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", key, value);
      },
    );
  return true;
}

function piecesOf(cameras: readonly ListedCamera[]): readonly (readonly ListedCamera[])[] {
  const pieces: ListedCamera[][] = [[]];
  let bytes = 0;
  for (const camera of cameras) {
    const size = Buffer.byteLength(JSON.stringify(camera)) + 1;
    if (bytes + size > maxPartBytes) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(camera);
    bytes += size;
  }
  return pieces;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

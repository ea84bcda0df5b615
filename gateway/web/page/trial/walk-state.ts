/** What the person in the zone must know, from one frame (pure). */
import type { FrameHeader, LiveTrack } from "../../api.ts";

/** Unseen: the detector did not look at this frame, so nothing can be said. */
export type WalkState =
  | { readonly kind: "unseen" | "nobody" | "outside" }
  | { readonly kind: "inside"; readonly zone: string; readonly dwellSec: number; readonly track: number };

/** The track that stands longest in the zone; an empty `zone` means any. */
export function walkStateOf({ tracks }: FrameHeader, zone: string): WalkState {
  if (tracks === null) return { kind: "unseen" };
  const seen = tracks.filter(({ state }) => state !== "lost");
  if (seen.length === 0) return { kind: "nobody" };
  const stays = seen.flatMap((track) => staysOf(track, zone)).sort((a, b) => b.dwellSec - a.dwellSec);
  const longest = stays[0];
  return longest ? { kind: "inside", ...longest } : { kind: "outside" };
}

function staysOf(
  { id, zones }: LiveTrack,
  zone: string,
): readonly { readonly zone: string; readonly dwellSec: number; readonly track: number }[] {
  return zones
    .filter((one) => zone === "" || one.id === zone)
    .map((one) => ({ zone: one.id, dwellSec: one.dwellSec, track: id }));
}

/** Occurrences that began with this frame in the zone. */
export function firedIn({ fired }: FrameHeader, zone: string): FrameHeader["fired"] {
  return fired.filter((one) => one.phase === "start" && (zone === "" || one.zone === zone));
}

/** A frame older than this says nothing about where one stands now. */
export const staleMs = 3_000;

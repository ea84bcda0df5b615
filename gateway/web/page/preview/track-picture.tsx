/** How an object looked when it was first followed; nothing where the log has no picture of it. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

/** The picture is small and was cut out of the frame that the rules saw, masks included. */
export function TrackPicture(parts: {
  readonly camera: string;
  readonly track: number;
  readonly atMs: number;
}): JSX.Element | null {
  const { camera, track, atMs } = parts;
  const address = `/api/v1/cameras/${camera}/tracks/${track}/thumbnail?at=${Math.round(atMs)}`;
  const isLacking = useMemo(() => signal(false), [address]);
  if (isLacking.value) return null;
  return (
    <img
      class="track-picture"
      src={address}
      alt=""
      loading="lazy"
      onError={() => {
        isLacking.value = true;
      }}
    />
  );
}

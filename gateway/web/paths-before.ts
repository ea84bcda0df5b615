/** Where tracks came from, for whoever looks at the moment that something fired. */
import type { TrackPath } from "../rehearsal/preview.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { Desk } from "./desk.ts";

/** The way that is drawn: a minute tells where somebody came from. */
const beforeMs = 60_000;
/** A way is an extra: what else there is to see does not wait for a rehearsal that runs. */
const deadlineMs = 3_000;

/** Empty where the log has nothing of it, or could not be asked in time. */
export async function pathsBefore(
  { rehearsals }: Desk,
  { camera, tracks, atMs }: { readonly camera: string; readonly tracks: readonly number[]; readonly atMs: number },
): Promise<readonly TrackPath[]> {
  if (!rehearsals || tracks.length === 0) return [];
  const request = { camera, tracks, fromMs: atMs - beforeMs, toMs: atMs };
  try {
    return await rehearsals.paths(request, AbortSignal.timeout(deadlineMs));
  } catch (error) {
    if (error instanceof GatewayError || error instanceof DOMException) return [];
    throw error;
  }
}

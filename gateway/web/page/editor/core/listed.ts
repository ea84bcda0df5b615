/** Cameras as the editor shows them: what else is told of them each second is no news (pure). */
import type { CameraView } from "../../../api.ts";

const shown = ({ id, name, widthPx, heightPx }: CameraView): readonly unknown[] => [id, name, widthPx, heightPx];

/** The list from before while no camera was added, renamed or resized: the same object, so that nothing is drawn anew. */
export function listed(
  before: readonly CameraView[] | null,
  now: readonly CameraView[] | null,
): readonly CameraView[] | null {
  const text = (all: readonly CameraView[] | null): string => JSON.stringify(all && all.map(shown));
  return text(before) === text(now) ? before : now;
}

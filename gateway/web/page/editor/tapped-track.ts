/** The live track under the last tap, while it is still there. */
import type { Desk } from "./desk.ts";

/** The smallest box that was tapped; null when none was. */
export function tappedTrack({ editor, header }: Desk): number | null {
  const at = editor.tapped.value;
  if (at === null) return null;
  const hit = (header.value?.tracks ?? []).filter(
    ({ box: [left, top, width, height] }) =>
      at[0] >= left && at[0] <= left + width && at[1] >= top && at[1] <= top + height,
  );
  return hit.sort((a, b) => a.box[2] * a.box[3] - b.box[2] * b.box[3])[0]?.id ?? null;
}

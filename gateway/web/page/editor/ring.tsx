/** The ring of a snap. */
import type { JSX } from "preact";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";

/** Where a point would snap to, shown before it is let go. */
export function Ring({ desk: { editor } }: { readonly desk: Desk }): JSX.Element | null {
  const ring = editor.ring.value;
  if (!ring) return null;
  const [x, y] = toStage(editor.view.value, ring.at, editor.stage.value);
  return <circle class={`ring ${ring.to}`} data-testid="snap-ring" data-to={ring.to} cx={x} cy={y} r="13" />;
}

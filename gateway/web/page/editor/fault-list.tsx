/** What is wrong with the drawing, each with the shape it belongs to and, where there is one, a cure. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { shapeAt, withPoints } from "./core/shape.ts";
import { uncrossed } from "./core/vertices.ts";
import type { Desk } from "./desk.ts";

/** Nothing when all is well. */
export function FaultList({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const { editor } = desk;
  const faults = desk.faults.value;
  if (faults.length === 0) return null;
  return (
    <ul class="faults" data-testid="faults">
      {faults.map(({ shape, severity, text, values, swap }) => {
        const found = shapeAt(editor.rules.value, shape);
        return (
          <li key={`${shape.kind} ${shape.id}`} class={severity === "error" ? "bad" : "warn"} data-severity={severity}>
            <span aria-hidden="true">{severity === "error" ? "▲" : "△"} </span>
            {found?.name ?? shape.id}: {t(text, values)}
            {swap && found && (
              <button
                type="button"
                class="plain"
                data-testid="fix-crossing"
                onClick={() => editor.change((rules) => withPoints(rules, shape, uncrossed(found.points, ...swap)))}
              >
                {t(editorTexts.fixCrossing)}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

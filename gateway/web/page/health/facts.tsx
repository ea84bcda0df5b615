/** A list of figures with their names; one that warns says so with a sign, not by colour alone. */
import type { ComponentChildren, JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";

/** One figure. */
export function Figure(parts: {
  readonly text: Text;
  /** off: nothing is known. */
  readonly mood?: "good" | "bad" | "off" | undefined;
  readonly note?: string | undefined;
  readonly testid?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { text, mood, note, testid, children } = parts;
  return (
    <div data-testid={testid}>
      <dt>{t(text)}</dt>
      <dd class={mood}>
        {mood === "bad" && <span aria-hidden="true">▲ </span>}
        {children}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

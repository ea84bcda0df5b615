/** Somebody else was faster: what was joined, and what must be chosen. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { configTexts } from "../texts/config.ts";
import * as desk from "./desk.ts";
import { DiffView } from "./diff-view.tsx";

/** Null when there is nothing to say. */
export function Clash(): JSX.Element | null {
  const clash = desk.clash.value;
  if (clash === null) return null;
  return (
    <section class="card stack" role="alert" data-testid="clash">
      <p>{t(clash.length === 0 ? configTexts.joined : configTexts.overtaken)}</p>
      {clash.map((name) => (
        <div key={name} class="stack">
          <DiffView
            before={[{ name, text: desk.theirs.value[name] ?? "" }]}
            after={[{ name, text: desk.changed.value[name] ?? "" }]}
          />
          <div class="row">
            {(["mine", "theirs"] as const).map((whose) => (
              <button key={whose} type="button" class="plain" onClick={() => desk.settle(name, whose)}>
                {t(configTexts[whose])}
              </button>
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}

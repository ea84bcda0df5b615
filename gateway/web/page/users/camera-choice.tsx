/** Which cameras a viewer sees. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { userTexts } from "../texts/users.ts";

/** All, also those that come later, or only these. */
export function CameraChoice(parts: {
  readonly name: string;
  readonly chosen: readonly string[] | null;
  readonly change: (cameras: readonly string[] | null) => void;
}): JSX.Element {
  const { name, chosen, change } = parts;
  const all = cameras.value ?? [];
  const without = (id: string): readonly string[] => (chosen ?? []).filter((one) => one !== id);
  return (
    <fieldset class="stack" data-testid={`cameras-of-${name}`}>
      <legend>{t(userTexts.camerasOf, { name })}</legend>
      <label class="switch">
        <input
          type="checkbox"
          checked={chosen === null}
          onChange={(event) => change(event.currentTarget.checked ? null : all.map(({ id }) => id))}
        />
        <span>{t(userTexts.allCameras)}</span>
      </label>
      {chosen !== null &&
        all.map(({ id, name: camera }) => (
          <label key={id} class="switch">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) => change(event.currentTarget.checked ? [...without(id), id] : without(id))}
            />
            <span>{camera}</span>
          </label>
        ))}
    </fieldset>
  );
}

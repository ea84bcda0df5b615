/** What the draft changes, in words. */
import type { JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../shell/language.ts";
import { draftTexts } from "../texts/draft.ts";
import { editorTexts } from "../texts/editor.ts";
import { calendarDiffers, changesOf, type Change } from "./core/changes.ts";
import type { Desk } from "./desk.ts";
import { kindTexts } from "./kind-texts.ts";

const whatTexts: Readonly<Record<Change["what"], Text>> = {
  added: draftTexts.what_added,
  removed: draftTexts.what_removed,
  moved: draftTexts.what_moved,
  edited: draftTexts.what_edited,
  "moved-edited": draftTexts.what_both,
};

/** One line a shape. */
export function ChangesDialog({ desk, close }: { readonly desk: Desk; readonly close: () => void }): JSX.Element {
  const [base, draft] = [desk.base.value, desk.editor.history.value.present];
  const changes = changesOf(base, draft);
  return (
    <Dialog title={t(draftTexts.changes, { count: desk.changes.value })} close={close} testid="changes-dialog">
      <ul>
        {changes.map(({ kind, id, name, what }) => (
          <li key={`${kind} ${id}`}>
            {t(editorTexts.shapeName, { kind: t(kindTexts[kind]), name })}: {t(whatTexts[what])}
          </li>
        ))}
        {calendarDiffers(base, draft) && <li>{t(draftTexts.calendarChanged)}</li>}
      </ul>
    </Dialog>
  );
}

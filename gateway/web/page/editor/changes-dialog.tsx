/** What the draft changes, in words. */
import type { JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { calendarDiffers, changesOf, type Change } from "./core/changes.ts";
import type { Desk } from "./desk.ts";
import { kindTexts } from "./kind-texts.ts";

const whatTexts: Readonly<Record<Change["what"], Text>> = {
  added: editorTexts.what_added,
  removed: editorTexts.what_removed,
  moved: editorTexts.what_moved,
  edited: editorTexts.what_edited,
  "moved-edited": editorTexts.what_both,
};

/** One line a shape. */
export function ChangesDialog({ desk, close }: { readonly desk: Desk; readonly close: () => void }): JSX.Element {
  const [base, draft] = [desk.base.value, desk.editor.history.value.present];
  const changes = changesOf(base, draft);
  return (
    <Dialog title={t(editorTexts.changes, { count: desk.changes.value })} close={close} testid="changes-dialog">
      <ul>
        {changes.map(({ kind, id, name, what }) => (
          <li key={`${kind} ${id}`}>
            {t(editorTexts.shapeName, { kind: t(kindTexts[kind]), name })}: {t(whatTexts[what])}
          </li>
        ))}
        {calendarDiffers(base, draft) && <li>{t(editorTexts.calendarChanged)}</li>}
      </ul>
    </Dialog>
  );
}

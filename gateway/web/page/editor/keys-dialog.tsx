/** The list of keys. */
import type { JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { keyTexts } from "../texts/editor-keys.ts";
import { keyLines } from "./keys.ts";

/** What each key does. */
const abouts: Readonly<Record<(typeof keyLines)[number]["written"], Text>> = {
  V: editorTexts.toolSelect,
  P: editorTexts.toolZone,
  L: editorTexts.toolLine,
  M: editorTexts.toolMask,
  "Ctrl+Z": editorTexts.undo,
  "Ctrl+Y · Ctrl+Shift+Z": editorTexts.redo,
  "Ctrl+C": keyTexts.copy,
  "Ctrl+V": keyTexts.paste,
  "← → ↑ ↓": keyTexts.nudge,
  Delete: keyTexts.delete,
  I: editorTexts.insertVertex,
  R: editorTexts.reverse,
  "]": keyTexts.nextShape,
  "[": keyTexts.previousShape,
  Esc: keyTexts.escape,
  S: keyTexts.snap,
  G: editorTexts.grid,
  "+": editorTexts.zoomIn,
  "-": editorTexts.zoomOut,
  "0": editorTexts.zoomReset,
  "␣": keyTexts.space,
  "?": editorTexts.keysTitle,
};

/** Drawn from the same table that the keys are read from. */
export function KeysDialog({ close }: { readonly close: () => void }): JSX.Element {
  const more = [
    ["Tab", keyTexts.tab],
    ["Enter", keyTexts.enter],
    [t(keyTexts.wheel), keyTexts.zoom],
  ] as const;
  return (
    <Dialog title={t(editorTexts.keysTitle)} close={close} testid="keys-dialog">
      <table>
        <tbody>
          {[...keyLines.map(({ written }) => [written, abouts[written]] as const), ...more].map(([written, about]) => (
            <tr key={`${written} ${about.en}`}>
              <th scope="row">
                {written.split(" · ").map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </th>
              <td>{t(about)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

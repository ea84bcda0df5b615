/** The list of keys. */
import type { JSX } from "preact";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { keyTexts } from "../texts/editor-keys.ts";
import { keyLines } from "./keys.ts";

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
          {[...keyLines.map(({ written, about }) => [written, about] as const), ...more].map(([written, about]) => (
            <tr key={`${written} ${about.en}`}>
              <th scope="row">
                <kbd>{written}</kbd>
              </th>
              <td>{t(about)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

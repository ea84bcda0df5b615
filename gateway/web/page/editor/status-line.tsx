/** Under the stage: what just happened, what is wrong, and a question that a tapped track invites. */
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { panelTexts } from "../texts/editor-panels.ts";
import type { Desk } from "./desk.ts";
import { FaultList } from "./fault-list.tsx";
import { MovedView } from "./moved-view.tsx";
import { tab } from "./sheet.tsx";
import { tappedTrack } from "./tapped-track.ts";

/** One line, and the list of faults. */
export function StatusLine({ desk }: { readonly desk: Desk }): JSX.Element {
  const note = desk.editor.note.value;
  const track = useComputed(() => tappedTrack(desk)).value;
  return (
    <div class="status-line" role="status" data-testid="status-line">
      <span>{note ? t(note.text, note.values) : ""}</span>
      {track !== null && (
        <button
          type="button"
          class="plain"
          data-testid="why-track"
          onClick={() => {
            desk.asked.value = { track, atMs: desk.header.value?.atMs ?? Date.now() };
            tab.value = "preview";
          }}
        >
          {t(panelTexts.whyTrack, { id: track })}
        </button>
      )}
      <MovedView desk={desk} />
      <FaultList desk={desk} />
    </div>
  );
}

/** True, false, unsure: by tap or by key; pressing again takes it back. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventDetail, Mark } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { detailTexts } from "../texts/event-detail.ts";
import { noteMark } from "./found.ts";
import { markSigns } from "./names.ts";

const marks = [
  ["true", detailTexts.markTrue, "T"],
  ["false", detailTexts.markFalse, "F"],
  ["unsure", detailTexts.markUnsure, "U"],
] as const;

/** Sets or takes back a mark; the list learns of it. @throws CallFailed */
export async function setMark(id: string, mark: Mark | null, note: string | null): Promise<void> {
  await call("PUT", `/events/${encodeURIComponent(id)}/mark`, { body: note === null ? { mark } : { mark, note } });
  noteMark(id, mark);
}

/** The buttons, the note, who said so. */
export function Marks(parts: {
  readonly event: EventDetail;
  readonly mark: Mark | null;
  readonly set: (mark: Mark | null) => void;
}): JSX.Element {
  const { event, mark, set } = parts;
  const note = useSignal(event.note ?? "");
  const save = (): void => {
    setMark(event.id, mark, note.value.trim())
      .then(() => showToast({ mood: "good", text: t(detailTexts.marked) }))
      .catch(showFailure);
  };
  return (
    <section class="card stack no-print">
      <h2>{t(detailTexts.markTitle)}</h2>
      <div class="row marks">
        {marks.map(([one, text, key]) => (
          <button
            key={one}
            type="button"
            class="plain"
            data-testid={`mark-${one}`}
            aria-pressed={mark === one}
            aria-keyshortcuts={key}
            onClick={() => set(mark === one ? null : one)}
          >
            {markSigns[one]} {t(text)} <kbd aria-hidden="true">{key}</kbd>
          </button>
        ))}
      </div>
      {event.markedBy !== null && event.markedMs !== null && mark === event.mark && (
        <small>{t(detailTexts.markedBy, { user: event.markedBy, time: momentText(event.markedMs) })}</small>
      )}
      <label>
        {t(detailTexts.note)}
        <input
          maxLength={500}
          value={note.value}
          data-testid="note"
          onInput={(change) => (note.value = change.currentTarget.value)}
        />
      </label>
      <div class="row">
        <button
          type="button"
          class="plain"
          disabled={note.value.trim() === (event.note ?? "")}
          data-testid="note-save"
          onClick={save}
        >
          {t(detailTexts.noteSave)}
        </button>
      </div>
    </section>
  );
}

/** Evidence that must not be deleted: said by whom and why, and let go by the same button. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { EventDetail, HoldRequest } from "../../api.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { detailTexts } from "../texts/event-detail.ts";

/** The card; a viewer only reads whether and why. */
export function Hold({
  event,
  changed,
}: {
  readonly event: EventDetail;
  /** Told when the box has it. */
  readonly changed: () => void;
}): JSX.Element | null {
  const { hold } = event;
  const reason = useSignal("");
  const busy = useSignal(false);
  if (!hold && !may("technician")) return null;
  const set = (submitted: SubmitEvent): void => {
    submitted.preventDefault();
    busy.value = true;
    const body: HoldRequest = { hold: hold === null, reason: reason.value.trim() };
    call("PUT", `/events/${encodeURIComponent(event.id)}/hold`, { body })
      .then(() => {
        reason.value = "";
        changed();
      })
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <section class="card stack" data-testid="hold">
      <h2>{t(detailTexts.holdTitle)}</h2>
      {hold ? (
        <p data-testid="hold-is">
          {t(detailTexts.holdIs, { user: hold.user, time: momentText(hold.atMs), reason: hold.reason })}
        </p>
      ) : (
        <p class="note no-print">{t(detailTexts.holdAbout)}</p>
      )}
      {may("technician") && (
        <form class="stack no-print" onSubmit={set}>
          <label>
            {t(detailTexts.holdReason)}
            <input
              required
              maxLength={200}
              data-testid="hold-reason"
              value={reason.value}
              onInput={(typed) => (reason.value = typed.currentTarget.value)}
            />
          </label>
          <div class="row">
            <button type="submit" class="plain" data-testid="hold-set" disabled={busy.value}>
              {t(hold ? detailTexts.holdFree : detailTexts.holdSet)}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}

/** The box's clock against this device's: a box without a battery for its clock wakes up in 1970. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ClockCheck } from "../../api.ts";
import { spanText } from "../parts/amounts.ts";
import { call } from "../shell/call.ts";
import { momentText, t } from "../shell/language.ts";
import { Trouble, useLoading } from "../shell/loading.tsx";
import { showFailure } from "../shell/say-failure.ts";
import { nowMs } from "../shell/ticking.ts";
import { showToast } from "../shell/toasts.tsx";
import { shellTexts } from "../texts/shell.ts";
import { wizardTexts } from "../texts/wizard.ts";

/** Nobody reads a watch more closely. */
const apartMs = 5_000;

/** The check and the button that sets it. */
export function ClockStep(): JSX.Element {
  // The box looked at its clock somewhere between question and answer: on a slow line that is all one knows.
  const asked = useSignal({ atMs: 0, eitherMs: 0 });
  const loading = useLoading(async (signal) => {
    const beforeMs = Date.now();
    const { value } = await call<ClockCheck>("GET", "/clock", { signal });
    const eitherMs = (Date.now() - beforeMs) / 2;
    asked.value = { atMs: beforeMs + eitherMs, eitherMs };
    return value;
  });
  const busy = useSignal(false);
  const clock = loading.value.value;
  if (loading.error.value) return <Trouble error={loading.error.value} retry={loading.again} />;
  if (clock === null) return <p>{t(shellTexts.loading)}</p>;
  const aheadMs = clock.boxMs - asked.value.atMs;
  const isApart = Math.abs(aheadMs) > apartMs + asked.value.eitherMs;
  const set = (): void => {
    busy.value = true;
    call<ClockCheck>("POST", "/clock", { body: { phoneMs: Date.now() } })
      .then(() => {
        showToast({ mood: "good", text: t(wizardTexts.clockSet) });
        loading.again();
      })
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <div class="stack" data-testid="clock-step" data-apart={isApart}>
      <p>
        <strong>{t(wizardTexts.clockBox, { time: momentText(nowMs.value + aheadMs, clock.timezone) })}</strong>{" "}
        <small class="inline">{clock.timezone}</small>
      </p>
      <p>{t(wizardTexts.clockHere, { time: momentText(nowMs.value, clock.timezone) })}</p>
      <p class={isApart ? "bad" : "good"}>
        {isApart
          ? `▲ ${t(wizardTexts.clockApart, { span: spanText(Math.abs(aheadMs)) })}`
          : `✓ ${t(wizardTexts.clockGood)}`}
      </p>
      <p class="note">
        {clock.synced === null
          ? t(wizardTexts.clockUnknown)
          : t(clock.synced ? wizardTexts.clockSynced : wizardTexts.clockUnsynced)}
      </p>
      {isApart &&
        (clock.canSet ? (
          <div class="row">
            <button type="button" data-testid="clock-set" disabled={busy.value} onClick={set}>
              {t(wizardTexts.clockUse)}
            </button>
          </div>
        ) : (
          <p>{t(wizardTexts.clockCannot)}</p>
        ))}
    </div>
  );
}

/** A test event: the whole way to the platform, and how long its acknowledgement took. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { TestEvent } from "../../api.ts";
import { secondsText } from "../parts/amounts.ts";
import { Dialog } from "../parts/dialog.tsx";
import { call } from "../shell/call.ts";
import { clockText, t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { showFailure } from "../shell/say-failure.ts";
import { nowMs } from "../shell/ticking.ts";
import { eventTexts } from "../texts/events.ts";

const askEveryMs = 500;
/** A platform that has not answered by then is told by the health page. */
const askForMs = 120_000;

/** The button and its dialogue. */
export function TestEventButton(): JSX.Element {
  const open = useSignal(false);
  return (
    <>
      <button type="button" class="plain" data-testid="test-event" onClick={() => (open.value = true)}>
        {t(eventTexts.testButton)}
      </button>
      {open.value && <TestDialog close={() => (open.value = false)} />}
    </>
  );
}

function TestDialog({ close }: { readonly close: () => void }): JSX.Element {
  const camera = useSignal("");
  const sent = useSignal<TestEvent | null>(null);
  const sentHereMs = useSignal(0);
  const busy = useSignal(false);
  const id = sent.value?.id ?? null;
  const waits = sent.value?.uplinks.some(({ roundTripMs }) => roundTripMs === null) ?? false;
  useEffect(() => {
    if (id === null || !waits) return;
    const timer = setInterval(() => {
      if (Date.now() - sentHereMs.value > askForMs) clearInterval(timer);
      // One lost answer is no news: the next is half a second away.
      call<TestEvent>("GET", `/events/test/${encodeURIComponent(id)}`).then(
        ({ value }) => (sent.value = value),
        () => undefined,
      );
    }, askEveryMs);
    return () => clearInterval(timer);
  }, [id, waits]);
  const send = (): void => {
    busy.value = true;
    sentHereMs.value = Date.now();
    call<TestEvent>("POST", "/events/test", { body: camera.value === "" ? {} : { camera: camera.value } })
      .then(({ value }) => (sent.value = value))
      .catch(showFailure)
      .finally(() => (busy.value = false));
  };
  return (
    <Dialog title={t(eventTexts.testButton)} close={close} testid="test-dialog">
      <div class="stack">
        <p>{t(eventTexts.testAbout)}</p>
        <label>
          {t(eventTexts.camera)}
          <select value={camera.value} onChange={(event) => (camera.value = event.currentTarget.value)}>
            <option value="">{t(eventTexts.testAny)}</option>
            {(cameras.value ?? []).map(({ id: one, name }) => (
              <option key={one} value={one}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <div class="row">
          <button type="button" data-testid="test-send" disabled={busy.value} onClick={send}>
            {t(eventTexts.testSend)}
          </button>
        </div>
        <div role="status">{sent.value && <Sent test={sent.value} sinceMs={sentHereMs.value} close={close} />}</div>
      </div>
    </Dialog>
  );
}

function Sent(parts: { readonly test: TestEvent; readonly sinceMs: number; readonly close: () => void }): JSX.Element {
  const { test, sinceMs, close } = parts;
  const waited = secondsText(Math.max(0, nowMs.value - sinceMs) / 1_000);
  return (
    <div class="stack" data-testid="test-sent">
      <p>{t(eventTexts.testSent, { time: clockText(test.sentMs) })}</p>
      {test.uplinks.length === 0 && <p>{t(eventTexts.testNoUplink)}</p>}
      {test.uplinks.map(({ id, roundTripMs }) => (
        <p key={id} class={roundTripMs === null ? "" : "good"} data-testid={`test-uplink-${id}`}>
          <strong>{id}</strong>{" "}
          {roundTripMs === null
            ? t(eventTexts.testWaiting, { span: waited })
            : `✓ ${t(eventTexts.testBack, { span: secondsText(roundTripMs / 1_000) })}`}
        </p>
      ))}
      <a href={`#/events/${encodeURIComponent(test.id)}`} onClick={close}>
        {t(eventTexts.testOpen)}
      </a>
    </div>
  );
}

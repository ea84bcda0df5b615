/** The test walk: one large word for whoever stands in the zone, with sound and vibration. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { FrameHeader, RulesDocument } from "../../api.ts";
import { loadCatalogue, typeName } from "../editor/catalogue.ts";
import { beep } from "../events/sound.tsx";
import { call } from "../shell/call.ts";
import { clockText, numberText, t } from "../shell/language.ts";
import { cameras, watchCamera } from "../shell/live.ts";
import { useLoading } from "../shell/loading.tsx";
import { place, setFilters } from "../shell/router.ts";
import { showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { nowMs } from "../shell/ticking.ts";
import { trialTexts } from "../texts/trial.ts";
import { keepCase } from "./regression.tsx";
import { useWalkLease } from "./walk-lease.ts";
import { firedIn, staleMs, walkStateOf, type WalkState } from "./walk-state.ts";

interface Walked {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** The panel before and after a walk. */
export function WalkPanel(): JSX.Element {
  const { filters } = place.value;
  const all = cameras.value ?? [];
  const camera = filters["camera"] ?? all[0]?.id ?? "";
  const zone = filters["zone"] ?? "";
  const walking = useSignal(false);
  const walked = useSignal<Walked | null>(null);
  const rules = useLoading(
    async (signal) =>
      camera === "" ? null : (await call<RulesDocument>("GET", `/cameras/${camera}/rules`, { signal })).value,
    [camera],
  );
  const shapes = [...(rules.value.value?.zones ?? []), ...(rules.value.value?.lines ?? [])];
  if (walking.value)
    return (
      <Walk
        camera={camera}
        zone={zone}
        nameOf={(id) => shapes.find((one) => one.id === id)?.name ?? id}
        done={(result) => {
          walking.value = false;
          walked.value = result;
        }}
      />
    );
  return (
    <section class="card stack">
      <h2>{t(trialTexts.walk)}</h2>
      <p>{t(trialTexts.walkAbout)}</p>
      <div class="filter-fields">
        <label>
          {t(trialTexts.camera)}
          <select value={camera} onChange={(event) => setFilters({ camera: event.currentTarget.value, zone: "" })}>
            {all.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t(trialTexts.zone)}
          <select value={zone} onChange={(event) => setFilters({ zone: event.currentTarget.value })}>
            <option value="">{t(trialTexts.anyZone)}</option>
            {shapes.map(({ id, name }) => (
              <option key={id} value={id}>
                {name ?? id}
              </option>
            ))}
          </select>
        </label>
        <button type="button" data-testid="walk-start" disabled={camera === ""} onClick={() => (walking.value = true)}>
          {t(trialTexts.start)}
        </button>
      </div>
      {walked.value && <Result camera={camera} walked={walked.value} />}
    </section>
  );
}

/** `2026-11-20`, as the clock on the wall has it: Swedish dates are written so. */
function dayText(ms: number): string {
  return new Intl.DateTimeFormat("sv-SE").format(ms);
}

function Result({ camera, walked }: { readonly camera: string; readonly walked: Walked }): JSX.Element {
  const kept = useSignal(false);
  const { fromMs, toMs, count } = walked;
  const name = t(trialTexts.walkName, { day: dayText(fromMs) });
  const keep = (): void => {
    keepCase({ name, camera, fromMs, toMs })
      .then(() => {
        kept.value = true;
        showToast({ mood: "good", text: t(trialTexts.kept, { name }) });
      })
      .catch(showFailure);
  };
  return (
    <div class="row" data-testid="walked">
      <p>{t(trialTexts.walked, { name, seconds: Math.round((toMs - fromMs) / 1_000), count })}</p>
      <button type="button" class="plain" data-testid="walk-keep" disabled={kept.value} onClick={keep}>
        {t(trialTexts.keepWalk)}
      </button>
    </div>
  );
}

/** Box time of the first and the last frame bound the stretch of the log. */
function Walk(parts: {
  readonly camera: string;
  readonly zone: string;
  readonly nameOf: (zone: string) => string;
  readonly done: (walked: Walked | null) => void;
}): JSX.Element {
  const { camera, zone, nameOf, done } = parts;
  const element = useRef<HTMLElement>(null);
  const last = useSignal<{ readonly header: FrameHeader; readonly hereMs: number } | null>(null);
  const shown = useSignal<WalkState>({ kind: "nobody" });
  const fired = useSignal<{ readonly atMs: number; readonly type: string } | null>(null);
  const lease = useWalkLease(camera, zone).value;
  const span = useRef<{ fromMs: number | null; count: number }>({ fromMs: null, count: 0 });
  useEffect(() => void loadCatalogue().catch(showFailure), []);
  useEffect(() => {
    // Where the browser refuses, the panel still covers the page.
    element.current?.requestFullscreen().catch(() => undefined);
    element.current?.focus();
    return watchCamera({
      camera: { id: camera, size: "saving", fps: 5 },
      frame: async ({ header }) => {
        span.current.fromMs ??= header.atMs;
        last.value = { header, hereMs: Date.now() };
        const next = walkStateOf(header, zone);
        // A frame the detector skipped changes nothing about where one stands.
        if (next.kind !== "unseen") {
          if (next.kind === "inside" && shown.value.kind !== "inside") signalTo(4, [60]);
          shown.value = next;
        }
        const began = firedIn(header, zone)[0];
        if (!began) return;
        span.current.count += 1;
        fired.value = { atMs: header.atMs, type: began.type };
        signalTo(1, [200, 80, 200]);
      },
    });
  }, [camera, zone]);
  const stop = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    const { fromMs, count } = span.current;
    done(fromMs === null ? null : { fromMs, toMs: last.value?.header.atMs ?? fromMs, count });
  };
  const isStale = last.value === null || nowMs.value - last.value.hereMs > staleMs;
  // What fired stays for five seconds: one looks at the water, not at the phone.
  const justFired = fired.value !== null && last.value !== null && last.value.header.atMs - fired.value.atMs < 5_000;
  const mood = isStale ? "stale" : justFired ? "fired" : shown.value.kind;
  return (
    <section ref={element} class={`walk walk-${mood}`} tabIndex={-1} data-testid="walk" data-state={mood}>
      <p class="walk-word" role="status">
        {isStale ? t(trialTexts.noPictures) : justFired ? t(trialTexts.fired) : t(trialTexts[shown.value.kind])}
      </p>
      {!isStale && shown.value.kind === "inside" && (
        <p class="walk-dwell">
          {nameOf(shown.value.zone)} · {t(trialTexts.dwelling, { seconds: numberText(shown.value.dwellSec, 1) })}
        </p>
      )}
      {fired.value && (
        <p>{t(trialTexts.firedAfter, { type: typeName(fired.value.type), time: clockText(fired.value.atMs) })}</p>
      )}
      {lease && (
        <p class={`walk-lease ${"reason" in lease ? "bad" : ""}`} data-testid="walk-lease">
          {"reason" in lease
            ? t(trialTexts.isSent, { reason: lease.reason })
            : t(trialTexts.notSent, { time: clockText(lease.untilMs) })}
        </p>
      )}
      <button type="button" data-testid="walk-stop" onClick={stop}>
        {t(trialTexts.stop)}
      </button>
    </section>
  );
}

function signalTo(severity: number, pattern: readonly number[]): void {
  beep(severity);
  // Browsers without a motor have no such function, whatever the types say.
  if ("vibrate" in navigator) navigator.vibrate([...pattern]);
}

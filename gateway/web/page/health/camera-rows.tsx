/** One row for each camera: how it is, since when, what it did, what went wrong, its last day. */
import type { JSX } from "preact";
import type { CameraHistory, CameraView } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { msText, secondsText, spanText } from "../parts/amounts.ts";
import { call } from "../shell/call.ts";
import { momentText, numberText, t } from "../shell/language.ts";
import { cameras, clockAheadMs } from "../shell/live.ts";
import { useLoading } from "../shell/loading.tsx";
import { said } from "../shell/say-failure.ts";
import { nowMs } from "../shell/ticking.ts";
import { movedTexts } from "../texts/moved-view.ts";
import { healthTexts } from "../texts/health.ts";
import { shellTexts } from "../texts/shell.ts";
import { CopyButton } from "./copy-button.tsx";
import { Figure } from "./facts.tsx";
import { Sparkline } from "./sparkline.tsx";

const states: Readonly<Record<CameraView["state"], Text>> = {
  connecting: healthTexts.connecting,
  streaming: healthTexts.streaming,
  stalled: healthTexts.stalled,
  waiting: healthTexts.waiting,
  disabled: healthTexts.disabled,
};

/** All cameras. */
export function CameraRows(): JSX.Element {
  const all = cameras.value;
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  return (
    <div class="health-cameras">
      {all.map((camera) => (
        <CameraRow key={camera.id} camera={camera} />
      ))}
    </div>
  );
}

/** The box's clock now, so that a wrong clock of this device does not make a camera look stale. */
const boxNowMs = (): number => nowMs.value + clockAheadMs.value;

function CameraRow({ camera }: { readonly camera: CameraView }): JSX.Element {
  const { id, name, state, sinceMs, enabled, lastError } = camera;
  const mood = state === "streaming" ? "good" : enabled ? "bad" : "off";
  const loading = useLoading(
    async (signal) => (await call<CameraHistory>("GET", `/cameras/${id}/history`, { signal })).value,
    // A new slot every ten minutes.
    [id, Math.floor(nowMs.value / 600_000)],
  );
  return (
    <article class="card stack" data-testid={`health-${id}`}>
      <header class="row">
        <h3>
          <a href={`#/live/${id}`}>{name}</a>
        </h3>
        <span class={`state ${mood}`}>
          <span aria-hidden="true">{{ good: "●", bad: "▲", off: "○" }[mood]}</span> {t(states[state])}
        </span>
        <small class="inline">{t(healthTexts.since, { span: spanText(boxNowMs() - sinceMs) })}</small>
        <CopyButton text={() => JSON.stringify(camera, null, 2)} label={healthTexts.copy} />
      </header>
      <Figures camera={camera} />
      <Diagnosis camera={camera} />
      {lastError && (
        <p class={state === "streaming" ? "note" : "trouble"}>
          <strong>{t(healthTexts.lastError)}</strong> {momentText(lastError.atMs)}: {said(lastError.text)}{" "}
          {said(lastError.hint)} <code>{lastError.code}</code>
        </p>
      )}
      {loading.value.value && <Sparkline history={loading.value.value} camera={name} />}
    </article>
  );
}

function Figures({ camera }: { readonly camera: CameraView }): JSX.Element {
  const { overwritten, shed, notLookedAt, analysisMsP50, analysisMsP95, lastFrameMs, widthPx, heightPx } = camera;
  const ageMs = lastFrameMs === null ? null : boxNowMs() - lastFrameMs;
  return (
    <dl class="facts figures">
      <Figure text={healthTexts.framesIn}>{numberText(camera.framesIn)}</Figure>
      <Figure text={healthTexts.analysed}>{numberText(camera.analysed)}</Figure>
      <Figure text={healthTexts.gated}>{numberText(camera.gated)}</Figure>
      <Figure
        text={healthTexts.dropped}
        note={t(healthTexts.droppedAbout, { overwritten: numberText(overwritten), shed: numberText(shed) })}
      >
        {numberText(overwritten + shed)}
      </Figure>
      <Figure text={healthTexts.notLooked}>{numberText(notLookedAt)}</Figure>
      <Figure text={healthTexts.detectorMs}>
        {analysisMsP50 === null ? "–" : msText(analysisMsP50)} / {analysisMsP95 === null ? "–" : msText(analysisMsP95)}
      </Figure>
      <Figure text={healthTexts.reconnects}>{numberText(camera.reconnects)}</Figure>
      <Figure text={healthTexts.tracks}>{numberText(camera.liveTracks)}</Figure>
      <Figure text={healthTexts.triggers}>{numberText(camera.triggers)}</Figure>
      <Figure
        text={healthTexts.lastFrame}
        mood={ageMs !== null && ageMs > 10_000 && camera.enabled ? "bad" : undefined}
      >
        {ageMs === null
          ? t(healthTexts.never)
          : ageMs < 2_000
            ? t(healthTexts.justNow)
            : t(healthTexts.ago, { span: spanText(ageMs) })}
      </Figure>
      <Figure text={healthTexts.picture}>{widthPx === null ? "–" : `${widthPx}×${heightPx ?? 0}`}</Figure>
      <Stream stream={camera.stream} />
      <Figure text={healthTexts.decoder} note={noteText(camera.decoderNote)}>
        {decoderText(camera.decoder)}
      </Figure>
    </dl>
  );
}

/** Longer, and whoever comes waits too long for a picture, and a clip begins too early. */
const rareKeyMs = 4_000;
/** Files of the stream are a second long at least: below this, key frames may come more often than they begin. */
const exactKeyMs = 2_000;

function Stream({ stream }: Pick<CameraView, "stream">): JSX.Element {
  const keyMs = stream?.keyFrameMs ?? 0;
  return (
    <>
      <Figure
        text={healthTexts.bitrate}
        mood={stream ? undefined : "off"}
        note={stream ? undefined : t(healthTexts.streamUnknown)}
        testid="bitrate"
      >
        {stream ? `${numberText(stream.bitsPerSec / 1e6, 1)} Mbit/s` : t(healthTexts.notKnown)}
      </Figure>
      <Figure
        text={healthTexts.keyFrames}
        mood={stream ? (keyMs > rareKeyMs ? "bad" : undefined) : "off"}
        note={keyMs > rareKeyMs ? t(healthTexts.keyFramesRare) : undefined}
        testid="key-frames"
      >
        {stream ? `${keyMs < exactKeyMs ? "≤ " : ""}${secondsText(keyMs / 1_000)}` : t(healthTexts.notKnown)}
      </Figure>
    </>
  );
}

/** Hardware is named as ffmpeg names it. */
function decoderText(name: string): string {
  if (name === "") return "–";
  return name === "software" ? t(healthTexts.decoderSoftware) : t(healthTexts.decoderHardware, { name });
}

function noteText(note: CameraView["decoderNote"]): string | undefined {
  if (note === null) return undefined;
  return said(note);
}

function Diagnosis({ camera }: { readonly camera: CameraView }): JSX.Element {
  const { diagnosis } = camera;
  return (
    <p class={diagnosis !== null && diagnosis.length > 0 ? "bad" : "note"}>
      <strong>{t(healthTexts.diagnosis)}</strong>{" "}
      {diagnosis === null
        ? t(healthTexts.diagnosisNone)
        : diagnosis.length === 0
          ? `✓ ${t(healthTexts.diagnosisGood)}`
          : diagnosis
              .map(
                ({ text, sinceMs }) =>
                  `▲ ${said(text)} (${t(healthTexts.since, { span: spanText(boxNowMs() - sinceMs) })})`,
              )
              .join(" · ")}{" "}
      {camera.viewMoved && <a href={`#/zones/${camera.id}`}>{t(movedTexts.paused)}</a>}
    </p>
  );
}

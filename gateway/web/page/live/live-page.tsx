/** The wall of cameras, or one of them large: `#/live`, `#/live/CAMERA`. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { CameraView } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { lazy } from "../parts/lazy.tsx";
import { t } from "../shell/language.ts";
import { cameras, clockAheadMs } from "../shell/live.ts";
import { place } from "../shell/router.ts";
import { said } from "../shell/say-failure.ts";
import { session } from "../shell/session.ts";
import { saving } from "../shell/theme.ts";
import { nowMs } from "../shell/ticking.ts";
import { shellTexts } from "../texts/shell.ts";
import { liveTexts } from "../texts/live.ts";
import { LivePicture, staleMs } from "./live-picture.tsx";
import "./live.css";

const SmoothPicture = lazy(async () => (await import("./smooth-picture.tsx")).SmoothPicture);

const states: Readonly<Record<CameraView["state"], Text>> = {
  connecting: liveTexts.connecting,
  streaming: liveTexts.streaming,
  stalled: liveTexts.stalled,
  waiting: liveTexts.waitingState,
  disabled: liveTexts.disabled,
};

/** Before the first frame a picture keeps the place that most cameras will fill. */
const commonRatio = 16 / 9;

/** The page. */
export function LivePage(): JSX.Element {
  const all = cameras.value;
  const one = /^\/live\/(.+)$/.exec(place.value.path)?.[1];
  if (all === null) return <p class="empty">{t(shellTexts.loading)}</p>;
  const shown = one === undefined ? all : all.filter(({ id }) => id === one);
  return (
    <>
      <h1 class="unseen">{t(liveTexts.title)}</h1>
      {shown.length === 0 && <p class="empty">{t(liveTexts.none)}</p>}
      <div class={shown.length > 1 ? "wall" : "wall single"}>
        {shown.map((camera) => (
          <Tile key={camera.id} camera={camera} large={one !== undefined || shown.length === 1} />
        ))}
      </div>
    </>
  );
}

/** The box still waits for a camera that has fallen silent; whoever looks sees it at once. */
function isLate({ lastFrameMs }: CameraView): boolean {
  return lastFrameMs !== null && nowMs.value + clockAheadMs.value - lastFrameMs >= staleMs;
}

function Tile({ camera, large }: { readonly camera: CameraView; readonly large: boolean }): JSX.Element {
  const { id, name, state, enabled, lastError } = camera;
  const ratio = camera.widthPx === null || camera.heightPx === null ? commonRatio : camera.widthPx / camera.heightPx;
  const mood = state === "streaming" && !isLate(camera) ? "good" : enabled ? "bad" : "off";
  const wantsSmooth = useSignal(false);
  const isScreen = session.value?.isScreen === true;
  const smooth = wantsSmooth.value && large && saving.value === "off";
  return (
    <article class="tile" data-testid={`tile-${id}`}>
      <header>
        <h2>
          <a href={`#/live/${id}`}>{name}</a>
        </h2>
        <span class={`state ${mood}`}>
          <span aria-hidden="true">{{ good: "●", bad: "▲", off: "○" }[mood]}</span>{" "}
          {t(mood === "bad" && state === "streaming" ? liveTexts.late : states[state])}
        </span>
      </header>
      {enabled && smooth && <SmoothPicture camera={id} name={name} ratio={ratio} />}
      {enabled && !smooth && <LivePicture camera={id} name={name} size={large ? "full" : "normal"} ratio={ratio} />}
      {smooth && <p class="note">{t(liveTexts.smoothAbout)}</p>}
      {state !== "streaming" && lastError && (
        <p class="trouble">
          {said(lastError.text)} {said(lastError.hint)}
        </p>
      )}
      <footer>
        <span>{t(liveTexts.tracks, { count: camera.liveTracks })}</span>
        {large && enabled && !isScreen && (
          <button
            type="button"
            class="plain"
            data-testid="smooth"
            aria-pressed={smooth}
            disabled={saving.value === "on"}
            title={saving.value === "on" ? t(liveTexts.smoothSaving) : undefined}
            onClick={() => (wantsSmooth.value = !wantsSmooth.value)}
          >
            {t(liveTexts.smooth)}
          </button>
        )}
        {!isScreen && <a href={`#/zones/${id}`}>{t(liveTexts.drawZones)}</a>}
      </footer>
    </article>
  );
}

/** The clip of an event: counted from the firing moment, which is marked; by hand, by key, frame by frame. */
import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Evidence } from "../../api.ts";
import { numberText, t } from "../shell/language.ts";
import { clipTexts } from "../texts/clip.ts";

/** A step of the arrow keys and buttons: a picture of a slow camera. */
const stepSec = 0.1;
/** Half of the slider's thumb, which never reaches the very ends of its track. */
const thumbRem = 0.5;

/** Video, scrubber, buttons. */
export function ClipPlayer({ one, name }: { readonly one: Evidence; readonly name: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const momentSec = (one.clip?.momentMs ?? 0) / 1_000;
  /** As the message says; the browser corrects it once it has looked. */
  const lengthSec = useSignal((one.clip?.durationMs ?? 0) / 1_000);
  const atSec = useSignal(momentSec);
  const isPlaying = useSignal(false);
  const isBroken = useSignal(false);
  useFrames(video, atSec);
  const seek = (seconds: number): void => {
    if (!video.current) return;
    video.current.currentTime = Math.min(Math.max(0, seconds), lengthSec.value);
    atSec.value = video.current.currentTime;
  };
  return (
    <div class="clip" data-testid="clip-player">
      <video
        ref={video}
        class="evidence-clip"
        style={{ aspectRatio: `${one.widthPx} / ${one.heightPx}` }}
        playsInline
        muted
        preload="auto"
        src={one.address}
        aria-label={name}
        data-testid="clip"
        onClick={playOrStop}
        onLoadedMetadata={(event) => {
          const { duration } = event.currentTarget;
          if (Number.isFinite(duration)) lengthSec.value = duration;
          // What everybody wants to see first is the moment itself.
          seek(momentSec);
        }}
        onPlay={() => (isPlaying.value = true)}
        onPause={() => (isPlaying.value = false)}
        onError={() => (isBroken.value = true)}
      />
      {isBroken.value ? (
        <p class="trouble" role="alert" data-testid="clip-broken">
          {t(one.clip?.codec === "hevc" ? clipTexts.codec : clipTexts.broken)}
        </p>
      ) : (
        <Scrubber at={atSec} length={lengthSec} momentSec={momentSec} seek={seek} />
      )}
      <div class="row">
        <button type="button" data-testid="clip-play" disabled={isBroken.value} onClick={playOrStop}>
          {isPlaying.value ? `❚❚ ${t(clipTexts.pause)}` : `▶ ${t(clipTexts.play)}`}
        </button>
        <Step text={clipTexts.back} sign="−" to={() => seek(atSec.value - stepSec)} />
        <button
          type="button"
          class="plain"
          data-testid="clip-moment"
          disabled={isBroken.value}
          onClick={() => seek(momentSec)}
        >
          {t(clipTexts.toMoment)}
        </button>
        <Step text={clipTexts.on} sign="+" to={() => seek(atSec.value + stepSec)} />
        <a class="button plain" href={one.address} download={`${one.sha256.slice(0, 12)}.mp4`}>
          {t(clipTexts.save)}
        </a>
      </div>
    </div>
  );
}

function Scrubber(parts: {
  readonly at: Signal<number>;
  readonly length: Signal<number>;
  readonly momentSec: number;
  readonly seek: (seconds: number) => void;
}): JSX.Element {
  const { at, length, momentSec, seek } = parts;
  const share = length.value > 0 ? Math.min(1, momentSec / length.value) : 0;
  return (
    <div class="scrubber">
      <span
        class="scrubber-moment"
        aria-hidden="true"
        data-testid="clip-mark"
        style={{ left: `calc(${thumbRem}rem + (100% - ${2 * thumbRem}rem) * ${share})` }}
      >
        {t(clipTexts.moment)}
      </span>
      <input
        type="range"
        min={0}
        max={length.value}
        step={0.01}
        value={at.value}
        aria-label={t(clipTexts.scrubber)}
        aria-valuetext={offsetText(at.value - momentSec)}
        data-testid="clip-scrubber"
        onInput={(event) => seek(event.currentTarget.valueAsNumber)}
        onKeyDown={(event) => {
          const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (way === undefined) return;
          event.preventDefault();
          seek(at.value + way * stepSec);
        }}
      />
      <div class="scrubber-ends" aria-hidden="true">
        <span>{offsetText(-momentSec)}</span>
        <strong data-testid="clip-at">{offsetText(at.value - momentSec)}</strong>
        <span>{offsetText(length.value - momentSec)}</span>
      </div>
    </div>
  );
}

function Step(parts: {
  readonly text: (typeof clipTexts)["back"] | (typeof clipTexts)["on"];
  readonly sign: string;
  readonly to: () => void;
}): JSX.Element {
  return (
    <button type="button" class="plain" title={t(parts.text)} onClick={parts.to}>
      {parts.sign}
      {numberText(stepSec, 1)} s
    </button>
  );
}

/** The present place of a playing video, with every picture of the screen: its own events come four times a second. */
function useFrames(video: { readonly current: HTMLVideoElement | null }, at: Signal<number>): void {
  useEffect(() => {
    let next = 0;
    const look = (): void => {
      next = requestAnimationFrame(look);
      if (video.current && !video.current.paused) at.value = video.current.currentTime;
    };
    next = requestAnimationFrame(look);
    return () => cancelAnimationFrame(next);
  }, []);
}

/** `+1.4 s`, `−3.0 s` from the firing moment. */
function offsetText(seconds: number): string {
  const text = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const sign = seconds > 0.04 ? "+" : seconds < -0.04 ? "−" : "±";
  return `${sign}${text.format(Math.abs(seconds))} s`;
}

/** Plays or stops the clip, showing it first when a picture stands in its place. */
export function playOrStop(): void {
  const clip = document.querySelector<HTMLVideoElement>("video.evidence-clip");
  if (!clip) {
    document.querySelector<HTMLButtonElement>("[data-testid=evidence-clip]")?.click();
    requestAnimationFrame(() => play(document.querySelector<HTMLVideoElement>("video.evidence-clip")));
    return;
  }
  if (clip.paused) play(clip);
  else clip.pause();
}

function play(clip: HTMLVideoElement | null): void {
  if (!clip) return;
  if (clip.ended) clip.currentTime = 0;
  // A browser that refuses leaves the button, which is the way to play anyhow.
  clip.play().catch(() => undefined);
}

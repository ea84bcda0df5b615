/** What must be seen on every page: no connection, a bad file on disk, a change that waits to be confirmed. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { bannerTexts } from "../texts/banners.ts";
import { shellTexts } from "../texts/shell.ts";
import { spanText } from "../parts/amounts.ts";
import { call } from "./call.ts";
import { clockText, t } from "./language.ts";
import { cameras, clockAheadMs, configState, offlineSinceMs } from "./live.ts";
import { said, showFailure } from "./say-failure.ts";
import { may } from "./session.ts";
import { place } from "./router.ts";
import { nowMs } from "./ticking.ts";
import { watched, watchMs } from "./watching.ts";

/** All that hold now, the gravest first. A page that fills the screen leaves them the height `--banners`. */
export function Banners(): JSX.Element {
  const banners = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const all = banners.current;
    if (!all) return undefined;
    const observer = new ResizeObserver(() => {
      document.documentElement.style.setProperty("--banners", `${all.offsetHeight}px`);
    });
    observer.observe(all);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div class="banners" ref={banners}>
      <Offline />
      <Pending />
      <Invalid />
      <ClockApart />
      <Walking />
      <Watching />
    </div>
  );
}

/** Less apart is the way of phones and nets. */
const apartMs = 120_000;

/** A box that lost its clock dates events wrongly, and nobody sees it in the field. */
function ClockApart(): JSX.Element | null {
  const apart = Math.abs(clockAheadMs.value);
  if (apart < apartMs) return null;
  return (
    <p class="banner" role="alert" data-testid="clock-apart">
      <span aria-hidden="true">△</span> {t(bannerTexts.clockApart, { span: spanText(apart) })}{" "}
      {may("admin") && <a href="#/set-up">{t(bannerTexts.clockSet)}</a>}
    </p>
  );
}

/** "9:05": minutes and seconds. */
function leftText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** For as long as alarms of a camera stay in, everybody is told. */
function Walking(): JSX.Element {
  const walks = (cameras.value ?? []).flatMap(({ name, testWalk }) => (testWalk ? [{ name, ...testWalk }] : []));
  return (
    <>
      {walks.map(({ camera, name, user, untilMs }) => (
        <p key={camera} class="banner" role="status" data-testid="walking">
          <span aria-hidden="true">△ </span>
          {t(bannerTexts.walking, { user, camera: name, time: clockText(untilMs) })}
        </p>
      ))}
    </>
  );
}

/** The way to the watch panel for ten minutes after a change. */
function Watching(): JSX.Element | null {
  const since = watched.value?.sinceMs;
  const leftMs = since === undefined ? 0 : since + watchMs - nowMs.value;
  if (leftMs <= 0 || place.value.path === "/trial") return null;
  return (
    <p class="banner" data-testid="watching">
      {t(bannerTexts.watching, { span: leftText(leftMs) })} <a href="#/trial">{t(bannerTexts.watch)}</a>
    </p>
  );
}

/** A short break is no news: the next frame is on its way. */
const quietMs = 2_000;

function Offline(): JSX.Element | null {
  const since = offlineSinceMs.value;
  if (since === null || nowMs.value - since < quietMs) return null;
  return (
    <p class="banner bad" role="alert" data-testid="offline">
      <span aria-hidden="true">▲ </span>
      {t(shellTexts.offline, { time: clockText(since) })}
    </p>
  );
}

function Invalid(): JSX.Element | null {
  const state = configState.value;
  const first = state?.invalid[0];
  if (!state || !first) return null;
  return (
    <p class="banner bad" role="alert" data-testid="invalid">
      <span aria-hidden="true">▲ </span>
      {t(bannerTexts.invalid, { revision: state.running.slice(0, 8), count: state.invalid.length })}
      {/* Whoever sees some cameras only is not told where. */}
      {first.file !== "" && ` ${first.file}:${first.line} ${said(first.text)}`}
    </p>
  );
}

const confirming = signal(false);

function confirmChange(): void {
  confirming.value = true;
  call("POST", "/config/confirm")
    .catch(showFailure)
    .finally(() => {
      confirming.value = false;
    });
}

function Pending(): JSX.Element | null {
  const pending = configState.value?.pending;
  if (!pending) return null;
  const seconds = Math.max(0, Math.round((pending.returnsAtMs - nowMs.value - clockAheadMs.value) / 1_000));
  return (
    <div class="banner" role="alert" data-testid="pending">
      <p>
        {t(bannerTexts.pending, { seconds })} {pending.changes.map(said).join(" · ")}
      </p>
      {may("technician") && (
        <button type="button" disabled={confirming.value} onClick={confirmChange}>
          {t(bannerTexts.confirm)}
        </button>
      )}
    </div>
  );
}

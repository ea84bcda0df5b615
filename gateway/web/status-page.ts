/** The status page: what the box sees, drops and sends, in words (pure). */
import type { CameraStatus, DetectorStatus, GatewayStatus, SaidError, UplinkStatus } from "../runtime/status.ts";
import { GatewayError } from "../runtime/errors.ts";
import { durationText, megabytesText, millisecondsText } from "../runtime/texts/duration.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say, type TextKey } from "../runtime/texts/say.ts";
import { diagnosisLines } from "./diagnosis-text.ts";
import { html, type Html, type Part } from "./html.ts";
import { page } from "./layout.ts";

/** How long a picture on the page may be old; a new address makes the browser fetch it again. */
const pictureMs = 10_000;

/** What the page shows besides the status. */
export interface StatusPageParts {
  readonly language: Language;
  readonly token: string;
  readonly pictures: boolean;
}

/** The whole document. */
export function statusPage(status: GatewayStatus, parts: StatusPageParts): Html {
  const { language, token } = parts;
  const logout = html`<form method="post" action="/logout">
    <input type="hidden" name="form" value="${token}" /><button class="plain">${say(language, "logout")}</button>
  </form>`;
  const body = html`<p
      id="stale"
      class="problem"
      role="alert"
      hidden
      data-text="${say(language, "stale", { time: "\u0001" })}"
    ></p>
    ${statusFragment(status, parts)}`;
  return page({ language, title: status.site.name, body, actions: logout, live: true, path: "/" });
}

/** The part that is fetched again and again. */
export function statusFragment(status: GatewayStatus, { language, pictures }: StatusPageParts): Html {
  const { cameras, detectors, delivery, nowMs } = status;
  const t = (key: TextKey): string => say(language, key);
  return html`<main id="status">
    <section>
      <h2>${t("cameras")}</h2>
      ${cameras.length === 0 && html`<p>${t("noCameras")}</p>`}
      <div class="cards">${cameras.map((camera) => cameraCard(camera, nowMs, language, pictures))}</div>
    </section>
    <section>
      <h2>${t("detector")}</h2>
      <div class="cards">${detectors.map((one) => detectorCard(one, nowMs, language))}</div>
    </section>
    <section>
      <h2>${t("uplink")}</h2>
      ${delivery.uplinks.length === 0 && html`<p>${t("noUplinks")}</p>`}
      <div class="cards">${delivery.uplinks.map((one) => uplinkCard(one, nowMs, language))}</div>
    </section>
    <section>
      <h2>${t("events")}</h2>
      <div class="cards">
        <article>
          ${figures([
            [t("recorded"), String(delivery.recorded)],
            [t("openOccurrences"), String(delivery.openOccurrences)],
            [t("evidenceSize"), megabytesText(delivery.evidenceBytes)],
            [t("databaseSize"), megabytesText(delivery.databaseBytes)],
          ])}
          ${errorBlock(delivery.lastError, nowMs, language)}
        </article>
        ${boxCard(status, language)}
      </div>
    </section>
  </main>`;
}

function cameraCard(camera: CameraStatus, nowMs: number, language: Language, pictures: boolean): Html {
  const t = (key: TextKey, values = {}): string => say(language, key, values);
  const dropped = camera.overwritten + camera.shed + camera.notLookedAt;
  const why = (
    [
      ["overwritten", camera.overwritten],
      ["shed", camera.shed],
      ["notLookedAt", camera.notLookedAt],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([key, count]) => t(key, { count }));
  const size = camera.widthPx === null || camera.heightPx === null ? "" : ` · ${camera.widthPx}×${camera.heightPx}`;
  return html`<article data-camera="${camera.id}">
    ${heading(camera.name, camera.state, camera.state === "streaming" ? "good" : camera.state === "disabled" ? "off" : "bad", nowMs - camera.sinceMs, language)}
    ${pictures && camera.state === "streaming" && html`<img src="/cameras/${camera.id}/picture.jpg?at=${Math.floor(nowMs / pictureMs)}" alt="${t("snapshotOf", { camera: camera.name })}" />`}
    ${figures([
      [t("framesIn"), String(camera.framesIn)],
      [t("analysed"), String(camera.analysed)],
      [t("gated"), String(camera.gated)],
      [t("dropped"), why.length === 0 ? String(dropped) : `${dropped} (${why.join(language === "zh" ? "，" : ", ")})`],
      [t("analysisMs"), spread(camera.analysisMsP50, camera.analysisMsP95, language)],
      [t("liveTracks"), String(camera.liveTracks)],
      [t("triggers"), String(camera.triggers)],
      [t("reconnects"), String(camera.reconnects)],
      [t("decoder"), `${camera.decoder}${size}`],
    ])}
    ${camera.decoderNote !== null && html`<p class="note">${say(language, camera.decoderNote.key, camera.decoderNote.values)}</p>`}
    ${diagnosisLines(camera, nowMs, language).map((line) => html`<p class="note">${line.trim()}</p>`)}
    ${errorBlock(camera.lastError, nowMs, language)}
  </article>`;
}

function detectorCard(one: DetectorStatus, nowMs: number, language: Language): Html {
  const t = (key: TextKey): string => say(language, key);
  return html`<article>
    ${heading(one.model, one.state, one.state === "running" ? "good" : "bad", null, language)}
    ${figures([
      [t("runMs"), spread(one.runMsP50, one.runMsP95, language)],
      [t("runs"), String(one.runs)],
      [t("failures"), String(one.failures)],
      [t("restarts"), String(one.restarts)],
    ])}
    ${errorBlock(one.lastError, nowMs, language)}
  </article>`;
}

function uplinkCard(one: UplinkStatus, nowMs: number, language: Language): Html {
  const t = (key: TextKey, values = {}): string => say(language, key, values);
  const lastAck =
    one.lastAckMs === null ? t("never") : t("ago", { time: durationText(language, nowMs - one.lastAckMs) });
  return html`<article>
    ${heading(one.id, one.state, one.state === "offline" ? "bad" : "good", nowMs - one.sinceMs, language)}
    ${figures([
      [t("address"), one.address],
      [t("outboxDepth"), String(one.depth)],
      [t("oldestAge"), one.oldestAgeMs === null ? "–" : durationText(language, one.oldestAgeMs)],
      [t("evidenceWaiting"), String(one.evidenceWaiting)],
      [t("acknowledged"), String(one.acknowledged)],
      [t("lastAck"), lastAck],
    ])}
    ${errorBlock(one.lastError, nowMs, language)}
  </article>`;
}

function boxCard(status: GatewayStatus, language: Language): Html {
  const t = (key: TextKey): string => say(language, key);
  return html`<article>
    ${heading(t("box"), status.process, status.process === "running" ? "good" : "bad", null, language)}
    ${figures([
      [t("version"), status.version],
      [t("uptime"), durationText(language, status.nowMs - status.startedMs)],
      [t("memory"), megabytesText(status.rssBytes)],
      [t("loopDelay"), millisecondsText(status.loopDelayMsP99)],
      [t("configRevision"), status.configRevision],
    ])}
  </article>`;
}

/** Name and state; the state has a sign and a word, never a colour alone. */
function heading(
  name: string,
  state: string,
  mood: "good" | "bad" | "off",
  forMs: number | null,
  language: Language,
): Html {
  const sign = { good: "●", bad: "▲", off: "○" }[mood];
  const time = forMs === null ? "" : ` ${durationText(language, forMs)}`;
  return html`<h3>
    ${name} <span class="state ${mood}">${sign} ${say(language, `state-${state}` as TextKey)}${time}</span>
  </h3>`;
}

function figures(pairs: readonly (readonly [string, string])[]): Html {
  return html`<dl>
    ${pairs.map(
      ([term, value]): Part =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function errorBlock(said: SaidError | null, nowMs: number, language: Language): Html | null {
  if (said === null) return null;
  const error = new GatewayError(said.code, said.values);
  return html`<div class="error">
    <p>
      <strong>${say(language, "lastError")}</strong>
      (${say(language, "ago", { time: durationText(language, nowMs - said.atMs) })}) ${error.say(language)}
      <code>${said.code}</code>
    </p>
    <p>${error.hint(language)}</p>
  </div>`;
}

function spread(p50: number | null, p95: number | null, language: Language): string {
  if (p50 === null) return "–";
  return `${say(language, "median", { value: millisecondsText(p50) })} · ${say(language, "p95", { value: millisecondsText(p95) })}`;
}

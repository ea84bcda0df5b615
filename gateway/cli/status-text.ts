/** A status as one screen of text (pure). */
import { GatewayError } from "../runtime/errors.ts";
import type { CameraStatus, GatewayStatus, RingStatus, SaidError } from "../runtime/status.ts";
import { durationText, megabytesText, millisecondsText } from "../runtime/texts/duration.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { diagnosisLines } from "../web/diagnosis-text.ts";

/** Cameras, detectors, delivery; the same words as on the page. */
export function statusText(status: GatewayStatus, language: Language): string {
  const { site, version, configRevision, nowMs } = status;
  const values = {
    site: site.name,
    version,
    process: say(language, `state-${status.process}`),
    uptime: durationText(language, nowMs - status.startedMs),
    megabytes: Math.round(status.rssBytes / 1_048_576),
    config: configRevision,
    revision: configRevision,
  };
  return [
    say(language, "statusBox", values),
    "",
    ...cameraLines(status, language),
    "",
    ...detectorLines(status, language),
    "",
    ...deliveryLines(status, language),
  ].join("\n");
}

/** An error in words and its remedy. */
export function saidText(said: SaidError, language: Language): { readonly text: string; readonly hint: string } {
  const error = new GatewayError(said.code, said.values);
  return { text: error.say(language), hint: error.hint(language) };
}

function cameraLines(status: GatewayStatus, language: Language): string[] {
  if (status.cameras.length === 0) return [say(language, "statusNoCameras")];
  const head = (["camera", "state", "framesIn", "analysed", "gated", "dropped", "analysisMs"] as const).map((key) =>
    say(language, key),
  );
  const rows = status.cameras.map((camera) => [
    `${camera.state === "streaming" ? "✓" : camera.state === "disabled" ? "–" : "✗"} ${camera.id}`,
    `${say(language, `state-${camera.state}`)} ${durationText(language, status.nowMs - camera.sinceMs)}`,
    String(camera.framesIn),
    String(camera.analysed),
    String(camera.gated),
    String(camera.overwritten + camera.shed + camera.notLookedAt),
    `${millisecondsText(camera.analysisMsP50)} / ${millisecondsText(camera.analysisMsP95)}`,
  ]);
  const errors = status.cameras.flatMap(({ id, lastError }) => errorLines(id, lastError, status.nowMs, language));
  return [
    ...tableLines([head, ...rows]),
    ...status.cameras.flatMap((one) => diagnosisLines(one, status.nowMs, language)),
    ...status.cameras.flatMap((one) => ringLines(one, status.nowMs, language)),
    ...errors,
  ];
}

function detectorLines(status: GatewayStatus, language: Language): string[] {
  const head = (["detector", "state", "runs", "failures", "restarts", "runMs"] as const).map((key) =>
    say(language, key),
  );
  const rows = status.detectors.map((one) => [
    one.model,
    say(language, `state-${one.state}`),
    String(one.runs),
    String(one.failures),
    String(one.restarts),
    `${millisecondsText(one.runMsP50)} / ${millisecondsText(one.runMsP95)}`,
  ]);
  return [
    ...tableLines([head, ...rows]),
    ...status.detectors.flatMap((one) => errorLines(one.model, one.lastError, status.nowMs, language)),
  ];
}

function deliveryLines({ delivery, nowMs }: GatewayStatus, language: Language): string[] {
  const { recorded, openOccurrences, evidenceBytes, uplinks } = delivery;
  const events = `${say(language, "recorded")} ${recorded} · ${say(language, "openOccurrences")} ${openOccurrences} · ${say(language, "evidenceSize")} ${megabytesText(evidenceBytes)}`;
  if (uplinks.length === 0) return [events, say(language, "noUplinks")];
  const head = (["uplink", "state", "outboxDepth", "oldestAge", "acknowledged"] as const).map((key) =>
    say(language, key),
  );
  const rows = uplinks.map((one) => [
    `${one.id} ${one.address}`,
    say(language, `state-${one.state}`),
    String(one.depth),
    one.oldestAgeMs === null ? "–" : durationText(language, one.oldestAgeMs),
    String(one.acknowledged),
  ]);
  const errors = uplinks.flatMap((one) => errorLines(one.id, one.lastError, nowMs, language));
  return [
    events,
    ...tableLines([head, ...rows]),
    ...errors,
    ...errorLines(say(language, "events"), delivery.lastError, nowMs, language),
  ];
}

/** A ring that runs is one line; one that does not says why and what to do. */
function ringLines({ id, ring }: CameraStatus, nowMs: number, language: Language): string[] {
  if (!ring) return [];
  const line = `  ${ring.state === "streaming" ? "✓" : "✗"} ${ringText(id, ring, language)}`;
  return [line, ...(ring.state === "streaming" ? [] : errorLines(id, ring.lastError, nowMs, language))];
}

function ringText(camera: string, ring: RingStatus, language: Language): string {
  return say(language, "ringLine", {
    camera,
    state: say(language, `state-${ring.state}`),
    seconds: ring.heldSec,
    size: megabytesText(ring.heldBytes),
    place: say(language, ring.place === "memory" ? "ringMemory" : "ringDisk"),
  });
}

function errorLines(who: string, said: SaidError | null, nowMs: number, language: Language): string[] {
  if (said === null) return [];
  const { text, hint } = saidText(said, language);
  const ago = say(language, "ago", { time: durationText(language, nowMs - said.atMs) });
  return [`  ! ${who}: ${text} [${said.code}] (${ago})`, `    ${hint}`];
}

/** The box itself: heat, power, memory, disk, clock, detectors. Null figures say that the box cannot tell. */
import type { JSX } from "preact";
import type { BoxHealth, DetectorView } from "../../api.ts";
import { bytesText, msText, shareText, spanText } from "../parts/amounts.ts";
import { momentText, numberText, t } from "../shell/language.ts";
import { clockAheadMs } from "../shell/live.ts";
import { said } from "../shell/say-failure.ts";
import { healthTexts } from "../texts/health.ts";
import { Figure } from "./facts.tsx";
import { stateText } from "./states.ts";

/** From here on boards of this class slow themselves down. */
const hotC = 80;
const fullShare = 0.1;
const wornShare = 0.8;
/** A person cannot tell less by the watch. */
const apartMs = 5_000;

/** The panel. */
export function BoxPanel({ box }: { readonly box: BoxHealth }): JSX.Element {
  return (
    <section class="card stack" data-testid="box-panel">
      <h2>
        {t(healthTexts.box)} <small class="inline">{box.hostName}</small>
      </h2>
      <dl class="facts figures">
        <Heat box={box} />
        <Room box={box} />
        <Clock box={box} />
        <Figure text={healthTexts.loopDelay}>{msText(box.loopDelayMsP99)}</Figure>
        <Figure text={healthTexts.running} note={momentText(box.startedMs)}>
          {spanText(box.nowMs - box.startedMs)}
        </Figure>
        <Figure text={healthTexts.version} note={`Node ${box.node} · ffmpeg ${box.ffmpeg ?? "–"} · ${box.platform}`}>
          {box.version}
        </Figure>
        <Figure text={healthTexts.revision}>{box.revision}</Figure>
        <Figure text={healthTexts.addresses}>{box.addresses.join(" ")}</Figure>
      </dl>
      <h3>{t(healthTexts.detectors)}</h3>
      <ul class="plain-list">
        {box.detectors.map((detector) => (
          <Detector key={detector.model} detector={detector} />
        ))}
      </ul>
    </section>
  );
}

/** Bad, unknown, or nothing to say. */
function moodOf<T>(value: T | null, isBad: (value: T) => boolean): "bad" | "off" | undefined {
  if (value === null) return "off";
  return isBad(value) ? "bad" : undefined;
}

function Heat({ box }: { readonly box: BoxHealth }): JSX.Element {
  const { temperatureC, throttled, underVoltage } = box;
  const unknown = t(healthTexts.unknown);
  return (
    <>
      <Figure text={healthTexts.temperature} mood={moodOf(temperatureC, (degrees) => degrees >= hotC)}>
        {temperatureC === null ? unknown : `${numberText(temperatureC, 1)} °C`}
      </Figure>
      <Figure text={healthTexts.throttled} mood={moodOf(throttled, (is) => is)}>
        {throttled === null ? unknown : t(throttled ? healthTexts.yes : healthTexts.no)}
      </Figure>
      <Figure text={healthTexts.power} mood={moodOf(underVoltage, (is) => is)}>
        {underVoltage === null ? unknown : t(underVoltage ? healthTexts.low : healthTexts.fine)}
      </Figure>
      <Figure text={healthTexts.load} mood={box.load1 > 1.5 * box.cpuCount ? "bad" : undefined}>
        {t(healthTexts.loadOf, { load: numberText(box.load1, 2), cpus: box.cpuCount })}
      </Figure>
    </>
  );
}

function Room({ box: { memory, disk } }: { readonly box: BoxHealth }): JSX.Element {
  const values = { free: bytesText(memory.freeBytes), total: bytesText(memory.totalBytes) };
  return (
    <>
      <Figure text={healthTexts.memory} mood={memory.freeBytes < fullShare * memory.totalBytes ? "bad" : undefined}>
        {t(healthTexts.memoryOf, { ...values, own: bytesText(memory.daemonBytes) })}
      </Figure>
      <Figure text={healthTexts.disk} mood={disk.freeBytes < fullShare * disk.totalBytes ? "bad" : undefined}>
        {t(healthTexts.diskOf, { free: bytesText(disk.freeBytes), total: bytesText(disk.totalBytes) })}
      </Figure>
      <Figure text={healthTexts.stored}>
        {t(healthTexts.storedOf, {
          database: bytesText(disk.databaseBytes),
          evidence: bytesText(disk.evidenceBytes),
        })}
      </Figure>
      <Figure text={healthTexts.written}>
        {disk.writtenBytes === null ? t(healthTexts.unknown) : bytesText(disk.writtenBytes)}
      </Figure>
      <Figure text={healthTexts.wear} mood={moodOf(disk.wear, (share) => share >= wornShare)}>
        {disk.wear === null ? t(healthTexts.unknown) : shareText(disk.wear)}
      </Figure>
    </>
  );
}

function Clock({ box: { clock } }: { readonly box: BoxHealth }): JSX.Element {
  const apart = Math.abs(clockAheadMs.value);
  const bad = clock.synced === false || apart > apartMs;
  const synced =
    clock.synced === null ? healthTexts.clockUnknown : clock.synced ? healthTexts.clockSynced : healthTexts.clockNot;
  const note = apart > apartMs ? t(healthTexts.clockApart, { span: spanText(apart) }) : clock.timezone;
  return (
    <Figure text={healthTexts.clock} mood={bad ? "bad" : undefined} note={`${note} · ${t(synced)}`}>
      {momentText(clock.boxMs, clock.timezone)}
    </Figure>
  );
}

function Detector({ detector }: { readonly detector: DetectorView }): JSX.Element {
  const { model, state, runs, failures, restarts, runMsP50, runMsP95, lastError } = detector;
  const values = { state: stateText(state), runs: numberText(runs), failures: numberText(failures), restarts };
  return (
    <li>
      <strong>{model}</strong> {t(healthTexts.detectorLine, values)} · {runMsP50 === null ? "–" : msText(runMsP50)} /{" "}
      {runMsP95 === null ? "–" : msText(runMsP95)}
      {lastError && (
        <small>
          {momentText(lastError.atMs)}: {said(lastError.text)} {said(lastError.hint)}
        </small>
      )}
    </li>
  );
}

/** What has reached the platform, what has not, and what would be lost without power: the answer must be zero. */
import type { JSX } from "preact";
import type { BoxHealth, UplinkView } from "../../api.ts";
import { spanText } from "../parts/amounts.ts";
import { momentText, numberText, t } from "../shell/language.ts";
import { said } from "../shell/say-failure.ts";
import { healthTexts } from "../texts/health.ts";
import { Figure } from "./facts.tsx";
import { stateText } from "./states.ts";

/** Older than this is a fault of the way, not a slow platform. */
const lateMs = 10 * 60_000;

/** The panel. */
export function UplinkPanel({ box }: { readonly box: BoxHealth }): JSX.Element {
  const { lostIfPowerFails, recorded, openOccurrences, lastError } = box.delivery;
  return (
    <section class="card stack" data-testid="uplink-panel">
      <h2>{t(healthTexts.uplink)}</h2>
      <p class={`lost ${lostIfPowerFails === 0 ? "good" : "bad"}`} data-testid="lost">
        {t(healthTexts.lost)}: <strong>{t(healthTexts.lostEvents, { count: lostIfPowerFails })}</strong>
      </p>
      <dl class="facts figures">
        <Figure text={healthTexts.recorded}>{numberText(recorded)}</Figure>
        <Figure text={healthTexts.openNow}>{numberText(openOccurrences)}</Figure>
      </dl>
      {lastError && (
        <p class="trouble">
          {momentText(lastError.atMs)}: {said(lastError.text)} {said(lastError.hint)}
        </p>
      )}
      {box.uplinks.length === 0 && <p class="note">{t(healthTexts.noUplink)}</p>}
      {box.uplinks.map((uplink) => (
        <Uplink key={uplink.id} uplink={uplink} nowMs={box.nowMs} />
      ))}
    </section>
  );
}

function Uplink({ uplink, nowMs }: { readonly uplink: UplinkView; readonly nowMs: number }): JSX.Element {
  const { id, address, state, sinceMs, depth, oldestAgeMs, evidenceWaiting, acknowledged, lastAckMs } = uplink;
  const { lastError } = uplink;
  return (
    <section class="stack" data-testid={`uplink-${id}`}>
      <h3>
        {id}{" "}
        <small class="inline">
          {address} · {stateText(state)}, {t(healthTexts.since, { span: spanText(nowMs - sinceMs) })}
        </small>
      </h3>
      <dl class="facts figures">
        <Figure text={healthTexts.depth}>{numberText(depth)}</Figure>
        <Figure text={healthTexts.oldest} mood={oldestAgeMs !== null && oldestAgeMs > lateMs ? "bad" : undefined}>
          {oldestAgeMs === null ? t(healthTexts.nothingWaits) : spanText(oldestAgeMs)}
        </Figure>
        <Figure text={healthTexts.evidenceWaiting}>{numberText(evidenceWaiting)}</Figure>
        <Figure text={healthTexts.acknowledged}>{numberText(acknowledged)}</Figure>
        <Figure text={healthTexts.lastAck}>
          {lastAckMs === null ? t(healthTexts.never) : t(healthTexts.ago, { span: spanText(nowMs - lastAckMs) })}
        </Figure>
      </dl>
      {lastError && (
        <p class="note">
          <strong>{t(healthTexts.lastError)}</strong> {momentText(lastError.atMs)}: {said(lastError.text)}{" "}
          {said(lastError.hint)}
        </p>
      )}
    </section>
  );
}

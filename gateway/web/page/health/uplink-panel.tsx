/** What has reached the platform, what has not, and what would be lost without power: the answer must be zero. */
import type { JSX } from "preact";
import type { BoxHealth, UplinkView } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
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
        {t(healthTexts.lost)} <strong>{t(healthTexts.lostEvents, { count: lostIfPowerFails })}</strong>
      </p>
      <dl class="facts figures">
        <Figure text={healthTexts.recorded}>{numberText(recorded)}</Figure>
        <Figure text={healthTexts.openNow}>{numberText(openOccurrences)}</Figure>
      </dl>
      {lastError && (
        <p class="trouble">
          {momentText(lastError.atMs)} · {said(lastError.text)} {said(lastError.hint)}
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
  const { lastError, deadLetters, drainMs, retryInMs } = uplink;
  return (
    <section class="stack" data-testid={`uplink-${id}`}>
      <h3>
        {id}{" "}
        <small class="inline">
          {address} · {stateText(state)} · {t(healthTexts.since, { span: spanText(nowMs - sinceMs) })}
        </small>
      </h3>
      <dl class="facts figures">
        <Figure text={healthTexts.depth}>{numberText(depth)}</Figure>
        <Figure text={healthTexts.oldest} mood={oldestAgeMs !== null && oldestAgeMs > lateMs ? "bad" : undefined}>
          {oldestAgeMs === null ? t(healthTexts.nothingWaits) : spanText(oldestAgeMs)}
        </Figure>
        {retryInMs !== null && (
          <Figure text={healthTexts.nextTry} mood="bad" testid={`retry-${id}`}>
            {retryInMs < 1_000 ? t(healthTexts.tryingNow) : t(healthTexts.inSpan, { span: spanText(retryInMs) })}
          </Figure>
        )}
        <Figure
          text={healthTexts.drain}
          mood={depth > 0 && drainMs === null ? "off" : undefined}
          testid={`drain-${id}`}
        >
          {depth === 0
            ? t(healthTexts.nothingWaits)
            : drainMs === null
              ? t(healthTexts.notKnown)
              : `≈ ${spanText(drainMs)}`}
        </Figure>
        <Figure text={healthTexts.evidenceWaiting}>{numberText(evidenceWaiting)}</Figure>
        <Figure text={healthTexts.acknowledged}>{numberText(acknowledged)}</Figure>
        <Figure text={healthTexts.lastAck}>
          {lastAckMs === null ? t(healthTexts.never) : t(healthTexts.ago, { span: spanText(nowMs - lastAckMs) })}
        </Figure>
      </dl>
      {deadLetters.events > 0 && <DeadLetters id={id} letters={deadLetters} />}
      {lastError && (
        <p class="note">
          <strong>{t(healthTexts.lastError)}</strong> {momentText(lastError.atMs)}: {said(lastError.text)}{" "}
          {said(lastError.hint)}
        </p>
      )}
    </section>
  );
}

const whys: Readonly<Record<string, Text>> = {
  full: healthTexts.deadFull,
  damaged: healthTexts.deadDamaged,
  retention: healthTexts.deadRetention,
  "too-big": healthTexts.deadTooBig,
  rejected: healthTexts.deadRejected,
};

/** What this uplink will never deliver, and why; a reason that a newer daemon knows stays as it is. */
function DeadLetters(parts: { readonly id: string; readonly letters: UplinkView["deadLetters"] }): JSX.Element {
  const { id, letters } = parts;
  return (
    <details class="bad" data-testid={`dead-${id}`}>
      <summary>▲ {t(healthTexts.deadLetters, { count: letters.events })}</summary>
      <ul class="plain-list">
        {letters.newest.map(({ atMs, why, detail, eventId, events }, i) => (
          <li key={i}>
            {momentText(atMs)} ·{" "}
            {eventId === null ? (
              t(healthTexts.lostEvents, { count: events })
            ) : (
              <a href={`#/events/${encodeURIComponent(eventId)}`}>{eventId}</a>
            )}{" "}
            · {whys[why] ? t(whys[why]) : why} {detail && <code>{detail}</code>}
          </li>
        ))}
      </ul>
    </details>
  );
}

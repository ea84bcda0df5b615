/** What is known of an event, in tables: facts, objects, messages, files with their digests, and the message as sent. */
import type { ComponentChildren, JSX } from "preact";
import type { EventDetail } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { bytesText, spanText } from "../parts/amounts.ts";
import { labelName } from "../live/labels.ts";
import { momentText, numberText, siteZone, t } from "../shell/language.ts";
import { detailTexts } from "../texts/event-detail.ts";
import { eventTexts } from "../texts/events.ts";
import { certaintyTexts, endText, measureText, nameOf, severityTexts } from "./names.ts";

/** Name, place, time. */
export function Facts({ event }: { readonly event: EventDetail }): JSX.Element {
  const { startMs, endMs } = event;
  const measures = Object.entries(event.measure);
  return (
    <section class="card stack">
      <h2>{t(detailTexts.facts)}</h2>
      <dl class="facts">
        <Fact text={detailTexts.site}>
          {event.site.name} <code>{event.site.id}</code>
        </Fact>
        <Fact text={eventTexts.camera}>
          {event.cameraName} <code>{event.camera}</code>
        </Fact>
        <Fact text={eventTexts.type}>
          {nameOf(event)} <code>{event.type}</code>
        </Fact>
        <Fact text={eventTexts.zone}>
          {event.zoneName} {event.zoneName !== event.zone && <code>{event.zone}</code>}
        </Fact>
        <Fact text={detailTexts.rule}>
          <code>{event.rule}</code>
        </Fact>
        <Fact text={eventTexts.severity}>{t(severityTexts[event.severity])}</Fact>
        <Fact text={eventTexts.certainty}>{t(certaintyTexts[event.certainty])}</Fact>
        <Fact text={detailTexts.began}>
          <time dateTime={new Date(startMs).toISOString()}>{momentText(startMs)}</time>{" "}
          <small class="inline">{siteZone.value}</small>
        </Fact>
        <Fact text={detailTexts.endedAt}>
          {endMs === null ? t(eventTexts.open) : `${momentText(endMs)} (${spanText(endMs - startMs)})`}
        </Fact>
        {event.endReason !== null && <Fact text={detailTexts.endReason}>{endText(event.endReason)}</Fact>}
        {measures.length > 0 && (
          <Fact text={detailTexts.measured}>
            {measures.map(([key, value]) => `${measureText(key)} ${numberText(value, 3)}`).join(" · ")}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ text, children }: { readonly text: Text; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{t(text)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Who was in the picture. */
export function Objects({ event }: { readonly event: EventDetail }): JSX.Element | null {
  if (event.objects.length === 0) return null;
  return (
    <section class="card stack">
      <h2>{t(detailTexts.objects)}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={t(detailTexts.objects)}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t(detailTexts.track)}</th>
              <th scope="col">{t(eventTexts.label)}</th>
              <th scope="col">{t(detailTexts.score)}</th>
              <th scope="col">{t(detailTexts.anchor)}</th>
            </tr>
          </thead>
          <tbody>
            {event.objects.map(({ track, label, score, anchor: [x, y] }) => (
              <tr key={`${track ?? ""} ${x} ${y}`}>
                <td>{track === null ? "–" : `#${track}`}</td>
                <td>{labelName(label)}</td>
                <td>{numberText(score, 2)}</td>
                <td>
                  {numberText(x * 100, 1)} %, {numberText(y * 100, 1)} %
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Every message of the occurrence and who acknowledged it. */
export function Messages({ event }: { readonly event: EventDetail }): JSX.Element {
  return (
    <section class="card stack">
      <h2>{t(detailTexts.messages)}</h2>
      <ol class="messages">
        {event.messages.map(({ id, phase, atMs, sequence, acknowledged }) => (
          <li key={id}>
            <strong>{t(detailTexts[phase])}</strong> {momentText(atMs)} · {t(detailTexts.sequence)} {sequence}
            <code>{id}</code>
            {acknowledged.map((one) => (
              <span key={one.uplink} class={one.acknowledged ? "good" : ""}>
                {one.acknowledged ? "✓ " : "… "}
                {t(one.acknowledged ? detailTexts.isAcknowledged : detailTexts.notAcknowledged, { uplink: one.uplink })}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Files with both digests, and what made them. */
export function Digests({ event }: { readonly event: EventDetail }): JSX.Element {
  const { software, model, modelSha256, modelSm3, configRevision, configRevisionSm3 } = event.provenance;
  return (
    <section class="card stack" data-testid="digests">
      <h2>{t(detailTexts.digests)}</h2>
      <ul class="digests">
        {event.evidence.map(({ kind, mediaType, bytes, widthPx, heightPx, sha256, sm3, here }) => (
          <li key={sha256}>
            <strong>{t(kind === "clip" ? detailTexts.clip : detailTexts.file)}</strong> {mediaType}, {widthPx}×
            {heightPx}, {bytesText(bytes)} {!here && <small>{t(detailTexts.gone)}</small>}
            <code>SHA-256 {sha256}</code>
            <code>SM3 {sm3}</code>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <Fact text={detailTexts.software}>{software}</Fact>
        <Fact text={detailTexts.model}>
          {model ?? "–"} {modelSha256 !== null && <code>SHA-256 {modelSha256}</code>}
          {modelSm3 !== null && <code>SM3 {modelSm3}</code>}
        </Fact>
        <Fact text={detailTexts.revision}>
          {configRevision} {configRevisionSm3 !== null && <code>SM3 {configRevisionSm3}</code>}
        </Fact>
      </dl>
      <details class="no-print">
        <summary>{t(detailTexts.message)}</summary>
        <pre tabIndex={0}>{JSON.stringify(event.message, null, 2)}</pre>
      </details>
    </section>
  );
}

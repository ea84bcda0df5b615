/** The found events as a list or as a grid of pictures. */
import type { JSX } from "preact";
import type { EventRow } from "../../api.ts";
import { spanText } from "../parts/amounts.ts";
import { momentText, t } from "../shell/language.ts";
import { box } from "../shell/live.ts";
import { hashOf, place } from "../shell/router.ts";
import { eventTexts } from "../texts/events.ts";
import { addressOfEvent } from "./found.ts";
import { certaintyTexts, nameOf, markSigns, markTexts, severityTexts } from "./names.ts";

/** One event as a link to its detail. */
export function EventCard({ row }: { readonly row: EventRow }): JSX.Element {
  const { id, cameraName, severity, startMs, endMs, picture, zoneName } = row;
  return (
    <li class={`event severity-${severity}`} data-testid={`event-${id}`}>
      <a href={hashOf(addressOfEvent(id, place.value.filters))} data-event={id}>
        <span class="event-picture">
          {picture === null ? (
            <span>{t(eventTexts.noPicture)}</span>
          ) : (
            <img src={picture} alt="" loading="lazy" decoding="async" />
          )}
        </span>
        <span class="event-words">
          <strong>{nameOf(row)}</strong>
          <span>
            {cameraName} · {zoneName}
          </span>
          <span>
            <time dateTime={new Date(startMs).toISOString()}>{momentText(startMs)}</time> ·{" "}
            {endMs === null ? t(eventTexts.open) : spanText(endMs - startMs)}
          </span>
        </span>
        <span class="event-signs">
          <Signs row={row} />
          {row.mark && (
            <span class="sign marked" data-mark={row.mark}>
              {markSigns[row.mark]} {t(markTexts[row.mark])}
            </span>
          )}
        </span>
      </a>
    </li>
  );
}

/** How grave, how sure, and who has it. */
export function Signs({ row }: { readonly row: EventRow }): JSX.Element {
  const { severity, certainty, test, testWalk } = row;
  return (
    <>
      <span class={`sign severity-${severity}`}>{t(severityTexts[severity])}</span>
      <span class="sign">{t(certaintyTexts[certainty])}</span>
      {test && <span class="sign">{t(eventTexts.test)}</span>}
      {testWalk?.wentOn === true && <span class="sign">{t(eventTexts.testWalk)}</span>}
      <Delivery row={row} />
    </>
  );
}

/** A box without a platform has nothing to wait for, and nothing that was acknowledged. */
function Delivery({ row }: { readonly row: EventRow }): JSX.Element | null {
  if (row.testWalk?.wentOn === false) return <span class="sign walked">{t(eventTexts.notSent)}</span>;
  // Not heard from the box yet: whether there is a platform at all is not known.
  if (box.value === null) return null;
  if (box.value.uplinks.length === 0) return <span class="sign">{t(eventTexts.onlyHere)}</span>;
  return (
    <span class={`sign ${row.acknowledged ? "good" : ""}`}>
      {row.acknowledged ? "✓ " : "… "}
      {t(row.acknowledged ? eventTexts.acknowledged : eventTexts.waiting)}
    </span>
  );
}

/** All of them. */
export function EventRows({
  rows,
  view,
}: {
  readonly rows: readonly EventRow[];
  readonly view: "list" | "grid";
}): JSX.Element {
  return (
    <ul class={`events ${view}`} data-testid="events">
      {rows.map((row) => (
        <EventCard key={row.id} row={row} />
      ))}
    </ul>
  );
}

/** The frame that fired, with what the rule saw in it; beside it the still and the clip of the main stream. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { EventDetail, Evidence, RulesDocument, XY } from "../../api.ts";
import { call } from "../shell/call.ts";
import { labelName } from "../live/labels.ts";
import { numberText, t } from "../shell/language.ts";
import { ClipPlayer } from "./clip-player.tsx";
import { LaterEvidenceLines } from "./later-evidence.tsx";
import { missingText, wellSet } from "./names.ts";
import { storedChoice } from "../shell/stored.ts";
import { detailTexts } from "../texts/event-detail.ts";

const overlay = storedChoice("event-overlay", ["on", "off"]);

type Part = "firing" | "still" | "clip";

/** The evidence of an event, sorted into what the page shows. */
export function partsOf({ evidence, picture, clip }: EventDetail): Readonly<Partial<Record<Part, Evidence>>> {
  const firing = evidence.find((one) => one.address === picture);
  const still = evidence.find((one) => one.kind === "snapshot" && one.differenceMs !== null);
  const film = evidence.find((one) => one.kind === "clip" && (clip === null || one.address === clip));
  return { ...(firing && { firing }), ...(still && { still }), ...(film && { clip: film }) };
}

/** Pictures and clip of an event. */
export function FiringFrame({ event }: { readonly event: EventDetail }): JSX.Element {
  const parts = partsOf(event);
  const names = (["firing", "still", "clip"] as const).filter((name) => parts[name] !== undefined);
  const chosen = useSignal<Part | null>(null);
  const shown = chosen.value ?? names[0] ?? "firing";
  const one = parts[shown];
  return (
    <figure class="evidence" data-testid="evidence">
      {names.length > 1 && (
        <div class="row no-print" role="group" aria-label={t(detailTexts.facts)}>
          {names.map((name) => (
            <button
              key={name}
              type="button"
              class="plain"
              data-testid={`evidence-${name}`}
              aria-pressed={shown === name}
              onClick={() => (chosen.value = name)}
            >
              {t(detailTexts[name])}
            </button>
          ))}
        </div>
      )}
      {one ? <Shown event={event} one={one} part={shown} /> : <None event={event} />}
      <LaterEvidenceLines event={event} />
    </figure>
  );
}

function None({ event }: { readonly event: EventDetail }): JSX.Element {
  return <p class="empty card">{t(detailTexts.missing, { reason: missingText(event.evidenceMissing) })}</p>;
}

function Shown(parts: { readonly event: EventDetail; readonly one: Evidence; readonly part: Part }): JSX.Element {
  const { event, one, part } = parts;
  if (!one.here) return <p class="empty card">{t(detailTexts.gone)}</p>;
  const name = `${t(detailTexts[part])}: ${wellSet(event.title)}`;
  const ratio = { aspectRatio: `${one.widthPx} / ${one.heightPx}` };
  if (part === "clip") return <ClipPlayer key={one.sha256} one={one} name={name} />;
  return (
    <>
      <div class="evidence-picture" style={ratio}>
        <img src={one.address} alt={name} width={one.widthPx} height={one.heightPx} />
        {part === "firing" && overlay.value === "on" && <Overlay event={event} one={one} />}
      </div>
      {part === "firing" && (
        <label class="switch no-print">
          <input
            type="checkbox"
            checked={overlay.value === "on"}
            onChange={(change) => {
              overlay.value = change.currentTarget.checked ? "on" : "off";
            }}
          />
          <span>
            {t(detailTexts.overlay)}
            <small>{t(detailTexts.zoneNow)}</small>
          </span>
        </label>
      )}
    </>
  );
}

/** Boxes, tested points, the way before the trigger and the zone, in pixels of the picture. */
function Overlay({ event, one }: { readonly event: EventDetail; readonly one: Evidence }): JSX.Element {
  const { widthPx: w, heightPx: h } = one;
  const zone = useSignal<readonly XY[] | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    // The zone is an extra: without it the picture still says what it must.
    call<RulesDocument>("GET", `/cameras/${event.camera}/rules`, { signal: ended.signal }).then(
      ({ value }) => (zone.value = shapeOf(value, event.zone)),
      () => undefined,
    );
    return () => ended.abort();
  }, [event.id]);
  const line = (points: readonly (readonly [number, number])[]): string =>
    points.map(([x, y]) => `${x * w},${y * h}`).join(" ");
  return (
    <svg class="evidence-overlay" viewBox={`0 0 ${w} ${h}`} aria-hidden="true">
      {zone.value && <polygon class="overlay-zone" points={line(zone.value)} />}
      {event.paths.map(({ track, points }) => (
        <polyline key={track} class="overlay-path" points={line(points.map(({ at }) => at))} />
      ))}
      {event.objects.map(({ track, label, score, box: [x, y, width, height], anchor: [ax, ay] }) => (
        <g key={`${track ?? ""} ${x} ${y}`} data-testid="overlay-object">
          <rect class="overlay-box" x={x * w} y={y * h} width={width * w} height={height * h} />
          <circle class="overlay-anchor" cx={ax * w} cy={ay * h} r={Math.max(4, w / 160)} />
          <text class="overlay-name" x={x * w} y={Math.max(w / 45, y * h - w / 160)} font-size={w / 45}>
            {labelName(label)} {numberText(score, 2)}
          </text>
        </g>
      ))}
    </svg>
  );
}

function shapeOf({ zones, lines }: RulesDocument, id: string): readonly XY[] | null {
  const zone = zones.find((one) => one.id === id);
  if (zone) return zone.polygon;
  const line = lines.find((one) => one.id === id);
  if (!line) return null;
  const { from, via = [], to } = line;
  // There and back: an outline that closes itself.
  return [from, ...via, to, ...[...via].reverse()];
}

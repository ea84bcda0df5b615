/** What the box sees now, over the picture: boxes, the point that is tested, how long each object has stood in a zone. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LiveTrack, Rule, XY, Zone } from "../../api.ts";
import { labelName } from "../live/labels.ts";
import { inside } from "./core/measure.ts";
import type { Shape } from "./core/shape.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";
import { rulesOfShape } from "./enabled.ts";
import { catalogue } from "./catalogue.ts";

/** The point of a box that a zone tests. */
export function testedPoint({ box: [x, y, width, height], anchor }: LiveTrack, zone: Zone | null): XY {
  return zone?.anchor === "center" ? [x + width / 2, y + height / 2] : anchor;
}

/** Seconds until a zone's first rule with a dwell fires; null when none counts time. */
function dwellLimit(rules: readonly Rule[]): number | null {
  for (const { type, suspectedSec, detectedSec } of rules) {
    const defaults = catalogue.value?.find(({ id }) => id === type)?.defaults;
    const seconds = suspectedSec ?? detectedSec ?? defaults?.["suspectedSec"] ?? defaults?.["detectedSec"];
    if (typeof seconds === "number" && seconds > 0) return seconds;
  }
  return null;
}

/** When each track was first seen in each drawn zone: a zone that only exists in the draft counts too. */
type Entered = Map<string, number>;

interface Stay {
  readonly shape: Shape;
  readonly seconds: number;
}

function staysOf(track: LiveTrack, shapes: readonly Shape[], entered: Entered, atMs: number): readonly Stay[] {
  return shapes.flatMap((shape) => {
    if (shape.kind !== "zone") return [];
    const key = `${track.id} ${shape.id}`;
    if (!inside(shape.points, testedPoint(track, shape.node as Zone))) {
      entered.delete(key);
      return [];
    }
    const told = track.zones.find(({ id }) => id === shape.id)?.dwellSec;
    const sinceMs = entered.get(key) ?? atMs - (told ?? 0) * 1_000;
    entered.set(key, sinceMs);
    return [{ shape, seconds: Math.max(0, (atMs - sinceMs) / 1_000) }];
  });
}

/** Drawn anew with every frame; the shapes below it are not. */
export function LiveLayer({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const entered = useRef<Entered>(new Map());
  const header = desk.header.value;
  if (!header || desk.still.value) return null;
  const { editor } = desk;
  const stage = editor.stage.value;
  const view = editor.view.value;
  const shapes = editor.shapes.value.filter(({ id }) => !editor.hidden.value.has(id));
  const tracks = (header.tracks ?? []).map((track) => ({
    track,
    stays: staysOf(track, shapes, entered.current, header.atMs),
  }));
  const occupied = new Set(tracks.flatMap(({ stays }) => stays.map(({ shape }) => shape)));
  // The pulse beats with the frames: an animation of the style would paint the stage sixty times a second.
  const beat = Math.floor(header.atMs / 500) % 2 === 0;
  return (
    <svg class="live-layer" viewBox={`0 0 ${stage.width} ${stage.height}`} aria-hidden="true">
      {[...occupied].map((shape) => (
        <polygon
          key={shape.id}
          class={beat ? "occupied beat" : "occupied"}
          data-occupied={shape.id}
          points={shape.points.map((point) => toStage(view, point, stage).join(",")).join(" ")}
        />
      ))}
      {tracks.map(({ track, stays }) => (
        <Track key={track.id} desk={desk} track={track} stays={stays} />
      ))}
    </svg>
  );
}

function Track({
  desk: { editor },
  track,
  stays,
}: {
  readonly desk: Desk;
  readonly track: LiveTrack;
  readonly stays: readonly Stay[];
}): JSX.Element {
  const stage = editor.stage.value;
  const view = editor.view.value;
  const [x, y] = toStage(view, [track.box[0], track.box[1]], stage);
  const [right, bottom] = toStage(view, [track.box[0] + track.box[2], track.box[1] + track.box[3]], stage);
  const zone = (stays[0]?.shape.node as Zone | undefined) ?? null;
  const [ax, ay] = toStage(view, testedPoint(track, zone), stage);
  const timers = stays.map(({ shape, seconds }) => {
    const limit = dwellLimit(rulesOfShape(shape));
    return limit === null ? `${seconds.toFixed(1)} s` : `${seconds.toFixed(1)} / ${limit} s`;
  });
  const hovered = editor.hovered.value !== null && stays.some(({ shape }) => shape.id === editor.hovered.value?.id);
  return (
    <g class={`live-track ${track.state}`} data-track={track.id}>
      <rect x={x} y={y} width={right - x} height={bottom - y} />
      <circle
        class={hovered ? "anchor hovered" : "anchor"}
        data-testid={`anchor-${track.id}`}
        cx={ax}
        cy={ay}
        r={hovered ? 7 : 4}
      />
      <text x={x} y={y - 4} class="label">
        {labelName(track.cls)} {Math.round(track.conf * 100)} #{track.id}
      </text>
      {timers.map((text, index) => (
        <text key={index} x={ax + 8} y={ay + 16 + index * 15} class="timer" data-testid="dwell">
          {text}
        </text>
      ))}
    </g>
  );
}

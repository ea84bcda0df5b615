/** The picture with gauge and section over it: ends and marks are buttons that are dragged, moved by arrow keys, or put by a tap. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CameraView, XY } from "../../api.ts";
import { LivePicture } from "../live/live-picture.tsx";
import { numberText, t } from "../shell/language.ts";
import { waterTexts } from "../texts/water.ts";
import {
  calibrationOf,
  isUsable,
  movedTo,
  placeOf,
  pointAt,
  rulersOf,
  ticksOf,
  type Handle,
  type Part,
  type Ruler,
} from "./core/rulers.ts";
import type { WaterDesk } from "./desk.ts";

const zooms = [1, 2, 4];
/** One press of an arrow key, and with Shift. */
const keyStep = { small: 0.001, large: 0.01 } as const;

interface StageParts {
  readonly desk: WaterDesk;
  readonly camera: CameraView;
  readonly ratio: number;
  readonly may: boolean;
}

/** Scrolls when it is enlarged. */
export function WaterStage({ desk, camera, ratio, may }: StageParts): JSX.Element {
  const canvas = useRef<HTMLDivElement>(null);
  const rulers = rulersOf(desk.draft.value);
  const level = camera.readings.level?.value ?? null;
  useEffect(() => {
    canvas.current?.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [desk.zoom.value]);
  const tap = (event: MouseEvent): void => {
    const handle = desk.chosen.value;
    if (!may || !handle || !canvas.current || (event.target as Element).closest("button")) return;
    desk.step(movedTo(desk.draft.value, handle, placeIn(canvas.current, event)));
  };
  return (
    <div class="stack">
      <div class="row" role="group" aria-label={t(waterTexts.zoom)}>
        {zooms.map((zoom) => (
          <button
            key={zoom}
            type="button"
            class="plain"
            aria-pressed={desk.zoom.value === zoom}
            data-testid={`zoom-${zoom}`}
            onClick={() => (desk.zoom.value = zoom)}
          >
            {zoom}×
          </button>
        ))}
        {may && <small class="water-help">{t(waterTexts.help)}</small>}
      </div>
      <div class="water-scroll">
        <div
          ref={canvas}
          class="water-canvas"
          data-testid="water-stage"
          style={{ width: `${desk.zoom.value * 100}%` }}
          onClick={tap}
        >
          <LivePicture camera={camera.id} name={camera.name} size="full" ratio={ratio}>
            <svg class="water-lines" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
              {rulers.map((ruler) => (
                <RulerLines key={ruler.key} ruler={ruler} ratio={ratio} level={ruler.key === "gauge" ? level : null} />
              ))}
              {desk.draft.value.gauge && <Board ruler={desk.draft.value.gauge} ratio={ratio} />}
            </svg>
            {rulers.map((ruler) => (
              <RulerSigns key={ruler.key} desk={desk} ruler={ruler} ratio={ratio} may={may} stage={canvas} />
            ))}
          </LivePicture>
        </div>
      </div>
    </div>
  );
}

function placeIn(stage: Element, { clientX, clientY }: { readonly clientX: number; readonly clientY: number }): XY {
  const { left, top, width, height } = stage.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}

const d = (a: XY, b: XY): string => `M${a[0]} ${a[1]}L${b[0]} ${b[1]}`;

/** Across the line at a place, `half` picture widths to each side. */
function across({ from, to }: Pick<Ruler, "from" | "to">, at: XY, half: number, ratio: number): string {
  const [dx, dy] = [(to[0] - from[0]) * ratio, to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [x, y] = [(-dy / length) * half, (dx / length) * half * ratio];
  return d([at[0] - x, at[1] - y], [at[0] + x, at[1] + y]);
}

function Board({
  ruler,
  ratio,
}: {
  readonly ruler: Omit<Ruler, "key"> & { readonly width: number };
  readonly ratio: number;
}): JSX.Element {
  const { from, to, width } = ruler;
  return <path class="board" d={`${across(ruler, from, width / 2, ratio)}${across(ruler, to, width / 2, ratio)}`} />;
}

function RulerLines(parts: {
  readonly ruler: Ruler;
  readonly ratio: number;
  readonly level: number | null;
}): JSX.Element {
  const { ruler, ratio, level } = parts;
  const calibration = calibrationOf(ruler, ratio);
  const surface = level !== null && isUsable(calibration) ? pointAt(ruler, calibration.alongAt(level)) : null;
  const line = d(ruler.from, ruler.to);
  const ticks = ticksOf(ruler, ratio)
    .map(({ at }) => across(ruler, at, 0.012, ratio))
    .join("");
  return (
    <>
      <path class="under" d={line + ticks} />
      <path class={`ruler ${isUsable(calibration) ? "" : "bad"}`} d={line} />
      <path class="ticks" d={ticks} />
      {surface && <path class="surface" data-testid="surface" d={across(ruler, surface, 0.06, ratio)} />}
    </>
  );
}

const left = ([x]: XY): string => `${x * 100}%`;
const top = ([, y]: XY): string => `${y * 100}%`;

function RulerSigns(parts: {
  readonly desk: WaterDesk;
  readonly ruler: Ruler;
  readonly ratio: number;
  readonly may: boolean;
  readonly stage: { readonly current: HTMLDivElement | null };
}): JSX.Element {
  const { desk, ruler, ratio, may, stage } = parts;
  const all: readonly Part[] = ["from", "to", ...ruler.marks.keys()];
  // Beside an upright line, below a flat one: there the names do not stand on the next tick.
  const isFlat = Math.abs(ruler.to[0] - ruler.from[0]) * ratio > Math.abs(ruler.to[1] - ruler.from[1]);
  return (
    <>
      {ticksOf(ruler, ratio).map(({ at, m }) => (
        <span key={m} class={`tick-name ${isFlat ? "below" : ""}`} style={{ left: left(at), top: top(at) }}>
          {numberText(m, 2)}
        </span>
      ))}
      {may &&
        all.map((part) => (
          <HandleButton key={part} desk={desk} handle={{ ruler: ruler.key, part }} ruler={ruler} stage={stage} />
        ))}
    </>
  );
}

/** What a handle is called. */
export function handleText(ruler: Ruler, part: Part): string {
  const line = ruler.key === "gauge" ? t(waterTexts.gauge) : t(waterTexts.lineN, { n: ruler.key + 1 });
  if (typeof part === "number") return t(waterTexts.markN, { line, n: part + 1, m: ruler.marks[part]?.m ?? 0 });
  const end = {
    gauge: [waterTexts.upper, waterTexts.lower],
    flow: [waterTexts.upstream, waterTexts.downstream],
  } as const;
  return t(end[ruler.key === "gauge" ? "gauge" : "flow"][part === "from" ? 0 : 1], { line });
}

function HandleButton(parts: {
  readonly desk: WaterDesk;
  readonly handle: Handle;
  readonly ruler: Ruler;
  readonly stage: { readonly current: HTMLDivElement | null };
}): JSX.Element | null {
  const { desk, handle, ruler, stage } = parts;
  /** Where the finger took hold, beside the middle of the handle; null: it holds nothing. */
  const hold = useRef<{ readonly by: XY; moved: boolean } | null>(null);
  const at = placeOf(desk.draft.value, handle);
  if (!at) return null;
  const chosen = desk.chosen.value?.ruler === handle.ruler && desk.chosen.value.part === handle.part;
  const put = (to: XY, isFirst: boolean): void => {
    const next = movedTo(desk.draft.value, handle, to);
    if (isFirst) desk.step(next);
    else desk.extend(next);
  };
  const down = (event: PointerEvent): void => {
    if (!stage.current || event.button !== 0) return;
    const finger = placeIn(stage.current, event);
    hold.current = { by: [finger[0] - at[0], finger[1] - at[1]], moved: false };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    desk.chosen.value = handle;
  };
  const move = (event: PointerEvent): void => {
    if (!stage.current || !hold.current) return;
    const finger = placeIn(stage.current, event);
    const { by, moved } = hold.current;
    const isStill = Math.hypot(event.movementX, event.movementY) === 0;
    if (isStill && !moved) return;
    put([finger[0] - by[0], finger[1] - by[1]], !moved);
    hold.current.moved = true;
  };
  const release = (): void => {
    hold.current = null;
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? keyStep.large : keyStep.small;
    const ways: Readonly<Record<string, XY>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    desk.chosen.value = handle;
    put([at[0] + way[0], at[1] + way[1]], !event.repeat);
  };
  return (
    <button
      type="button"
      class={`water-handle ${typeof handle.part === "number" ? "mark" : "end"}`}
      data-testid={`handle-${handle.ruler}-${handle.part}`}
      aria-label={handleText(ruler, handle.part)}
      aria-pressed={chosen}
      style={{ left: left(at), top: top(at) }}
      onClick={() => (desk.chosen.value = handle)}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={press}
    />
  );
}

/** What the box sees now, painted over the picture: on a canvas, so that a frame costs neither style nor layout. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Rule, XY, Zone } from "../../api.ts";
import { labelName } from "../live/labels.ts";
import { catalogue } from "./catalogue.ts";
import { dwellText, marksOf, type Entered, type Mark } from "./core/live-marks.ts";
import type { Scale } from "./core/measure.ts";
import { toStage } from "./core/view.ts";
import type { Desk } from "./desk.ts";

/** Below this width names and timers would cover the picture: labels are short then. Pixels. */
const narrowPx = 520;
const dashes: Readonly<Record<string, readonly number[]>> = { tentative: [3, 3], lost: [6, 4] };

/** Seconds until a zone's first rule with a dwell fires; null when none counts time. */
function dwellLimit(rules: readonly Rule[]): number | null {
  for (const { type, suspectedSec, detectedSec } of rules) {
    const defaults = catalogue.value?.find(({ id }) => id === type)?.defaults;
    const seconds = suspectedSec ?? detectedSec ?? defaults?.["suspectedSec"] ?? defaults?.["detectedSec"];
    if (typeof seconds === "number" && seconds > 0) return seconds;
  }
  return null;
}

/** Painted anew with every frame; the shapes above it are not. */
export function LiveLayer({ desk }: { readonly desk: Desk }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const entered = useRef<Entered>(new Map());
  useSignalEffect(() => {
    const { editor } = desk;
    const [header, stage, other] = [desk.header.value, editor.stage.value, desk.still.value];
    const still = desk.frozen.value || other !== null;
    const view = editor.view.value;
    // Not with every move of a vertex: the next frame is near.
    const shapes = editor.shapes.peek().filter(({ id }) => !editor.hidden.value.has(id));
    const applied = new Map(desk.base.peek().zones.map((zone) => [zone.id, zone]));
    const parts = {
      shapes,
      // Nor for what is chosen while the picture moves.
      chosen: still ? editor.selected.value : editor.selected.peek(),
      hovered: still ? editor.hovered.value : editor.hovered.peek(),
      isApplied: ({ id, polygon, anchor }: Zone) =>
        applied.get(id)?.polygon === polygon && applied.get(id)?.anchor === anchor,
      limitOf: dwellLimit,
    };
    const marks = header && other === null ? marksOf(header, entered.current, parts) : [];
    desk.marks = marks;
    const paper = canvas.current && prepared(canvas.current, stage);
    if (!paper) return;
    const { context } = paper;
    const place = (point: XY): XY => toStage(view, point, stage);
    // The pulse beats with the frames.
    const beat = Math.floor((header?.atMs ?? 0) / 500) % 2 === 0;
    for (const shape of new Set(marks.flatMap(({ zone }) => zone ?? [])))
      paintOccupied(context, shape.points.map(place), beat);
    for (const mark of marks) paintMark(context, mark, place, stage.width < narrowPx);
    paper.show();
  });
  return <canvas ref={canvas} class="live-layer" aria-hidden="true" />;
}

type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
const papers = new WeakMap<HTMLCanvasElement, OffscreenCanvas>();

/**
 * Cleared, in pixels of the stage, as fine as the screen. Painted beside the page and handed over: a canvas that is painted
 * in the page is copied anew for every frame of the page, changed or not. Browsers that cannot paint beside it do so in it.
 */
function prepared(canvas: HTMLCanvasElement, { width, height }: Scale): { context: Brush; show: () => void } | null {
  const beside = "OffscreenCanvas" in window && "OffscreenCanvasRenderingContext2D" in window;
  const paper = beside ? (papers.get(canvas) ?? new OffscreenCanvas(1, 1)) : canvas;
  const ratio = window.devicePixelRatio;
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  for (const one of [canvas, paper])
    if (one.width !== size.width || one.height !== size.height) Object.assign(one, size);
  const context: Brush | null = paper.getContext("2d");
  if (!context) return null;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (paper === canvas) return { context, show: () => undefined };
  papers.set(canvas, paper as OffscreenCanvas);
  const show = (): void => canvas.getContext("bitmaprenderer")?.transferFromImageBitmap((paper as OffscreenCanvas).transferToImageBitmap()); // prettier-ignore
  return { context, show };
}

function paintOccupied(context: Brush, points: readonly XY[], beat: boolean): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.closePath();
  context.globalAlpha = beat ? 1 : 0.45;
  context.fillStyle = "rgb(255 208 0 / 14%)";
  context.fill();
  context.strokeStyle = "#ffd000";
  context.lineWidth = 4;
  context.stroke();
  context.globalAlpha = 1;
}

function paintMark(context: Brush, mark: Mark, place: (point: XY) => XY, narrow: boolean): void {
  const { track, anchor, pointedAt } = mark;
  const [left, top, width, height] = track.box;
  const [x, y] = place([left, top]);
  const [right, bottom] = place([left + width, top + height]);
  context.setLineDash(dashes[track.state] ?? []);
  for (const [colour, line] of [
    ["rgb(10 16 22 / 60%)", 4],
    ["#ffd000", 2],
  ] as const) {
    // prettier-ignore
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(x, y, right - x, bottom - y);
  }
  context.setLineDash([]);
  const name = labelName(track.cls);
  paintText(context, narrow ? name : `${name} ${Math.round(track.conf * 100)} #${track.id}`, [x - 1, y - 19]);
  const [ax, ay] = place(anchor);
  context.beginPath();
  context.arc(ax, ay, pointedAt ? 7 : 4, 0, 2 * Math.PI);
  context.fillStyle = "#ff3df0";
  context.fill();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1.5;
  context.stroke();
  const dwell = dwellText(mark);
  if (dwell !== "") paintText(context, dwell, [ax + 8, ay + 5], "#ffe680");
}

/** Light on a dark plate: readable over water and over snow. */
function paintText(context: Brush, text: string, [x, y]: XY, colour = "#ffffff"): void {
  context.font = "600 12px system-ui, sans-serif";
  context.fillStyle = "rgb(10 16 22 / 78%)";
  context.fillRect(x, y, context.measureText(text).width + 8, 18);
  context.fillStyle = colour;
  context.fillText(text, x + 4, y + 13);
}

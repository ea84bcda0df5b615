/** The zone editor without a screen: what is drawn, what is chosen, which state it is in. The stage and the panels show it. */
import { batch, computed, signal } from "@preact/signals";
import type { RuleSet, XY } from "../../api.ts";
import type { Text, Values } from "../../../runtime/texts/fill.ts";
import { afterHand } from "../shell/hand.ts";
import { editorTexts } from "../texts/editor.ts";
import { begun, redone, rested, stepped, undone, type History } from "./core/history.ts";
import type { Scale } from "./core/measure.ts";
import { freeId, stems } from "./core/naming.ts";
import {
  isSame,
  pointLimits,
  pointsOfLine,
  shapeAt,
  shapeLimits,
  shapesOf,
  storedPoint,
  withPoints,
  withShape,
  withoutShape,
  type Shape,
  type ShapeKind,
  type ShapeRef,
} from "./core/shape.ts";
import { snap, type Grid, type Snapped, type SnapOutline } from "./core/snap.ts";
import { wholeView, type View } from "./core/view.ts";
import { inserted, moved, removed } from "./core/vertices.ts";
import type { EditorState, Press, Sketch } from "./state.ts";
import { idle } from "./states/idle.ts";
import { drawing } from "./states/drawing.ts";

/** A line under the stage. */
export interface Note {
  readonly text: Text;
  readonly values: Values;
}

/**
 * One camera's editor. Its private parts are the checker's: `#` would be rewritten for older browsers, at a price in bytes
 * and in time. It lives as long as the page, so that undo survives a change of camera.
 */
export class Editor {
  readonly camera: string;
  /** What new shapes are called. */
  private readonly nameOf: (kind: ShapeKind, n: number) => string;
  readonly history = signal<History<RuleSet>>(begun(noRules));
  /** While something is dragged: how it would be. Only the stage follows every move. */
  readonly trial = signal<RuleSet | null>(null);
  /** The trial as panels, faults and the rehearsal see it. */
  private readonly told = signal<RuleSet | null>(null);
  readonly rules = computed(() => this.told.value ?? this.history.value.present);
  readonly shapes = computed(() => shapesOf(this.rules.value));
  readonly selected = signal<ShapeRef | null>(null);
  readonly vertex = signal<number | null>(null);
  readonly shape = computed<Shape | null>(() => shapeAt(this.rules.value, this.selected.value));
  readonly state = signal<EditorState>(idle);
  readonly view = signal<View>(wholeView);
  readonly snapping = signal(true);
  readonly grid = signal<Grid>(0);
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  readonly locked = signal<ReadonlySet<string>>(new Set());
  readonly hovered = signal<ShapeRef | null>(null);
  readonly ring = signal<Snapped | null>(null);
  readonly note = signal<Note | null>(null);
  /** Where the pointer is while drawing, or where the keys moved the cross. */
  readonly pointer = signal<XY | null>(null);
  /** The finger, while it hides what it moves. */
  readonly loupe = signal<Press | null>(null);
  /** The stage on the screen, pixels. */
  readonly stage = signal<Scale>({ width: 960, height: 540 });
  /** Where the picture was tapped last without touching a handle: a track may lie there. */
  readonly tapped = signal<XY | null>(null);
  /** Drawn, then given up: undo brings it back. */
  cancelled: Sketch | null = null;

  constructor(camera: string, rules: RuleSet, nameOf: (kind: ShapeKind, n: number) => string) {
    this.camera = camera;
    this.nameOf = nameOf;
    this.history.value = begun(rules);
  }

  /** Pixels of the whole picture at the present zoom. */
  get scale(): Scale {
    const { width, height } = this.stage.value;
    return { width: width * this.view.value.zoom, height: height * this.view.value.zoom };
  }

  /** Begins anew from what the box has; there is nothing to undo then. */
  load(rules: RuleSet): void {
    this.history.value = begun(rules);
    this.settle(idle);
  }

  /** What the stage shows. */
  get drawn(): RuleSet {
    return this.trial.value ?? this.rules.value;
  }

  /** Shows how it would be; null: how it is. Everything but the stage is told when the hand has time for it. */
  tryOut(rules: RuleSet | null): void {
    this.trial.value = rules;
    if (rules === null) this.told.value = null;
    else
      afterHand(this, () => {
        this.told.value = this.trial.peek();
      });
  }

  /** One step. */
  commit(rules: RuleSet, run: string | null = null): void {
    this.cancelled = null;
    this.history.value = stepped(this.history.value, rules, run);
    this.tryOut(null);
  }

  /** Changes the node of the chosen shape, or anything else of the rule set, as one step. */
  change(change: (rules: RuleSet) => RuleSet, run: string | null = null): void {
    this.commit(change(this.history.value.present), run);
  }

  say(text: Text | null, values: Values = {}): void {
    this.note.value = text === null ? null : { text, values };
  }

  select(ref: ShapeRef | null, vertex: number | null = null): void {
    if (!isSame(ref, this.selected.value) || vertex !== this.vertex.value) this.rest();
    this.selected.value = ref && { kind: ref.kind, id: ref.id };
    this.vertex.value = vertex;
  }

  /** Ends a run of nudges. */
  rest(): void {
    this.history.value = rested(this.history.value);
  }

  /** Goes into a state; the one before is told that it ends. */
  enter(state: EditorState): void {
    if (this.state.value !== state) this.state.value.cancel?.(this);
    this.settle(state);
  }

  /** Tells the state something; what it answers is the next state. */
  tell(event: (state: EditorState) => EditorState | null | undefined): boolean {
    const before = this.state.value;
    // What follows a move follows it once, however much of the editor it changes.
    return batch(() => {
      const next = event(before);
      if (next === null || next === undefined) return false;
      if (next !== before) this.settle(next);
      return true;
    });
  }

  private settle(state: EditorState): void {
    this.state.value = state;
    this.ring.value = null;
    if (state.dragging !== true) this.loupe.value = null;
    if (state.sketch === undefined) this.pointer.value = null;
  }

  undo(): void {
    this.say(null);
    if (this.tell((state) => state.undo?.(this))) return;
    const sketch = this.cancelled;
    if (sketch) {
      this.cancelled = null;
      this.settle(drawing(sketch.kind, sketch.points));
      return;
    }
    this.tryOut(null);
    this.history.value = undone(this.history.value);
    this.keepSelection();
  }

  redo(): void {
    this.say(null);
    if (this.tell((state) => state.redo?.(this))) return;
    this.history.value = redone(this.history.value);
    this.keepSelection();
  }

  /** What is no longer there is not chosen. */
  private keepSelection(): void {
    const points = this.shape.value?.points.length ?? 0;
    if (points === 0) this.selected.value = null;
    if (this.vertex.value !== null && this.vertex.value >= points) this.vertex.value = null;
    this.settle(idle);
  }

  /** Where a point goes: to what is near, unless snapping is off or held off. Shows the ring. */
  snapped(at: XY, press: { readonly alt: boolean }, except: ShapeRef | null = null, vertex: number | null = null): XY {
    const inPicture: XY = [Math.min(1, Math.max(0, at[0])), Math.min(1, Math.max(0, at[1]))];
    if (!this.snapping.value || press.alt) {
      this.ring.value = null;
      return storedPoint(inPicture);
    }
    const outlines = this.outlines(except, vertex);
    const found = snap(inPicture, { outlines, scale: this.scale, grid: this.grid.value });
    const ring = found.to === "nothing" || found.to === "grid" ? null : found;
    const before = this.ring.value;
    // Drawn anew only where it is another: a vertex that is held to another one moves no ring.
    if (ring === null || ring.to !== before?.to || String(ring.at) !== String(before.at)) this.ring.value = ring;
    // A vertex is shared with its exact stored value, even one with more decimals from a file written by hand.
    return found.to === "vertex" ? found.at : storedPoint(found.at);
  }

  private outlines(except: ShapeRef | null, vertex: number | null): readonly SnapOutline[] {
    return shapesOf(this.history.value.present).flatMap((shape): SnapOutline[] => {
      if (this.hidden.value.has(shape.id)) return [];
      if (!isSame(shape, except)) return [{ points: shape.points, closed: shape.kind !== "line" }];
      // Of the shape itself only the other vertices: its own edges move with the vertex.
      return vertex === null
        ? []
        : shape.points.flatMap((p, i) => (i === vertex ? [] : [{ points: [p], closed: false }]));
    });
  }

  /** A finished sketch becomes a shape, and is chosen. */
  add({ kind, points }: Sketch): void {
    const rules = this.history.value.present;
    const count = shapesOf(rules).filter((shape) => shape.kind === kind).length;
    if (count >= shapeLimits[kind]) {
      this.say(editorTexts.tooManyShapes, { count });
      return;
    }
    const id = freeId(rules, stems[kind]);
    const name = this.nameOf(kind, Number(id.replace(/^.*-/, "")));
    if (kind === "mask") this.commit(withShape(rules, kind, { id, polygon: points }));
    else if (kind === "line")
      this.commit(withShape(rules, kind, { id, name, ...pointsOfLine(points), direction: "both", rules: [] }));
    else this.commit(withShape(rules, kind, { id, name, polygon: points, rules: [] }));
    this.select({ kind, id });
    this.say(null);
  }

  /** Moves one point of a shape; as a trial while it is dragged. */
  moveVertex(ref: ShapeRef, index: number, at: XY, mode: "trial" | "step" | "nudge"): void {
    const { present } = this.history.value;
    const points = shapeAt(present, ref)?.points ?? [];
    const rules = withPoints(present, ref, moved(points, index, at));
    if (mode === "trial") this.tryOut(rules);
    else this.commit(rules, mode === "nudge" ? `nudge ${ref.kind} ${ref.id} ${index}` : null);
  }

  /** Puts a point in on an edge and chooses it; null when the shape takes no more. */
  insertVertex(ref: ShapeRef, edge: number, at: XY): number | null {
    const shape = shapeAt(this.history.value.present, ref);
    if (!shape) return null;
    const most = pointLimits[ref.kind][1];
    if (shape.points.length >= most) {
      this.say(editorTexts.tooManyVertices, { count: most });
      return null;
    }
    this.commit(withPoints(this.history.value.present, ref, inserted(shape.points, edge, at)));
    this.select(ref, edge + 1);
    return edge + 1;
  }

  /** Takes a point away; an area keeps three, a line two. */
  deleteVertex(ref: ShapeRef, index: number): void {
    const shape = shapeAt(this.history.value.present, ref);
    if (!shape) return;
    const least = pointLimits[ref.kind][0];
    if (shape.points.length <= least) {
      this.say(ref.kind === "line" ? editorTexts.lineKeepsTwo : editorTexts.keepsThree);
      return;
    }
    this.commit(withPoints(this.history.value.present, ref, removed(shape.points, index)));
    this.select(ref, null);
    this.settle(idle);
  }

  deleteShape(ref: ShapeRef): void {
    this.commit(withoutShape(this.history.value.present, ref));
    if (isSame(ref, this.selected.value)) this.select(null);
    this.say(editorTexts.shapeDeleted, { name: ref.id });
  }

  /** The next or previous shape that can be seen. */
  cycle(by: 1 | -1): void {
    const seen = this.shapes.value.filter(({ id }) => !this.hidden.value.has(id));
    if (seen.length === 0) return;
    const here = seen.findIndex((shape) => isSame(shape, this.selected.value));
    const next = seen[(here + by + seen.length + (here === -1 && by === -1 ? 1 : 0)) % seen.length];
    if (next) this.select({ kind: next.kind, id: next.id });
  }
}

/** A camera for which nothing is drawn. */
export const noRules: RuleSet = { zones: [], lines: [], masks: [], schedules: [], holidays: [] };

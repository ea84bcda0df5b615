/** Pointer events of the stage, as the editor's states understand them: one finger edits, two move the picture. */
import type { XY } from "../../api.ts";
import { handMoved } from "../shell/hand.ts";
import { toPicture, zoomed } from "./core/view.ts";
import type { Editor } from "./editor.ts";
import type { Press } from "./state.ts";
import { drawing } from "./states/drawing.ts";
import { viewing } from "./states/viewing.ts";

const longPressMs = 550;
/** Further than this the finger moves and does not press long. */
const longPressPx = 8;

/** Listens to one stage. */
export class Pointers {
  private readonly editor: Editor;
  private readonly stage: SVGSVGElement;
  private readonly down = new Map<number, Press>();
  private long: ReturnType<typeof setTimeout> | undefined;
  private readonly gone = new AbortController();
  /** Where the stage lies on the screen, while a pointer is down: to ask anew at every move would force a layout each time. */
  private held: DOMRect | null = null;

  constructor(editor: Editor, stage: SVGSVGElement) {
    this.editor = editor;
    this.stage = stage;
    const { signal } = this.gone;
    stage.addEventListener("pointerdown", (event) => this.pressed(event), { signal });
    stage.addEventListener("pointermove", (event) => this.moved(event), { signal });
    stage.addEventListener("pointerup", (event) => this.released(event), { signal });
    stage.addEventListener("pointercancel", (event) => this.lost(event), { signal });
    stage.addEventListener("dblclick", (event) => this.double(event), { signal });
    stage.addEventListener("contextmenu", (event) => this.secondary(event), { signal });
    // Only keys move the focus between shapes: a click must not choose what it lands on a second time.
    stage.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    stage.addEventListener("wheel", (event) => this.wheel(event), { signal, passive: false });
    stage.addEventListener("pointerleave", () => this.left(), { signal });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.long);
    this.gone.abort();
  }

  private press(event: MouseEvent): Press {
    // A stream that changes its proportions moves the stage under the hand.
    if (this.held && this.held.width !== this.editor.stage.value.width) this.held = this.stage.getBoundingClientRect();
    const box = this.held ?? this.stage.getBoundingClientRect();
    const stage: XY = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const pointer = event as Partial<PointerEvent>;
    return {
      id: pointer.pointerId ?? 0,
      at: toPicture(this.editor.view.value, stage),
      stage,
      px: [event.clientX, event.clientY],
      touch: pointer.pointerType === "touch",
      alt: event.altKey,
    };
  }

  private pressed(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.held = this.stage.getBoundingClientRect();
    const press = this.press(event);
    this.stage.setPointerCapture(event.pointerId);
    this.stage.focus({ preventScroll: true });
    const first = [...this.down.values()][0];
    this.down.set(press.id, press);
    clearTimeout(this.long);
    const editor = this.editor;
    if (first?.touch === true && press.touch && this.down.size === 2) {
      // Two fingers never edit: what the first one began is taken back, a drawing goes on where it was.
      const { sketch } = editor.state.value;
      if (editor.state.value.dragging === true || sketch === undefined) editor.tell((state) => state.cancel?.(editor));
      const back = sketch && drawing(sketch.kind, sketch.points);
      editor.tell(() => viewing(first, press, back));
      return;
    }
    editor.tell((state) => state.down?.(editor, press));
    if (press.touch) this.long = setTimeout(() => editor.tell((state) => state.longPress?.(editor)), longPressMs);
  }

  private moved(event: PointerEvent): void {
    const press = this.press(event);
    const start = this.down.get(press.id);
    if (start) handMoved();
    if (start && Math.hypot(press.px[0] - start.px[0], press.px[1] - start.px[1]) > longPressPx)
      clearTimeout(this.long);
    this.editor.tell((state) => state.move?.(this.editor, press));
  }

  private released(event: PointerEvent): void {
    clearTimeout(this.long);
    if (!this.down.delete(event.pointerId)) return;
    this.editor.tell((state) => state.up?.(this.editor, this.press(event)));
    if (this.down.size === 0) this.held = null;
  }

  private lost(event: PointerEvent): void {
    clearTimeout(this.long);
    this.down.delete(event.pointerId);
    this.held = null;
    const { sketch } = this.editor.state.value;
    if (sketch === undefined) this.editor.tell((state) => state.cancel?.(this.editor));
  }

  private double(event: MouseEvent): void {
    this.editor.tell((state) => state.double?.(this.editor, this.press(event)));
  }

  private secondary(event: MouseEvent): void {
    event.preventDefault();
    // A long press of a finger asks for the menu too; it was heard already.
    if ((event as Partial<PointerEvent>).pointerType === "touch") return;
    this.editor.tell((state) => state.secondary?.(this.editor, this.press(event)));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.0015 : 0.05));
    this.editor.view.value = zoomed(this.editor.view.value, factor, this.press(event).stage);
  }

  private left(): void {
    if (this.down.size === 0) this.editor.hovered.value = null;
  }
}

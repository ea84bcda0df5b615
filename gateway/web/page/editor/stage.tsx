/** The picture with everything drawn over it: live boxes, shapes, the sketch, the ring of a snap, the loupe. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { language, t } from "../shell/language.ts";
import { LivePicture } from "../live/live-picture.tsx";
import { editorTexts } from "../texts/editor.ts";
import type { Shape } from "./core/shape.ts";
import { isSame } from "./core/shape.ts";
import type { Desk } from "./desk.ts";
import { isEnabled } from "./enabled.ts";
import { LiveLayer, Loupe, SketchView, Still, TrialLayer, Way } from "./lazy-dialogs.ts";
import { Pointers } from "./pointers.ts";
import { ShapeView } from "./shape-view.tsx";

/** What the stage shows. */
export interface StageParts {
  readonly desk: Desk;
  readonly name: string;
  readonly ratio: number;
}

/** Fills its box; the size on the screen is what distances are measured in. */
export function Stage({ desk, name, ratio }: StageParts): JSX.Element {
  const { editor } = desk;
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    if (!svg.current) return undefined;
    const stage = svg.current;
    const pointers = new Pointers(editor, stage);
    const measure = (): void => {
      const { width, height } = stage.getBoundingClientRect();
      if (width > 0) editor.stage.value = { width, height };
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    // Told to the element itself: to draw the whole stage anew would keep the first move waiting.
    const untold = effect(() => {
      const { name: state, sketch, dragging } = editor.state.value;
      stage.dataset["state"] = state;
      stage.classList.toggle("drawing", sketch !== undefined);
      stage.classList.toggle("dragging", dragging === true);
    });
    return () => {
      untold();
      observer.disconnect();
      pointers[Symbol.dispose]();
    };
  }, [editor]);
  const { zoom, left, top } = editor.view.value;
  const style = { transform: `scale(${zoom}) translate(${-left * 100}%, ${-top * 100}%)` };
  const { width, height } = editor.stage.value;
  return (
    <LivePicture
      camera={desk.camera}
      name={name}
      size="full"
      ratio={ratio}
      header={desk.header}
      frozen={desk.frozen.value || desk.still.value !== null}
      canvasStyle={style}
    >
      <Still bitmap={desk.still} style={style} />
      <LiveLayer desk={desk} />
      <svg
        ref={svg}
        class="stage"
        data-testid="stage"
        viewBox={`0 0 ${width} ${height}`}
        role="application"
        aria-label={t(editorTexts.stageName, { camera: name })}
        tabindex={0}
      >
        <Shapes desk={desk} />
        <Way desk={desk} />
        <SketchView editor={editor} />
      </svg>
      <TrialLayer desk={desk} />
      <Loupe desk={desk} />
    </LivePicture>
  );
}

function Shapes({ desk }: { readonly desk: Desk }): JSX.Element {
  const { editor } = desk;
  const [selected, hovered, view, stage] = [
    editor.selected.value,
    editor.hovered.value,
    editor.view.value,
    editor.stage.value,
  ];
  const faults = desk.faults.value;
  const focus = useCallback(
    ({ kind, id }: Shape, vertex: number | null) => editor.select({ kind, id }, vertex),
    [editor],
  );
  return (
    <>
      {editor.shapes.value.map((shape, look) => {
        if (editor.hidden.value.has(shape.id)) return null;
        const fault = faults.find((one) => one.severity === "error" && isSame(one.shape, shape));
        const chosen = isSame(shape, selected);
        return (
          <ShapeView
            key={`${shape.kind} ${shape.id}`}
            shape={shape}
            view={view}
            stage={stage}
            chosen={chosen}
            hovered={isSame(shape, hovered)}
            vertex={chosen ? editor.vertex.value : null}
            bad={fault !== undefined}
            badEdges={fault?.edges.join(" ") ?? ""}
            enabled={isEnabled(shape)}
            look={look}
            language={language.value}
            onFocus={focus}
          />
        );
      })}
    </>
  );
}

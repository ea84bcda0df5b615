/** The list of shapes, tied to the picture both ways, and the vertices of the chosen one as numbers. */
import type { JSX } from "preact";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { panelTexts } from "../texts/editor-panels.ts";
import { isSame, type Shape } from "./core/shape.ts";
import type { Editor } from "./editor.ts";
import { isEnabled, rulesOfShape, withEnabled } from "./enabled.ts";
import { kindTexts } from "./kind-texts.ts";
import { memo } from "./memo.ts";
import type { PanelParts } from "./sheet.tsx";
import { VertexTable } from "./vertex-table.tsx";

/** The panel. */
export function ShapesPanel({ desk, may, copyTo }: PanelParts): JSX.Element {
  const { editor } = desk;
  const shapes = editor.shapes.value;
  const chosen = editor.shape.value;
  return (
    <div class="shapes-panel" data-testid="shapes-panel">
      {shapes.length === 0 && <p class="empty">{t(panelTexts.noShapes)}</p>}
      <ul class="shape-list">
        {shapes.map((shape, look) => (
          <Row key={`${shape.kind} ${shape.id}`} editor={editor} shape={shape} look={look} may={may} />
        ))}
      </ul>
      {chosen && (
        <section class="chosen-shape" data-testid="chosen-shape">
          <h2>{t(editorTexts.shapeName, { kind: t(kindTexts[chosen.kind]), name: chosen.name })}</h2>
          {chosen.kind === "mask" && <p class="note">{t(panelTexts.maskAbout)}</p>}
          {may && (
            <div class="row">
              <button type="button" class="plain" data-testid="copy-to" onClick={() => copyTo(chosen)}>
                {t(panelTexts.copyTo)}
              </button>
            </div>
          )}
          <VertexTable editor={editor} shape={chosen} may={may} />
        </section>
      )}
    </div>
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

interface RowParts {
  readonly editor: Editor;
  readonly shape: Shape;
  readonly look: number;
  readonly may: boolean;
}

/** Drawn anew only when its own shape changed: a drag must not draw the whole list sixty times a second. */
const Row = memo(function Row({ editor, shape, look, may }: RowParts): JSX.Element {
  const { kind, id, name } = shape;
  const chosen = isSame(shape, editor.selected.value);
  const hovered = isSame(shape, editor.hovered.value);
  const [hidden, locked] = [editor.hidden.value.has(id), editor.locked.value.has(id)];
  return (
    <li
      class={`shape-row ${chosen ? "chosen" : ""} ${hovered ? "hovered" : ""}`}
      data-testid={`row-${id}`}
      onPointerEnter={() => {
        editor.hovered.value = { kind, id };
      }}
      onPointerLeave={() => {
        editor.hovered.value = null;
      }}
    >
      <button type="button" class="shape-name" aria-pressed={chosen} onClick={() => editor.select({ kind, id })}>
        <svg class={`swatch ${kind} look-${look % 6}`} viewBox="0 0 24 16" aria-hidden="true">
          {kind === "line" ? <path d="M2 14L22 2" /> : <path d="M2 2h20v12H2z" />}
        </svg>
        <span>{name}</span>
      </button>
      <IconSwitch
        id={`hide-${id}`}
        label={t(panelTexts.hide, { name })}
        on={hidden}
        sign={
          hidden
            ? "M3 3l18 18M5 8c-1 1-2 3-2 4 3 5 6 6 9 6M10 6c5 0 9 3 11 6l-2 3"
            : "M2 12c4-7 16-7 20 0-4 7-16 7-20 0zM12 9a3 3 0 100 6 3 3 0 000-6z"
        }
        toggle={() => {
          editor.hidden.value = toggled(editor.hidden.value, id);
        }}
      />
      {may && (
        <IconSwitch
          id={`lock-${id}`}
          label={t(panelTexts.lock, { name })}
          on={locked}
          sign={locked ? "M6 11h12v9H6zM8 11V8a4 4 0 018 0v3" : "M6 11h12v9H6zM8 11V7a4 4 0 017-2"}
          toggle={() => {
            editor.locked.value = toggled(editor.locked.value, id);
          }}
        />
      )}
      {may && rulesOfShape(shape).length > 0 && (
        <input
          type="checkbox"
          data-testid={`enable-${id}`}
          aria-label={t(panelTexts.enabledShape, { name })}
          title={t(panelTexts.enabledShape, { name })}
          checked={isEnabled(shape)}
          onChange={(event) => {
            const on = event.currentTarget.checked;
            editor.change((rules) => withEnabled(rules, { kind, id }, on));
          }}
        />
      )}
    </li>
  );
});

function IconSwitch(parts: {
  readonly id: string;
  readonly label: string;
  readonly on: boolean;
  readonly sign: string;
  readonly toggle: () => void;
}): JSX.Element {
  const { id, label, on, sign, toggle } = parts;
  return (
    <button
      type="button"
      class="plain icon"
      data-testid={id}
      aria-label={label}
      title={label}
      aria-pressed={on}
      onClick={toggle}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={sign} />
      </svg>
    </button>
  );
}

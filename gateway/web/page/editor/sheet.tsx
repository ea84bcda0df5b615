/** The panels beside the picture, or below it on a phone: shapes, settings, rehearsal. */
import { signal } from "@preact/signals";
import type { FunctionComponent, JSX } from "preact";
import type { Text } from "../../../runtime/texts/fill.ts";
import { lazy } from "../parts/lazy.tsx";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import type { ShapeRef } from "./core/shape.ts";
import type { Desk } from "./desk.ts";

const tabs = ["shapes", "settings", "preview"] as const;
/** Which panel is open; the same for every camera. */
export const tab = signal<(typeof tabs)[number]>("shapes");
const tabTexts: Readonly<Record<(typeof tabs)[number], Text>> = {
  shapes: editorTexts.shapesTab,
  settings: editorTexts.settingsTab,
  preview: editorTexts.previewTab,
};

/** What every panel is given. */
export interface PanelParts {
  readonly desk: Desk;
  readonly may: boolean;
  /** Opens the dialogue that copies a shape to other cameras. */
  readonly copyTo: (ref: ShapeRef) => void;
}

const panels: Readonly<Record<(typeof tabs)[number], FunctionComponent<PanelParts>>> = {
  shapes: lazy(async () => (await import("../preview/panels.tsx")).ShapesPanel),
  settings: lazy(async () => (await import("../preview/panels.tsx")).SettingsPanel),
  preview: lazy(async () => (await import("../preview/panels.tsx")).PreviewPanel),
};

/** The tabs and the open panel. */
export function Sheet(parts: PanelParts): JSX.Element {
  const Panel = panels[tab.value];
  return (
    <section class="sheet-panel" data-testid="sheet">
      <div role="tablist" class="tabs">
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`tab-${one}`}
            data-testid={`tab-${one}`}
            aria-selected={tab.value === one}
            aria-controls="sheet-body"
            onClick={() => {
              tab.value = one;
            }}
          >
            {t(tabTexts[one])}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="sheet-body" class="sheet-body" aria-labelledby={`tab-${tab.value}`} tabIndex={0}>
        <Panel key={tab.value} {...parts} />
      </div>
    </section>
  );
}

/** "Copy to …": the shape on the live picture of each target, before it lands in their drafts. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { CameraView } from "../../api.ts";
import { LivePicture } from "../live/live-picture.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { showFailure } from "../shell/say-failure.ts";
import { showToast } from "../shell/toasts.tsx";
import { panelTexts } from "../texts/editor-panels.ts";
import { putShape } from "./clipboard.ts";
import { convertedPoints, ratiosDiffer, type CopyMode } from "./core/copying.ts";
import type { Shape } from "./core/shape.ts";
import { deskOf } from "./desk.ts";
import { ratioOf } from "./ratio.ts";

/** Open until it is closed. */
export function CopyDialog(parts: {
  readonly from: string;
  readonly shape: Shape;
  readonly close: () => void;
}): JSX.Element {
  const { from, shape, close } = parts;
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const mode = useSignal<CopyMode>("fraction");
  const all = cameras.value ?? [];
  const own = ratioOf(all.find(({ id }) => id === from));
  const targets = all.filter(({ id }) => id !== from);
  const odd = targets.find((camera) => chosen.value.has(camera.id) && ratiosDiffer(own, ratioOf(camera)));
  const copy = async (): Promise<void> => {
    const picked = targets.filter(({ id }) => chosen.value.has(id));
    for (const camera of picked) {
      const desk = deskOf(camera.id);
      if (!desk.loaded.value) await desk.open();
      putShape(desk.editor, shape, [own, ratioOf(camera)], mode.value);
    }
    showToast({ mood: "good", text: t(panelTexts.copied, { count: picked.length }) });
    close();
  };
  return (
    <Dialog title={t(panelTexts.copyTitle, { name: shape.name })} close={close} testid="copy-dialog">
      {targets.length === 0 && <p>{t(panelTexts.noOtherCamera)}</p>}
      <div class="wall">
        {targets.map((camera) => (
          <Target
            key={camera.id}
            camera={camera}
            points={convertedPoints(shape.points, own, ratioOf(camera), mode.value)
              .map(([x, y]) => `${x * 1_000},${y * 1_000}`)
              .join(" ")}
            chosen={chosen.value.has(camera.id)}
            toggle={() => {
              const next = new Set(chosen.value);
              if (!next.delete(camera.id)) next.add(camera.id);
              chosen.value = next;
            }}
          />
        ))}
      </div>
      {odd && (
        <fieldset data-testid="ratio-warning">
          <legend>{t(panelTexts.ratioDiffers, { from: own.toFixed(2), to: ratioOf(odd).toFixed(2) })}</legend>
          {(["fraction", "shape"] as const).map((one) => (
            <label key={one} class="switch">
              <input
                type="radio"
                name="copy-mode"
                checked={mode.value === one}
                onChange={() => {
                  mode.value = one;
                }}
              />
              {t(one === "fraction" ? panelTexts.keepFraction : panelTexts.keepShape)}
            </label>
          ))}
        </fieldset>
      )}
      <button
        type="button"
        data-testid="copy-now"
        disabled={chosen.value.size === 0}
        onClick={() => void copy().catch(showFailure)}
      >
        {t(panelTexts.copyNow)}
      </button>
    </Dialog>
  );
}

function Target(parts: {
  readonly camera: CameraView;
  readonly points: string;
  readonly chosen: boolean;
  readonly toggle: () => void;
}): JSX.Element {
  const { camera, points, chosen, toggle } = parts;
  return (
    <div class="tile">
      <LivePicture camera={camera.id} name={camera.name} size="normal" ratio={ratioOf(camera)}>
        <svg class="boxes copied" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
          <polygon points={points} />
        </svg>
      </LivePicture>
      <label class="switch">
        <input type="checkbox" checked={chosen} onChange={toggle} data-testid={`target-${camera.id}`} />
        {camera.name}
      </label>
    </div>
  );
}

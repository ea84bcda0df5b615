/** A camera that was bumped: how it looked and how it looks in turn, all that is drawn brought along in one step. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CameraView, XY } from "../../api.ts";
import { Dialog } from "../parts/dialog.tsx";
import { call } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { showFailure } from "../shell/say-failure.ts";
import { may } from "../shell/session.ts";
import { showToast } from "../shell/toasts.tsx";
import { movedTexts } from "../texts/moved-view.ts";
import { broughtAlong } from "./core/brought-along.ts";
import { shapesOf } from "./core/shape.ts";
import type { Desk } from "./desk.ts";
import { ratioOf } from "./ratio.ts";

const blinkMs = 800;
const step = 0.005;
const arrows = [
  ["left", "←", -step, 0],
  ["right", "→", step, 0],
  ["up", "↑", 0, -step],
  ["down", "↓", 0, step],
] as const;

/** A line under the stage while the camera looks elsewhere than when its zones were drawn. */
export function MovedView({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const open = useSignal(false);
  const camera = cameras.value?.find(({ id }) => id === desk.camera);
  if (!camera || (!camera.viewMoved && !open.value)) return null;
  return (
    <>
      <span class="bad">{t(movedTexts.paused)}</span>
      <button type="button" class="plain" data-testid="moved-view" onClick={() => void (open.value = true)}>
        {t(movedTexts.compare)}
      </button>
      {open.value && <MovedDialog desk={desk} camera={camera} close={() => void (open.value = false)} />}
    </>
  );
}

function MovedDialog(parts: {
  readonly desk: Desk;
  readonly camera: CameraView;
  readonly close: () => void;
}): JSX.Element {
  const { desk, camera, close } = parts;
  const { editor } = desk;
  const light = useSignal<"day" | "night">("day");
  const hasBefore = useSignal(true);
  const blinks = useSignal(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  const showsBefore = useSignal(false);
  const by = useSignal<XY>([0, 0]);
  const grip = useRef<XY | null>(null);
  /** Somebody asked for this light: until then the one serves of which there is a picture. */
  const chose = useRef(false);
  useEffect(() => {
    if (!blinks.value) return undefined;
    const timer = setInterval(() => void (showsBefore.value = !showsBefore.value), blinkMs);
    return () => clearInterval(timer);
  }, [blinks.value]);
  const move = (dx: number, dy: number): void => {
    by.value = [by.value[0] + dx, by.value[1] + dy];
  };
  const take = (): void => {
    editor.change((rules) => broughtAlong(rules, by.value));
    showToast({ mood: "good", text: t(movedTexts.taken) });
    close();
  };
  const accept = async (): Promise<void> => {
    await call("POST", `/cameras/${camera.id}/accept-view`);
    showToast({ mood: "good", text: t(movedTexts.accepted) });
    close();
  };
  const [dx, dy] = by.value;
  return (
    <Dialog title={t(movedTexts.title, { camera: camera.name })} close={close} testid="moved-dialog">
      <p>{t(movedTexts.about)}</p>
      <div
        class="picture blink"
        data-testid="moved-picture"
        style={{ aspectRatio: String(ratioOf(camera)) }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          grip.current = [event.clientX, event.clientY];
        }}
        onPointerMove={(event) => {
          const from = grip.current;
          if (!from) return;
          const { width, height } = event.currentTarget.getBoundingClientRect();
          move((event.clientX - from[0]) / width, (event.clientY - from[1]) / height);
          grip.current = [event.clientX, event.clientY];
        }}
        onPointerUp={() => void (grip.current = null)}
        onPointerCancel={() => void (grip.current = null)}
      >
        <img src={`/api/v1/cameras/${camera.id}/picture.jpg`} alt={t(movedTexts.now)} draggable={false} />
        <img
          key={light.value}
          src={`/api/v1/cameras/${camera.id}/background.jpg?of=${light.value}`}
          alt={t(movedTexts.before)}
          draggable={false}
          hidden={!showsBefore.value || !hasBefore.value}
          onLoad={() => void (hasBefore.value = true)}
          onError={() => {
            hasBefore.value = false;
            if (light.value === "day" && !chose.current) light.value = "night";
          }}
        />
        <svg class="boxes copied" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
          {shapesOf(broughtAlong(editor.rules.value, by.value)).map(({ kind, id, points }) => {
            const drawn = points.map(([x, y]) => `${x * 1_000},${y * 1_000}`).join(" ");
            return kind === "line" ? (
              <polyline key={`${kind} ${id}`} points={drawn} />
            ) : (
              <polygon key={`${kind} ${id}`} points={drawn} />
            );
          })}
        </svg>
      </div>
      {!hasBefore.value && <p class="note">{t(movedTexts.noPicture)}</p>}
      <div class="row">
        <select
          aria-label={t(movedTexts.before)}
          data-testid="moved-light"
          value={light.value}
          onChange={(event) => {
            chose.current = true;
            light.value = event.currentTarget.value === "night" ? "night" : "day";
          }}
        >
          <option value="day">{t(movedTexts.day)}</option>
          <option value="night">{t(movedTexts.night)}</option>
        </select>
        <label class="switch">
          <input
            type="checkbox"
            checked={blinks.value}
            onChange={(event) => void (blinks.value = event.currentTarget.checked)}
          />
          {t(movedTexts.blink)}
        </label>
        <button
          type="button"
          class="plain"
          data-testid="moved-turn"
          onClick={() => {
            blinks.value = false;
            showsBefore.value = !showsBefore.value;
          }}
        >
          {t(showsBefore.value ? movedTexts.before : movedTexts.now)}
        </button>
      </div>
      <div class="row" role="group">
        {arrows.map(([name, sign, x, y]) => (
          <button
            key={name}
            type="button"
            class="plain icon"
            aria-label={t(movedTexts[name])}
            data-testid={`moved-${name}`}
            onClick={() => move(x, y)}
          >
            {sign}
          </button>
        ))}
        <span role="status">{t(movedTexts.by, { x: (dx * 100).toFixed(1), y: (dy * 100).toFixed(1) })}</span>
      </div>
      {may("technician") && (
        <div class="row">
          <button type="button" data-testid="moved-take" disabled={dx === 0 && dy === 0} onClick={take}>
            {t(movedTexts.take)}
          </button>
          <button
            type="button"
            class="plain"
            data-testid="moved-accept"
            onClick={() => void accept().catch(showFailure)}
          >
            {t(movedTexts.accept)}
          </button>
        </div>
      )}
    </Dialog>
  );
}

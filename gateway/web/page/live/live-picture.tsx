/** One camera's live picture with the boxes of that very frame; grey as soon as it is old. */
import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { FrameHeader, WatchedCamera } from "../../api.ts";
import { watchCamera } from "../shell/live.ts";
import { t } from "../shell/language.ts";
import { nowMs } from "../shell/ticking.ts";
import { liveTexts } from "../texts/live.ts";
import { TrackBoxes } from "./track-boxes.tsx";
import { useVisible } from "./visible.ts";

/** A camera that gives two pictures a second at least; from here on the picture is no longer live. */
export const staleMs = 5_000;

/** What to show. */
export interface LivePictureParts {
  readonly camera: string;
  readonly name: string;
  readonly size: WatchedCamera["size"];
  /** Width by height of the picture before the first frame came. */
  readonly ratio: number;
  /** The newest frame's header, for whoever draws over the picture. */
  readonly header?: Signal<FrameHeader | null>;
  /** While true the picture stands still. */
  readonly frozen?: boolean;
  /** How the picture lies in its frame, for whoever zooms. */
  readonly canvasStyle?: Readonly<Record<string, string>>;
  /** Drawn over the picture instead of the plain boxes. */
  readonly children?: ComponentChildren;
}

/** The picture fills the width it is given. */
export function LivePicture(parts: LivePictureParts): JSX.Element {
  const { camera, name, size, ratio, frozen = false, canvasStyle, children } = parts;
  const figure = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const own = useSignal<FrameHeader | null>(null);
  const header = parts.header ?? own;
  /** When the newest frame arrived, by this device's clock; null before the first one. */
  const arrivedMs = useSignal<number | null>(null);
  const visible = useVisible(figure);
  const still = useRef(frozen);
  still.current = frozen;
  const isStill = (): boolean => still.current;

  useEffect(() => {
    if (!visible.value) return undefined;
    return watchCamera({
      camera: { id: camera, size },
      frame: async (frame) => {
        if (isStill()) return;
        const bitmap = await createImageBitmap(new Blob([frame.jpeg], { type: "image/jpeg" }));
        // Frozen, or gone, while it was decoded: it comes too late.
        const drawn = !isStill() && draw(bitmap, canvas.current);
        if (!drawn) return;
        header.value = frame.header;
        arrivedMs.value = Date.now();
      },
    });
  }, [camera, size, visible.value]);

  const ageMs = arrivedMs.value === null ? null : nowMs.value - arrivedMs.value;
  const shape = header.value ? header.value.w / header.value.h : ratio;
  const stale = !frozen && visible.value && ageMs !== null && ageMs >= staleMs;
  return (
    <figure
      ref={figure}
      class={`picture ${stale ? "stale" : ""}`}
      data-testid={`picture-${camera}`}
      data-seq={header.value?.seq ?? -1}
      style={{ aspectRatio: String(shape), "--ratio": String(shape) }}
    >
      <canvas
        ref={canvas}
        style={{ ...canvasStyle }}
        role="img"
        aria-label={t(liveTexts.pictureOf, { camera: name })}
      />
      {children ?? <TrackBoxes header={header} />}
      {stale && (
        <p class="veil" role="status" data-testid="stale">
          {t(liveTexts.stale, { seconds: Math.round(ageMs / 1_000) })}
        </p>
      )}
      {ageMs === null && <p class="veil">{t(liveTexts.waiting)}</p>}
    </figure>
  );
}

/** Decoded beside the main thread, drawn in one go: boxes and picture change together. False: there is nothing to draw on. */
function draw(bitmap: ImageBitmap, canvas: HTMLCanvasElement | null): boolean {
  if (!canvas) return false;
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
  }
  // Handed over and not painted: a painted canvas is copied anew for every frame of the page, changed or not.
  canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
  return true;
}

/** The smooth view of one camera: 25 pictures a second, without boxes, only while somebody looks. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";
import { countBytes } from "../shell/live.ts";
import { loadSession } from "../shell/session.ts";
import { liveTexts } from "../texts/live.ts";
import { SmoothPlayer, type SmoothState } from "./smooth-player.ts";
import { useVisible } from "./visible.ts";

const words: Readonly<Record<SmoothState, Text | null>> = {
  connecting: liveTexts.smoothConnecting,
  playing: null,
  silent: liveTexts.smoothSilent,
  full: liveTexts.smoothFull,
  ended: liveTexts.smoothEnded,
  away: liveTexts.smoothAway,
  unknown: liveTexts.smoothUnknown,
  "signed-out": liveTexts.smoothSignedOut,
};

/** The picture and what is the matter when there is none. */
export function SmoothPicture(parts: {
  readonly camera: string;
  readonly name: string;
  readonly ratio: number;
}): JSX.Element {
  const { camera, name, ratio } = parts;
  const figure = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const visible = useVisible(figure);
  const state = useSignal<SmoothState>("connecting");
  const pictures = useSignal(0);
  useEffect(() => {
    if (!visible.value || !canvas.current) return undefined;
    state.value = "connecting";
    const player = new SmoothPlayer(camera, canvas.current, {
      state: (next) => {
        state.value = next;
        if (next === "signed-out") void loadSession().catch(() => undefined);
      },
      picture: (count) => (pictures.value = count),
      bytes: countBytes,
    });
    return () => player.close();
  }, [camera, visible.value]);
  const word = words[state.value];
  return (
    <figure
      ref={figure}
      class={`picture ${word === null ? "" : "stale"}`}
      data-testid={`smooth-${camera}`}
      data-state={state.value}
      data-pictures={pictures.value}
      style={{ aspectRatio: String(ratio), "--ratio": String(ratio) }}
    >
      <canvas ref={canvas} role="img" aria-label={t(liveTexts.smoothOf, { camera: name })} />
      {word && (
        <p class="veil" role="status">
          {t(word)}
        </p>
      )}
    </figure>
  );
}

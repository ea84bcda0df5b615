/** Which camera is to be drawn on. */
import type { JSX } from "preact";
import type { CameraView } from "../../api.ts";
import { LivePicture } from "../live/live-picture.tsx";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { liveTexts } from "../texts/live.ts";
import { ratioOf } from "./ratio.ts";

/** Each camera as it looks now: one knows it by its picture. */
export function CameraChoice({ all }: { readonly all: readonly CameraView[] }): JSX.Element {
  return (
    <section class="camera-cards">
      <h1>{t(editorTexts.chooseCamera)}</h1>
      {all.length === 0 && <p class="empty">{t(liveTexts.none)}</p>}
      <div class="wall">
        {all.map((camera) => (
          <a key={camera.id} class="tile" href={`#/zones/${camera.id}`}>
            <LivePicture camera={camera.id} name={camera.name} size="normal" ratio={ratioOf(camera)} />
            <strong>{camera.name}</strong>
          </a>
        ))}
      </div>
    </section>
  );
}

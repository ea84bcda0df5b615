/** Frame → scene: five measures of the whole picture, no allocation per frame but the result. */
import { measureScene, sceneStateSize } from "../../../native/index.ts";
import type { Frame } from "../capture/frame.ts";
import type { Scene } from "./scene.ts";

/** One camera's meter; it remembers the small grey version of the frame before. */
export class SceneMeter {
  readonly #out = new Float64Array(5);
  #state = new Uint8Array(0);
  #shape = "";

  /** Measures `frame`; `change` is null for the first frame and after the picture changed its size. */
  measure(frame: Frame): Scene {
    const { widthPx, heightPx } = frame;
    const shape = `${widthPx}x${heightPx}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#state = new Uint8Array(sceneStateSize(widthPx, heightPx));
    }
    measureScene(frame.pixels, widthPx, heightPx, this.#state, this.#out);
    const [brightness = 0, contrast = 0, sharpness = 0, blackShare = 0, change = NaN] = this.#out;
    return { brightness, contrast, sharpness, blackShare, change: Number.isNaN(change) ? null : change };
  }
}

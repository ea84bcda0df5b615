/** What the newest seconds of a camera's evidence stream can give: the waist between the ring and the durable half. */

/** Why something is not to be had: the ring's stream was down, the moment is no longer (or not yet) in it, or reading it failed. */
export type FootageLack = "stream-down" | "not-kept" | "unreadable";

/** A picture of the evidence stream. */
export interface FootageStill {
  readonly jpeg: Uint8Array<ArrayBuffer>;
  readonly widthPx: number;
  readonly heightPx: number;
  /** How much later than the wanted moment this picture was taken, ms by the box's clock; negative when earlier. */
  readonly differenceMs: number;
}

/** Files of coded video, back to back from the same stream; they stay until this is disposed. */
export interface FootageSpan extends Disposable {
  readonly files: readonly {
    readonly path: string;
    /** Until the first picture of the next file, ms; null for the last one. */
    readonly durationMs: number | null;
  }[];
  /** Wall time of the first picture; it is a key frame. */
  readonly startMs: number;
  /** H.265 needs another name in an mp4 than ffmpeg gives it by itself. */
  readonly codec: "h264" | "h265" | "mjpeg";
  /** An ffmpeg filter that blackens the privacy masks; null when there are none and the video may be copied as it is. */
  readonly maskFilter: string | null;
}

/** One camera's footage. */
export interface Footage {
  /** Why nothing is to be had now; null when something is. */
  lack(): FootageLack | null;
  /** The picture nearest to `atMs`; waits for it for a few seconds when the stream lags behind. */
  still(atMs: number, signal: AbortSignal): Promise<FootageStill | FootageLack>;
  /** The stream around `atMs`, key frame first; waits until `toMs` is in it, or a few seconds longer, and then gives what there is. */
  span(
    wanted: { readonly fromMs: number; readonly atMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<FootageSpan | FootageLack>;
}

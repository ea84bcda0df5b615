/** One decoded picture in a pool slot. */

/**
 * How the colours of a frame are written. Cameras: BT.709 where the stream says so, BT.601 where it says that or nothing.
 * `rgb24` is a photograph from a file, three bytes a pixel in one plane: what judges a model must not halve its colours.
 */
export type Colours = VideoColours | "rgb24";

/** What a stream can say of itself. */
export type VideoColours = "bt601" | "bt709";

/** yuv420p pixels, limited range, no padding between rows or planes. Disposing gives the slot back; nothing may look at `pixels` after. */
export interface Frame extends Disposable {
  readonly cameraId: string;
  /** Counts up by one per frame decoded, from 1; gaps are frames that newer ones replaced. */
  readonly seq: number;
  /** Wall time in ms at which the last byte of the frame had arrived. For a file source: start of the run + presentation time. */
  readonly capturedAtMs: number;
  /** Pixels across and down. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** The plane of luma, then U and V of half its width and height (rounded up): `yuvBytes`, in shared or plain memory. */
  readonly pixels: Uint8Array;
  /** Left out: BT.601. */
  readonly colours?: Colours | undefined;
  /** False when the decoder reported damage around this frame: it may be looked at, but it must not start an event. */
  readonly intact: boolean;
}

/** One decoded picture in a pool slot. */

/** rgb24 pixels, row-major, no padding between rows. Disposing gives the slot back; nothing may look at `pixels` after. */
export interface Frame extends Disposable {
  readonly cameraId: string;
  /** Counts up by one per frame decoded, from 1; gaps are frames that newer ones replaced. */
  readonly seq: number;
  /** Wall time in ms at which the last byte of the frame had arrived. For a file source: start of the run + presentation time. */
  readonly capturedAtMs: number;
  /** Pixels across and down. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** width * height * 3 bytes, in shared or plain memory. */
  readonly pixels: Uint8Array;
  /** False when the decoder reported damage around this frame: it may be looked at, but it must not start an event. */
  readonly intact: boolean;
}

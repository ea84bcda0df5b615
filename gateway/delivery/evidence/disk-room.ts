/** How full the disk is, and what a full one forbids (pure): evidence gives way in steps, events go on to the last block. */

/** Of the file system that holds evidence. */
export interface DiskRoom {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** From these shares of the disk on: evidence that every platform has goes, no clip is cut, no picture is kept. */
export const fullFrom = { sent: 0.85, clips: 0.9, pictures: 0.95 } as const;
/** With so much free no disk is full, whatever its share: days of a busy camera's pictures. */
const ampleBytes = 4 * 2 ** 30;

/** Bytes that must go so that the disk is full no more for `what`; 0: it is not. */
export function bytesOver({ totalBytes, freeBytes }: DiskRoom, what: keyof typeof fullFrom): number {
  const least = Math.min(ampleBytes, (1 - fullFrom[what]) * totalBytes);
  return Math.max(0, Math.ceil(least - freeBytes));
}

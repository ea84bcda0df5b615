/** What is known of a block in memory before its points are looked at. */

/** tracks: looked at; scene: there is one; moved: the view was elsewhere. */
export const lookedBits = { tracks: 1, scene: 2, moved: 4 } as const;

/** Where the body of a block lies. */
export interface BlockBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly from: number;
  readonly end: number;
}

/** A block: entries that lie together in the file, with what is known of all their points. */
export interface Block {
  readonly fromEntry: number;
  readonly toEntry: number;
  /** Wall time of the first entry. */
  readonly baseMs: number;
  /** Bit i is set when a point has label i; labels from 31 on share bit 31. */
  readonly labelBits: number;
  /** Its number in the file; its group in `LogColumns.blockExtents`, which says where its boxes lie: nowhere without points. */
  readonly number: number;
  /** Whether there is nothing but frames, and no more than one shape. */
  readonly isPlain: boolean;
  /** The picture's shape as the block tells it; null when it does not. */
  readonly aspect: number | null;
  /** Whether every frame has its appearances in the order of their numbers, and its time after the one before. */
  readonly isOrdered: boolean;
  /** Appearances of the block, in the order of their slots: from here up to the next number, exclusive. */
  readonly fromAppearance: number;
  readonly toAppearance: number;
  readonly frames: number;
  readonly looked: number;
  readonly points: number;
  /** Its bytes; the points stay there and are read where they lie: `points.ts`. */
  readonly body: BlockBytes;
  /** Of a plain block: where its frames are told (`frame-table.ts`). */
  readonly framesAt: number;
  /** The first byte after its head: the scenes of a plain block, the records of any other. */
  readonly restAt: number;
  /** Where its first point lies. */
  readonly pointsAt: number;
  /** False while all that is known of its entries is their time. */
  isOpen: boolean;
}

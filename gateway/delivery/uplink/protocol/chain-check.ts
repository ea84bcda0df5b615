/** Whether box and platform speak of the same lane; pure. */
import type { Watermark } from "./platform-port.ts";

/** What a box knows of one of its lanes. */
export interface LaneKnowledge {
  readonly head: number;
  /** Id of its event at the platform's number; null when the row is gone. */
  readonly idThere: string | null;
}

/**
 * False: this disk was rolled back, and its numbers would pass for old ones. Counters alone do not tell: a box that went on
 * after its roll-back has given the same numbers to other events, so the id decides.
 */
export function chainAgrees(mine: LaneKnowledge, theirs: Watermark): boolean {
  if (theirs.acked > mine.head) return false;
  // An empty id stands for a gap or an event put aside; a row that is gone cannot be compared.
  return theirs.lastId === "" || mine.idThere === null || mine.idThere === theirs.lastId;
}

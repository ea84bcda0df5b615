/** The numbers of UP1; the platform announces those that bind a box. */

/** Versions of the protocol that this code speaks, the one it likes best first. */
export const protocolVersions: readonly number[] = [1];
/** Octets of a header. */
export const maxHeaderBytes = 4_096;
/** Octets of a payload. */
export const maxPayloadBytes = 65_536;
/** Events in one EVT. */
export const maxBatchEvents = 64;
/** Octets of one blob. */
export const maxBlobBytes = 64 * 1_048_576;
/** Octets of one chunk of evidence: small, so that an alarm never waits long behind one. */
export const chunkBytes = 32_768;
/** Octets of a chunk on the slowest line. */
export const minChunkBytes = 2_048;
/** Milliseconds from the connection to AUTH, and from HELLO to READY at the box. */
export const authMs = 5_000;
export const readyMs = 10_000;
/** Sessions that have not yet shown who they are: as many as a receiver lets in within `authMs`, about a kilobyte each; further ones stay away for long. */
export const maxHalfOpen = 4_000;
/** Bad frames after which a connection is told to go. */
export const maxBadFrames = 5;
/** A digest that failed this often is given up. */
export const maxBadDigests = 3;
/** Gateways that an event may pass on its way; one more and it is put aside. */
export const maxHops = 4;
/** Octets of the result of a command, over all of its RES. */
export const maxResultBytes = 1_048_576;
/** Files of one command, and their octets together. */
export const maxCommandFiles = 64;
export const maxCommandFilesBytes = 72 * 1_048_576;
/** Octets of such a file that are asked for at once: small, so that an acknowledgement on a slow line never waits long behind them. */
export const commandPieceBytes = 16_384;
/** Ranges that one ACK may list for a lane. */
export const maxSackRanges = 16;
/** Lanes, most urgent first: alarm, event, low. */
export const lanes = [0, 1, 2] as const;

/** What READY announces. */
export interface Limits {
  readonly maxEvent: number;
  readonly maxBatch: number;
  readonly maxBlob: number;
  readonly maxChunk: number;
}

export const limits: Limits = {
  maxEvent: maxPayloadBytes - 2,
  maxBatch: maxBatchEvents,
  maxBlob: maxBlobBytes,
  maxChunk: maxPayloadBytes,
};

/** Seconds for which an ERR sends a box away (unauth: after a wrong AUTH), and the BYE after too many bad frames. */
export const awaySec = {
  unauth: 30,
  revoked: 600,
  unsupported: 600,
  internal: 5,
  draining: 2,
  badFrames: 600,
} as const;
/** The same for busy where too many have not shown who they are; `random` in 0..1. */
export const crowdedSec = (random: number): number => 5 + random * 55;

/** How much a box may have on the way at once; totals in ACK count from the start of the session. */
export const window = { msgs: 256, bytes: 262_144 } as const;
/** The same for evidence, smaller: it shares the line with alarms. */
export const bulkWindowBytes = 131_072;
/** Seconds between beats of an event socket, and of an evidence socket on which something is on its way. */
export const beatSec = 30;
/** What has nothing to tell is said at every fourth beat: health of which only numbers changed, and that an idle evidence socket is still there. Less than `silentBeats.B`. */
export const quietBeats = 4;
/** How long a box waits for the answer to a beat, and for an acknowledgement that moves, before it takes the line for dead. */
export const answerMs = 45_000;
/** Beats without a frame after which a platform forgets a session. */
export const silentBeats = { E: 3, B: 6 } as const;

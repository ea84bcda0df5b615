/** Plays a clip in a loop as RTP packets, in real time, with time stamps that never step back. */
import type { Clock } from "../../runtime/clock.ts";
import type { AccessUnit, Clip } from "./clip.ts";
import type { Fault } from "./fault.ts";
import { payloadsOf, rtpHeader } from "./rtp.ts";
import { payloadTypeOf } from "./sdp.ts";

/** What a player needs; `clip` and `fault` are asked again for each picture, so that both can change while it plays. */
export interface PlayerOptions {
  readonly clock: Clock;
  readonly clip: () => Clip;
  readonly fault: () => Fault;
  readonly send: (packet: Buffer) => void;
  readonly random: () => number;
  /** Told of each picture that is sent, whatever of it is lost. */
  readonly onPicture: () => void;
}

/** More lateness than this is dropped instead of made up: a machine that slept must not burst. */
const maxLatenessMs = 1_000;

/** Sends until `signal` aborts. */
export async function play(options: PlayerOptions, signal: AbortSignal): Promise<void> {
  const { clock, random } = options;
  const source = Math.floor(random() * 2 ** 32);
  let [sequence, timestamp] = [Math.floor(random() * 2 ** 16), Math.floor(random() * 2 ** 32)];
  let originMs = clock.monotonicMs();
  let jumped = false;
  let [clip, index] = [options.clip(), 0];
  while (!isAborted(signal)) {
    const unit = clip.accessUnits[index];
    if (!unit) {
      // The next round starts where the last one ended, on the wall and in the time stamps.
      originMs += clip.duration90k / 90;
      timestamp += clip.duration90k;
      index = 0;
      continue;
    }
    const lateMs = clock.monotonicMs() - (originMs + unit.decode90k / 90);
    if (lateMs > maxLatenessMs) originMs += lateMs;
    if (lateMs < 0 && !(await slept(clock, -lateMs, signal))) return;
    const fault = options.fault();
    if (fault.kind === "clock-jump" && !jumped) [timestamp, jumped] = [timestamp + fault.seconds * 90_000, true];
    if (fault.kind !== "freeze" && fault.kind !== "mute") {
      sequence = sendUnit(options, clip, unit, { sequence, timestamp, source });
      options.onPicture();
    }
    if (fault.kind === "dribble" && !(await slept(clock, fault.seconds * 1_000, signal))) return;
    index += 1;
    const wanted = options.clip();
    if (wanted !== clip) {
      originMs = clock.monotonicMs();
      timestamp += unit.decode90k + 90_000 / 10;
      [clip, index] = [wanted, 0];
    }
  }
}

/** Sends one access unit and returns the next sequence number; a lost packet still uses its number up. */
function sendUnit(
  options: PlayerOptions,
  clip: Clip,
  unit: AccessUnit,
  at: { readonly sequence: number; readonly timestamp: number; readonly source: number },
): number {
  const fault = options.fault();
  let sequence = at.sequence;
  const payloads = payloadsOf(clip, unit);
  for (const [i, payload] of payloads.entries()) {
    const head = rtpHeader({
      payloadType: payloadTypeOf(clip),
      marker: i === payloads.length - 1,
      sequence,
      timestamp: at.timestamp + unit.presentation90k,
      source: at.source,
    });
    sequence = (sequence + 1) & 0xffff;
    if (fault.kind === "loss" && options.random() < fault.share) continue;
    options.send(Buffer.concat([head, payload]));
  }
  return sequence;
}

async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false; // Aborted: the viewer went away.
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

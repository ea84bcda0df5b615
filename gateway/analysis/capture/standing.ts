/** How one stream of a camera stands: its state, what went wrong last, and how often it was tried. */
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { CameraState, CaptureStatus, SaidError } from "../../runtime/status.ts";
import { supervise } from "../../runtime/supervise.ts";
import { comesBack, type AwaitedStream } from "./return-watch.ts";

/** A fault that only a person can mend is looked at again after this long: the mending may not tell us. */
const brokenMs = 300_000;
/** One that answers but was not seen gone is tried at most this often before its pause is over: it may show nothing still. */
const trustEveryMs = 30_000;
/** And this often when the last such try showed pictures. */
const provedEveryMs = 10_000;

/** Kept by whoever keeps a stream coming: the frames of a camera, or the newest seconds of its evidence. */
export class Standing {
  readonly #clock: Clock;
  readonly #onError: ((error: SaidError) => void) | undefined;
  #state: CameraState;
  #sinceMs: number;
  #sessions = 0;
  #lastError: SaidError | null = null;
  #trustedMs = -Infinity;
  #hasProved = false;

  /** @param onError told of every failed connection */
  constructor(clock: Clock, onError?: (error: SaidError) => void, state: CameraState = "waiting") {
    this.#clock = clock;
    this.#onError = onError;
    this.#state = state;
    this.#sinceMs = clock.nowMs();
  }

  get isStreaming(): boolean {
    return this.#state === "streaming";
  }

  /** Connects again and again, by the policy of each failure and as soon as a camera that was gone is back, until `signal` aborts; throws only bugs. */
  async keep(
    stream: AwaitedStream,
    connect: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const clock = this.#clock;
    while (!signal.aborted) {
      try {
        await supervise(connect, signal, {
          clock,
          onFailure: (error) => this.#failed(error),
          worthTrying: (failure, pause) =>
            comesBack(stream, failure, { clock, ...pause, isTrusted: () => this.#isTrusted() }),
        });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        this.#failed(error);
        await clock.sleep(brokenMs, signal).catch(() => undefined); // Only stopping ends this sleep early.
      }
    }
  }

  /** Counts one more session. @returns its number, from 1 */
  begin(): number {
    this.#sessions += 1;
    return this.#sessions;
  }

  enter(state: CameraState): void {
    if (state === "streaming") this.#hasProved = true;
    if (this.#state === state) return;
    this.#state = state;
    this.#sinceMs = this.#clock.nowMs();
  }

  say({ code, values }: GatewayError): void {
    this.#lastError = { code, values, atMs: this.#clock.nowMs() };
    this.#onError?.(this.#lastError);
  }

  /** Plain data, as of now. */
  status(): Pick<CaptureStatus, "state" | "sinceMs" | "reconnects" | "lastError"> {
    const reconnects = Math.max(0, this.#sessions - 1);
    return { state: this.#state, sinceMs: this.#sinceMs, reconnects, lastError: this.#lastError };
  }

  #isTrusted(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#trustedMs < (this.#hasProved ? provedEveryMs : trustEveryMs)) return false;
    this.#trustedMs = nowMs;
    this.#hasProved = false;
    return true;
  }

  #failed(error: unknown): void {
    this.enter("waiting");
    if (error instanceof GatewayError) this.say(error);
  }
}

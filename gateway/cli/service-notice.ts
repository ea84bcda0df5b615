/** What the service manager is told (`sd_notify`): that the box serves, that its main loop turns, that it stops. */
import { notifyService } from "../../native/index.ts";

/** Three signs in the time that the manager allows: two may be late. */
const signsInTime = 3;

/** One for the process. Every sign is sent by a timer of the main loop, so that a loop that is blocked sends none. */
export class ServiceNotice implements Disposable {
  readonly #socket: string;
  readonly #everyMs: number | null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param env NOTIFY_SOCKET: where to send, missing: nobody wants to know; WATCHDOG_USEC: microseconds without a sign after which the manager ends the process */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#socket = env["NOTIFY_SOCKET"] ?? "";
    const allowedMs = Number(env["WATCHDOG_USEC"]) / 1_000;
    this.#everyMs = allowedMs >= 1 ? allowedMs / signsInTime : null;
  }

  /** The page answers. From now on the manager waits for signs of life. False: somebody wanted to know and could not be told. */
  ready(): boolean {
    const isTold = this.#say("READY=1");
    if (this.#everyMs !== null && this.#socket !== "") {
      clearInterval(this.#timer);
      this.#timer = setInterval(() => this.#say("WATCHDOG=1"), this.#everyMs);
      this.#timer.unref();
    }
    return isTold;
  }

  /** It stops from here on; what takes too long is the manager's own limit. */
  stopping(): void {
    this.#say("STOPPING=1");
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #say(text: string): boolean {
    return this.#socket === "" || notifyService(this.#socket, text) === true;
  }
}

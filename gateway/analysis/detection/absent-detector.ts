/** In the place of a detector whose model cannot be used: it looks at nothing, and says why. */
import type { DetectorStatus, SaidError } from "../../runtime/status.ts";
import type { Detector } from "./detector.ts";

/** Open by its very making; there is nothing to dispose. */
export class AbsentDetector implements Detector {
  readonly #model: string;
  readonly #error: SaidError;

  /** @param model its name, which is all that is known @param error why it cannot be used */
  constructor(model: string, error: SaidError) {
    this.#model = model;
    this.#error = error;
  }

  /** Not looked at. */
  detect(): Promise<null> {
    return Promise.resolve(null);
  }

  status(): DetectorStatus {
    const none = { runs: 0, failures: 0, restarts: 0, runMsP50: null, runMsP95: null };
    return { model: this.#model, state: "stopped", pids: [], ...none, lastError: this.#error };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

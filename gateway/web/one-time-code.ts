/** The eight digits on the console: good for a quarter of an hour, for ten tries from anywhere, for one use. */
import { randomInt } from "node:crypto";
import type { Clock } from "../runtime/clock.ts";

/** How long the code is good. */
const codeMs = 15 * 60_000;
/** Wrong codes from anywhere before it dies: 10 of 10^8. */
const codeTries = 10;

/** One code. */
export class OneTimeCode {
  readonly #clock: Clock;
  readonly #text = String(randomInt(0, 100_000_000)).padStart(8, "0");
  readonly #untilMs: number;
  #triesLeft = codeTries;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#untilMs = clock.monotonicMs() + codeMs;
  }

  /** Null once it is dead. */
  get text(): string | null {
    return this.#triesLeft > 0 && this.#clock.monotonicMs() < this.#untilMs ? this.#text : null;
  }

  /** Whether `given` is the code; a wrong one costs a try. Blanks do not count. */
  fits(given: string): boolean {
    if (this.text === null) return false;
    if (given.replaceAll(/\s/g, "") === this.#text) return true;
    this.#triesLeft -= 1;
    return false;
  }

  /** It was used. */
  end(): void {
    this.#triesLeft = 0;
  }
}

/** How many boxes may shake hands at once: the others are told when to come back, each at another moment; pure. */

/** A token bucket of handshakes, and a queue that exists only as a number. */
export interface AdmissionLimits {
  /** Handshakes a second. Default 500: two sockets of 2,000 boxes within 8 s. */
  readonly perSecond: number;
  /** Handshakes at once after a quiet time. Default 1,500: a refusal costs a box another CURVE handshake, the dearest part. */
  readonly burst: number;
}

export const defaultAdmission: AdmissionLimits = { perSecond: 500, burst: 1_500 };
/** Seconds for which a box is sent away at least, and at most. */
export const pauseSec = [0.5, 60] as const;

/** The door's pace. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #random: () => number;
  #tokens: number;
  /** Boxes that were sent away and have not had their turn. */
  #away = 0;
  #atMs: number | null = null;

  /** @param random in 0..1 */
  constructor(random: () => number, limits: AdmissionLimits = defaultAdmission) {
    this.#limits = limits;
    this.#random = random;
    this.#tokens = limits.burst;
  }

  /** Null: come in. Otherwise seconds to stay away: spread over the time that all who were sent away need, so that they do not come back together. */
  refuse(nowMs: number): number | null {
    const { perSecond, burst } = this.#limits;
    const passed = this.#atMs === null ? 0 : Math.max(0, nowMs - this.#atMs) / 1_000;
    this.#atMs = nowMs;
    this.#tokens = Math.min(burst, this.#tokens + passed * perSecond);
    this.#away = Math.max(0, this.#away - passed * perSecond);
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return null;
    }
    this.#away += 1;
    return Math.min(pauseSec[1], pauseSec[0] + (this.#away / perSecond) * (0.5 + this.#random()));
  }
}

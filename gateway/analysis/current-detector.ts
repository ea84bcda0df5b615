/** The detector that a model's name stands for now: it may become another while cameras look through it. */
import type { Frame } from "./capture/frame.ts";
import type { Detection } from "./detection/detection.ts";
import type { Detector } from "./detection/detector.ts";
import type { ModelPackage } from "./detection/model-package.ts";
import type { Box } from "./geometry.ts";
import type { DetectorStatus } from "../runtime/status.ts";

/** A detector and the model it runs; null: the model cannot be used, and nothing is looked at. */
export interface OpenDetector {
  readonly model: ModelPackage | null;
  readonly detector: Detector;
}

/** One use of it, from its coming to its going. */
interface Use extends OpenDetector {
  looking: number;
  /** Told when nobody looks any more. */
  idle: (() => void) | null;
}

/** Open by whoever made it; disposes what it holds. */
export class CurrentDetector implements AsyncDisposable {
  #now: Use;

  constructor(opened: OpenDetector) {
    this.#now = { ...opened, looking: 0, idle: null };
  }

  get model(): ModelPackage | null {
    return this.#now.model;
  }

  status(): DetectorStatus {
    return this.#now.detector.status();
  }

  /** As `Detector.detect`; a look that has begun is finished by the detector that began it. */
  async detect(frame: Frame, region: Box): Promise<readonly Detection[] | null> {
    const use = this.#now;
    use.looking += 1;
    try {
      return await use.detector.detect(frame, region);
    } finally {
      use.looking -= 1;
      if (use.looking === 0) use.idle?.();
    }
  }

  /** From the next look on `next` answers; returns when the former one has answered all it was asked, and is gone. */
  async replace(next: OpenDetector): Promise<void> {
    const former = this.#now;
    this.#now = { ...next, looking: 0, idle: null };
    if (former.looking > 0)
      await new Promise<void>((resolve) => {
        former.idle = resolve;
      });
    await former.detector[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#now.detector[Symbol.asyncDispose]();
  }
}

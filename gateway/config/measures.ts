/** What rules on a measurement can name, and what a zones file must hold so that it is measured at all. */

/** Who supplies a measurement: the picture of any camera, or a part of the zones file. */
export type MeasureSource = "picture" | "gauge" | "flow" | "water";

/** A measurement as rules see it. */
export interface Measured {
  readonly source: MeasureSource;
  /** Greatest value it can have; left out: no natural end. None is ever below zero but a water level. */
  readonly most?: number;
}

const picture: Measured = { source: "picture" };
const share: Measured = { source: "picture", most: 1 };
const luma: Measured = { source: "picture", most: 255 };

/** Every measurement by name; a test holds the list against what the path of a frame really gives to its rules. */
export const measured: Readonly<Record<string, Measured>> = {
  brightness: luma,
  contrast: { source: "picture", most: 127.5 },
  sharpness: picture,
  blackShare: share,
  change: luma,
  frozenSec: picture,
  sharpnessRatio: picture,
  coveredShare: share,
  referenceMatch: share,
  contrastRatio: picture,
  castK: picture,
  noiseSigma: luma,
  stripeRatio: picture,
  blockiness: picture,
  shakePx: picture,
  frameRateRatio: picture,
  clockOffsetSec: picture,
  noFrameSec: picture,
  blind: picture,
  waterColourShare: { source: "water", most: 1 },
  waterLevelM: { source: "gauge" },
  surfaceSpeedMps: { source: "flow", most: 15 },
};

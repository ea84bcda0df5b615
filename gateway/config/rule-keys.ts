/** Which keys a rule of each kind goes by (pure): the others may be written and would do nothing. */
import type { RuleConfig } from "./zones-schema.ts";

type Kind = NonNullable<RuleConfig["kind"]>;
type Key = keyof RuleConfig;

/** What every rule has, whatever it looks at. */
const ofAll: readonly Key[] = [
  "type",
  "id",
  "kind",
  "enabled",
  "clearSec",
  "cooldownSec",
  "updateSec",
  "severity",
  "purpose",
  "schedule",
  "hours",
  "season",
  "certainty",
  "escalate",
];
const ofTracks: readonly Key[] = ["labels", "score", "minSize", "maxSize", "minArea"];
/** Of a condition that is held; what happens in a moment has none. */
const ofHeld: readonly Key[] = ["suspectedSec", "detectedSec"];
const company: readonly Key[] = ["with", "withAll", "without", "reach"];
const crossing: readonly Key[] = [...ofTracks, "minTrackSec", "threshold", "windowSec"];
const onMeasure: readonly Key[] = [...ofHeld, "measure", "threshold", "below"];
const dwell: readonly Key[] = [
  ...ofTracks,
  ...ofHeld,
  ...company,
  "rodReach",
  "minObjects",
  "sameSpot",
  "maxSpeed",
  "jerksPerMin",
];

const ofKind: Readonly<Record<Kind, readonly Key[]>> = {
  "presence-dwell": dwell,
  count: [...ofTracks, ...ofHeld, "threshold", "clearBelow", "persistRatio"],
  // With company it is a dwell.
  "co-presence-ratio": [...dwell, "threshold", "per", "windowSec", "persistRatio"],
  "line-crossing": [...crossing, "direction"],
  enter: crossing,
  exit: crossing,
  "wrong-direction": [...ofTracks, ...ofHeld, "heading", "headingTolerance"],
  absence: [...ofTracks, ...ofHeld, "minObjects"],
  "left-object": [...ofTracks, ...ofHeld, ...company, "persistRatio", "sameSpot"],
  "removed-object": [...ofTracks, ...ofHeld, "minTrackSec", "sameSpot"],
  "area-ratio": [
    ...ofTracks,
    ...ofHeld,
    "threshold",
    "clearBelow",
    "persistRatio",
    "boxFill",
    "minObjects",
    "largest",
    "minTrackSec",
    "drift",
    // How far, and in what time: of what has to drift.
    "sameSpot",
    "windowSec",
  ],
  "level-threshold": [...onMeasure, "clearBy", "riseMin"],
  "scene-quality": [...onMeasure, "clearBy", "persistRatio"],
};

/** The keys that a rule goes by; null for a kind that does not exist. */
export function keysOf(kind: string, isLine: boolean): readonly string[] | null {
  const own = kind in ofKind ? ofKind[kind as Kind] : null;
  if (own === null) return null;
  // A line tells the way itself: who crosses it does so in a moment.
  return [...ofAll, ...(isLine && kind === "wrong-direction" ? ofKind["line-crossing"] : own)];
}

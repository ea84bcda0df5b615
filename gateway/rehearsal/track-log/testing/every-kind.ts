/** Zones and lines of every shape with every kind of rule, quick to fire and to clear. */
const quick = { clearSec: 2, cooldownSec: 3 };

/** Every kind of rule, in places of every shape, with and without a calendar. */
export const everyKind: unknown = {
  schema: "xueliang.zones/1",
  camera: "cam",
  zones: [
    {
      id: "left",
      polygon: [
        [0.05, 0.1],
        [0.45, 0.05],
        [0.5, 0.6],
        [0.3, 0.95],
        [0.1, 0.7],
      ],
      rules: [
        { type: "site-intrusion", ...quick, suspectedSec: 1, detectedSec: 4, updateSec: 5 },
        {
          type: "our-news",
          kind: "presence-dwell",
          ...quick,
          suspectedSec: 1,
          detectedSec: 2,
          updateSec: 5,
          severity: 3,
          escalate: [{ at: 12, severity: 2 }],
        },
        { type: "our-pair", kind: "presence-dwell", ...quick, minObjects: 2, detectedSec: 3, suspectedSec: 2 },
        {
          type: "our-keen",
          kind: "presence-dwell",
          ...quick,
          score: 0.7,
          minSize: 0.12,
          suspectedSec: 0,
          detectedSec: 2,
        },
        { type: "our-still", kind: "presence-dwell", ...quick, sameSpot: 0.4, detectedSec: 5 },
        { type: "our-watched", kind: "presence-dwell", ...quick, with: ["fishing-rod"], detectedSec: 3 },
        { type: "our-hours", kind: "presence-dwell", ...quick, detectedSec: 3, hours: "12:01-12:03" },
        { type: "fishing-multi-rod", ...quick, suspectedSec: 2, detectedSec: 5 },
        { id: "soon", type: "fishing-multi-rod", ...quick, windowSec: 2, suspectedSec: 0.4, detectedSec: 1 },
        { type: "crowd-gathering", threshold: 2, detectedSec: 2, ...quick },
        { id: "three", type: "crowd-gathering", threshold: 3, detectedSec: 1, clearBelow: 0.6, ...quick },
        { type: "floating-debris", labels: ["fishing-rod"], suspectedSec: 1, detectedSec: 3, ...quick },
        { type: "post-absence", detectedSec: 6, ...quick },
        { id: "strict", type: "post-absence", score: 0.7, ...quick, suspectedSec: 1, detectedSec: 3, updateSec: 5 },
        { id: "pair", type: "post-absence", minObjects: 2, detectedSec: 2, hours: "11:59-12:01", ...quick },
        { id: "no-number", type: "crowd-over-capacity", detectedSec: 0, ...quick },
        { type: "object-left", labels: ["fishing-rod"], detectedSec: 4, suspectedSec: 2, ...quick },
        {
          type: "our-theft",
          kind: "removed-object",
          labels: ["fishing-rod"],
          minTrackSec: 2,
          detectedSec: 2,
          ...quick,
        },
        { type: "our-entry", kind: "enter", ...quick },
        { type: "our-exit", kind: "exit", ...quick },
        { type: "wrong-way-vehicle", labels: ["person"], heading: 0, suspectedSec: 1, detectedSec: 1, ...quick },
        { type: "video-black", detectedSec: 2, ...quick },
        { type: "water-level-warning", threshold: 180.5, detectedSec: 2, suspectedSec: 1, ...quick },
      ],
    },
    {
      id: "edge",
      anchor: "center",
      polygon: [
        [0.6, 0.4],
        [1, 0.4],
        [1, 1],
        [0.6, 1],
      ],
      rules: [{ type: "our-edge", kind: "presence-dwell", ...quick, suspectedSec: 1, detectedSec: 3 }],
    },
    {
      id: "foot",
      polygon: [
        [0.5, 0.5],
        [1, 0.5],
        [1, 1],
        [0.5, 1],
      ],
      rules: [{ type: "our-foot", kind: "presence-dwell", ...quick, suspectedSec: 1, detectedSec: 3 }],
    },
    {
      id: "any",
      anchor: "any",
      polygon: [
        [0.2, 0.2],
        [0.4, 0.2],
        [0.3, 0.4],
      ],
      rules: [{ type: "our-touch", kind: "presence-dwell", ...quick, suspectedSec: 1, detectedSec: 3 }],
    },
  ],
  lines: [
    {
      id: "line",
      from: [0.1, 0.5],
      to: [0.9, 0.55],
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }],
    },
    {
      id: "bent",
      from: [0.2, 0.3],
      via: [
        [0.3, 0.8],
        [0.6, 0.8],
      ],
      to: [0.7, 0.3],
      direction: "left-to-right",
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }],
    },
  ],
};

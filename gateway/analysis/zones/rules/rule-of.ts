/** From settings to the rule of that kind. */
import { needsTracks, type Heed, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import type { Line } from "../line.ts";
import type { Zone } from "../zone.ts";
import { Absence } from "./absence.ts";
import { AreaRatio } from "./area-ratio.ts";
import { Border } from "./border.ts";
import { CoPresenceRatio } from "./co-presence-ratio.ts";
import { Count } from "./count.ts";
import { LeftObject } from "./left-object.ts";
import { LevelThreshold } from "./level-threshold.ts";
import { LineCrossing } from "./line-crossing.ts";
import { PresenceDwell } from "./presence-dwell.ts";
import { RemovedObject } from "./removed-object.ts";
import { SceneQuality } from "./scene-quality.ts";
import { WrongDirection } from "./wrong-direction.ts";

/** Where a rule lies. */
export type Place = { readonly zone: Zone } | { readonly line: Line };

/**
 * The rule of these settings. One that lacks what its kind needs (a threshold, a zone) never fires and says why, so that a
 * half-written rule does not stop a box.
 */
export function ruleOf(settings: RuleSettings, place: Place, aspect: number): Rule {
  if (settings.kind === "level-threshold" || settings.kind === "scene-quality") return ruleOnMeasure(settings);
  return "zone" in place ? ruleInZone(settings, place.zone, aspect) : ruleOnLine(settings, place.line, aspect);
}

function ruleOnMeasure(settings: RuleSettings): Rule {
  const { kind, measure, threshold } = settings;
  if (measure === undefined) return idle(settings, "measure", "the name of a measurement");
  if (threshold === undefined) return idle(settings, "threshold", "a number");
  return kind === "scene-quality"
    ? new SceneQuality(settings, { measure, threshold })
    : new LevelThreshold(settings, { measure, threshold });
}

function ruleOnLine(settings: RuleSettings, line: Line, aspect: number): Rule {
  const crosses = settings.kind === "line-crossing" || settings.kind === "wrong-direction";
  return crosses ? new LineCrossing(settings, line, aspect) : idle(settings, "kind", "a zone");
}

function ruleInZone(settings: RuleSettings, zone: Zone, aspect: number): Rule {
  const { threshold, heading } = settings;
  switch (settings.kind) {
    case "presence-dwell":
      return new PresenceDwell(settings, zone, aspect);
    case "count":
      return threshold === undefined ? idle(settings, "threshold", "a number") : new Count(settings, zone, threshold);
    case "co-presence-ratio": {
      const company = settings.with ?? settings.withAll ?? settings.without;
      // Company asked for by label is a matter of yes or no; only without it is there a ratio to take.
      if (company) return new PresenceDwell(settings, zone, aspect);
      return new CoPresenceRatio(settings, zone, { threshold: threshold ?? 1, aspect });
    }
    case "area-ratio":
      return threshold === undefined
        ? idle(settings, "threshold", "a share")
        : new AreaRatio(settings, zone, threshold);
    case "enter":
      return new Border(settings, zone, { way: "in", aspect });
    case "exit":
      return new Border(settings, zone, { way: "out", aspect });
    case "line-crossing":
      // On a zone the line is its border, crossed inwards.
      return new Border(settings, zone, { way: "in", aspect });
    case "wrong-direction":
      return heading === undefined
        ? idle(settings, "heading", "degrees")
        : new WrongDirection(settings, zone, { heading, aspect });
    case "absence":
      return new Absence(settings, zone);
    case "left-object":
      return new LeftObject(settings, zone, aspect);
    case "removed-object":
      return new RemovedObject(settings, zone, aspect);
    case "level-threshold":
    case "scene-quality":
      return ruleOnMeasure(settings);
    default:
      return settings.kind satisfies never;
  }
}

/** A rule that cannot run: its state is unknown for ever, and its trace says what is missing. */
function idle({ path, labels }: RuleSettings, key: "measure" | "threshold" | "heading" | "kind", limit: string): Rule {
  const verdict: Verdict = {
    state: "unknown",
    heldMs: 0,
    value: 0,
    threshold: 0,
    measure: {},
    objects: [],
    steps: [{ step: "complete", passed: false, value: "missing", limit, setting: `${path}/${key}` }],
  };
  const heeds: Heed = { labels, anchor: "bottom", within: null, touches: () => false, least: Infinity };
  return { needs: needsTracks, heeds, rests: () => true, look: () => verdict };
}

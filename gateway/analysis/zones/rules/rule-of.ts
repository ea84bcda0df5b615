/** From settings to the rule of that kind. */
import type { Line, Zone } from "../zone.ts";
import type { Rule, Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { AreaRatio } from "./area-ratio.ts";
import { CoPresenceRatio } from "./co-presence-ratio.ts";
import { Count } from "./count.ts";
import { PresenceDwell } from "./presence-dwell.ts";

/** Where a rule lies. */
export type Place = { readonly zone: Zone } | { readonly line: Line };

/**
 * The rule of these settings. One that lacks what its kind needs (a threshold, a zone) never fires and says why, so that a
 * half-written rule does not stop a box.
 */
export function ruleOf(settings: RuleSettings, place: Place, aspect: number): Rule {
  const { kind, threshold, path } = settings;
  if (!("zone" in place)) return idle(`${path}/kind`, "a zone");
  const { zone } = place;
  switch (kind) {
    case "presence-dwell":
      return new PresenceDwell(settings, zone, aspect);
    case "count":
      return threshold === undefined ? idle(`${path}/threshold`, "a number") : new Count(settings, zone, threshold);
    case "co-presence-ratio": {
      const company = settings.with ?? settings.withAll ?? settings.without;
      // Company asked for by label is a matter of yes or no; only without it is there a ratio to take.
      return company
        ? new PresenceDwell(settings, zone, aspect)
        : new CoPresenceRatio(settings, zone, { threshold: threshold ?? 1, aspect });
    }
    case "area-ratio":
      return threshold === undefined ? idle(`${path}/threshold`, "a number") : new AreaRatio(settings, zone, threshold);
    default:
      return idle(`${path}/kind`, "a kind that runs");
  }
}

/** A rule that cannot run: its state is unknown for ever, and its trace says what is missing. */
function idle(setting: string, limit: string): Rule {
  const verdict: Verdict = {
    state: "unknown",
    heldMs: 0,
    value: 0,
    threshold: 0,
    measure: {},
    objects: [],
    steps: [{ step: "complete", passed: false, value: "missing", limit, setting }],
  };
  return { needs: "tracks", look: () => verdict };
}

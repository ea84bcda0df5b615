/** Persons and rods of one frame as the rules count them: in the zones that ask for them, a rod with the person in reach. */
import type { ZonesConfig } from "../config/zones-schema.ts";
import type { Track } from "../analysis/tracking/track.ts";
import { CoPresenceRatio } from "../analysis/zones/rules/co-presence-ratio.ts";
import { settle } from "../analysis/zones/settings.ts";
import { zoneOf } from "../analysis/zones/zone.ts";

/** What is counted of a frame. */
export interface Heads {
  readonly persons: number;
  /** Rods in reach of a person. */
  readonly rods: number;
}

/** The counter of one story: the very rule on rods per person, on every zone that heeds persons or rods. */
export class Headcount {
  readonly #rules: readonly CoPresenceRatio[];

  constructor(zones: ZonesConfig, aspect: number) {
    const counting = settle({ type: "fishing-multi-rod" }, "zones/counted");
    if (counting === null) throw new Error("the catalogue has no rule on rods per person");
    const asks = (zone: ZonesConfig["zones"][number]): boolean =>
      zone.rules.some((rule) => {
        const labels = settle(rule, `zones/${zone.id}`)?.labels ?? [];
        return labels.some((label) => label === "person" || counting.labels.includes(label));
      });
    this.#rules = zones.zones
      .filter(asks)
      .map((zone) => new CoPresenceRatio(counting, zoneOf(zone), { threshold: 1, aspect }));
  }

  count(t: number, tracks: readonly Track[]): Heads {
    let [persons, rods] = [0, 0];
    for (const rule of this.#rules) {
      const { measure } = rule.look({ t, beforeT: t, nowMs: t, tracks, measures: {} });
      persons += measure["persons"] ?? 0;
      rods += measure["rods"] ?? 0;
    }
    return { persons, rods };
  }
}

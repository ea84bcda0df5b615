/** A station's own levels (警戒水位, 保证水位) for rules that name none: values come from the config, never from the box. */
import type { GaugeConfig } from "./gauge-schema.ts";
import type { RuleConfig } from "./zones-schema.ts";

/** Which level of the station an event type is about. */
export const levelOfType: Readonly<Record<string, keyof NonNullable<GaugeConfig["levels"]>>> = {
  "water-level-warning": "warning",
  "water-level-guaranteed": "guaranteed",
  "water-level-low": "low",
};

/** The rule with the gauge's level as threshold, where it has none and the gauge knows one. */
export function withStationLevel(rule: RuleConfig, gauge: GaugeConfig | undefined): RuleConfig {
  const key = rule.threshold === undefined ? levelOfType[rule.type] : undefined;
  const threshold = key === undefined ? undefined : gauge?.levels?.[key];
  return threshold === undefined ? rule : { ...rule, threshold };
}

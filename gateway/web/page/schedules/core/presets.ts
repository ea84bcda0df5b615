/** Ready-made windows (pure). */
import type { Window } from "./week.ts";

/** By name. */
export const presets = {
  always: [{ from: "00:00", to: "24:00" }],
  workdays: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }],
  night: [{ from: "22:00", to: "06:00" }],
  daylight: [{ from: "sunrise", to: "sunset" }],
} as const satisfies Record<string, readonly Window[]>;

export type Preset = keyof typeof presets;

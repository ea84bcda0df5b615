/** Occurrences hour by hour, in the hours of the site's clock (pure). */
import type { HourCount } from "../preview.ts";
import type { Happening } from "./difference.ts";

const hourMs = 3_600_000;

/** One count for each hour that the window touches; time zones whose hours begin at half past are kept to. */
export function hoursOf(
  window: { readonly fromMs: number; readonly toMs: number; readonly timezone: string },
  live: readonly Happening[],
  draft: readonly Happening[],
): readonly HourCount[] {
  const { fromMs, toMs, timezone } = window;
  const minutes = new Intl.DateTimeFormat("en-US", { timeZone: timezone, minute: "numeric" });
  const firstMs = Math.floor(fromMs / 60_000) * 60_000 - Number(minutes.format(fromMs)) * 60_000;
  const count = Math.max(0, Math.ceil((toMs - firstMs) / hourMs));
  const counted = (of: readonly Happening[]): number[] => {
    const counts = new Array<number>(count).fill(0);
    for (const { startMs } of of) {
      const hour = Math.floor((startMs - firstMs) / hourMs);
      if (hour >= 0 && hour < count) counts[hour] = (counts[hour] ?? 0) + 1;
    }
    return counts;
  };
  const [ofLive, ofDraft] = [counted(live), counted(draft)];
  return ofLive.map((n, hour) => ({ atMs: firstMs + hour * hourMs, live: n, draft: ofDraft[hour] ?? 0 }));
}

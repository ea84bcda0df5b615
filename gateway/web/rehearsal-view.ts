/** Answers of the rehearsal as the contract tells them (pure). */
import type * as rehearsal from "../rehearsal/preview.ts";
import type { Distributions, Happening, PreviewAnswer, RegressionCase, WhyAnswer } from "./api.ts";

/** Most dwells that are sent for one zone. */
const maxDwells = 500;
const binCount = 20;

/** A preview. */
export function previewOf(answer: rehearsal.PreviewAnswer, doubts: PreviewAnswer["doubts"]): PreviewAnswer {
  const isGone = new Set(answer.gone);
  return {
    present: answer.live.length,
    draft: answer.draft.length,
    gone: answer.gone.map(happeningOf),
    added: answer.added.map(happeningOf),
    kept: answer.live.filter((one) => !isGone.has(one)).map(happeningOf),
    hours: answer.hours.map(({ atMs, live, draft }) => ({ startMs: atMs, present: live, draft })),
    frames: answer.frames,
    firstMs: answer.firstMs,
    lastMs: answer.lastMs,
    missingFrames: answer.missingFrames,
    tookMs: answer.ms,
    doubts,
    limits: answer.damagedBytes > 0 ? ["log-damaged"] : [],
  };
}

function happeningOf({ rule, zone, type, startMs, endMs, certainty, tracks }: rehearsal.Happening): Happening {
  return { rule, zone, type, startMs, endMs, certainty, tracks };
}

/** Every rule's reasoning. */
export function whyOf(
  { atMs, rules, tracks, open }: rehearsal.WhyAnswer,
  paths: readonly rehearsal.TrackPath[],
): WhyAnswer {
  return {
    atMs,
    rules: rules.map((one) => ({
      rule: one.ruleId,
      zone: one.zoneId,
      type: one.eventType,
      steps: one.steps,
      openSinceMs: one.open
        ? (open.find(({ rule, type }) => rule === one.ruleId && type === one.eventType)?.startMs ?? atMs)
        : null,
    })),
    tracks: tracks.map(({ id, label, score }) => ({ id, label, score })),
    path: paths[0]?.points ?? [],
  };
}

/** What lies behind the sliders. */
export function distributionsOf(
  { scores, sizes, dwells, medianWidth }: rehearsal.Histograms,
  marked: Distributions["marked"],
): Distributions {
  const each = <T>(
    all: Readonly<Record<string, rehearsal.Histogram>>,
    of: (one: rehearsal.Histogram) => T,
  ): Record<string, T> => Object.fromEntries(Object.entries(all).map(([name, one]) => [name, of(one)]));
  const dwellsOf = each(dwells, secondsOf);
  return { scores: each(scores, twenty), heights: each(sizes, twenty), dwells: dwellsOf, medianWidth, marked };
}

/** Twenty bins of 0.05; a bin across an edge counts where its middle lies. */
function twenty({ edges, counts }: rehearsal.Histogram): readonly number[] {
  const bins = new Array<number>(binCount).fill(0);
  counts.forEach((count, index) => {
    const middle = ((edges[index] ?? 0) + (edges[index + 1] ?? edges[index] ?? 0)) / 2;
    const bin = Math.min(binCount - 1, Math.max(0, Math.floor(middle * binCount)));
    bins[bin] = (bins[bin] ?? 0) + count;
  });
  return bins;
}

/** One number for each track, in the middle of its bin; a long list is thinned evenly. */
function secondsOf({ edges, counts }: rehearsal.Histogram): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const share = Math.min(1, maxDwells / Math.max(1, total));
  return counts.flatMap((count, index) => {
    const [from = 0, to = from] = [edges[index], edges[index + 1]];
    return new Array<number>(Math.ceil(count * share)).fill((from + to) / 2);
  });
}

/** How often each type began in each zone. */
export function countsOf(happenings: readonly rehearsal.Happening[]): RegressionCase["expected"] {
  const counts = new Map<string, { readonly type: string; readonly zone: string; count: number }>();
  for (const { type, zone } of happenings) {
    const key = `${type}\n${zone}`;
    const known = counts.get(key) ?? { type, zone, count: 0 };
    known.count += 1;
    counts.set(key, known);
  }
  return [...counts.values()].sort((a, b) => (`${a.type}${a.zone}` < `${b.type}${b.zone}` ? -1 : 1));
}

/** What is wrong with a gauge whose numbers are right: marks that no scale can go through (pure). */
import { calibrate, greatestResidualM } from "../analysis/gauge/calibration.ts";
import type { Problem } from "./diagnostic.ts";
import { valueAt } from "./raw.ts";
import { gaugeSchema } from "./gauge-schema.ts";

/** The file does not know the picture's shape; along a gauge that stands upright it hardly matters. */
const usualAspect = 16 / 9;

/** Problems of the gauge of a file whose values may have any shape. */
export function gaugeProblems(raw: unknown): Problem[] {
  const read = gaugeSchema.safeParse(valueAt(raw, ["gauge"]));
  if (!read.success) return [];
  const { from, to, marks } = read.data;
  const point = ([x, y]: readonly [number, number]): { x: number; y: number } => ({ x, y });
  const scale = calibrate(
    point(from),
    point(to),
    marks.map(({ at, m }) => ({ at: point(at), m })),
    usualAspect,
  );
  if (scale && scale.residualM <= greatestResidualM) return [];
  const detail = scale
    ? {
        en: `one is off by ${(scale.residualM * 100).toFixed(0)} cm`,
        zh: `有一处偏差 ${(scale.residualM * 100).toFixed(0)} 厘米`,
      }
    : { en: "they lie at one place or have one level", zh: "各点位置或水位相同" };
  return [{ code: "CONFIG_GAUGE_MARKS", severity: "error", path: ["gauge", "marks"], at: "value", values: { detail } }];
}

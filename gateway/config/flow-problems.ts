/** What is wrong with a section whose numbers are right: a line too short to follow anything along, marks that make no scale (pure). */
import type { Problem } from "./diagnostic.ts";
import { isSound, lengthOf, scaleOf } from "./flow-scale.ts";
import { flowSchema, type FlowLineConfig } from "./flow-schema.ts";
import { valueAt } from "./raw.ts";

/** The file does not know the picture's shape; along a line across it that hardly matters. */
const usualAspect = 16 / 9;
/** Share of the picture's height below which a line has too few pixels. */
const leastLength = 0.15;

/** Problems of the section of a file whose values may have any shape. */
export function flowProblems(raw: unknown): Problem[] {
  const read = flowSchema.safeParse(valueAt(raw, ["flow"]));
  if (!read.success) return [];
  return read.data.lines.flatMap((line, index): Problem[] => {
    const found = flaw(line);
    if (!found) return [];
    const { key, detail } = found;
    return [
      {
        code: "CONFIG_FLOW_LINE",
        severity: "error",
        path: ["flow", "lines", index, key],
        at: "value",
        values: { detail },
      },
    ];
  });
}

function flaw(
  line: FlowLineConfig,
): { readonly key: "to" | "marks"; readonly detail: { en: string; zh: string } } | null {
  const { from, to } = line;
  if (Math.hypot((to[0] - from[0]) * usualAspect, to[1] - from[1]) < leastLength)
    return { key: "to", detail: { en: "it is too short in the picture", zh: "在画面中过短" } };
  const scale = scaleOf(line, usualAspect);
  if (scale === null)
    return {
      key: "marks",
      detail: { en: "its marks lie at one place or at one distance", zh: "标定点位置或距离相同" },
    };
  if (isSound(scale)) return null;
  const off = scale.residualM.toFixed(1);
  const length = lengthOf(scale).toFixed(1);
  return {
    key: "marks",
    detail: { en: `a mark is off by ${off} m of ${length} m`, zh: `有一处标定点偏差 ${off} 米（全长 ${length} 米）` },
  };
}

/** `gauge:` of a zones file: the staff gauge in the picture. */
import { z } from "zod";
import { pointSchema } from "./point-schema.ts";
import { idSchema } from "./schema.ts";

const metres = z.number().min(-1_000).max(9_000);

/** A staff gauge in the picture: the box reads the water level from it. */
export const gaugeSchema = z.strictObject({
  id: idSchema.describe("name of the gauge | 水尺标识"),
  name: z.string().max(64).optional().describe("name for people | 水尺名称"),
  from: pointSchema.describe("upper end [x, y] of the line along the middle of the gauge | 水尺中线上端"),
  to: pointSchema.describe("lower end, under water at times | 水尺中线下端"),
  width: z
    .number()
    .min(0.004)
    .max(0.5)
    .describe("width of the board as a share of the picture's width | 尺面宽度占画面比例"),
  marks: z
    .array(z.strictObject({ at: pointSchema.describe("place [x, y]"), m: metres.describe("metres") }))
    .min(2)
    .max(16)
    .describe("places of known level; three or more correct a tilted view | 已知水位的标定点"),
  minM: metres.optional().describe("lower readings are no readings | 最低可信水位（米）"),
  maxM: metres.optional().describe("higher readings are no readings | 最高可信水位（米）"),
  maxRiseMPerMin: z
    .number()
    .min(0.001)
    .max(10)
    .default(0.3)
    .describe("fastest change believed, metres a minute | 最大涨落速率（米/分钟）"),
  datum: z.string().min(1).max(32).optional().describe("what the metres count from | 高程基准"),
  levels: z
    .strictObject({
      guard: metres.optional().describe("设防水位"),
      warning: metres.optional().describe("警戒水位"),
      guaranteed: metres.optional().describe("保证水位"),
      low: metres.optional().describe("低水位"),
    })
    .optional()
    .describe("the station's levels; rules without a threshold take them | 本站特征水位（米）"),
});

/** A valid gauge with defaults filled in. */
export type GaugeConfig = z.output<typeof gaugeSchema>;

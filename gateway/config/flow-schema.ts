/** `flow:` of a zones file: lines along the current, from which the box reads the speed of the water's surface. */
import { z } from "zod";
import { pointSchema } from "./point-schema.ts";
import { idSchema } from "./schema.ts";

/** One line that lies on the water along its current. */
export const flowLineSchema = z.strictObject({
  from: pointSchema.describe("upstream end [x, y] | 上游端"),
  to: pointSchema.describe("downstream end; faster than zero is in this direction | 下游端（正方向）"),
  marks: z
    .array(
      z.strictObject({
        at: pointSchema.describe("place [x, y] | 位置"),
        m: z.number().min(-10_000).max(10_000).describe("metres along the line | 沿线距离（米）"),
      }),
    )
    .min(2)
    .max(16)
    .describe("places of known distance on the water; three or more follow a line that runs away | 水面已知距离标定点"),
});

/** Where and how the surface speed is read. */
export const flowSchema = z.strictObject({
  id: idSchema.describe("name of the section | 断面标识"),
  name: z.string().max(64).optional().describe("name for people | 断面名称"),
  lines: z.array(flowLineSchema).min(1).max(4).describe("lines along the current, on open water | 沿流向测线"),
  maxMps: z
    .number()
    .min(0.2)
    .max(15)
    .default(5)
    .describe("fastest water believed, metres a second | 最大可信流速（米/秒）"),
});

/** A valid section with defaults filled in. */
export type FlowConfig = z.output<typeof flowSchema>;
/** One of its lines. */
export type FlowLineConfig = FlowConfig["lines"][number];

/** The one truth about `config/zones/<camera>.yaml`: zones, lines, masks and the rules on them. */
import { z } from "zod";
import { idSchema } from "./schema.ts";

const unit = z.number().min(0).max(1);
const pointSchema = z.tuple([unit, unit]);
const seconds = z.number().min(0).max(86_400);

/** What a zone is for; fishing law hangs on it. */
export const zoneKinds = ["no-fishing", "closed-season", "one-rod-water", "shoreline", "water", "restricted", "general"] as const;

/** A rule on a zone or line. Everything but `type` is optional: the catalogue holds the defaults of each event type. */
export const ruleSchema = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9-]{1,63}$/).describe("event type of the catalogue | 事件类型"),
  id: idSchema.optional().describe("name of the rule; the type when left out | 规则标识"),
  kind: z
    .enum(["presence-dwell", "count", "co-presence-ratio", "line-crossing", "enter", "exit", "wrong-direction", "absence", "left-object", "removed-object", "area-ratio", "level-threshold", "scene-quality"])
    .optional()
    .describe("rule kind; from the catalogue when left out | 规则种类"),
  enabled: z.boolean().optional().describe("false: the rule is kept but does not run | 是否启用"),
  labels: z.array(z.string().max(64)).min(1).max(16).optional().describe("labels that count | 目标类别"),
  score: unit.optional().describe("least score of a detection, 0..1 | 置信度阈值"),
  minSize: unit.optional().describe("least height of an object, 0..1 of the picture | 最小目标高度"),
  maxSize: unit.optional().describe("greatest height of an object, 0..1 of the picture | 最大目标高度"),
  suspectedSec: seconds.optional().describe("seconds held until `suspected` | 疑似所需持续秒数"),
  detectedSec: seconds.optional().describe("seconds held until `detected` | 确认所需持续秒数"),
  clearSec: seconds.optional().describe("seconds not held until the occurrence ends | 消除所需秒数"),
  cooldownSec: seconds.optional().describe("seconds after an end in which the same occurrence is opened again | 冷却秒数"),
  updateSec: z.number().min(5).max(86_400).optional().describe("least seconds between updates | 更新间隔秒数"),
  severity: z.int().min(1).max(4).optional().describe("1 highest .. 4 | 级别"),
  threshold: z.number().min(0).max(1_000_000).optional().describe("the number that must be passed, in the kind's own unit | 阈值"),
  clearBelow: unit.optional().describe("share of the threshold below which the condition counts as cleared | 消除比例"),
  windowSec: z.number().min(1).max(3_600).optional().describe("length of the sliding window | 滑动窗口秒数"),
  persistRatio: unit.optional().describe("share of the window's frames that must agree | 窗口内成立比例"),
  rodReach: z.number().min(0.1).max(5).optional().describe("how far from a person a rod's butt may be, in body heights | 竿与人的最大距离(身高倍数)"),
  boxFill: unit.optional().describe("share of a debris box that is debris | 漂浮物占框比例"),
  schedule: z.string().max(64).optional().describe("name of a schedule of this file | 布防时间表"),
});

/** A polygon with rules. */
export const zoneSchema = z.strictObject({
  id: idSchema.describe("name of the zone | 区域标识"),
  name: z.string().max(64).optional().describe("name for people | 区域名称"),
  kind: z.enum(zoneKinds).default("general").describe("what the zone is for | 区域性质"),
  polygon: z.array(pointSchema).min(3).max(64).describe("corners [x, y] in 0..1 of the picture | 多边形顶点(0..1)"),
  anchor: z.enum(["bottom", "center", "any"]).optional().describe("the point of a box that must lie inside; bottom centre by default | 判定点"),
  rules: z.array(z.union([z.string().transform((type) => ({ type })), ruleSchema])).max(32).default([]).describe("rules on this zone | 规则"),
});

/** A directed line with rules. */
export const lineSchema = z.strictObject({
  id: idSchema.describe("name of the line | 绊线标识"),
  name: z.string().max(64).optional().describe("name for people | 绊线名称"),
  from: pointSchema.describe("start [x, y] | 起点"),
  to: pointSchema.describe("end [x, y] | 终点"),
  direction: z.enum(["both", "left-to-right", "right-to-left"]).default("both").describe("side to side, looking from start to end | 方向"),
  rules: z.array(ruleSchema).max(32).default([]).describe("rules on this line | 规则"),
});

/** The whole file. */
export const zonesSchema = z.strictObject({
  schema: z.literal("xueliang.zones/1").describe("version of this file's layout | 文件版本"),
  camera: idSchema.describe("the camera these zones were drawn for | 摄像机"),
  zones: z.array(zoneSchema).max(64).default([]),
  lines: z.array(lineSchema).max(64).default([]),
  masks: z.array(z.strictObject({ id: idSchema, polygon: z.array(pointSchema).min(3).max(64) })).max(32).default([]).describe("privacy masks, burnt in before anything looks | 隐私遮挡"),
});

/** A valid zones file with defaults filled in. */
export type ZonesConfig = z.output<typeof zonesSchema>;
/** One zone of it. */
export type ZoneConfig = ZonesConfig["zones"][number];
/** One line of it. */
export type LineConfig = ZonesConfig["lines"][number];
/** One rule of it, before the catalogue's defaults are merged in. */
export type RuleConfig = z.output<typeof ruleSchema>;

/** A file with no zones, for a camera without one. */
export function emptyZones(camera: string): ZonesConfig {
  return { schema: "xueliang.zones/1", camera, zones: [], lines: [], masks: [] };
}

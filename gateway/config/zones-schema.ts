/** The one truth about `config/zones/<camera>.yaml`: zones, lines, masks and the rules on them. */
import { z } from "zod";
import { driftSchema } from "./drift-schema.ts";
import { flowSchema } from "./flow-schema.ts";
import { gaugeSchema } from "./gauge-schema.ts";
import { pointSchema, shareSchema } from "./point-schema.ts";
import { idSchema } from "./schema.ts";

/** Up to thirty days: an abandoned vehicle stands for weeks. */
const seconds = z.number().min(0).max(2_592_000);
const labelList = z.array(z.string().max(64)).min(1).max(16);
const clockTime = "([01]\\d|2[0-3]):[0-5]\\d";
const hoursPattern = new RegExp(`^(${clockTime}-(${clockTime}|24:00)|daylight|night)$`);
const dayOfYear = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
const seasonSchema = z.strictObject({
  from: dayOfYear.describe("first day, MM-DD, from 00:00 | 起始日"),
  to: dayOfYear.describe("last day, MM-DD, until 24:00 | 截止日"),
});
const edge = z.string().regex(new RegExp(`^(${clockTime}|24:00|(sunrise|sunset)([+-]\\d{1,3})?)$`));

/** When a rule is armed: inside one of the windows, on a day that fits. */
export const scheduleSchema = z.strictObject({
  id: idSchema.describe("name of the schedule | 时间表标识"),
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]))
          .min(1)
          .max(8)
          .optional()
          .describe("days on which the window begins; every day when left out | 星期"),
        from: edge.default("00:00").describe("HH:MM, or sunrise or sunset with minutes, as sunset-30 | 开始"),
        to: edge.default("24:00").describe("the same; not later than `from` means the next day | 结束"),
      }),
    )
    .min(1)
    .max(32)
    .optional()
    .describe("hours of the week; always when left out | 每周时段"),
  seasons: z
    .array(seasonSchema)
    .min(1)
    .max(16)
    .optional()
    .describe("parts of the year; the whole year when left out | 每年日期段"),
  skipHolidays: z.boolean().optional().describe("true: not on the holidays of this file | 节假日除外"),
});

/** What a zone is for; fishing law hangs on it. */
export const zoneKinds = [
  "no-fishing",
  "closed-season",
  "one-rod-water",
  "shoreline",
  "water",
  "restricted",
  "general",
] as const;

/** A rule on a zone or line. Everything but `type` is optional: the catalogue holds the defaults of each event type. */
export const ruleSchema = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,63}$/)
    .describe("event type of the catalogue | 事件类型"),
  id: idSchema.optional().describe("name of the rule; the type when left out | 规则标识"),
  kind: z
    .enum([
      "presence-dwell",
      "count",
      "co-presence-ratio",
      "line-crossing",
      "enter",
      "exit",
      "wrong-direction",
      "absence",
      "left-object",
      "removed-object",
      "area-ratio",
      "level-threshold",
      "scene-quality",
    ])
    .optional()
    .describe("rule kind; from the catalogue when left out | 规则种类"),
  enabled: z.boolean().optional().describe("false: the rule is kept but does not run | 是否启用"),
  labels: z.array(z.string().max(64)).min(1).max(16).optional().describe("labels that count | 目标类别"),
  score: shareSchema.optional().describe("least score of a detection, 0..1 | 置信度阈值"),
  minSize: shareSchema.optional().describe("least height of an object, 0..1 of the picture | 最小目标高度"),
  maxSize: shareSchema.optional().describe("greatest height of an object, 0..1 of the picture | 最大目标高度"),
  suspectedSec: seconds.optional().describe("seconds held until `suspected` | 疑似所需持续秒数"),
  detectedSec: seconds.optional().describe("seconds held until `detected` | 确认所需持续秒数"),
  clearSec: seconds.optional().describe("seconds not held until the occurrence ends | 消除所需秒数"),
  cooldownSec: seconds
    .optional()
    .describe("seconds after an end in which the same occurrence is opened again | 冷却秒数"),
  updateSec: z.number().min(5).max(86_400).optional().describe("least seconds between updates | 更新间隔秒数"),
  severity: z.int().min(1).max(4).optional().describe("1 highest .. 4 | 级别"),
  threshold: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe("the number that must be passed, in the kind's own unit | 阈值"),
  clearBelow: shareSchema
    .optional()
    .describe("share of the threshold below which the condition counts as cleared | 消除比例"),
  windowSec: z.number().min(1).max(3_600).optional().describe("length of the sliding window | 滑动窗口秒数"),
  persistRatio: shareSchema.optional().describe("share of the window's frames that must agree | 窗口内成立比例"),
  rodReach: z
    .number()
    .min(0.1)
    .max(5)
    .optional()
    .describe(
      "how far from a person a rod's butt may be (half that, and not at the person's feet, unless the rod is seen clearly), and the zone it reaches into, in body heights | 竿与人（看不清的竿减半，且不得在其脚边）、人与竿所伸入区域的最大距离（身高倍数）",
    ),
  boxFill: shareSchema.optional().describe("share of a debris box that is debris | 漂浮物占框比例"),
  purpose: z
    .string()
    .min(1)
    .max(32)
    .optional()
    .describe("what the rule is for, where its type does not say it; the camera must allow it | 规则用途"),
  schedule: z.string().max(64).optional().describe("name of a schedule of this file | 布防时间表"),
  hours: z
    .string()
    .regex(hoursPattern)
    .optional()
    .describe(
      "hours of the day, HH:MM-HH:MM (may pass midnight), or daylight, or night; a schedule replaces them | 每日时段",
    ),
  season: seasonSchema.optional().describe("part of the year, both days whole; a schedule replaces it | 每年日期段"),
  certainty: z
    .enum(["suspected", "detected"])
    .optional()
    .describe("highest certainty this rule may claim | 最高确信度"),
  escalate: z
    .array(z.strictObject({ at: z.number().min(0), severity: z.int().min(1).max(4) }))
    .max(3)
    .optional()
    .describe("from this value on (down to it with below) the event has this severity | 升级条件"),
  with: labelList.optional().describe("one of these labels must be near | 附近须有其一"),
  withAll: labelList.optional().describe("each of these labels must be near | 附近须全有"),
  without: labelList.optional().describe("none of these labels may be near | 附近不得有"),
  reach: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe("how near is near, in heights of the taller object; 100 is the whole picture | 附近的距离（身高倍数）"),
  per: labelList.optional().describe("labels that the counted ones are divided by | 分母类别"),
  minObjects: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe("least number of objects; for coverage an alternative to the area | 最少目标数"),
  minArea: shareSchema.optional().describe("least area of an object, 0..1 of the picture | 最小目标面积"),
  largest: shareSchema
    .optional()
    .describe("coverage of the largest object that is enough on its own, 0..1 | 单个最大占比"),
  minTrackSec: seconds.optional().describe("seconds an object must have been followed | 最短跟踪秒数"),
  sameSpot: shareSchema
    .optional()
    .describe("least overlap with where it first stood; it moved when it falls below | 原地重叠比例"),
  drift: driftSchema.optional(),
  maxSpeed: z.number().min(0).max(10).optional().describe("greatest speed in picture heights a second | 最大速度"),
  jerksPerMin: z
    .number()
    .min(1)
    .max(600)
    .optional()
    .describe("least number of sudden turns a minute | 每分钟最少急动次数"),
  heading: z
    .number()
    .min(0)
    .max(360)
    .optional()
    .describe("allowed direction in degrees, 0 to the right, 90 down | 允许方向（度）"),
  headingTolerance: z
    .number()
    .min(1)
    .max(179)
    .optional()
    .describe("degrees off the opposite direction that still count as wrong | 逆向容差（度）"),
  direction: z
    .enum(["any", "down", "up", "left", "right"])
    .optional()
    .describe("direction in the picture in which a crossing counts | 画面方向"),
  measure: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9]{1,31}$/)
    .optional()
    .describe("name of the measurement | 测量量"),
  below: z.boolean().optional().describe("true: the measurement must fall below the threshold | 低于阈值触发"),
  clearBy: z
    .number()
    .min(0)
    .max(1_000)
    .optional()
    .describe("how far back over the threshold clears, in the unit of the measurement | 回差"),
  riseMin: z
    .number()
    .min(1)
    .max(1_440)
    .optional()
    .describe("minutes over which a rise is measured; without it the level itself counts | 涨幅统计分钟数"),
});

/** A polygon with rules. */
export const zoneSchema = z.strictObject({
  id: idSchema.describe("name of the zone | 区域标识"),
  name: z.string().max(64).optional().describe("name for people | 区域名称"),
  kind: z.enum(zoneKinds).default("general").describe("what the zone is for | 区域性质"),
  polygon: z.array(pointSchema).min(3).max(64).describe("corners [x, y] in 0..1 of the picture | 多边形顶点（0..1）"),
  anchor: z
    .enum(["bottom", "center", "any"])
    .optional()
    .describe("the point of a box that must lie inside; bottom centre by default | 判定点"),
  persons: z
    .array(
      z.strictObject({
        y: shareSchema.describe("where the feet stand, from the top | 脚的纵坐标"),
        height: z.number().min(0.005).max(2).describe("height in the picture, 0..1 | 画面中的身高"),
      }),
    )
    .length(2)
    .optional()
    .describe(
      "a standing person at two distances: coverage then counts square metres, not pixels | 远近两处站立人的身高，用于透视加权",
    ),
  rules: z
    .array(z.union([z.string().transform((type) => ({ type })), ruleSchema]))
    .max(32)
    .default([])
    .describe("rules on this zone | 规则"),
});

/** A directed line with rules, straight or bent. */
export const lineSchema = z.strictObject({
  id: idSchema.describe("name of the line | 绊线标识"),
  name: z.string().max(64).optional().describe("name for people | 绊线名称"),
  from: pointSchema.describe("start [x, y] | 起点"),
  via: z
    .array(pointSchema)
    .min(1)
    .max(14)
    .optional()
    .describe("where the line bends, in order from start to end | 折点（由起点到终点）"),
  to: pointSchema.describe("end [x, y] | 终点"),
  direction: z
    .enum(["both", "left-to-right", "right-to-left"])
    .default("both")
    .describe("side to side, looking from start to end | 方向"),
  rules: z
    .array(z.union([z.string().transform((type) => ({ type })), ruleSchema]))
    .max(32)
    .default([])
    .describe("rules on this line | 规则"),
});

/** The whole file. */
export const zonesSchema = z.strictObject({
  schema: z.literal("xueliang.zones/1").describe("version of this file's layout | 文件版本"),
  camera: idSchema.describe("the camera these zones were drawn for | 摄像机"),
  zones: z.array(zoneSchema).max(64).default([]),
  lines: z.array(lineSchema).max(64).default([]),
  schedules: z.array(scheduleSchema).max(32).optional().describe("when rules are armed | 布防时间表"),
  holidays: z
    .array(z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/))
    .max(366)
    .optional()
    .describe("public holidays, YYYY-MM-DD | 节假日"),
  gauge: gaugeSchema.optional().describe("the staff gauge in the picture | 水尺"),
  flow: flowSchema.optional().describe("the section where the surface speed is read | 水面流速断面"),
  masks: z
    .array(z.strictObject({ id: idSchema, polygon: z.array(pointSchema).min(3).max(64) }))
    .max(32)
    .default([])
    .describe("privacy masks, burnt in before anything looks | 隐私遮挡"),
});

/** A valid zones file with defaults filled in. */
export type ZonesConfig = z.output<typeof zonesSchema>;
/** One zone of it. */
export type ZoneConfig = ZonesConfig["zones"][number];
/** One line of it. */
export type LineConfig = ZonesConfig["lines"][number];
/** One rule of it, before the catalogue's defaults are merged in. */
export type RuleConfig = z.output<typeof ruleSchema>;
/** One schedule of it. */
export type ScheduleConfig = z.output<typeof scheduleSchema>;
/** Part of a year by day and month. */
export type Season = z.output<typeof seasonSchema>;

/** A file with no zones, for a camera without one. */
export function emptyZones(camera: string): ZonesConfig {
  return { schema: "xueliang.zones/1", camera, zones: [], lines: [], masks: [] };
}

/** The event types the product knows: 120 entries of data, checked when they are loaded. */
import { z } from "zod";
import { ruleSchema } from "../zones-schema.ts";
import advertising from "./advertising.json" with { type: "json" };
import cityAppearance from "./city-appearance.json" with { type: "json" };
import construction from "./construction.json" with { type: "json" };
import emergency from "./emergency.json" with { type: "json" };
import hydrology from "./hydrology.json" with { type: "json" };
import riverFishery from "./river-fishery.json" with { type: "json" };
import streetOrder from "./street-order.json" with { type: "json" };
import videoQuality from "./video-quality.json" with { type: "json" };
import waterEnvironment from "./water-environment.json" with { type: "json" };

/** What a rule of this type does unless the zones file says otherwise; the keys are those of a rule there. */
const templateSchema = ruleSchema
  .omit({ type: true, id: true, enabled: true, schedule: true, purpose: true })
  .required({ kind: true });

/** One event type. */
export const eventTypeSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,63}$/),
  nameZh: z.string().min(1),
  nameEn: z.string().min(1),
  group: z.enum([
    "river-fishery",
    "water-environment",
    "hydrology",
    "city-appearance",
    "advertising",
    "construction",
    "emergency",
    "street-order",
    "video-quality",
  ]),
  /** Who is told; keys of `departments`. */
  departments: z.array(z.string()).min(1),
  /** Codes found in public lists; the standard's own text was not seen, see `codeCaveat`. */
  official: z.array(
    z.strictObject({
      scheme: z.string(),
      code: z.string(),
      name: z.string(),
      evidence: z.string(),
      officialTextSeen: z.boolean(),
    }),
  ),
  /** 1 highest .. 4, the numbers of GB/T 28181 alarm priority. */
  severity: z.int().min(1).max(4),
  gb28181: z.strictObject({
    alarmPriority: z.int().min(1).max(4),
    alarmMethod: z.int().min(1).max(7),
    alarmType: z.int().nullable(),
  }),
  objectClasses: z.array(z.string()),
  modelNeed: z.enum(["coco", "custom", "segmentation", "action", "none"]),
  /** 1 works at once, 2 needs a detector of its own, 3 weak visual evidence. */
  tier: z.int().min(1).max(3),
  rule: templateSchema,
  vendorAnalogue: z.string().nullable(),
  notes: z.string().nullable(),
  thresholdsStatus: z.string(),
});

/** One event type, checked. */
export type EventType = Readonly<z.output<typeof eventTypeSchema>>;

/** Departments by the key that event types name. */
export const departments: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  yuzheng: { zh: "农业农村委/渔政", en: "agriculture and fishery administration" },
  hezhang: { zh: "水利局/河长办", en: "water resources and river chiefs" },
  chengguan: { zh: "城市管理局", en: "city management" },
  huanbao: { zh: "生态环境局", en: "ecology and environment" },
  zhujian: { zh: "住房城乡建委", en: "housing and construction" },
  jiaotong: { zh: "交通局/港航海事", en: "transport, ports and waterways" },
  gongan: { zh: "公安（治安/交巡警）", en: "public security" },
  yingji: { zh: "应急管理局/消防救援", en: "emergency management and fire" },
  wenlv: { zh: "文化旅游委", en: "culture and tourism" },
  jiedao: { zh: "街道办/社区网格", en: "street office and community grid" },
  shichang: { zh: "市场监管局", en: "market regulation" },
  guizi: { zh: "规划自然资源局", en: "planning and natural resources" },
  jishu: { zh: "大数据/视频运维", en: "video operations" },
};

/** Where the official codes come from, and why they are never a key. */
export const codeCaveat = {
  en: "The text of GB/T 30428.2-2013 was not available. Codes come from public lists of the CJ/T 214 lineage and cities renumber them: map them per city, never use them as a key.",
  zh: "未取得 GB/T 30428.2-2013 正式文本。编码来自 CJ/T 214 系列的公开清单，各城市编号不一：请按城市配置映射，不得作为主键。",
} as const;

/** Every type, in the order of the groups. */
export const eventTypes: readonly EventType[] = Object.freeze(
  z
    .array(eventTypeSchema)
    .parse([
      ...riverFishery,
      ...waterEnvironment,
      ...hydrology,
      ...cityAppearance,
      ...advertising,
      ...construction,
      ...emergency,
      ...streetOrder,
      ...videoQuality,
    ]),
);

const byId: ReadonlyMap<string, EventType> = new Map(eventTypes.map((type) => [type.id, type]));

/** The type of this id; null when the catalogue has none, and then it is a site's own type. */
export function typeOf(id: string): EventType | null {
  return byId.get(id) ?? null;
}

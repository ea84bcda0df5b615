/** What changed between two configs, in words (pure). */
import type { Text } from "../../runtime/texts/fill.ts";
import { idOf, sameMeaning } from "../splice/same-meaning.ts";
import type { LoadedConfig } from "../load.ts";

/** More changes than a reader reads. */
const maxChanges = 40;

type Thing = Readonly<Record<string, unknown>>;

/** One sentence a change. */
export function changesBetween(before: LoadedConfig | null, after: LoadedConfig): readonly Text[] {
  if (before === null) return [{ zh: "初始配置", en: "first config" }];
  const found = [...gatewayChanges(before, after), ...zoneChanges(before, after)];
  if (found.length <= maxChanges) return found;
  const more = found.length - maxChanges;
  return [...found.slice(0, maxChanges), { zh: `另有 ${more} 处修改`, en: `${more} more changes` }];
}

function gatewayChanges(before: LoadedConfig, after: LoadedConfig): readonly Text[] {
  const { cameras: was, ...restWas } = before.gateway;
  const { cameras: is, ...restIs } = after.gateway;
  const cameras = listChanges(was, is, { zh: "摄像机", en: "camera" });
  const keys = Object.keys(restIs) as readonly (keyof typeof restIs)[];
  return [...cameras, ...keys.flatMap((key) => valueChanges(restWas[key], restIs[key], key))];
}

function zoneChanges(before: LoadedConfig, after: LoadedConfig): readonly Text[] {
  const cameras = new Set([...Object.keys(before.zones), ...Object.keys(after.zones)]);
  return [...cameras].flatMap((camera) => {
    const [was, is] = [before.zones[camera], after.zones[camera]];
    if (sameMeaning(was, is)) return [];
    const kinds = [
      ["zones", { zh: "区域", en: "zone" }],
      ["lines", { zh: "绊线", en: "line" }],
      ["masks", { zh: "屏蔽区", en: "mask" }],
      ["schedules", { zh: "布防时间", en: "schedule" }],
    ] as const;
    const found = kinds.flatMap(([key, noun]) => listChanges(was?.[key] ?? [], is?.[key] ?? [], noun));
    if (!sameMeaning(was?.holidays ?? [], is?.holidays ?? []))
      found.push({ zh: "节假日已修改", en: "holidays changed" });
    return found.map(({ zh, en }) => ({ zh: `${camera}：${zh}`, en: `${camera}: ${en}` }));
  });
}

function listChanges(was: readonly object[], is: readonly object[], noun: Text): Text[] {
  const named = (list: readonly object[]): ReadonlyMap<string, Thing> =>
    new Map(list.flatMap((one) => (idOf(one) === null ? [] : [[idOf(one) ?? "", one as Thing] as const])));
  const [old, next] = [named(was), named(is)];
  const nameOf = (one: Thing, id: string): string => (typeof one["name"] === "string" ? one["name"] : id);
  const added = [...next]
    .filter(([id]) => !old.has(id))
    .map(([id, one]) => said(noun, nameOf(one, id), "新增", "added"));
  const gone = [...old]
    .filter(([id]) => !next.has(id))
    .map(([id, one]) => said(noun, nameOf(one, id), "删除", "removed"));
  const changed = [...next].flatMap(([id, one]) => {
    const former = old.get(id);
    if (!former || sameMeaning(former, one)) return [];
    return thingChanges(former, one).map(({ zh, en }) => ({
      zh: `${noun.zh}“${nameOf(one, id)}”${zh}`,
      en: `${noun.en} "${nameOf(one, id)}" ${en}`,
    }));
  });
  return [...added, ...gone, ...changed];
}

function said(noun: Text, name: string, zh: string, en: string): Text {
  return { zh: `${zh}${noun.zh}“${name}”`, en: `${noun.en} "${name}" ${en}` };
}

function thingChanges(was: Thing, is: Thing): readonly Text[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !sameMeaning(was[key], is[key]));
  return keys.flatMap((key): readonly Text[] => {
    if (key === "polygon" || key === "from" || key === "to") return [{ zh: "已移动", en: "moved" }];
    if (key === "rules" && Array.isArray(was[key]) && Array.isArray(is[key]))
      return listChanges(was[key] as readonly object[], is[key] as readonly object[], { zh: "规则", en: "rule" });
    return valueChanges(was[key], is[key], key);
  });
}

function valueChanges(was: unknown, is: unknown, path: string): readonly Text[] {
  if (sameMeaning(was, is)) return [];
  if (isThing(was) && isThing(is))
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
      valueChanges(was[key], is[key], `${path}.${key}`),
    );
  const [from, to] = [shown(was), shown(is)];
  return from === null || to === null
    ? [{ zh: `${path} 已修改`, en: `${path} changed` }]
    : [{ zh: `${path}：${from} → ${to}`, en: `${path}: ${from} → ${to}` }];
}

/** Short values only; what is long is looked at in the text itself. */
function shown(value: unknown): string | null {
  if (value === undefined) return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 48 ? text : null;
}

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What changed between two configs, in words (pure). */
import type { Text } from "../../runtime/texts/fill.ts";
import { idOf, sameMeaning } from "../splice/same-meaning.ts";
import type { LoadedConfig } from "../load.ts";
import type { KeyPath } from "../diagnostic.ts";
import { keyText, ruleText, valueText } from "./words.ts";

/** More changes than a reader reads. */
const maxChanges = 40;

/** Where in which file something stands. */
interface Place {
  readonly file: "gateway" | "zones";
  readonly path: KeyPath;
}

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
  const cameras = listChanges(was, is, { zh: "摄像机", en: "camera" }, { file: "gateway", path: ["cameras", 0] });
  const keys = Object.keys(restIs) as readonly (keyof typeof restIs)[];
  return [
    ...cameras,
    ...keys.flatMap((key) => valueChanges(restWas[key], restIs[key], { file: "gateway", path: [key] })),
  ];
}

function zoneChanges(before: LoadedConfig, after: LoadedConfig): readonly Text[] {
  const cameras = new Set([...Object.keys(before.zones), ...Object.keys(after.zones)]);
  return [...cameras].flatMap((camera) => {
    const [was, is] = [before.zones[camera], after.zones[camera]];
    const name =
      (after.gateway.cameras.find(({ id }) => id === camera) ?? before.gateway.cameras.find(({ id }) => id === camera))
        ?.name ?? camera;
    if (sameMeaning(was, is)) return [];
    const kinds = [
      ["zones", { zh: "区域", en: "zone" }],
      ["lines", { zh: "绊线", en: "line" }],
      ["masks", { zh: "屏蔽区", en: "mask" }],
      ["schedules", { zh: "布防时间", en: "schedule" }],
    ] as const;
    const found = kinds.flatMap(([key, noun]) =>
      listChanges(was?.[key] ?? [], is?.[key] ?? [], noun, { file: "zones", path: [key, 0] }),
    );
    const measured = [
      ["gauge", { zh: "水尺", en: "staff gauge" }],
      ["flow", { zh: "测速断面", en: "section" }],
    ] as const;
    for (const [key, noun] of measured)
      found.push(...listChanges(listOf(was?.[key]), listOf(is?.[key]), noun, { file: "zones", path: [key] }));
    if (!sameMeaning(was?.holidays ?? [], is?.holidays ?? []))
      found.push({ zh: "节假日已修改", en: "holidays changed" });
    return found.map(({ zh, en }) => ({ zh: `${name}：${zh}`, en: `${name}: ${en}` }));
  });
}

function listOf<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
}

function listChanges(was: readonly object[], is: readonly object[], noun: Text, place: Place): Text[] {
  const named = (list: readonly object[]): ReadonlyMap<string, Thing> =>
    new Map(list.flatMap((one) => (idOf(one) === null ? [] : [[idOf(one) ?? "", one as Thing] as const])));
  const [old, next] = [named(was), named(is)];
  const nameOf = (one: Thing, id: string): Text => {
    if (typeof one["type"] === "string") return ruleText(one["type"], id);
    const name = typeof one["name"] === "string" ? one["name"] : id;
    return { zh: name, en: name };
  };
  const added = [...next]
    .filter(([id]) => !old.has(id))
    .map(([id, one]) => said(noun, nameOf(one, id), "新增", "added"));
  const gone = [...old]
    .filter(([id]) => !next.has(id))
    .map(([id, one]) => said(noun, nameOf(one, id), "删除", "removed"));
  const changed = [...next].flatMap(([id, one]) => {
    const former = old.get(id);
    if (!former || sameMeaning(former, one)) return [];
    return thingChanges(former, one, place).map(({ zh, en }) => ({
      zh: `${noun.zh}“${nameOf(one, id).zh}”${zh}`,
      en: `${noun.en} "${nameOf(one, id).en}" ${en}`,
    }));
  });
  return [...added, ...gone, ...changed];
}

function said(noun: Text, name: Text, zh: string, en: string): Text {
  return { zh: `${zh}${noun.zh}“${name.zh}”`, en: `${noun.en} "${name.en}" ${en}` };
}

function thingChanges(was: Thing, is: Thing, { file, path }: Place): readonly Text[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !sameMeaning(was[key], is[key]));
  const drawn = keys.filter((key) => ["polygon", "from", "via", "to"].includes(key));
  return keys.flatMap((key): readonly Text[] => {
    // Both ends and the bends of a line are moved as one.
    if (drawn.includes(key)) return key === drawn[0] ? [{ zh: "已移动", en: "moved" }] : [];
    if (key === "rules" && Array.isArray(was[key]) && Array.isArray(is[key]))
      return listChanges(
        was[key] as readonly object[],
        is[key] as readonly object[],
        { zh: "规则", en: "rule" },
        { file, path: [...path, key, 0] },
      );
    return valueChanges(was[key], is[key], { file, path: [...path, key] });
  });
}

function valueChanges(was: unknown, is: unknown, place: Place): readonly Text[] {
  if (sameMeaning(was, is)) return [];
  const { file, path } = place;
  if (isThing(was) && isThing(is))
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
      valueChanges(was[key], is[key], { file, path: [...path, key] }),
    );
  const key = pathText(place);
  const [from, to] = [valueText(was), valueText(is)];
  return from === null || to === null
    ? [{ zh: `${key.zh}已修改`, en: `${key.en} changed` }]
    : [{ zh: `${key.zh}：${from.zh} → ${to.zh}`, en: `${key.en}: ${from.en} → ${to.en}` }];
}

/** In English as it is written in the file, below the list it stands in; in Chinese by name. */
function pathText({ file, path }: Place): Text {
  const below = path.slice(path.lastIndexOf(0) + 1);
  return { zh: keyText(file, path).zh, en: below.join(".") };
}

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What keys, values and rules of the config are called where a change is told to people (pure). */
import type { Text } from "../../runtime/texts/fill.ts";
import { typeOf } from "../catalogue/catalogue.ts";
import type { KeyPath } from "../diagnostic.ts";
import { nodeAt, schemaTree, sentenceOf, type SchemaNode } from "../schema-tree.ts";
import { gatewaySchema } from "../schema.ts";
import { zonesSchema } from "../zones-schema.ts";

let trees: { readonly gateway: SchemaNode; readonly zones: SchemaNode } | null = null;

function treeOf(file: "gateway" | "zones"): SchemaNode {
  trees ??= { gateway: schemaTree(gatewaySchema), zones: schemaTree(zonesSchema) };
  return trees[file];
}

/** A key: in English as it is written, in Chinese by its first words in the schema. */
export function keyText(file: "gateway" | "zones", path: KeyPath): Text {
  const en = path.filter((part) => typeof part === "string").at(-1) ?? "";
  const zh = sentenceOf(nodeAt(treeOf(file), path)).zh;
  return { en, zh: /\p{Script=Han}/u.test(zh) ? (zh.split(/[，,;；（(：:]/)[0] ?? en) : en };
}

/** A rule by the name of its event type, with its id where the id is another. */
export function ruleText(type: string, id: string): Text {
  const known = typeOf(type);
  if (!known) return { zh: id, en: id };
  const more = id === type ? "" : ` ${id}`;
  return { zh: `${known.nameZh}${more}`, en: `${known.nameEn}${more}` };
}

/** A value in a few words; null when it is too long for a sentence. */
export function valueText(value: unknown): Text | null {
  if (value === undefined) return { zh: "默认", en: "default" };
  if (typeof value === "boolean") return value ? { zh: "是", en: "yes" } : { zh: "否", en: "no" };
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 48 ? { zh: text, en: text } : null;
}

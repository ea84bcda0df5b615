/** The schema as a tree to look things up in: keys, limits, choices and sentences of the place a path leads to. */
import { z } from "zod";
import type { Text } from "../runtime/texts/fill.ts";
import type { KeyPath } from "./diagnostic.ts";

/** The part of JSON Schema that our schemas use. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode | false;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
}

/** What a person may write; defaults are shown, not demanded. */
export function schemaTree(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input" }) as SchemaNode;
}

/** The node at `path`; of alternatives the one that has properties. */
export function nodeAt(tree: SchemaNode, path: KeyPath): SchemaNode | undefined {
  let node: SchemaNode | undefined = tree;
  for (const part of path) {
    const open: SchemaNode | undefined = richest(node);
    if (typeof part === "number") node = open?.prefixItems?.[part] ?? (open?.items === false ? undefined : open?.items);
    else
      node =
        open?.properties?.[part] ??
        (typeof open?.additionalProperties === "object" ? open.additionalProperties : undefined);
  }
  return richest(node);
}

/** Keys allowed in the map at `path`. */
export function keysAt(tree: SchemaNode, path: KeyPath): string[] {
  return Object.keys(nodeAt(tree, path)?.properties ?? {});
}

/** The sentence of a node: descriptions read `English | 中文`. */
export function sentenceOf(node: SchemaNode | undefined): Text {
  const [en = "", zh] = (node?.description ?? "").split(" | ");
  return { en, zh: zh ?? en };
}

function richest(node: SchemaNode | undefined): SchemaNode | undefined {
  return node?.anyOf ? (node.anyOf.find((one) => one.properties) ?? node.anyOf[0]) : node;
}

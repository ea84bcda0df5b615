/** `config/README.md` from the schemas: every key with type, limits, default and both sentences (pure). */
import { gatewaySchema } from "./schema.ts";
import { schemaTree, sentenceOf, type SchemaNode } from "./schema-tree.ts";
import { secretsSchema } from "./secrets.ts";
import { zonesSchema } from "./zones-schema.ts";

const head = `# Configuration | 配置

Generated from the schema by \`npm run docs\`; do not edit.
本文件由 \`npm run docs\` 根据配置模式生成，请勿手工修改。

| file | holds | 内容 |
|---|---|---|
| \`gateway.yaml\` | site, storage, page, detector, uplinks, cameras | 站点、存储、网页、检测、上报通道、摄像机 |
| \`zones/<camera>.yaml\` | zones, lines, masks, schedules and rules of one camera | 一路摄像机的区域、绊线、遮挡、时间表与规则 |
| \`secrets.yaml\` | logins of cameras; mode 0600, never committed, never shown | 摄像机登录信息；权限 0600，不入库、不显示 |

\`xueliang config check\` names file, line and column of every mistake, and what was probably meant. Nothing starts on an invalid file.
\`xueliang config check\` 会指出每处错误的文件、行、列以及可能的本意。配置无效时不会启动任何功能。

Files are YAML 1.2 in UTF-8, at most 256 KiB and 20 levels deep, without aliases, anchors, merge keys and tags. Switches are \`true\` and \`false\`; codes with leading zeros and texts with \`#\` stand in quotes. Coordinates are 0..1 of the picture, [0, 0] at the top left.
文件为 UTF-8 编码的 YAML 1.2，最大 256 KiB、20 层，不允许别名、锚点、合并键和标签。开关写 \`true\` 或 \`false\`；以 0 开头的编码和含 \`#\` 的文本须加引号。坐标为画面比例 0..1，左上角为 [0, 0]。
`;

/** The whole file. */
export function configReference(): string {
  const files = [
    ["gateway.yaml", schemaTree(gatewaySchema)],
    ["zones/<camera>.yaml", schemaTree(zonesSchema)],
    ["secrets.yaml", schemaTree(secretsSchema)],
  ] as const;
  const parts = files.map(([name, tree]) => {
    const rows = rowsOf(tree, "").map((cells) => `| ${cells.join(" | ")} |`);
    return [
      `## \`${name}\``,
      "",
      "| key | value | default | meaning | 含义 |",
      "|---|---|---|---|---|",
      ...rows,
      "",
    ].join("\n");
  });
  return [head, ...parts].join("\n");
}

function rowsOf(node: SchemaNode, path: string): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const about = sentenceOf(child);
    const needed = node.required?.includes(key) === true;
    const row = [`\`${at}\``, cell(valueText(child)), defaultText(child, needed), cell(about.en), cell(about.zh)];
    return [row, ...inner(child, at)];
  });
}

/** Rows of what a key holds: a block, the entries of a list, the entries of a map. */
function inner(node: SchemaNode, path: string): string[][] {
  const block = node.anyOf?.find((one) => one.properties) ?? node;
  if (block.properties) return rowsOf(block, path);
  const items =
    typeof block.items === "object" ? (block.items.anyOf?.find((one) => one.properties) ?? block.items) : null;
  if (items?.properties) return rowsOf(items, `${path}[]`);
  return typeof block.additionalProperties === "object" ? inner(block.additionalProperties, `${path}.<id>`) : [];
}

function valueText(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.map((one) => `\`${one}\``).join(" · ");
  if (node.anyOf) return node.anyOf.map(valueText).join(" or ");
  if (node.prefixItems) return "pair [x, y], each 0..1";
  switch (node.type) {
    case "array": {
      const size = node.maxItems === undefined ? "" : `, ${node.minItems ?? 0} to ${node.maxItems}`;
      const of = typeof node.items === "object" && !node.items.properties ? ` of ${valueText(node.items)}` : "";
      return `list${of}${size}`;
    }
    case "integer":
    case "number":
      return `${node.type === "integer" ? "whole number" : "number"} ${node.minimum ?? ""}..${node.maximum ?? ""}`;
    case "string":
      return node.maxLength === undefined ? "text" : `text, at most ${node.maxLength}`;
    case "boolean":
      return "`true` · `false`";
    case undefined:
    default:
      return "block";
  }
}

function defaultText(node: SchemaNode, needed: boolean): string {
  if (needed) return "**needed**";
  if (node.default === undefined || (typeof node.default === "object" && !Array.isArray(node.default))) return "";
  return cell(`\`${JSON.stringify(node.default)}\``);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

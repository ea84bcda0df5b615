/** The published files out of their one source; `npm run docs` writes them. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { asyncApi } from "./asyncapi.ts";
import { schemas, type SchemaName } from "./messages.ts";

const golden = new URL("../golden/", import.meta.url);

/** Path from the root → content, for every JSON Schema and the AsyncAPI document. */
export function publishedSchemas(): Readonly<Record<string, string>> {
  const names = Object.keys(schemas) as readonly SchemaName[];
  const files = Object.fromEntries(names.map((name) => [name, jsonSchema(name)])) as Record<SchemaName, object>;
  const written = Object.entries(files).map(
    ([name, file]) => [`platform/schemas/${name}.schema.json`, shown(file)] as const,
  );
  return { ...Object.fromEntries<string>(written), "platform/schemas/asyncapi.json": shown(asyncApi(files)) };
}

function jsonSchema(name: SchemaName): object {
  const { schema, title, golden: stems } = schemas[name];
  const made = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
  const examples = stems.map((stem) => JSON.parse(readFileSync(new URL(`${stem}.json`, golden), "utf8")) as unknown);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:xueliang:schema:${name}:1`,
    title,
    ...made,
    ...(examples.length > 0 ? { examples } : {}),
  };
}

function shown(file: object): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The schemas as JSON Schema, for editors and for other programs. */
import { z } from "zod";
import { gatewaySchema } from "./schema.ts";
import { zonesSchema } from "./zones-schema.ts";

/** Draft 2020-12, as people write the files: what has a default is not required. */
export function jsonSchemas(): { readonly gateway: object; readonly zones: object } {
  const of = (schema: z.ZodType, title: string): object => ({ title, ...z.toJSONSchema(schema, { io: "input" }) });
  return { gateway: of(gatewaySchema, "config/gateway.yaml"), zones: of(zonesSchema, "config/zones/<camera>.yaml") };
}

import { expect, test } from "vitest";
import { eventTypes } from "./catalogue/catalogue.ts";
import { keysOf } from "./rule-keys.ts";
import { ruleSchema } from "./zones-schema.ts";

const kinds = ruleSchema.shape.kind.unwrap().options;

test("every type of the catalogue goes by all that the catalogue says of it, in a zone or on a line", () => {
  for (const { id, rule } of eventTypes) {
    const heeded = [...(keysOf(rule.kind, false) ?? []), ...(keysOf(rule.kind, true) ?? [])];
    for (const key of Object.keys(rule)) expect(heeded, id).toContain(key);
  }
});

test("every key belongs to a kind, and no kind has all of them", () => {
  const known = Object.keys(ruleSchema.shape);
  const heeded = kinds.map((kind) => [...(keysOf(kind, false) ?? []), ...(keysOf(kind, true) ?? [])]);
  for (const key of known) expect(heeded.flat()).toContain(key);
  for (const keys of heeded) {
    for (const key of keys) expect(known).toContain(key);
    expect(new Set(keys).size).toBeLessThan(known.length);
  }
  expect(keysOf("no-such-kind", false)).toBeNull();
});

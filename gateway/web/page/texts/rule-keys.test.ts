/** Every key that a rule may have has a name, in both languages. */
import { expect, test } from "vitest";
import { ruleSchema } from "../../../config/zones-schema.ts";
import { ruleKeyTexts } from "./rule-keys.ts";

test("the keys of a rule are those of the schema", () => {
  expect(Object.keys(ruleKeyTexts).sort()).toEqual(Object.keys(ruleSchema.shape).sort());
});

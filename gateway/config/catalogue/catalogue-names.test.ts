/** Names of types as Chinese text sets them. */
import { expect, test } from "vitest";
import { eventTypes } from "./catalogue.ts";

test("no Chinese name has a narrow bracket, comma or colon", () => {
  const narrow = eventTypes.map(({ nameZh }) => nameZh).filter((name) => /[(),:;]/.test(name));
  expect(narrow).toEqual([]);
});

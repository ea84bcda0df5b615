import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventTypes, typeOf } from "../../config/catalogue/catalogue.ts";
import { exampleTrigger } from "../../e2e/peers/example-trigger.ts";
import { openDelivery } from "../../e2e/peers/open-delivery.ts";
import { withCityCodes } from "./city-codes.ts";
import { unknownType } from "./event.ts";

const info = typeOf("fishing-multi-rod") ?? expect.fail("the catalogue has it");
const chongqing = { scheme: "渝中区 2024", types: [{ type: "fishing-multi-rod", code: "02-014" }] };
const district = { scheme: "江北区", types: [{ type: "fishing-multi-rod", code: "B7", name: "违规垂钓" }] };

test("each list of the site that has the type comes first, the public codes keep their caveats", () => {
  expect(withCityCodes(info, [chongqing, district]).official).toEqual([
    { scheme: "渝中区 2024", code: "02-014", name: info.nameZh, evidence: "gateway.yaml" },
    { scheme: "江北区", code: "B7", name: "违规垂钓", evidence: "gateway.yaml" },
    ...info.official,
  ]);
  expect(info.official).toMatchObject([{ code: "0114", officialTextSeen: false }]);
});

test("a site's own type has a code too", () => {
  const types = [{ type: "our-pier-fire", code: "99" }];
  expect(withCityCodes(unknownType("our-pier-fire"), [{ scheme: "x", types }]).official).toMatchObject([
    { code: "99" },
  ]);
});

test("whoever is not in a list stays as it is", () => {
  for (const type of eventTypes.filter(({ id }) => id !== "fishing-multi-rod"))
    expect(withCityCodes(type, [chongqing, district])).toBe(type);
  expect(withCityCodes(info)).toBe(info);
});

test("a recorded event says its city's code", async () => {
  const folder = await mkdtemp(join(tmpdir(), "city-codes-"));
  const more = { site: { id: "box-1", name: "测试", codes: [chongqing] } };
  {
    await using opened = await openDelivery({ folder, address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40), more });
    await opened.delivery.record(exampleTrigger(), null);
    const row = opened.database.get("SELECT body FROM events WHERE type LIKE '%fishing-multi-rod%'");
    const { data } = JSON.parse(String(row?.["body"])) as { readonly data: { readonly official: readonly object[] } };
    expect(data.official).toMatchObject([{ scheme: "渝中区 2024", code: "02-014" }]);
  }
  await rm(folder, { recursive: true, force: true });
});

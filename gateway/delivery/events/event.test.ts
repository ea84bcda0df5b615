/** The message as it is published: a golden event, the 64 KiB bound, the chain. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withSignature } from "../keys/event-signature.ts";
import { exampleTrigger } from "../../e2e/peers/example-trigger.ts";
import { chained, chainStart, sm3After } from "./chain.ts";
import { eventFrom, maxEventBytes, type EventContext, unknownType } from "./event.ts";

const golden = new URL("../../../test-fixtures/wire/event-1.json", import.meta.url);
const context: EventContext = {
  id: "0195935f-5a60-7000-8000-000000000001",
  site: { id: "50010500085056000001", name: "相国寺码头", timezone: "Asia/Shanghai" },
  camera: {
    id: "pier-3",
    name: "码头3号",
    code: "50010500081326000123",
    purpose: ["渔政"],
    place: { region: "500105", riverReach: "嘉陵江/江北段", lon: 106.5432, lat: 29.5761 },
  },
  typeInfo: {
    ...unknownType("fishing-multi-rod"),
    nameZh: "一人多竿垂钓",
    nameEn: "one angler, several rods",
    departments: ["yuzheng", "gongan"],
    gb28181: { alarmPriority: 3, alarmMethod: 5, alarmType: 8 },
  },
  frame: { widthPx: 1920, heightPx: 1080 },
  evidence: [],
  evidenceMissing: "disk-full",
  evidenceExpiresMs: 0,
  provenance: {
    software: "1.0.0",
    model: { id: "river-starter", version: "1", sha256: "ab".repeat(32) },
    configRevision: "c-1",
  },
  sequence: 4711,
  epoch: "9f".repeat(16),
  prev: chainStart,
  prevSm3: chainStart,
  recordedAtMs: Date.UTC(2026, 2, 14, 6, 25, 52, 13),
};

test("the golden event of layout 1 is still sent today: fields may have come, none has gone or changed", () => {
  expect(existsSync(golden)).toBe(true);
  const { body } = eventFrom(exampleTrigger(), context);
  expect(JSON.parse(Buffer.from(body).toString())).toMatchObject(JSON.parse(readFileSync(golden, "utf8")) as object);
});

test("a rule of the closed season says which one; a rule of every day says none", () => {
  const ruleOf = (trigger: Parameters<typeof eventFrom>[0]): object =>
    (JSON.parse(Buffer.from(eventFrom(trigger, context).body).toString()) as { data: { rule: object } }).data.rule;
  const season = { from: "03-01", to: "06-30" };
  expect(ruleOf(exampleTrigger({ season }))).toMatchObject({ season });
  expect(ruleOf(exampleTrigger())).not.toHaveProperty("season");
});

test("too many objects: they are left out first, and the message says how many", () => {
  const [object] = exampleTrigger().objects;
  const objects = Array.from({ length: 5_000 }, () => object).filter((one) => one !== undefined);
  const { body } = eventFrom(exampleTrigger({ objects }), context);
  const { data } = JSON.parse(Buffer.from(body).toString()) as {
    data: { objects: unknown[]; objectsLeftOut: number; trace: unknown[] };
  };
  expect(body.length).toBeLessThanOrEqual(maxEventBytes);
  expect(data.objects.length + data.objectsLeftOut).toBe(5_000);
  expect(data.trace.length).toBe(1);
});

test("the SM3 chain is proven by the messages alone, signed or not, and begins where a release without it ends", () => {
  const first = eventFrom(exampleTrigger(), context);
  const sm3 = (...parts: readonly (Uint8Array | string)[]): Buffer =>
    parts.reduce((hash, part) => hash.update(part), createHash("sm3")).digest();
  const afterFirst = sm3(Buffer.alloc(32), first.id, sm3(first.body)).toString("hex");
  expect(sm3After(first.id, first.body)).toBe(afterFirst);

  const second = eventFrom(exampleTrigger(), { ...context, id: "second", prevSm3: afterFirst });
  const { data } = JSON.parse(Buffer.from(second.body).toString()) as { data: { prevSm3: string } };
  expect(data.prevSm3).toBe(`sm3:${afterFirst}`);
  const afterSecond = (body: Uint8Array): string =>
    sm3(Buffer.from(afterFirst, "hex"), "second", sm3(body)).toString("hex");
  expect(sm3After("second", second.body)).toBe(afterSecond(second.body));
  const signed = withSignature(second.body, { alg: "sm2", key: "ab".repeat(8), sign: () => "cd".repeat(64) });
  expect(sm3After("second", signed)).toBe(afterSecond(signed));

  const former = new TextEncoder().encode('{"id":"third","data":{"prev":"sha256:00"}}');
  expect(sm3After("third", former)).toBe(sm3(Buffer.alloc(32), "third", sm3(former)).toString("hex"));
});

test("the chain changes with every octet of what came before", () => {
  const { body, hash, id } = eventFrom(exampleTrigger(), context);
  const touched = Uint8Array.from(body);
  touched[10] = 0x21;
  expect(hash).toBe(chained(chainStart, id, body));
  expect(chained(chainStart, id, touched)).not.toBe(hash);
});

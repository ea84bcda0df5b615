/** The published schemas against what boxes really send, and the messages of every release against today's code. */
import specification from "@asyncapi/specs/schemas/3.0.0-without-$id.json" with { type: "json" };
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { headers } from "../../gateway/delivery/uplink/protocol/messages.ts";
import { readEvent } from "../../gateway/delivery/uplink/protocol/read-event.ts";
import { ensureKeys, enrolment } from "../../gateway/delivery/uplink/keys.ts";
import { exampleTrigger } from "../../gateway/e2e/peers/example-trigger.ts";
import { openDelivery, until } from "../../gateway/e2e/peers/open-delivery.ts";
import { Receiver } from "../receiver.ts";
import { publishedSchemas } from "./generate.ts";

const root = new URL("../../", import.meta.url);
const golden = new URL("../golden/", import.meta.url);
const read = (path: URL): unknown => JSON.parse(readFileSync(path, "utf8")) as unknown;
const published = publishedSchemas();
const ajv = new Ajv2020({ strict: false, allErrors: true });
for (const [path, text] of Object.entries(published))
  if (path.endsWith(".schema.json")) ajv.addSchema(JSON.parse(text) as object);

/** What is wrong with `message` by the schema that it names itself. */
function problems(message: unknown): string {
  const { dataschema } = message as { dataschema: string };
  const [, , name = ""] = dataschema.split(":");
  const check = ajv.getSchema(`urn:xueliang:schema:${name}:1`);
  if (!check) return `no schema for ${dataschema}`;
  return check(message) === true ? "" : ajv.errorsText(check.errors);
}

test("the files are those of the code: npm run docs", () => {
  for (const [path, text] of Object.entries(published))
    expect(readFileSync(new URL(path, root), "utf8"), path).toBe(text);
});

test("every example of a schema is one", () => {
  let count = 0;
  for (const [path, text] of Object.entries(published)) {
    if (!path.endsWith(".schema.json")) continue;
    const schema = JSON.parse(text) as { $id: string; examples?: readonly unknown[] };
    const check = ajv.getSchema(schema.$id);
    for (const example of schema.examples ?? []) {
      expect(check?.(example), `${path}: ${ajv.errorsText(check?.errors)}`).toBe(true);
      count += 1;
    }
  }
  expect(count).toBeGreaterThanOrEqual(8);
});

test("the AsyncAPI document is one by the published specification", () => {
  const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(specification);
  const document = JSON.parse(published["platform/schemas/asyncapi.json"] ?? "") as Record<string, unknown>;
  expect(check(document), JSON.stringify(check.errors?.slice(0, 5))).toBe(true);
  // The check sees something: a document without its version is refused.
  expect(check({ ...document, asyncapi: "9.9" })).toBe(false);
  // Every reference leads somewhere.
  for (const [, path = ""] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = path
      .split("/")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(found, path).toBeDefined();
  }
});

/** Where the chain that a box's messages name does not hold, by PROTOCOL.md 5 and nothing else. */
function chainProblem(bodies: readonly Buffer[], digest: "sha256" | "sm3"): string {
  const hash = (...parts: readonly (Buffer | string)[]): Buffer =>
    parts.reduce((made, part) => made.update(part), createHash(digest)).digest();
  let before: Buffer = Buffer.alloc(32);
  const read = bodies
    .map((body) => ({ body, ...(JSON.parse(String(body)) as Chained) }))
    .sort((a, b) => Number(a.sequence) - Number(b.sequence));
  for (const { id, sequence, body, data } of read) {
    const named = digest === "sm3" ? data.prevSm3 : data.prev;
    if (named !== `${digest}:${before.toString("hex")}`) return `message ${sequence} names ${named}`;
    before = hash(before, id, hash(body));
  }
  return "";
}

interface Chained {
  readonly id: string;
  readonly sequence: string;
  readonly data: { readonly prev: string; readonly prevSm3: string };
}

const kept = read(new URL("kept.json", golden)) as Readonly<Record<string, string>>;

test("golden messages are kept for ever: none is missing, none was touched, each new one is listed", () => {
  const files = readdirSync(golden).filter((name) => name !== "kept.json");
  const digests = Object.fromEntries(
    files.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(new URL(name, golden)))
        .digest("hex"),
    ]),
  );
  expect(digests).toEqual(kept);
});

test.each(Object.keys(kept))("%s, as a box of its day sent it, is understood today", (name) => {
  const bytes = readFileSync(new URL(name, golden));
  if (name === "beat.json") {
    expect(headers.BEAT.safeParse(JSON.parse(bytes.toString())).success).toBe(true);
    return;
  }
  const event = readEvent(bytes, "50010500085056000001");
  expect(event).toMatchObject({ specversion: "1.0" });
  expect(problems(JSON.parse(bytes.toString()))).toBe("");
});

test(
  "what a box really sends fits the schemas: three phases with a picture, a level, a word of its own",
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "schemas-"));
    const messages: { type: string }[] = [];
    const bodies: Buffer[] = [];
    {
      await using receiver = await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: join(folder, "platform"),
        language: "en",
        onEvent: ({ body }) => {
          bodies.push(Buffer.from(body));
          messages.push(JSON.parse(String(bodies.at(-1))) as { type: string });
        },
      });
      const box = join(folder, "box");
      await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
      await using opened = await openDelivery({
        folder: box,
        address: receiver.address,
        serverKey: receiver.serverKey,
      });
      const { delivery } = opened;
      for (const phase of ["start", "update", "end"] as const)
        await delivery.record(
          exampleTrigger({ phase, ...(phase === "end" ? { endReason: "cleared" as const } : {}) }),
          phase === "start" ? { jpeg: randomBytes(3_000), widthPx: 640, heightPx: 360 } : null,
        );
      delivery.system.say({
        kind: "box-health",
        severity: 4,
        title: { zh: "正常", en: "fine" },
        detail: { diskFree: 1 },
      });
      const atMs = Date.now();
      const level = { gaugeId: "g", levelM: null, confidence: 0, reason: "too dark", datum: null, levels: {} };
      delivery.measurements.keep({ kind: "water-level", cameraId: "pier", atMs, ...level });
      await until("five messages", () => messages.length === 5);
    }
    rmSync(folder, { recursive: true, force: true });
    expect(messages.map(({ type }) => type).sort()).toEqual([
      "measurement.water-level.v1",
      "system.box-health.v1",
      ...Array.from({ length: 3 }, () => "vision.fishing-multi-rod.v1"),
    ]);
    for (const message of messages) expect(problems(message), message.type).toBe("");
    for (const digest of ["sha256", "sm3"] as const) expect(chainProblem(bodies, digest), digest).toBe("");
    // The check sees something: one octet of one message.
    const touched = bodies.map((body, i) => (i === 2 ? Buffer.from(String(body).replace("1.0", "1.1")) : body));
    expect(chainProblem(touched, "sm3")).not.toBe("");
  },
);

/** SM2: right by a foreign vector, each engine by the other, and refused where it is not; events signed at a box are checked at a platform. */
import { createSign, generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exampleTrigger } from "../../e2e/peers/example-trigger.ts";
import { openDelivery, until } from "../../e2e/peers/open-delivery.ts";
import { eventLine } from "../../../platform/event-line.ts";
import { Receiver, type ReceivedEvent } from "../../../platform/receiver.ts";
import { ensureKeys, enrolment } from "../uplink/keys.ts";
import { signatureOf, withSignature } from "./event-signature.ts";
import { openSm2Signer } from "./sm2-signer.ts";
import { isRight, javascriptSm2, makeSm2Pair, opensslSm2, sm2Engine, type Sm2Engine } from "./sm2.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sm2-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engines = [opensslSm2, javascriptSm2] as const;

describe.each(engines)("$name", (engine) => {
  test("passes its self-test", () => {
    expect(isRight(engine)).toBe(true);
  });

  test("its signatures hold for the other engine, and for nothing else", () => {
    const other = engines.find((one) => one !== engine) ?? engine;
    const pair = makeSm2Pair();
    const message = Buffer.from("雪亮".repeat(1_000));
    const signature = engine.sign(message, pair);
    expect(other.verify(message, signature, pair.publicKey)).toBe(true);
    expect(other.verify(message, signature, makeSm2Pair().publicKey)).toBe(false);
    expect(other.verify(Buffer.concat([message, message]), signature, pair.publicKey)).toBe(false);
    for (const junk of ["", "00", "zz", signature.slice(2), `${signature}00`, "30".repeat(72)])
      expect(engine.verify(message, junk, pair.publicKey), junk).toBe(false);
    expect(engine.verify(message, signature, "04")).toBe(false);
  });
});

describe("the start-up test", () => {
  /** What Node does with a key that it has just made: ECDSA under the name of SM2. */
  const ecdsa: Sm2Engine = {
    name: "openssl",
    sign: (message) =>
      createSign("sm3")
        .update(message)
        .sign(generateKeyPairSync("ec", { namedCurve: "SM2" }).privateKey, "hex"),
    verify: () => true,
  };
  const without: Sm2Engine = {
    ...opensslSm2,
    verify: (message, signature, key) => opensslSm2.verify(Buffer.concat([message, Buffer.of(0)]), signature, key),
  };
  const throwing: Sm2Engine = {
    ...opensslSm2,
    sign: () => {
      throw new Error("no such digest");
    },
  };

  test.each([
    ["signs with ECDSA and believes everything", ecdsa],
    ["hashes something else", without],
    ["throws", throwing],
  ])("an engine that %s is passed over for JavaScript", (_name, wrong) => {
    expect(sm2Engine([wrong, javascriptSm2]).name).toBe("javascript");
  });

  test("no right engine: it is said, nothing is signed", () => {
    expect(() => sm2Engine([ecdsa, throwing])).toThrow(expect.objectContaining({ code: "SM2_UNAVAILABLE" }) as Error);
  });
});

test("a signature stands last in an event, and the rest is exactly what was signed", () => {
  const body = Buffer.from(`{"id":"x","data":{"note":"\\"sig\\":{"}}`);
  const seen: Buffer[] = [];
  const signed = withSignature(body, {
    alg: "sm2",
    key: "ab",
    sign: (message) => (seen.push(Buffer.from(message)), "00ff"),
  });
  expect(JSON.parse(Buffer.from(signed).toString())).toMatchObject({
    id: "x",
    sig: { alg: "sm2", key: "ab", value: "00ff" },
  });
  expect(signatureOf(signed)).toEqual({
    message: new Uint8Array(body),
    signature: { alg: "sm2", key: "ab", value: "00ff" },
  });
  expect(seen[0]).toEqual(body);
  expect(signatureOf(body)).toBeNull();
  expect(signatureOf(Buffer.from(`{"sig":{"alg":"sm2","key":"ab","value":"00"},"data":1}`))).toBeNull();
});

test("the key is made once, readable by its owner alone, and refused when others may read it", async () => {
  const path = join(folder, "sm2-key.json");
  const first = await openSm2Signer(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await openSm2Signer(path)).publicKey).toBe(first.publicKey);
  chmodSync(path, 0o644);
  await expect(openSm2Signer(path)).rejects.toMatchObject({ code: "KEYS_UNREADABLE" });
});

test("signed at the box, checked at the platform, shown to people", { timeout: 90_000 }, async () => {
  const received: ReceivedEvent[] = [];
  await using receiver = await Receiver.open({
    listen: "tcp://127.0.0.1:0",
    folder: join(folder, "platform"),
    language: "zh",
    onEvent: (event) => received.push(event),
  });
  const box = join(folder, "box");
  const signer = await openSm2Signer(join(folder, "sm2-key.json"));
  const record = enrolment("box-1", await ensureKeys(box));
  const where = { folder: box, address: receiver.address, serverKey: receiver.serverKey };
  const send = async (enrolled: object, how: { signer?: typeof signer }): Promise<ReceivedEvent | undefined> => {
    await receiver.enrol({ ...record, ...enrolled });
    const before = received.length;
    await using opened = await openDelivery({ ...where, ...how });
    await opened.delivery.record(exampleTrigger({ occurrenceId: `o${before}` }), null);
    // Told to the box as well: the next one on the same disk would send it again.
    await until("it arrives", () => received.length > before && opened.delivery.status().uplinks[0]?.depth === 0);
    return received.at(-1);
  };
  const known = { sm2Public: signer.publicKey };
  const valid = await send(known, { signer });
  expect(valid?.signature).toBe("valid");
  expect(valid && eventLine(valid.event, "zh", valid.signature)).toContain("✓ 签名有效");
  expect((await send(known, {}))?.signature).toBe("missing");
  expect((await send({ sm2Public: makeSm2Pair().publicKey }, { signer }))?.signature).toBe("invalid");
  expect((await send({}, { signer }))?.signature).toBe("unknown");
  expect((await send({}, {}))?.signature).toBe("none");
  expect(receiver.meters.value("badSignatures")).toBe(2);
});

/** The published vectors: what other implementations are measured by, this one is too. */
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decode, encode, packEvents, unpackEvents } from "./frames.ts";
import { authText, headers, type Kind, type Message } from "./messages.ts";

interface Vectors {
  readonly messages: readonly {
    readonly name: string;
    readonly kind: Kind;
    readonly header: object;
    readonly payload: string | null;
    readonly frames: readonly string[];
  }[];
  readonly bad: readonly { readonly name: string; readonly frames: readonly string[]; readonly code: string }[];
  readonly auth: Parameters<typeof authText>[0] & {
    readonly text: string;
    readonly publicKey: string;
    readonly sig: string;
  };
}
const vectors = JSON.parse(
  readFileSync(new URL("../../../../test-fixtures/wire/up1-vectors.json", import.meta.url), "utf8"),
) as Vectors;
const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

describe("published messages", () => {
  test.each(vectors.messages)("$name", ({ kind, header, payload, frames }) => {
    const message = { kind, header, ...(payload === null ? {} : { payload: octets(payload) }) } as Message;
    expect(decode(frames.map(octets))).toEqual(message);
    expect(encode(message).map((frame) => Buffer.from(frame).toString("hex"))).toEqual(frames);
  });
  test("every kind has one", () => {
    expect(new Set(vectors.messages.map(({ kind }) => kind))).toEqual(new Set(Object.keys(headers)));
  });
});

test.each(vectors.bad)("refused: $name", ({ frames, code }) => {
  expect(decode(frames.map(octets))).toMatchObject({ bad: code });
});

test("AUTH signs the published text", () => {
  const { text, publicKey, sig, ...fields } = vectors.auth;
  expect(authText(fields)).toBe(text);
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(publicKey, "base64")]),
    format: "der",
    type: "spki",
  });
  expect(verify(null, Buffer.from(text), key, Buffer.from(sig, "base64"))).toBe(true);
});

test("a batch keeps each event's bytes, and sizes that disagree are refused", () => {
  const bodies = ['{"a":"竿"}', '{ "b" : 1 }'].map((text) => new TextEncoder().encode(text));
  const { payload, sizes } = packEvents(bodies);
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual([{ a: "竿" }, { b: 1 }]);
  expect(unpackEvents(payload, sizes)?.map((body) => Buffer.from(body).toString())).toEqual(
    bodies.map((body) => Buffer.from(body).toString()),
  );
  for (const wrong of [[sizes[0] ?? 0], [1, 1], [...sizes, 1], [(sizes[0] ?? 0) + 1, (sizes[1] ?? 0) - 1]])
    expect(unpackEvents(payload, wrong)).toBeNull();
});

test("mutated frames never throw", { timeout: 120_000 }, () => {
  let answered = 0;
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state % below;
  };
  for (let n = 0; n < 5_000; n += 1) {
    const vector = vectors.messages[random(vectors.messages.length)];
    const frames = (vector?.frames ?? []).map(octets);
    for (let hit = 0; hit <= random(4); hit += 1) {
      const frame = frames[random(frames.length)];
      if (frame && frame.length > 0) frame[random(frame.length)] = random(256);
    }
    if (random(10) === 0) frames.pop();
    const read = decode(frames);
    if ("kind" in read || "bad" in read) answered += 1;
  }
  expect(answered).toBe(5_000);
});

/** The published vectors: what other implementations are measured by, this one is too. */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commandBytes, readCommand } from "./command.ts";
import { decode, encode, packEvents, unpackEvents } from "./frames.ts";
import { authText, headers, rekeyText, type Kind, type Message } from "./messages.ts";

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
  readonly rekey: Parameters<typeof rekeyText>[0] & { readonly text: string };
  readonly command: { readonly payload: string; readonly publicKey: string; readonly sig: string };
}
const vectors = JSON.parse(
  readFileSync(new URL("../../../../test-fixtures/wire/up1-vectors.json", import.meta.url), "utf8"),
) as Vectors;
const keyOf = (raw: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(raw, "base64")]),
    format: "der",
    type: "spki",
  });
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
  expect(verify(null, Buffer.from(text), keyOf(publicKey), Buffer.from(sig, "base64"))).toBe(true);
});

test("new keys prove themselves with the published text", () => {
  const { text, ...fields } = vectors.rekey;
  expect(rekeyText(fields)).toBe(text);
});

test("a command is signed as the published bytes", () => {
  const { payload, publicKey, sig } = vectors.command;
  const bytes = Buffer.from(payload);
  expect(verify(null, commandBytes(bytes), keyOf(publicKey), Buffer.from(sig, "base64"))).toBe(true);
  expect(verify(null, bytes, keyOf(publicKey), Buffer.from(sig, "base64"))).toBe(false);
  expect(readCommand(bytes)).toMatchObject({ gw: "box-1", ctr: 7, op: "health.get" });
});

describe("no command: null", () => {
  for (const [name, text] of [
    ["not JSON", "{"],
    ["no counter", '{"cmd":"11111111111111111111111111111111","gw":"b"}'],
    ["counter zero", vectors.command.payload.replace('"ctr":7', '"ctr":0')],
    ["an operation that is a path", vectors.command.payload.replace("health.get", "../etc")],
  ] as const) {
    test(name, () => {
      expect(readCommand(Buffer.from(text))).toBeNull();
    });
  }
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

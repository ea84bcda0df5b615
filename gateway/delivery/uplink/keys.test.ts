/** The key file of a box: what cannot be a key is named, with its file, before anything is connected. */
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { arePair } from "./protocol/curve-pair.ts";
import { ensureKeys, keyPath, openKeys } from "./keys.ts";
import { curveKeyPair } from "./uplink-socket.ts";
import { fromZ85, z85 } from "./protocol/z85.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "keys-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Pair = Readonly<Record<"curvePublic" | "curveSecret" | "signSecret", string>>;

test.each<readonly [string, (pair: Pair, other: Pair) => Partial<Pair>, string]>([
  ["a public half that is too short", ({ curvePublic }) => ({ curvePublic: curvePublic.slice(1) }), "not a key file"],
  ["halves exchanged", (p) => ({ curvePublic: p.curveSecret, curveSecret: p.curvePublic }), "belong together"],
  ["the secret of another box", (_pair, { curveSecret }) => ({ curveSecret }), "belong together"],
  ["a letter that Z85 does not have", (p) => ({ curveSecret: `~${p.curveSecret.slice(1)}` }), "belong together"],
  ["no signing key", () => ({ signSecret: Buffer.alloc(32).toString("base64") }), "not a key file"],
])("refused: %s", async (_what, change, detail) => {
  await ensureKeys(folder);
  await ensureKeys(join(folder, "other"));
  const read = (of: string): Pair => JSON.parse(readFileSync(keyPath(of), "utf8")) as Pair;
  const pair = read(folder);
  writeFileSync(keyPath(folder), JSON.stringify({ ...pair, ...change(pair, read(join(folder, "other"))) }));
  await expect(openKeys(keyPath(folder))).rejects.toMatchObject({
    code: "KEYS_UNREADABLE",
    values: { path: keyPath(folder), detail: expect.stringContaining(detail) as string },
  });
});

test("Z85 there and back; every pair that the library makes is one", () => {
  // The vector of ZeroMQ RFC 32.
  const octets = Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b);
  expect(z85(octets)).toBe("HelloWorld");
  expect(fromZ85("HelloWorld")).toEqual(octets);
  expect([fromZ85("Hello World"), fromZ85("Hell"), fromZ85("#####")]).toEqual([null, null, null]);
  for (let n = 0; n < 50; n += 1) {
    const { publicKey, secretKey } = curveKeyPair();
    expect([arePair(publicKey, secretKey), arePair(secretKey, publicKey)]).toEqual([true, false]);
  }
});

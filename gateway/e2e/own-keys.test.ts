/** A box renews its own keys: at every moment some pair is good on both sides, whatever is cut off or put back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { enrolment, KeyFile, keyPath } from "../delivery/uplink/keys.ts";
import { ChainedLog } from "../../platform/chained-log.ts";
import { makeOperatorKey, type OperatorPublic } from "../../platform/fleet/operator-key.ts";
import { openBox, openPlatform, signed } from "./peers/commanded-box.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

let folder = "";
let duty: OperatorPublic;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "own-keys-"));
  duty = await makeOperatorKey(join(folder, "duty.json"), "duty", "ed25519");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const accept = ["key.renew", "health.get"];
const keys = (): Promise<KeyFile> => KeyFile.open(keyPath(join(folder, "box")));
const enrolledPath = (): string => join(folder, "platform/enrolled.json");
const enrolled = (): { readonly boxes: readonly { curvePublic: string; signPublic: string; next?: object }[] } =>
  JSON.parse(readFileSync(enrolledPath(), "utf8")) as ReturnType<typeof enrolled>;
const connected = (receiver: { readonly connected: readonly string[] }): boolean =>
  receiver.connected.includes("box-1");

test(
  "the new keys take the place of the old ones, and the old ones open nothing any more",
  { timeout: 90_000 },
  async () => {
    const before = readableOf(await keys());
    {
      await using stack = new AsyncDisposableStack();
      const platform = await openPlatform(stack, folder);
      await platform.receiver.enrol(enrolment("box-1", (await keys()).newest));
      await openBox(stack, platform, folder, { accept, keys: [duty] });
      const renewed = await platform.last(await signed(folder, "key.renew"));
      expect(renewed).toMatchObject({
        state: "done",
        detail: expect.stringContaining(before.curvePublic.slice(0, 8)) as string,
      });
      await until("connected again", () => connected(platform.receiver));
      // Once more: three pairs have been in use, and the box still connects.
      expect(await platform.last(await signed(folder, "key.renew"))).toMatchObject({ state: "done" });
      await until("connected again", () => connected(platform.receiver));
      expect(await platform.last(await signed(folder, "health.get"))).toMatchObject({ state: "done" });
    }
    const { newest, former } = await keys();
    expect(former?.curvePublic).not.toBe(before.curvePublic);
    expect(enrolled().boxes).toMatchObject([{ curvePublic: newest.curvePublic, signPublic: newest.signPublic }]);
    expect(enrolled().boxes[0]).not.toHaveProperty("next");
    const log = join(folder, "platform/enrolled-log.ndjson");
    expect(
      readFileSync(log, "utf8")
        .match(/"what":"[a-z-]+"/g)
        ?.map((what) => what.slice(8, -1)),
    ).toEqual(["enrolled", "keys-offered", "keys-renewed", "keys-offered", "keys-renewed"]);
    expect(await (await ChainedLog.open(log)).brokenAt()).toBeNull();

    await using stack = new AsyncDisposableStack();
    const platform = await openPlatform(stack, folder);
    writeFileSync(keyPath(join(folder, "box")), before.text);
    const { delivery } = stack.use(
      await openDelivery({
        folder: join(folder, "box"),
        address: platform.receiver.address,
        serverKey: platform.receiver.serverKey,
      }),
    );
    await until("refused", () => delivery.status().uplinks[0]?.lastError?.code === "UPLINK_REJECTED");
    expect(platform.receiver.connected).toEqual([]);
  },
);

function readableOf({ newest }: KeyFile): { readonly curvePublic: string; readonly text: string } {
  return { curvePublic: newest.curvePublic, text: readFileSync(keyPath(join(folder, "box")), "utf8") };
}

describe("power fails, or a backup is put back", () => {
  // What lies on both disks after each step; a restart finds exactly this.
  for (const [name, box, platformKnows, renewed] of [
    ["before anything was done", "old", "old", false],
    [
      "the box has new keys and the platform has not heard of them; or it was put back to yesterday",
      "both",
      "old",
      false,
    ],
    ["the platform has them and the box has not heard of that", "both", "both", true],
    ["the platform has taken them and forgotten the old ones", "both", "new", true],
  ] as const)
    test(name, { timeout: 90_000 }, async () => {
      const file = await keys();
      if (box === "both") await file.renew();
      const [old, fresh] = box === "both" ? [file.former, file.newest] : [file.newest, file.newest];
      if (!old) throw new Error("no former keys");
      await using stack = new AsyncDisposableStack();
      const platform = await openPlatform(stack, folder);
      const { curvePublic, signPublic } = fresh;
      const record = enrolment("box-1", platformKnows === "new" ? fresh : old);
      await platform.receiver.enrol(
        platformKnows === "both" ? { ...record, next: { curvePublic, signPublic } } : record,
      );
      await openBox(stack, platform, folder, { accept, keys: [duty] });
      expect(await platform.last(await signed(folder, "health.get"))).toMatchObject({ state: "done" });
      if (renewed) await until("the new keys alone", () => enrolled().boxes[0]?.curvePublic === fresh.curvePublic);
      else expect(enrolled().boxes[0]?.curvePublic).toBe(old.curvePublic);
      expect(await platform.last(await signed(folder, "key.renew"))).toMatchObject({ state: "done" });
      await until("the newest keys alone", () => enrolled().boxes[0]?.next === undefined);
      const { newest } = await keys();
      expect(enrolled().boxes[0]?.curvePublic).toBe(newest.curvePublic);
      // A box that only had to show its keys once more has made no others.
      if (box === "both" && !renewed) expect(newest.curvePublic).toBe(fresh.curvePublic);
      await until("connected", () => connected(platform.receiver));
    });
});

test("nobody has ordered it: keys that a box shows by itself are not taken", { timeout: 60_000 }, async () => {
  await using stack = new AsyncDisposableStack();
  const platform = await openPlatform(stack, folder);
  const file = await keys();
  await platform.receiver.enrol(enrolment("box-1", file.newest));
  await file.renew();
  const { delivery } = await openBox(stack, platform, folder, { accept, keys: [duty] });
  await until("told", () => delivery.status().uplinks[0]?.lastError?.code === "UPLINK_REJECTED");
  expect(enrolled().boxes[0]).toMatchObject({ curvePublic: file.former?.curvePublic });
  expect(enrolled().boxes[0]).not.toHaveProperty("next");
});

/** A disk that was copied: two boxes under one name and one key, whose rows have the same numbers and other contents. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Receiver } from "../../platform/receiver.ts";
import { enrolment, ensureKeys } from "../delivery/uplink/keys.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "copied-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("both are told of the other, and what either records arrives once", { timeout: 120_000 }, async () => {
  const [original, copy] = [join(folder, "original"), join(folder, "copy")];
  const received: string[] = [];
  await using receiver = await Receiver.open({
    listen: "tcp://127.0.0.1:0",
    folder: join(folder, "platform"),
    language: "en",
    onEvent: ({ event }, { duplicate }) => {
      if (!duplicate) received.push(event.correlationid ?? "");
    },
  });
  await receiver.enrol(enrolment("box-1", await ensureKeys(original)));
  const open = (at: string) => openDelivery({ folder: at, address: receiver.address, serverKey: receiver.serverKey });
  const record = async (box: Awaited<ReturnType<typeof open>>, names: readonly string[]): Promise<void> => {
    for (const occurrenceId of names) await box.delivery.record(exampleTrigger({ occurrenceId }), null);
  };
  const uplink = (box: Awaited<ReturnType<typeof open>>) => box.delivery.status().uplinks[0];
  const common = ["common-1", "common-2", "common-3"];
  {
    await using box = await open(original);
    await record(box, common);
    await until("what both have", () => uplink(box)?.depth === 0);
  }
  cpSync(original, copy, { recursive: true });
  const [ofOriginal, ofCopy] = [
    ["original-1", "original-2"],
    ["copy-1", "copy-2", "copy-3", "copy-4"],
  ];
  {
    // One after the other: the copy's rows have numbers that the platform knows with other contents.
    await using box = await open(original);
    await record(box, ofOriginal);
    await until("the original's", () => uplink(box)?.depth === 0);
  }
  await using twin = await open(copy);
  await record(twin, ofCopy);
  await until("the copy's", () => uplink(twin)?.depth === 0);
  expect(received.toSorted()).toEqual([...common, ...ofOriginal, ...ofCopy].toSorted());
  // Both at once: each pushes the other away.
  await using box = await open(original);
  await until("the copy hears of it", () => uplink(twin)?.lastError?.code === "UPLINK_TWICE");
  await until("the original hears of it", () => uplink(box)?.lastError?.code === "UPLINK_TWICE");
});

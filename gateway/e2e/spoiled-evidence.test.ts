/** A platform whose disk spoils what it is sent: whose copy is bad is not for the platform to say. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Receiver } from "../../platform/receiver.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

test(
  "the box looks at its own copy, keeps it and says whose fault it is; the next picture is sent",
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "spoiled-evidence-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const kept = new Set<string>();
    const place = { listen: "tcp://127.0.0.1:0", folder: join(folder, "platform"), language: "en" } as const;
    const receiver = stack.use(await Receiver.open({ ...place, onEvidence: (sha256) => kept.add(sha256) }));
    await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
    const { address, serverKey } = receiver;
    const openBox = () => openDelivery({ folder: join(folder, "box"), address, serverKey });
    const shaOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
    const shot = (jpeg: Uint8Array) => ({ jpeg, widthPx: 640, heightPx: 360 });
    // Large enough to come in pieces: the first is spoiled while the others come.
    const [large, small] = [randomBytes(2_000_000), randomBytes(900)];
    const part = join(folder, "platform", "evidence", "parts", `${shaOf(large)}.part`);
    const stop = new AbortController();
    const spoiling = spoil(part, large[0] ?? 0, stop.signal);
    {
      await using box = await openBox();
      await box.delivery.record(exampleTrigger({ occurrenceId: "large" }), shot(large));
      await until("the word on it", () => box.delivery.status().lastError?.code === "EVIDENCE_SPOILED");
      expect(box.delivery.status().lastError?.values).toMatchObject({ uplink: "city", times: 3, minutes: 1 });
      await box.delivery.record(exampleTrigger({ occurrenceId: "small" }), shot(small));
      await until("the next picture", () => kept.has(shaOf(small)));
      // The platform has it before the box hears so.
      const waiting = () => box.delivery.status().uplinks[0]?.evidenceWaiting;
      await until("the receipt of the next picture", () => waiting() !== 2);
      expect(box.delivery.status().uplinks[0]).toMatchObject({ depth: 0, evidenceWaiting: 1 });
      const said = box.delivery.newestEvents(9) as readonly { readonly data: { readonly eventId: string } }[];
      expect(said.map(({ data }) => data.eventId)).not.toContain("evidence-lost");
    }
    expect(kept.has(shaOf(large))).toBe(false);
    stop.abort();
    await spoiling;
    await using again = await openBox();
    await until("the picture, from a disk that was mended", () => kept.has(shaOf(large)));
    await until("nothing waits", () => again.delivery.status().uplinks[0]?.evidenceWaiting === 0);
  },
);

/** A disk that changes the first octet of the file at `path` whenever there is one. */
async function spoil(path: string, first: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await using file = await open(path, "r+");
      await file.write(Uint8Array.of(first ^ 0xff), 0, 1, 0);
    } catch {
      // Nothing has come yet, or it is gone again.
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

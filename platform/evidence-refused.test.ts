/** Evidence that a receiver cannot take for a moment: the box hears of it at once, and is not left to wait for a line that has died. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { enrolment, ensureKeys } from "../gateway/delivery/uplink/keys.ts";
import { exampleTrigger } from "../gateway/e2e/peers/example-trigger.ts";
import { openDelivery, until } from "../gateway/e2e/peers/open-delivery.ts";
import { Receiver } from "./receiver.ts";

test("arrives soon after the folder can be written again", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "refused-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [platform, box] = [join(folder, "platform"), join(folder, "box")];
  const arrived: string[] = [];
  const receiver = stack.use(
    await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: platform,
      language: "en",
      onEvidence: (_sha256, path) => arrived.push(path),
    }),
  );
  await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
  // Where the parts belong stands a file: every piece is refused by the disk.
  mkdirSync(join(platform, "evidence"), { recursive: true });
  writeFileSync(join(platform, "evidence/parts"), "");
  const { delivery } = stack.use(
    await openDelivery({ folder: box, address: receiver.address, serverKey: receiver.serverKey }),
  );
  await delivery.record(exampleTrigger({ occurrenceId: "o" }), {
    jpeg: randomBytes(90_000),
    widthPx: 64,
    heightPx: 64,
  });
  await until("the event", () => delivery.status().uplinks[0]?.depth === 0);
  await until("a refusal", () => receiver.meters.value("evidenceRefused") > 0);
  rmSync(join(platform, "evidence/parts"));
  const freeMs = performance.now();
  await until("the evidence", () => arrived.length === 1);
  // The box comes back after five to six seconds; it waited for 45 when it heard nothing.
  expect(performance.now() - freeMs).toBeLessThan(30_000);
  expect(existsSync(arrived[0] ?? "")).toBe(true);
});

/** The program that both READMEs show receives a real event. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { ensureKeys, enrolment } from "../../gateway/delivery/uplink/keys.ts";
import { exampleTrigger } from "../../gateway/e2e/peers/example-trigger.ts";
import { openDelivery } from "../../gateway/e2e/peers/open-delivery.ts";
import { Receiver } from "../receiver.ts";

const shown = (name: string): string =>
  /```python\n([\s\S]*?)```/.exec(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"))?.[1] ?? "";

test("twelve lines of Python print an event while the receiver runs", { timeout: 60_000 }, async () => {
  const program = shown("README.md");
  expect(shown("README.zh-CN.md")).toBe(program);
  expect(program.trim().split("\n").length).toBeLessThanOrEqual(12);
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  mkdirSync(join(folder, "var"));
  {
    await using receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "var", "platform"),
      language: "en",
    });
    const box = join(folder, "box");
    await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
    const python = spawn("/usr/bin/python3", ["-c", program], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    await using opened = await openDelivery({ folder: box, address: receiver.address, serverKey: receiver.serverKey });
    // A line, however many writes it comes in.
    const line = once(createInterface({ input: python.stdout }), "line");
    await opened.delivery.record(exampleTrigger({ phase: "start" }), null);
    expect(String((await line)[0])).toMatch(/^\d{4}-\d\d-\d\dT\S+ fishing-multi-rod \S+/);
    python.kill();
  }
  rmSync(folder, { recursive: true });
});

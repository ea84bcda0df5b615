/** A camera's clock against the box's, over a real socket. */
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { askClock, offsetOf } from "./camera-clock.ts";
import { parseCameraUrl } from "./camera-url.ts";

const now = Date.parse("2026-11-21T05:00:00.500Z");

describe("what a Date header means", () => {
  for (const [name, date, offsetSec] of [
    ["right", "Sat, 21 Nov 2026 05:00:00 GMT", 0],
    ["a minute and a half ahead", "Sat, 21 Nov 2026 05:01:30 GMT", 90],
    ["ten seconds behind", "Sat, 21 Nov 2026 04:59:50 GMT", -10],
    ["the month first, as some makers write it", "Sat, Nov 21 2026 05:00:20 GMT", 20],
    ["local time that is called GMT", "Sat, 21 Nov 2026 13:00:07 GMT", 7],
    ["never set since it left the factory", "Thu, 01 Jan 1970 00:00:10 GMT", -1_795_237_190],
    ["no date", "yesterday", null],
  ] as const)
    test(name, () => expect(offsetOf(date, now)).toBe(offsetSec));
});

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** A camera that answers everything with these lines. */
async function camera(lines: readonly string[]): Promise<string> {
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      const sequence = /CSeq: (\d+)/.exec(String(chunk))?.[1] ?? "0";
      socket.write(["RTSP/1.0 200 OK", `CSeq: ${sequence}`, ...lines, "", ""].join("\r\n"));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
}

describe("a camera that is asked", () => {
  const ask = async (lines: readonly string[]): Promise<number | null> => {
    const source = parseCameraUrl(await camera(lines), "c");
    if (source.kind === "file") throw new Error("an RTSP address");
    const { signal } = new AbortController();
    return askClock(source, { cameraId: "c", credentials: null, clock: systemClock, signal });
  };

  test("says how far it is off", async () => {
    const offset = await ask([`Date: ${new Date(Date.now() + 42_000).toUTCString()}`]);
    expect(Math.abs((offset ?? 0) - 42)).toBeLessThan(3);
  });

  test("and says nothing when it has no Date", async () => expect(await ask(["Public: OPTIONS"])).toBeNull());
});

/** The doctor names what is wrong, and one thing that is wrong hides nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { doctorCommand } from "./doctor.ts";
import type { Finding } from "./doctor-finding.ts";
import { terminal } from "./testing/terminal.ts";

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const listening = createServer((socket) => socket.on("error", () => undefined));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-doctor-"));
  await mkdir(join(folder, "config/zones"), { recursive: true });
  await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
});
afterAll(async () => {
  await new Promise((closed) => listening.close(closed));
  await rm(folder, { recursive: true, force: true });
});

async function report(yaml: string, ...args: string[]): Promise<{ readonly code: number; readonly found: Finding[] }> {
  await writeFile(join(folder, "config/gateway.yaml"), yaml);
  const { io, said } = terminal(folder, { json: true });
  const code = await doctorCommand(args, io);
  return { code, found: (JSON.parse(said.out) as { findings: Finding[] }).findings };
}

const site = (more: string): string => `schema: xueliang.gateway/1\nsite: { id: box, name: Box }\n${more}`;
const key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

test("a box with nothing connected works, and is told what it lacks", async () => {
  const { code, found } = await report(site("cameras: []\n"));
  expect(code).toBe(0);
  expect(found.filter(({ verdict }) => verdict === "problem")).toEqual([]);
  expect(found.find(({ text }) => text.includes("written and synced"))?.verdict).toBe("fine");
  expect(found.find(({ section }) => section === "doctorModels")?.text).toMatch(
    /^river-starter \S+: [\d.]+ ms a look · person/,
  );
  expect(found.find(({ section }) => section === "doctorUplinks")?.verdict).toBe("warning");
  expect((await report(site("cameras: []\n"), "--strict")).code).toBe(3);
});

test("a dead camera, a model that is not there and a platform that is away each have their line", async () => {
  const { port } = listening.address() as AddressInfo;
  const uplink = (id: string, at: number): string =>
    `{ id: ${id}, address: "tcp://127.0.0.1:${at}", serverKey: "${key}" }`;
  const { code, found } = await report(
    site(
      `detector: { model: no-such-model }
uplinks: [${uplink("here", port)}, ${uplink("away", 2)}]
cameras: [{ id: pier, url: "rtsp://127.0.0.1:1/a" }]
`,
    ),
  );
  expect(code).toBe(3);
  const bad = found.filter(({ verdict }) => verdict === "problem");
  expect(bad.map(({ section, code: name }) => [section, name])).toEqual([
    ["doctorCameras", "CAMERA_REFUSED"],
    ["doctorModels", "MODEL_MISSING"],
    ["doctorUplinks", null],
  ]);
  expect(bad.at(-1)?.text).toContain("away: tcp://127.0.0.1:2 cannot be reached: ECONNREFUSED");
  expect(found.find(({ text }) => text.startsWith("here:"))?.verdict).toBe("fine");
});

test("an invalid config ends the report with its error, after the box itself", async () => {
  const { code, found } = await report(site("camers: []\n"));
  expect(code).toBe(3);
  expect(found[0]?.section).toBe("doctorBox");
  expect(found.at(-1)).toMatchObject({ section: "doctorConfig", verdict: "problem", code: "CONFIG_INVALID" });
});

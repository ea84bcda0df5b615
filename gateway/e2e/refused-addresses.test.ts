/** Nobody but somebody at the box makes it speak to itself: no name server, no device, no platform. */
import * as dns from "node:dns/promises";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { hostname, networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { probeRtsp } from "../analysis/capture/probe.ts";
import { refuseStrange } from "../config/camera-address.ts";
import { InvalidConfig, type Diagnostic } from "../config/diagnostic.ts";
import { diagnosticText } from "../config/diagnostic-text.ts";
import { configOf } from "../config/load.ts";
import { ConfigStore } from "../config/store/config-store.ts";
import { systemClock } from "../runtime/clock.ts";

vi.mock("node:dns/promises", async (original) => {
  const real = await original<typeof dns>();
  return { ...real, lookup: vi.fn(real.lookup) };
});

let reached = 0;
const server = createServer((socket) => {
  reached += 1;
  socket.destroy();
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "::", resolve)));
afterAll(() => server.close());
beforeEach(() => {
  reached = 0;
});

/** 127.0.0.1 in every form that a resolver takes for it. */
function loopbackForms(): string[] {
  const octets = Array.from({ length: 40 }, (_, n) => [127, (n * 7) % 256, (n * 13) % 256, n + 1] as const);
  const forms = octets.flatMap(([a, b, c, d]) => {
    const number = ((a * 256 + b) * 256 + c) * 256 + d;
    const hex = (value: number): string => value.toString(16);
    return [
      `${a}.${b}.${c}.${d}`,
      String(number),
      `0x${hex(number)}`,
      `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}`,
      `0x${hex(a)}.${b}.${c * 256 + d}`,
      `[::ffff:${a}.${b}.${c}.${d}]`,
    ];
  });
  return [
    ...forms,
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "127.1",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
  ];
}

const own = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .map(({ address, family }) => (family === "IPv4" ? address : `[${address}]`));
const linkLocal = ["169.254.1.1", "[fe80::1]", "2851995905"];
const nobody = [
  ...["169.254.169.254", "2852039166", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.100.100.200"],
  ...["224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "[ff02::1]", "[64:ff9b::7f00:1]"],
];
const ours = [...loopbackForms(), hostname(), ...own, ...linkLocal];

function textOf(url: string, more = ""): string {
  return `schema: xueliang.gateway/1\nsite: { id: b, name: B }\n${more}cameras:\n  - id: pier\n    url: "${url}"\n`;
}

function configWith(url: string, more = ""): ReturnType<typeof configOf> {
  const gateway = { name: "gateway.yaml", bytes: Buffer.from(textOf(url, more)), mode: 0o600 };
  return configOf({ folder: "/etc/config", gateway, zones: [], secrets: null });
}

function diagnosticsOf(url: string, more = ""): readonly Diagnostic[] {
  try {
    return configWith(url, more).warnings;
  } catch (error) {
    if (error instanceof InvalidConfig) return error.diagnostics;
    throw error;
  }
}

test("nobody's addresses pass neither the config, with place and remedy, nor a connection", async () => {
  for (const host of nobody) {
    const found = diagnosticsOf(`rtsp://${host}/live`);
    expect([host, ...found.map(({ code }) => code)]).toEqual([host, "CONFIG_URL_ADDRESS"]);
    expect(diagnosticText(found[0]!, "en")).toMatch(/gateway\.yaml:5:\d+[^]*in its own network/);
    const probe = await probeRtsp(`rtsp://${host}/live`, null, { timeoutMs: 2_000 });
    expect([host, probe.error?.code]).toEqual([host, "CAMERA_ADDRESS_REFUSED"]);
  }
  expect(diagnosticsOf("rtsp://192.0.2.10/live")).toEqual([]);
});

test("somebody at the box may say that a stream comes from the box itself", async () => {
  const { port } = server.address() as AddressInfo;
  expect([...ours, "localhost"].flatMap((host) => diagnosticsOf(`rtsp://${host}/live`))).toEqual([]);
  for (const host of ["127.0.0.1", "localhost", "[::1]"])
    expect((await probeRtsp(`rtsp://${host}:${port}/a`, null)).error?.code).toBe("CAMERA_SILENT");
  expect(reached).toBe(3);
});

test(`a platform orders none of ${ours.length} addresses; what the box has already stays`, async () => {
  expect(ours.length).toBeGreaterThan(250);
  const camera = (host: string) => configWith(`rtsp://${host}:554/live`).gateway.cameras;
  const before = camera("127.0.0.1");
  for (const host of ours.filter((one) => one !== "127.0.0.1"))
    expect(() => refuseStrange(before, camera(host)), host).toThrow(
      expect.objectContaining({ code: "CAMERA_ADDRESS_REFUSED" }),
    );
  expect(() => refuseStrange(before, [...before, ...camera("192.0.2.10")])).not.toThrow();

  const root = await mkdtemp(join(tmpdir(), "xueliang-addresses-"));
  await mkdir(join(root, "config"));
  await writeFile(join(root, "config", "gateway.yaml"), textOf("rtsp://127.0.0.1/a"));
  await using store = await ConfigStore.open({
    ...{ folder: join(root, "config"), revisionsFolder: join(root, "revisions"), clock: systemClock },
  });
  const order = (url: string): Promise<unknown> =>
    store.change({ user: "centre", via: "command" }, (texts) => new Map([...texts, ["gateway.yaml", textOf(url)]]));
  await expect(order("rtsp://0x7f.1/a")).rejects.toMatchObject({ code: "CAMERA_ADDRESS_REFUSED" });
  await expect(order("rtsp://192.0.2.11/a")).resolves.toMatchObject({ isChanged: true });
  await rm(root, { recursive: true });
});

test("a name that a name server turns into the box itself is refused, and not connected", async () => {
  vi.mocked(dns.lookup).mockResolvedValueOnce({ address: "127.0.0.1", family: 4 });
  const { port } = server.address() as AddressInfo;
  const probe = await probeRtsp(`rtsp://camera.example:${port}/live`, null, { timeoutMs: 2_000 });
  expect([probe.error?.code, probe.error?.values["host"]]).toEqual([
    "CAMERA_ADDRESS_REFUSED",
    "camera.example = 127.0.0.1",
  ]);
  expect(reached).toBe(0);
});

test("the platform is no camera", () => {
  const uplinks = `uplinks: [{ id: city, address: "tcp://192.0.2.7:8421", serverKey: "${"k".repeat(40)}" }]\n`;
  expect(diagnosticsOf("rtsp://192.0.2.7:8421/a", uplinks).map(({ code }) => code)).toEqual(["CONFIG_URL_ADDRESS"]);
  expect(diagnosticsOf("rtsp://192.0.2.7/a", uplinks)).toEqual([]);
});

/** Nobody who may name a camera makes the box speak to itself: not by the config, the page, ONVIF or a name server. */
import { createServer, type AddressInfo } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { lookup } from "node:dns/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeOnvifCamera } from "../analysis/capture/onvif/fake-camera.ts";
import { discover, type Answered } from "../analysis/capture/onvif/discover.ts";
import { onvifStreams } from "../analysis/capture/onvif/streams.ts";
import { probeRtsp } from "../analysis/capture/probe.ts";
import { InvalidConfig, type Diagnostic } from "../config/diagnostic.ts";
import { diagnosticText } from "../config/diagnostic-text.ts";
import { configOf } from "../config/load.ts";
import { testConnection } from "../web/box/connection-test.ts";

let reached = 0;
const server = createServer((socket) => {
  reached += 1;
  socket.destroy();
});
const signal = new AbortController().signal;

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "::", resolve)));
afterAll(() => server.close());
beforeEach(() => {
  vi.stubEnv("XUELIANG_CAMERA_ADDRESSES", "");
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
const others = [
  ...["169.254.169.254", "2852039166", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.100.100.200", "169.254.1.1"],
  ...["[fe80::1]", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "[ff02::1]", "[64:ff9b::7f00:1]"],
];
const corpus = [...loopbackForms(), ...own, ...others];

function diagnosticsOf(url: string, more = ""): readonly Diagnostic[] {
  const text = `schema: xueliang.gateway/1\nsite: { id: b, name: B }\n${more}cameras:\n  - id: pier\n    url: "${url}"\n`;
  const gateway = { name: "gateway.yaml", bytes: Buffer.from(text), mode: 0o600 };
  try {
    return configOf({ folder: "/etc/config", gateway, zones: [], secrets: null }).warnings;
  } catch (error) {
    if (error instanceof InvalidConfig) return error.diagnostics;
    throw error;
  }
}

describe(`${corpus.length} addresses`, () => {
  test("none of them passes the config; each is told at its line, with the remedy", () => {
    expect(corpus.length).toBeGreaterThan(200);
    for (const host of corpus) {
      const found = diagnosticsOf(`rtsp://${host}/live`);
      expect([host, ...found.map(({ code }) => code)]).toEqual([host, "CONFIG_URL_ADDRESS"]);
      expect(diagnosticText(found[0]!, "en")).toMatch(/gateway\.yaml:5:\d+[^]*XUELIANG_CAMERA_ADDRESSES/);
    }
    expect(diagnosticsOf("rtsp://192.0.2.10/live")).toEqual([]);
  });

  test("none of them is connected, whoever asks for it", { timeout: 120_000 }, async () => {
    const { port } = server.address() as AddressInfo;
    for (const host of corpus) {
      const probe = await probeRtsp(`rtsp://${host}:${port}/live`, null, { timeoutMs: 2_000 });
      expect([host, probe.error?.code]).toEqual([host, "CAMERA_ADDRESS_REFUSED"]);
    }
    const trial = { camera: { url: `rtsp://127.0.0.1:${port}/live` }, credentials: null, ffmpegPath: "ffmpeg" };
    expect((await testConnection(trial, () => undefined, signal)).error?.code).toBe("CAMERA_ADDRESS_REFUSED");
    expect(reached).toBe(0);
  });
});

test("a name is judged by the address that it has, and only once", async () => {
  const found = await lookup(hostname()).catch(() => null);
  if (found === null) return; // This machine does not know its own name.
  const { port } = server.address() as AddressInfo;
  const probe = await probeRtsp(`rtsp://${hostname()}:${port}/live`, null, { timeoutMs: 2_000 });
  expect([probe.error?.code, probe.error?.values["host"]]).toEqual([
    "CAMERA_ADDRESS_REFUSED",
    `${hostname().toLowerCase()} = ${found.address}`,
  ]);
  expect(reached).toBe(0);
});

test("the platform is no camera", () => {
  const uplinks = `uplinks: [{ id: city, address: "tcp://192.0.2.7:8421", serverKey: "${"k".repeat(40)}" }]\n`;
  expect(diagnosticsOf("rtsp://192.0.2.7:8421/a", uplinks).map(({ code }) => code)).toEqual(["CONFIG_URL_ADDRESS"]);
  expect(diagnosticsOf("rtsp://192.0.2.7/a", uplinks)).toEqual([]);
});

test("what answers ONVIF on this very box is no camera, and is not asked", async () => {
  await using fake = await FakeOnvifCamera.open({ user: "a", password: "b", streams: [] });
  const devices: Answered[] = [];
  const hear = (found: Parameters<Parameters<typeof discover>[0]>[0]): void => {
    if (found.kind === "device") devices.push(found);
  };
  await discover(hear, { signal, port: fake.port, interfaces: { lo: "127.0.0.1" } });
  expect(devices).toEqual([]);
  const refused = { code: "CAMERA_ADDRESS_REFUSED" };
  await expect(discover(hear, { signal, port: fake.port, range: "127.0.0.0/29" })).rejects.toMatchObject(refused);
  await expect(onvifStreams({ service: fake.service, credentials: null, signal })).rejects.toMatchObject(refused);
  expect(fake.asked.alone).toBe(0);
});

test("whoever starts the box may allow it: own, link-local, but never a metadata service", async () => {
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("XUELIANG_CAMERA_ADDRESSES", "own");
  expect(diagnosticsOf("rtsp://127.0.0.1/a")).toEqual([]);
  expect((await probeRtsp(`rtsp://127.0.0.1:${port}/a`, null)).error?.code).toBe("CAMERA_SILENT");
  expect(reached).toBe(1);
  expect(diagnosticsOf("rtsp://169.254.3.4/a")).toHaveLength(1);
  vi.stubEnv("XUELIANG_CAMERA_ADDRESSES", "own, link-local");
  expect(diagnosticsOf("rtsp://169.254.3.4/a")).toEqual([]);
  expect(diagnosticsOf("rtsp://169.254.169.254/a")).toHaveLength(1);
});

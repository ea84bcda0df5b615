/** What boxes have in sight, from their config to the platform's list: told once, told again when it changed, in parts when it is long. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cameraListOf, type ListedCamera } from "../gateway/config/camera-list.ts";
import { cameraSchema } from "../gateway/config/schema.ts";
import { configOf } from "../gateway/config/load.ts";
import { tellCameras } from "../gateway/delivery/camera-list.ts";
import { ensureKeys, enrolment } from "../gateway/delivery/uplink/keys.ts";
import { openDelivery, until } from "../gateway/e2e/peers/open-delivery.ts";
import { fleet } from "./fleet/fleet.ts";
import { Receiver } from "./receiver.ts";
import { cameraLists } from "./camera-lists.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cameras-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): { name: string; bytes: Uint8Array; mode: number } => ({
  name,
  bytes: Buffer.from(text),
  mode: 0o600,
});
const config = configOf({
  folder: "/config",
  gateway: file(
    "gateway.yaml",
    `schema: xueliang.gateway/1
site: { id: box-1, name: 北码头, place: { region: "500105" } }
cameras:
  - id: pier
    name: 码头3号
    code: "50010500081326000123"
    url: rtsp://192.0.2.10/secret-path
    owner: 江北区农业农村委
    purpose: [渔政]
    directionDeg: 135
    clip: {}
    place: { region: "500105", street: "500105001", community: "001", grid: "07", riverReach: 嘉陵江/江北段, lon: 106.5, lat: 29.5 }
  - { id: off, url: "file:a.mp4", enabled: false }
`,
  ),
  zones: [
    file(
      "zones/pier.yaml",
      "schema: xueliang.zones/1\ncamera: pier\nzones:\n  - id: shore\n    polygon: [[0, 0], [1, 0], [1, 1]]\n    rules: [fishing-multi-rod, { type: floating-debris, enabled: false }]\n",
    ),
  ],
  secrets: null,
});

test("a camera is listed with code, place, direction, owner, purposes, streams and the types in force, and no address", () => {
  const [pier, off] = cameraListOf(config);
  expect(pier).toEqual({
    id: "pier",
    code: "50010500081326000123",
    name: "码头3号",
    enabled: true,
    place: {
      region: "500105",
      street: "500105001",
      community: "001",
      grid: "07",
      riverReach: "嘉陵江/江北段",
      lon: 106.5,
      lat: 29.5,
      crs: "CGCS2000",
    },
    directionDeg: 135,
    owner: "江北区农业农村委",
    purpose: ["渔政"],
    eventTypes: ["fishing-multi-rod", ...cameraSchema.parse({ id: "any", url: "file:a.mp4" }).pictureFaults].sort(),
    departments: ["gongan", "jishu", "yuzheng"],
    streams: { analysis: { widthPx: 960, perSec: 5 }, picture: false, clip: true },
    masks: 0,
  });
  expect(off).toMatchObject({ name: "off", enabled: false, place: { region: "500105" }, owner: null, eventTypes: [] });
  expect(JSON.stringify([pier, off])).not.toMatch(/secret-path|192\.0\.2/);
});

test(
  "told when it is new, not again when it is the same, in parts when it is long; the platform lists the newest whole one",
  { timeout: 60_000 },
  async () => {
    await using receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      onEvent: (_event, { duplicate }) => duplicate || (count += 1),
    });
    let count = 0;
    await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
    const at = { folder: join(folder, "box"), address: receiver.address, serverKey: receiver.serverKey };
    const list = cameraListOf(config);
    const long = Array.from(
      { length: 64 },
      (_, i): ListedCamera => ({ ...list[0], id: `cam-${i}`, name: "名".repeat(200) }) as ListedCamera,
    );
    {
      await using opened = await openDelivery(at);
      expect(tellCameras(opened.delivery, list)).toBe(true);
      expect(tellCameras(opened.delivery, list)).toBe(false);
      expect(tellCameras(opened.delivery, long)).toBe(true);
      await until("all parts are there", () => count === 3);
    }
    {
      await using opened = await openDelivery(at);
      expect(tellCameras(opened.delivery, long), "after a restart").toBe(false);
    }
    {
      await using opened = await openDelivery({
        ...at,
        uplinks: [
          { id: "city", address: receiver.address, serverKey: receiver.serverKey },
          { id: "street", address: "tcp://127.0.0.1:1", serverKey: "x".repeat(40) },
        ],
      });
      expect(tellCameras(opened.delivery, long), "somebody new is there").toBe(true);
    }
    let out = "";
    const io = {
      stdout: (text: string) => void (out += text),
      stderr: () => undefined,
      language: "en",
      json: true,
      cwd: folder,
      signal: new AbortController().signal,
    } as const;
    expect(await fleet(["cameras", "--folder", "platform"], io)).toBe(0);
    const [box, ...others] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { gw: string; cameras: unknown[] });
    expect(others).toEqual([]);
    expect(box?.gw).toBe("box-1");
    expect(box?.cameras).toEqual(long);
  },
);

test("half of a newer list does not hide the whole one before it", async () => {
  const message = (
    revision: string,
    part: number,
    parts: number,
    ids: readonly string[],
  ): { id: string; gw: string; body: Uint8Array } => ({
    id: `${revision}-${part}`,
    gw: "relay",
    body: Buffer.from(
      JSON.stringify({
        source: "/gateways/box-1",
        time: "t",
        data: {
          site: { id: "box-1", name: "A" },
          detail: { revision, part, parts, cameras: ids.map((id) => ({ id })) },
        },
      }),
    ),
  });
  const of = async (...messages: readonly ReturnType<typeof message>[]): Promise<unknown> => {
    const lists = await cameraLists({
      cameraLists: async function* () {
        for (const one of messages) yield await Promise.resolve(one);
      },
    });
    return lists.map(({ gw, revision, cameras }) => [gw, revision, cameras.map(({ id }) => id)]);
  };
  const first = message("a", 1, 1, ["x"]);
  expect(await of(first, message("b", 1, 2, ["y"]))).toEqual([["box-1", "a", ["x"]]]);
  expect(await of(first, message("b", 1, 2, ["y"]), message("b", 2, 2, ["z"]))).toEqual([["box-1", "b", ["y", "z"]]]);
  expect(await of(message("b", 2, 2, ["z"]), first)).toEqual([["box-1", "a", ["x"]]]);
});

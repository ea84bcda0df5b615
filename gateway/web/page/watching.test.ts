/** Looking on: a wall of cameras over one socket, one that dies, the smooth view, the clip of an event; in a real Chromium. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page, WebSocket as Socket } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeOnvifCamera } from "../../analysis/capture/onvif/fake-camera.ts";
import type { EventDetail, EventPage, FrameHeader, RuleSet } from "../api.ts";
import { openBox, testPassword, type TestBox } from "./testing/box.ts";
import { barriers } from "./testing/look-over.ts";
import { EditorPage, hasBrowser, openBrowser, until, visitor } from "./testing/browser.ts";

const pictures = process.env["XUELIANG_PICTURES"];

/** Somebody in the picture: fires within seconds. */
const watchful: RuleSet = {
  zones: [
    {
      id: "all",
      name: "全景",
      kind: "no-fishing",
      polygon: [[0.01, 0.01], [0.99, 0.01], [0.99, 0.99], [0.01, 0.99]], // prettier-ignore
      rules: [{ type: "angler-loitering", score: 0.3, suspectedSec: 0.4, detectedSec: 0.8 }],
    },
  ],
  lines: [],
  masks: [],
  schedules: [],
  holidays: [],
};

describe.skipIf(!hasBrowser)("looking on", { timeout: 180_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let at: EditorPage;
  const sockets: Socket[] = [];
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  /** Frames that came over the live socket, by camera, and when those of the north were captured. */
  const frames = new Map<string, number>();
  const northMs: number[] = [];

  const go = (path: string): Promise<unknown> => page.goto(`${box.address}#${path}`);
  const shoot = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const sound = async (): Promise<void> => {
    expect(await barriers(page)).toEqual([]);
  };
  const tile = (id: string): Locator => page.getByTestId(`picture-${id}`);
  const seqOf = async (id: string): Promise<number> => Number(await tile(id).getAttribute("data-seq"));

  beforeAll(async () => {
    const north = (simulator: TestBox["simulator"]) => ({
      evidenceUrl: simulator.url("/north"),
      clip: { beforeSec: 3, afterSec: 2 },
    });
    [box, browser] = await Promise.all([openBox({ more: ["east", "west", "weir"], north }), openBrowser()]);
    context = await visitor(browser, { width: 1280, height: 900, language: "zh", theme: "light" });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => {
      if (/Content.Security.Policy|Refused to/i.test(line.text())) complaints.push(line.text());
    });
    page.on("request", (request) => {
      if (!/^(blob:|about:)/.test(request.url()) && !request.url().startsWith(box.address))
        elsewhere.push(request.url());
    });
    page.on("websocket", (socket) => {
      sockets.push(socket);
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload === "string" || !socket.url().endsWith("/live")) return;
        const head = payload.subarray(4, 4 + payload.readUInt32BE(0)).toString("utf8");
        const { cam, atMs } = JSON.parse(head) as FrameHeader;
        frames.set(cam, (frames.get(cam) ?? 0) + 1);
        if (cam === "north") northMs.push(atMs);
      });
    });
    await page.goto(box.address);
    await page.fill("input[name=password]", testPassword);
    await page.click("form button");
    await page.waitForSelector(".tile");
    at = new EditorPage(page, box.address);
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  test("five cameras live over one socket", async () => {
    const cameras = ["north", "south", "east", "west", "weir"];
    for (const id of cameras) await until(`${id} is live`, async () => (await seqOf(id)) >= 0, 90_000);
    const before = await Promise.all(cameras.map(seqOf));
    for (const [index, id] of cameras.entries())
      await until(`${id} goes on`, async () => (await seqOf(id)) > (before[index] ?? 0) + 2, 60_000);
    expect(sockets.filter((socket) => socket.url().includes("/live")).length).toBe(1);
    await shoot("wall");
    await sound();
  });

  test("nothing is sent for tiles out of sight, nor while the page is hidden", async () => {
    await page.setViewportSize({ width: 390, height: 500 });
    await page.evaluate(() => scrollTo(0, 0));
    const hidden = "weir";
    await until("the last tile is out of sight", async () => {
      const place = await tile(hidden).boundingBox();
      return place !== null && place.y > 500;
    });
    const isQuiet = async (): Promise<boolean> => {
      const before = frames.get(hidden) ?? 0;
      const [others] = [frames.get("north") ?? 0];
      await until("the visible one goes on", () => Promise.resolve((frames.get("north") ?? 0) > others + 4), 60_000);
      return (frames.get(hidden) ?? 0) === before;
    };
    await until("no frame of the hidden one", isQuiet, 60_000);
    await tile(hidden).scrollIntoViewIfNeeded();
    const seen = frames.get(hidden) ?? 0;
    await until("it comes back", () => Promise.resolve((frames.get(hidden) ?? 0) > seen), 60_000);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("the switch that saves data halves the size and thins the pictures", async () => {
    await go("/live/north");
    const wide = (): Promise<number> =>
      tile("north")
        .locator("canvas")
        .evaluate((canvas) => (canvas as HTMLCanvasElement).width);
    await until("it is wide", async () => (await wide()) > 640, 60_000);
    await page.getByTestId("settings").click();
    await page.getByText("省流量").click();
    await until("it is small", async () => (await wide()) === 480, 60_000);
    const before = northMs.length;
    await until("some came", () => Promise.resolve(northMs.length > before + 6), 60_000);
    // Two a second at most, whenever a busy machine brings them.
    const apartMs = northMs.slice(before + 1).map((atMs, i) => atMs - (northMs[before + i] ?? NaN));
    expect(Math.min(...apartMs)).toBeGreaterThanOrEqual(400);
    expect(await page.getByTestId("smooth").isDisabled()).toBe(true);
    await page.getByText("省流量").first().click();
    await page.getByTestId("settings").click();
  });

  test("a camera that dies turns grey and says so, alone, and comes back", async () => {
    await go("/live");
    await until("east is live", async () => (await seqOf("east")) >= 0, 60_000);
    box.simulator.setFault("/east", { kind: "freeze" });
    await tile("east").getByTestId("stale").waitFor({ timeout: 60_000 });
    expect(await tile("east").getByTestId("stale").textContent()).toMatch(/已 \d+ 秒无画面/);
    expect(
      await tile("east")
        .locator("canvas")
        .evaluate((canvas) => getComputedStyle(canvas).filter),
    ).toContain("grayscale(1)");
    const north = await seqOf("north");
    await until("north goes on", async () => (await seqOf("north")) > north, 60_000);
    expect(await tile("north").getByTestId("stale").count()).toBe(0);
    await shoot("wall-one-dead");
    await sound();
    box.simulator.setFault("/east", { kind: "none" });
    await tile("east").getByTestId("stale").waitFor({ state: "detached", timeout: 120_000 });
  });

  test("the smooth view moves, says that it has no boxes, and ends when nobody looks", async () => {
    await go("/live/north");
    await page.getByTestId("smooth").click();
    const smooth = page.getByTestId("smooth-north");
    await until("it plays", async () => (await smooth.getAttribute("data-state")) === "playing", 90_000);
    const count = async (): Promise<number> => Number(await smooth.getAttribute("data-pictures"));
    const [first, firstPixels] = [await count(), await smooth.locator("canvas").screenshot()];
    await until("pictures go on", async () => (await count()) > first + 25, 60_000);
    expect((await smooth.locator("canvas").screenshot()).equals(firstPixels)).toBe(false);
    expect(await page.locator(".tile .note").textContent()).toContain("不显示检测框");
    expect(await page.locator(".tile .boxes").count()).toBe(0);
    await shoot("smooth");
    await sound();
    // Analysis, evidence ring, smooth view.
    await until("three viewers", () => Promise.resolve(box.simulator.viewerCount("/north") === 3), 60_000);
    box.simulator.setFault("/north", { kind: "cut" });
    await until("it says why", async () => /重试/.test((await smooth.textContent()) ?? ""), 60_000);
    box.simulator.setFault("/north", { kind: "none" });
    await until("it comes back", async () => (await smooth.getAttribute("data-state")) === "playing", 90_000);
    await go("/events");
    await until("its children are gone", () => Promise.resolve(box.simulator.viewerCount("/north") === 2), 60_000);
  });

  test("an event's clip: still coming in words, then it plays from the firing moment, by scrubber and by key", async () => {
    const { revision } = await at.ask<{ revision: string }>("GET", "/cameras/north/rules");
    // What fires before the stream for evidence is back has no clip, and says so.
    const ring = () => box.gateway.status().cameras.find(({ id }) => id === "north")?.ring;
    const isBack = (): boolean => ring()?.state === "streaming" && Date.now() - (ring()?.sinceMs ?? Infinity) > 3_000;
    await until("the ring holds some seconds again", () => Promise.resolve(isBack()), 60_000);
    await at.ask("PUT", "/cameras/north/rules", watchful, revision);
    const events = (): Promise<EventPage> => at.ask("GET", "/events?camera=north&type=angler-loitering");
    await until("it fires", async () => (await events()).events.length > 0, 120_000);
    const [event] = (await events()).events;
    await go(`/events/${event?.id ?? ""}`);
    await page.getByTestId("event-detail").waitFor();
    await page.getByTestId("evidence-clip").waitFor({ timeout: 90_000 });
    await page.getByTestId("evidence-clip").click();
    const video = page.getByTestId("clip");
    const now = (): Promise<number> => video.evaluate((element) => (element as HTMLVideoElement).currentTime);
    await until(
      "it is ready",
      () => video.evaluate((element) => (element as HTMLVideoElement).readyState >= 2),
      60_000,
    );
    const detail = await at.ask<EventDetail>("GET", `/events/${event?.id ?? ""}`);
    const clip = detail.evidence.find(({ kind }) => kind === "clip")?.clip;
    const momentSec = (clip?.momentMs ?? 0) / 1_000;
    expect(momentSec).toBeGreaterThan(0.5);
    expect(Math.abs((await now()) - momentSec)).toBeLessThan(0.05);
    expect(await page.getByTestId("clip-at").textContent()).toBe("±0.0 s");
    // The picture of a later phase may still be on its way.
    const later = page.getByTestId("later-evidence");
    await until(
      "nothing lacks",
      async () => (await later.count()) === 0,
      60_000,
      () => later.textContent(),
    );
    const still = await video.screenshot();
    await shoot("clip");
    await sound();
    await page.locator("h1").first().click();
    await page.keyboard.press("Space");
    await until("it plays", async () => (await now()) > momentSec + 0.3, 60_000);
    await page.keyboard.press("Space");
    expect(await video.evaluate((element) => (element as HTMLVideoElement).paused)).toBe(true);
    expect((await video.screenshot()).equals(still)).toBe(false);
    await page.getByTestId("clip-scrubber").focus();
    await page.getByTestId("clip-scrubber").fill("0.5");
    expect(Math.abs((await now()) - 0.5)).toBeLessThan(0.02);
    await page.keyboard.press("ArrowRight");
    expect(Math.abs((await now()) - 0.6)).toBeLessThan(0.02);
    await page.getByTestId("clip-moment").click();
    expect(Math.abs((await now()) - momentSec)).toBeLessThan(0.05);
    // What brings the clip is told later than the start, and changes nothing of how the event stands.
    expect(detail.messages.some(({ phase }) => phase === "evidence")).toBe(true);
    expect(detail.severity).toBe(event?.severity);
  });

  test("an event without a clip says why", async () => {
    const { id } = await at.ask<{ id: string }>("POST", "/events/test", { camera: "south" });
    await go(`/events/${id}`);
    await page.getByTestId("event-detail").waitFor();
    expect(await page.getByTestId("later-evidence").count()).toBe(0); // A test has no evidence to lack.
  });

  test("a camera is found, tells its streams to whoever knows its password, and is tested", async () => {
    const stream = box.simulator.url("/west");
    await using fake = await FakeOnvifCamera.open({
      ...{ user: "admin", password: "p@ss & word", port: 3_702 },
      streams: [{ token: "主码流", url: stream, width: 960 }],
    });
    await go("/cameras/~add");
    await page.getByText("搜索摄像机").first().click();
    await page.getByPlaceholder("192.168.1.0/24").fill("127.0.0.0/33");
    await page.getByTestId("discover").click();
    await page.getByText("不是有效的 IPv4 网段").waitFor();
    await page.getByPlaceholder("192.168.1.0/24").fill("127.0.0.1");
    await page.getByTestId("discover").click();
    await page.getByTestId("device-127.0.0.1").getByRole("button").click();
    expect(await page.getByTestId("brand").inputValue()).toBe("hikvision");
    expect(await page.getByTestId("camera-host").inputValue()).toBe("127.0.0.1");
    await until("what was tried is told", async () => (await page.getByTestId("tried").count()) >= 1);
    await page.getByTestId("ask-streams").click();
    await page.getByTestId("find-streams").getByRole("alert").waitFor();
    await shoot("discovery");
    await sound();
    await page.getByTestId("camera-user").fill("admin");
    await page.getByTestId("camera-password").fill("p@ss & word");
    await page.getByTestId("ask-streams").click();
    await page.getByText("使用此码流").click();
    expect(await page.getByTestId("camera-url").inputValue()).toBe(stream);
    expect(fake.logins).toBeGreaterThan(0);
    await page.getByTestId("test-camera").click();
    await page.locator("[data-testid=test-result][data-ok=true]").waitFor({ timeout: 90_000 });
  });

  test("no error in the page, nothing that its policy refused, no request outside the box", () => {
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });
});

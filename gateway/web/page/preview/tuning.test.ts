/** Tuning in a real Chromium against a real box: what goes away with its picture, where it came from, and the hand that leads. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventDetail, EventPage, PreviewAnswer } from "../../api.ts";
import { openBox, type TestBox } from "../testing/box.ts";
import { hasBrowser, openBrowser, until, visitor, type EditorPage } from "../testing/browser.ts";
import { enter, provoke, watchful } from "../testing/tour.ts";

const slowMs = 120_000;

describe.skipIf(!hasBrowser)("tuning", { timeout: 300_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let ed: EditorPage;
  /** What fired in the last hour that would not fire without any rule. */
  const gone = async (): Promise<PreviewAnswer["gone"]> => {
    const rules = { ...watchful, zones: watchful.zones.map((zone) => ({ ...zone, rules: [] })) };
    const toMs = Date.now();
    const asked = { camera: "north", rules, fromMs: toMs - 3_600_000, toMs };
    // A log that holds nothing yet is answered with a problem.
    const { gone: found } = await ed.ask<Partial<PreviewAnswer>>("POST", "/rules/preview", asked);
    return found ?? [];
  };

  beforeAll(async () => {
    [box, browser] = await Promise.all([openBox(), openBrowser()]);
    const page = await (await visitor(browser, { width: 1280, height: 800 })).newPage();
    page.setDefaultTimeout(60_000);
    page.on("dialog", (dialog) => void dialog.accept());
    ed = await enter(page, box);
    await provoke(ed);
    await until("the log has it", async () => (await gone()).length > 0, slowMs);
  }, 400_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  test("the picture of a track comes over HTTP, as JPEG", async () => {
    const [one] = await gone();
    const address = `/api/v1/cameras/north/tracks/${one?.tracks[0] ?? -1}/thumbnail?at=${one?.startMs ?? 0}`;
    const told = await ed.page.evaluate(async (path) => {
      const answer = await fetch(path);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return [answer.status, answer.headers.get("content-type"), bytes[0], bytes[1]];
    }, address);
    expect(told).toEqual([200, "image/jpeg", 0xff, 0xd8]);
  });

  test("T2, T3: taking the rule away says 14 → 0 in words, lists what goes; a click shows picture, way and reasons", async () => {
    await ed.open("north");
    await ed.page.getByTestId("row-all").locator(".shape-name").click();
    await ed.page.getByTestId("enable-all").click();
    await ed.page.getByTestId("tab-preview").click();
    const result = ed.page.getByTestId("preview-result");
    await until("nothing fires in the draft", async () => (await result.getAttribute("data-draft")) === "0", slowMs);
    const present = Number(await result.getAttribute("data-present"));
    expect(present).toBeGreaterThan(0);
    expect(await result.textContent()).toContain(`${present} 次 → 草稿 0 次`);
    const list = ed.page.getByTestId("preview-gone");
    expect(await list.locator("li").count()).toBe(Math.min(50, present));
    await list.locator("li button").last().click();
    await ed.page.getByTestId("why-panel").waitFor();
    const picture = ed.page.getByTestId("why-panel").locator(".track-picture");
    const width = (): Promise<number> => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth);
    await until("the track's picture", async () => (await width()) > 0, slowMs);
    const way = ed.page.getByTestId("way");
    await until("its way", async () => Number(await way.getAttribute("data-points")) > 1, slowMs);
    await ed.page.getByTestId("why-back").click();
    await until("the way is gone", async () => (await way.getAttribute("data-points")) === "0");
    await ed.press("Control+z");
  });

  test("an event tells where its objects came from, and the firing frame shows it", async () => {
    const { events } = await ed.ask<EventPage>("GET", "/events?type=angler-loitering");
    const first = events.at(-1)?.id ?? "";
    const { paths, startMs } = await ed.ask<EventDetail>("GET", `/events/${encodeURIComponent(first)}`);
    expect(paths[0]?.points.length).toBeGreaterThan(1);
    expect(paths[0]?.points.every(({ atMs }) => atMs > startMs - 60_001 && atMs <= startMs)).toBe(true);
    await ed.page.goto(`${box.address}#/events/${encodeURIComponent(first)}`);
    await ed.page.locator(".overlay-path").first().waitFor({ state: "attached" });
  });

  test("a dragged vertex is where the hand is before the panels are told, and Esc takes it back", async () => {
    await ed.reset("north", watchful);
    const outline = ed.page.locator("[data-testid=shape-all] polygon");
    await ed.page.getByTestId("row-all").locator(".shape-name").click();
    const before = await outline.getAttribute("points");
    const [from, to] = [await ed.px([0.01, 0.01]), await ed.px([0.3, 0.3])];
    await ed.page.mouse.move(from.x, from.y);
    await ed.page.mouse.down();
    await ed.page.mouse.move(to.x - 10, to.y - 10);
    // Read in the very turn of the move: no timer has run by then.
    const followed = await outline.evaluate(
      async (polygon, { x, y }) => {
        const seen = new Promise<string | null>((resolve) => {
          const read = (): void => resolve(polygon.getAttribute("points"));
          window.addEventListener("pointermove", read, { once: true });
        });
        const at = { clientX: x, clientY: y, pointerId: 1, bubbles: true };
        document.querySelector("[data-testid=stage]")?.dispatchEvent(new PointerEvent("pointermove", at));
        return seen;
      },
      { x: to.x + 20, y: to.y + 20 },
    );
    expect(followed?.split(" ").slice(2)).toEqual(before?.split(" ").slice(2));
    expect(Number(followed?.split(" ")[0])).toBeGreaterThan(Number(before?.split(" ")[0]) + 100);
    const [corner] = await ed.points("all");
    expect(corner?.[0]).toBeCloseTo(0.3, 1);
    const cell = ed.page.getByTestId("cell-0-x");
    await until("the table follows", async () => Number(await cell.inputValue()) > 25);
    await ed.press("Escape");
    expect(await outline.getAttribute("points")).toBe(before);
    await ed.page.mouse.up();
    expect((await ed.state()).past).toBe(0);
  });
});

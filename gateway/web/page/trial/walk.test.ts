/** The test walk in a real Chromium, a real box and a real platform: it shows, it is kept, and nobody is alarmed. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CameraView, EventPage, RuleSet } from "../../api.ts";
import { openBox, type TestBox } from "../testing/box.ts";
import { openPlatform, type TestPlatform } from "../testing/platform.ts";
import { hasBrowser, openBrowser, until, visitor, type EditorPage } from "../testing/browser.ts";
import { enter, watchful } from "../testing/tour.ts";

const slowMs = 120_000;

describe.skipIf(!hasBrowser)("the test walk", { timeout: 300_000 }, () => {
  let platform: TestPlatform;
  let box: TestBox;
  let browser: Browser;
  let at: EditorPage;
  const alarms = (): TestPlatform["received"] =>
    platform.received.filter(({ event }) => event.type.startsWith("vision."));
  const events = async (query: string): Promise<EventPage["events"]> =>
    (await at.ask<EventPage>("GET", `/events?${query}`)).events;
  const put = async (rules: RuleSet): Promise<void> => {
    const { revision } = await at.ask<{ revision: string }>("GET", "/cameras/north/rules");
    await at.ask("PUT", "/cameras/north/rules", rules, revision);
  };
  const records = (act: string): boolean =>
    platform.received.some(({ event }) => (event.data["detail"] as { readonly act?: string } | undefined)?.act === act);

  beforeAll(async () => {
    platform = await openPlatform();
    const { uplinks } = platform;
    [box, browser] = await Promise.all([openBox({ uplinks }), openBrowser()]);
    const page = await (await visitor(browser, { width: 390, height: 844, touch: true })).newPage();
    page.setDefaultTimeout(60_000);
    page.on("dialog", (dialog) => void dialog.accept());
    at = await enter(page, box);
  }, 400_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  }, 60_000);

  test("T10: big states while one walks; what fires is marked, kept on the box and not sent; afterwards it is", async () => {
    await at.page.goto(`${box.address}#/trial?camera=north&zone=all`);
    await at.page.getByTestId("walk-start").click();
    const walk = at.page.getByTestId("walk");
    await until("the box keeps it in", () => at.page.getByTestId("walk-lease").isVisible(), slowMs);
    expect(await at.page.getByTestId("walk-lease").textContent()).toMatch(/前触发的事件不上报/);
    // Only now is there a rule, so that its first event is one of the walk.
    await put(watchful);
    await until("it fires", async () => (await walk.getAttribute("data-state")) === "fired", slowMs);
    await until("it is on the box", async () => (await events("testWalk=true")).length > 0, slowMs);
    await until("the walk is a record at the platform", () => Promise.resolve(records("walk-begun")), slowMs);
    // The record was written before the event and came over: an alarm would have come by the same way.
    expect(alarms()).toEqual([]);
    expect(await events("testWalk=false")).toEqual([]);

    await at.page.getByTestId("walk-stop").click();
    await at.page.getByTestId("walked").waitFor();
    // For the way out everybody is told that alarms still stay in.
    expect(await at.page.getByTestId("walking").textContent()).toMatch(/试走/);
    // What is open ends on the box alone, and begins anew after the walk.
    await put({ ...watchful, zones: [] });
    const running = async (): Promise<boolean> => (await at.ask<CameraView>("GET", "/cameras/north")).testWalk !== null;
    await until("the walk is over", async () => !(await running()), slowMs);
    await put(watchful);
    await until("the next event is sent", () => Promise.resolve(alarms().length > 0), 200_000);
    await until("the end of the walk is a record, too", () => Promise.resolve(records("walk-ended")), slowMs);
    const onWalk = new Set((await events("testWalk=true")).map(({ occurrence }) => occurrence));
    for (const { event } of alarms())
      if (event.data["phase"] === "start") expect(onWalk.has(event.correlationid ?? "")).toBe(false);
  });

  test("T10: the mark stands in the list, among the reasons, on paper, and in the export", async () => {
    const [one] = await events("testWalk=true");
    await at.page.goto(`${box.address}#/events?testWalk=true`);
    const card = at.page.getByTestId(`event-${one?.id ?? ""}`);
    expect(await card.textContent()).toContain("试走 · 未上报");
    expect(await card.textContent()).not.toContain("已确认接收");
    await card.locator("a").click();
    await at.page.getByTestId("event-detail").waitFor();
    await at.page.getByTestId("walk-note").first().waitFor();
    expect(await at.page.getByTestId("walk-note").count()).toBe(2);
    await at.page.emulateMedia({ media: "print" });
    for (const note of await at.page.getByTestId("walk-note").all()) expect(await note.isVisible()).toBe(true);
    await at.page.emulateMedia({ media: "screen" });
    const rows = await at.ask<readonly { readonly testWalk: { readonly user: string } | null }[]>(
      ...(["GET", "/events/export.json?testWalk=true"] as const),
    );
    expect(rows.every(({ testWalk }) => testWalk?.user === "admin")).toBe(true);
  });

  test("T10: the walk is kept as a regression case named by its day, and the case passes", async () => {
    await at.page.goto(`${box.address}#/trial?camera=north&zone=all`);
    await at.page.getByTestId("walk-start").click();
    const state = (): Promise<string | null> => at.page.getByTestId("walk").getAttribute("data-state");
    await until("it saw somebody", async () => ["inside", "fired"].includes((await state()) ?? ""), slowMs);
    await at.page.getByTestId("walk-stop").click();
    await at.page.getByTestId("walk-keep").click();
    const kept = at.page.getByTestId("regression").locator("li").first();
    await kept.waitFor();
    expect(await kept.textContent()).toMatch(/\d{4}-\d\d-\d\d 试走/);
    await at.page.getByTestId("regression-run").click();
    await at.page.getByTestId("regression-result").first().waitFor();
    expect(await at.page.getByTestId("regression-result").last().textContent()).toContain("1/1");
  });
});

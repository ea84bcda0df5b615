/** Tuning in a real Chromium against a real box: what goes away with its picture, where it came from, and the hand that leads. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventDetail, EventPage, PreviewAnswer, PreviewRequest, RuleSet } from "../../api.ts";
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
    // In one look: it fires on meanwhile, and the next answer may count one more.
    const [present, told, listed] = await ed.page.getByTestId("preview-panel").evaluate((panel) => {
      const one = panel.querySelector<HTMLElement>("[data-testid=preview-result]");
      const gone = panel.querySelectorAll("[data-testid=preview-gone] li");
      return [Number(one?.dataset["present"]), one?.textContent ?? "", gone.length] as const;
    });
    expect(present).toBeGreaterThan(0);
    expect(told).toContain(`${present} 次 → 草稿 0 次`);
    expect(listed).toBe(Math.min(50, present));
    const list = ed.page.getByTestId("preview-gone");
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

  test("T2: over the time around an event that somebody marked", async () => {
    const { events } = await ed.ask<EventPage>("GET", "/events?camera=north&limit=1");
    const [event] = events;
    await ed.ask("PUT", `/events/${encodeURIComponent(event?.id ?? "")}/mark`, { mark: "false" });
    await ed.open("north");
    await ed.page.getByTestId("tab-preview").click();
    const chosen = ed.page.getByTestId("preview-window").locator("optgroup option").first();
    await chosen.waitFor({ state: "attached" });
    expect(await chosen.textContent()).toMatch(/^✗ \d.+ · .+ · /);
    const asked = ed.page.waitForRequest(
      (request) =>
        request.url().endsWith("/rules/preview") &&
        (request.postDataJSON() as PreviewRequest).fromMs === (event?.startMs ?? 0) - 600_000,
    );
    await ed.page.getByTestId("preview-window").selectOption(event?.id ?? "");
    expect((await (await asked).response())?.status()).toBe(200);
    await until(
      "it is told",
      async () => Number(await ed.page.getByTestId("preview-result").getAttribute("data-present")) > 0,
      slowMs,
    );
    await ed.ask("PUT", `/events/${encodeURIComponent(event?.id ?? "")}/mark`, { mark: null });
    // What was chosen at one camera is not taken along to another.
    await ed.open("south");
    await ed.page.getByTestId("tab-preview").click();
    expect(await ed.page.getByTestId("preview-window").inputValue()).toBe("day");
  });

  const settings = async (): Promise<void> => {
    await ed.open("north");
    await ed.page.getByTestId("row-all").locator(".shape-name").click();
    await ed.page.getByTestId("tab-settings").click();
    await ed.page.getByTestId("rule-angler-loitering").locator(".histogram").first().waitFor();
  };
  const loitering = (what: string) => ed.page.getByTestId("rule-angler-loitering").getByTestId(what);
  const listed = async (query: string): Promise<EventPage["events"]> =>
    (await ed.ask<EventPage>("GET", `/events?${query}`)).events;

  test("T5: the confidence slider stands over what was logged, by class; kept and dropped follow the hand, as one step", async () => {
    await settings();
    const numbers = async (): Promise<readonly number[]> =>
      ((await loitering("kept-score").textContent()) ?? "").match(/\d+/g)?.slice(0, 2).map(Number) ?? [];
    const [kept = 0, dropped = 0] = await numbers();
    expect(kept).toBeGreaterThan(0);
    expect(await loitering("slider-score").locator(".histogram rect.kept").count()).toBeGreaterThan(0);
    const input = loitering("slider-score").locator("input");
    await input.scrollIntoViewIfNeeded();
    const at = await input.boundingBox();
    if (!at) throw new Error("the slider is not there");
    await ed.page.mouse.move(at.x + at.width * 0.3, at.y + at.height / 2);
    await ed.page.mouse.down();
    for (const share of [0.6, 0.8, 0.99]) await ed.page.mouse.move(at.x + at.width * share, at.y + at.height / 2);
    // The hand still holds it.
    await until("everything is dropped", async () => (await numbers())[0] === 0);
    expect((await numbers())[1]).toBe(kept + dropped);
    await ed.page.mouse.up();
    expect((await ed.state()).past).toBe(1);
    await ed.press("Control+z");
    expect(await numbers()).toEqual([kept, dropped]);
  });

  test("T9, T6: marks by key, ticks on both sliders, a suggestion as a draft with its rehearsal, never applied by itself", async () => {
    // The angler is seen at 0.7 to 0.8: from 0.55 on a small step of the threshold is enough to lose him.
    const firm = watchful.zones.map((zone) => ({
      ...zone,
      rules: zone.rules.map((rule) => ({ ...rule, score: 0.55 })),
    }));
    // What is open ends, so that something begins.
    await ed.reset("north", { ...watchful, zones: [] });
    const sinceMs = Date.now();
    await ed.reset("north", { ...watchful, zones: firm });
    const fresh = (): Promise<EventPage["events"]> => listed(`type=angler-loitering&fromMs=${sinceMs}`);
    await until("it fires by these rules", async () => (await fresh()).length > 0, slowMs);
    const id = encodeURIComponent((await fresh())[0]?.id ?? "");
    await ed.page.goto(`${box.address}#/events/${id}`);
    await ed.page.getByTestId("mark-false").waitFor();
    await ed.press("f");
    await until("the mark is on the box", async () => (await listed("mark=false")).length === 1);

    await settings();
    expect(await loitering("tick-score").count()).toBe(1);
    expect(await loitering("tick-suspectedSec").count()).toBe(1);
    expect(await loitering("marked-suspectedSec").textContent()).toContain("误报保留 1/1");
    const dwell = loitering("slider-suspectedSec").locator("input");
    await dwell.focus();
    await ed.press("End");
    await until("longer than any of them", async () =>
      ((await loitering("marked-suspectedSec").textContent()) ?? "").includes("误报保留 0/1"),
    );
    await ed.page.getByTestId("discard").click();

    const before = await ed.ask<RuleSet>("GET", "/cameras/north/rules");
    await ed.page.goto(`${box.address}#/events/${id}`);
    await ed.page.getByTestId("suggest").click();
    await ed.page.getByTestId("suggest-draft").click({ timeout: slowMs });
    await ed.page.getByTestId("restore").click();
    await ed.page.getByTestId("row-all").locator(".shape-name").click();
    await ed.page.getByTestId("tab-preview").click();
    const result = ed.page.getByTestId("preview-result");
    await result.waitFor({ timeout: slowMs });
    // A draft of one change beside the rules that go on running.
    expect(await ed.page.getByTestId("change-count").getAttribute("data-count")).toBe("1");
    const rule = (rules: RuleSet): RuleSet["zones"][number]["rules"][number] | undefined => rules.zones[0]?.rules[0];
    const [mine, theirs] = [rule((await ed.state()).rules), rule(before)];
    const changed = ["score", "suspectedSec", "minSize"].filter((key) => mine?.[key] !== theirs?.[key]);
    expect(changed).toHaveLength(1);
    expect((await ed.ask<RuleSet>("GET", "/cameras/north/rules")).zones).toEqual(before.zones);
    await ed.page.getByTestId("discard").click();
    await ed.ask("PUT", `/events/${id}/mark`, { mark: null });
  });

  test("T7: why it fired, in order, each step with its setting, over the firing frame; the link opens that setting", async () => {
    const [event] = await listed("type=angler-loitering");
    const detail = await ed.ask<EventDetail>("GET", `/events/${encodeURIComponent(event?.id ?? "")}`);
    await ed.page.goto(`${box.address}#/events/${encodeURIComponent(event?.id ?? "")}`);
    const steps = ed.page.getByTestId("trace").locator("li");
    await steps.first().waitFor();
    expect(await steps.evaluateAll((all) => all.map((one) => one.getAttribute("data-step")))).toEqual(
      detail.trace.map(({ step }) => step),
    );
    expect(await ed.page.getByTestId("trace").locator("li.bad").count()).toBe(0);
    // The picture is the very one that the message names, with the objects of the firing moment on it.
    const picture = ed.page.getByTestId("event-detail").locator(".evidence-picture img");
    expect(await picture.first().getAttribute("src")).toBe(event?.picture);
    const objects = ed.page.getByTestId("overlay-object");
    await until("its objects are drawn", async () => (await objects.count()) === detail.objects.length);
    await steps.last().locator("a").click();
    await ed.page.getByTestId("settings-panel").waitFor();
    expect((await ed.state()).selected).toEqual({ kind: "zone", id: "all" });
    const key = detail.trace.at(-1)?.setting.split("/").at(-1) ?? "";
    const focused = loitering(`slider-${key}`).locator("input:focus");
    await until("the focus is on its slider", async () => (await focused.count()) === 1);
  });

  test("T8: why not, of a live track: the same steps up to the first that is not passed, with what it lacks", async () => {
    const patient = watchful.zones.map((zone) => ({
      ...zone,
      rules: [{ type: "angler-loitering", score: 0.3, suspectedSec: 3_000, detectedSec: 3_600 }],
    }));
    await ed.reset("north", { ...watchful, zones: patient });
    await ed.page.getByTestId("tab-preview").click();
    const ask = ed.page.locator("[data-testid^=ask-]").filter({ hasText: "人" }).first();
    await until("a track that the log has, too", async () => {
      await ask.click({ timeout: slowMs });
      await ed.page.getByTestId("why-back").waitFor();
      await ed.page.waitForSelector("[data-testid=why-panel][aria-busy=false]");
      if ((await ed.page.getByTestId("why-all-all/angler-loitering").count()) > 0) return true;
      await ed.page.getByTestId("why-back").click();
      return false;
    }, slowMs); // prettier-ignore
    const steps = ed.page.getByTestId("why-all-all/angler-loitering").locator(".steps li");
    const moods = await steps.evaluateAll((all) => all.map((one) => one.getAttribute("class")));
    expect(moods.filter((mood) => mood === "bad")).toEqual(["bad"]);
    expect(moods.at(-1)).toBe("bad");
    expect(await steps.last().textContent()).toMatch(/3,?000/);
    await steps.last().locator("button").click();
    await ed.page.getByTestId("settings-panel").waitFor();
  });

  test("T12: after an apply ten minutes of watching, beside the day before, and one tap back", async () => {
    const off = watchful.zones.map((zone) => ({
      ...zone,
      rules: zone.rules.map((rule) => ({ ...rule, enabled: false })),
    }));
    await ed.reset("north", { ...watchful, zones: off });
    await ed.page.getByTestId("enable-all").click();
    await ed.page.getByTestId("apply").click();
    await ed.page.getByTestId("watching").locator("a").click();
    const watch = ed.page.getByTestId("watch");
    await watch.locator("table").waitFor();
    expect(await watch.getByRole("timer").textContent()).toMatch(/十分钟观察还剩/);
    // It fires within the watch: the count of now is there, the day before had none.
    const north = watch.locator("tbody tr").filter({ hasText: "北码头" }).locator("td");
    await until("it counts", async () => Number((await north.first().textContent())?.match(/\d+/)?.[0]) > 0, slowMs);
    expect(await north.last().textContent()).toBe("0");
    await ed.page.getByTestId("watch-rollback").click();
    const isOff = async (): Promise<boolean> =>
      (await ed.ask<RuleSet>("GET", "/cameras/north/rules")).zones[0]?.rules.every(
        ({ enabled }) => enabled === false,
      ) === true;
    await until("it is back", isOff, slowMs);
    await watch.locator("table").waitFor({ state: "detached" });
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
    const dragged = ed.page.locator("[data-testid=trial] polygon");
    const seen = (): Promise<readonly string[]> =>
      Promise.all([outline, dragged].map((one) => one.evaluate((polygon) => getComputedStyle(polygon).visibility)));
    const before = await outline.getAttribute("points");
    expect(await seen()).toEqual(["visible", "hidden"]);
    const [from, to] = [await ed.px([0.01, 0.01]), await ed.px([0.3, 0.3])];
    await ed.page.mouse.move(from.x, from.y);
    await ed.page.mouse.down();
    await ed.page.mouse.move(to.x - 10, to.y - 10);
    // Read in the very turn of the move: no timer has run by then.
    const followed = await dragged.evaluate(
      async (polygon, { x, y }) => {
        const moved = new Promise<string | null>((resolve) => {
          const read = (): void => resolve(polygon.getAttribute("points"));
          window.addEventListener("pointermove", read, { once: true });
        });
        const at = { clientX: x, clientY: y, pointerId: 1, bubbles: true };
        document.querySelector("[data-testid=stage]")?.dispatchEvent(new PointerEvent("pointermove", at));
        return moved;
      },
      { x: to.x + 20, y: to.y + 20 },
    );
    expect(followed?.split(" ").slice(2)).toEqual(before?.split(" ").slice(2));
    expect(Number(followed?.split(" ")[0])).toBeGreaterThan(Number(before?.split(" ")[0]) + 100);
    expect(await seen()).toEqual(["hidden", "visible"]);
    const [corner] = await ed.points("all");
    expect(corner?.[0]).toBeCloseTo(0.3, 1);
    const cell = ed.page.getByTestId("cell-0-x");
    await until("the table follows", async () => Number(await cell.inputValue()) > 25);
    await ed.press("Escape");
    expect(await outline.getAttribute("points")).toBe(before);
    expect(await seen()).toEqual(["visible", "hidden"]);
    await ed.page.mouse.up();
    expect((await ed.state()).past).toBe(0);
  });
});

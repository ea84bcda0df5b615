/** The staff gauge in a real Chromium: drawn over a rising river, refused when wrong, applied, and then read. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Applied, MeasuresDocument, XY } from "../../api.ts";
import { openBox, type TestBox } from "../testing/box.ts";
import { hasBrowser, openBrowser, until, visitor, type EditorPage } from "../testing/browser.ts";
import { enter } from "../testing/tour.ts";

const clips = new URL("../../../../test-fixtures/clips/", import.meta.url).pathname;

interface Truth {
  readonly gauge: {
    readonly marks: readonly { readonly at: XY; readonly cm: number }[];
    readonly widthShare: number;
  };
}

/** Where so many centimetres stand in the clip. */
let placeOf: (cm: number) => XY;
let widthShare = 0;
let levelsM: readonly number[] = [];

describe.skipIf(!hasBrowser)("the gauge on the page", { timeout: 240_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let ed: EditorPage;
  let page: Page;

  beforeAll(async () => {
    const [head = "", ...frames] = (await readFile(join(clips, "water-rising.truth.jsonl"), "utf8")).trim().split("\n");
    const truth = JSON.parse(head) as Truth;
    placeOf = (cm) => truth.gauge.marks.find((mark) => mark.cm === cm)?.at ?? [0, 0];
    widthShare = truth.gauge.widthShare;
    levelsM = frames.map((line) => (JSON.parse(line) as { readonly levelCm?: number }).levelCm ?? Number.NaN);
    [box, browser] = await Promise.all([
      openBox({ more: ["river"], clips: { river: join(clips, "water-rising.mp4") } }),
      openBrowser(),
    ]);
    page = await (await visitor(browser, { width: 1366, height: 1600 })).newPage();
    page.setDefaultTimeout(60_000);
    page.on("dialog", (dialog) => void dialog.accept());
    ed = await enter(page, box);
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  const open = async (): Promise<void> => {
    await page.goto("about:blank");
    await page.goto(`${ed.address}#/water?camera=river`);
    await page.getByTestId("gauge-panel").waitFor();
    await page.locator(".picture[data-seq='-1']").first().waitFor({ state: "detached" });
  };
  const spot = async ([x, y]: XY): Promise<{ readonly x: number; readonly y: number }> => {
    const stage = await page.getByTestId("water-stage").boundingBox();
    if (!stage) throw new Error("the picture is not on the screen");
    return { x: stage.x + x * stage.width, y: stage.y + y * stage.height };
  };
  const drag = async (handle: string, to: XY): Promise<void> => {
    const held = await page.getByTestId(`handle-${handle}`).boundingBox();
    if (!held) throw new Error(`no handle ${handle}`);
    const end = await spot(to);
    await page.mouse.move(held.x + held.width / 2, held.y + held.height / 2);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.mouse.up();
  };
  const metres = (mark: string, m: number): Promise<void> => page.getByTestId(`mark-${mark}`).fill(String(m));
  const asked = (): Promise<MeasuresDocument> => ed.ask("GET", "/cameras/river/measures");

  test("lines and marks are dragged, tapped and moved by keys; wrong metres are told, and the box refuses them", async () => {
    await open();
    await page.getByTestId("add-gauge").click();
    await drag("gauge-from", placeOf(240));
    await drag("gauge-to", placeOf(40));
    await drag("gauge-0", placeOf(200));
    // A tap puts what was chosen, arrow keys do the rest: nobody must drag.
    await page.getByTestId("handle-gauge-1").click();
    const near = await spot([placeOf(60)[0], placeOf(60)[1] - 0.02]);
    await page.mouse.click(near.x, near.y);
    await page.getByTestId("handle-gauge-1").focus();
    for (let n = 0; n < 2; n += 1) await page.keyboard.press("Shift+ArrowDown");
    await metres("gauge-0", 2);
    await metres("gauge-1", 0.6);
    await page.getByTestId("add-mark-gauge").click();
    await drag("gauge-2", placeOf(130));
    await metres("gauge-2", 1.3);
    await page.getByTestId("add-mark-gauge").click();
    await drag("gauge-3", placeOf(170));
    await metres("gauge-3", 1.8);
    await page.keyboard.press("Tab");
    expect(await page.getByTestId("agreement").textContent()).toMatch(/标定点相差 [2-9]/);
    await page.getByTestId("apply").click();
    await page.getByTestId("diagnostics").waitFor();
    expect(await page.getByTestId("diagnostics").textContent()).toContain("gauge/marks");
    expect((await asked()).gauge).toBeNull();
  });

  test("right metres are applied as one revision; the level is read and drawn", async () => {
    await metres("gauge-3", 1.7);
    await page.getByTestId("datum").fill("1985国家高程基准");
    await page.getByTestId("level-warning").fill("1.5");
    // The clip's water rises by a metre a minute: slower believed, there would be no level before it stands again.
    await page.getByTestId("limit-maxRiseMPerMin").fill("2");
    await page.locator(".water-page input[type=range]").fill(String(widthShare));
    await page.keyboard.press("Tab");
    await until(
      "the marks agree",
      async () => (await page.getByTestId("agreement").textContent())?.includes("误差不超过") === true,
    );
    await page.getByTestId("apply").click();
    await until("the box has it", async () => (await asked()).gauge !== null);
    const { gauge, flow } = await asked();
    expect(flow).toBeNull();
    expect(gauge).toMatchObject({ datum: "1985国家高程基准", levels: { warning: 1.5 } });
    expect(gauge?.marks.map(({ m }) => m)).toEqual([2, 0.6, 1.3, 1.7]);
    gauge?.marks.forEach(({ at }, n) =>
      expect(Math.abs(at[1] - placeOf([200, 60, 130, 170][n] ?? 0)[1])).toBeLessThan(0.006),
    );
    const level = page.getByTestId("level");
    await until(
      "there is a level",
      async () => ((await level.getAttribute("data-value")) ?? "") !== "",
      90_000,
      () => level.textContent(),
    );
    const value = Number(await level.getAttribute("data-value"));
    expect(value).toBeGreaterThan(Math.min(...levelsM.filter(Number.isFinite)) / 100 - 0.03);
    expect(value).toBeLessThan(Math.max(...levelsM.filter(Number.isFinite)) / 100 + 0.03);
    await page.getByTestId("surface").waitFor({ state: "attached" });
    await page.screenshot({ path: process.env["WATER_SHOT"] ?? join(box.config, "water.png") });
  });

  test("what is being typed outlives the readings that draw the page anew, and leaving the field takes it", async () => {
    const datum = page.getByTestId("datum");
    const drawn = (): Promise<string | null> => page.getByTestId("level").locator("small").textContent();
    await datum.fill("冻结");
    const before = await drawn();
    await until("another reading is drawn", async () => (await drawn()) !== before, 60_000, drawn);
    expect(await datum.inputValue()).toBe("冻结");
    await datum.press("Tab");
    await page.getByTestId("undo").click();
    expect(await datum.inputValue()).toBe("1985国家高程基准");
  });

  test("undo takes steps back; what somebody else applied meanwhile is met, not lost", async () => {
    await page.getByTestId("add-line").click();
    await page.getByTestId("handle-0-from").waitFor();
    await page.getByTestId("undo").click();
    expect(await page.getByTestId("handle-0-from").count()).toBe(0);
    await page.getByTestId("add-line").click();
    const theirs = await asked();
    const changed = { gauge: theirs.gauge && { ...theirs.gauge, datum: "冻结吴淞" }, flow: null };
    const applied = await ed.ask<Applied>("PUT", "/cameras/river/measures", changed, theirs.revision);
    expect(applied.changes.map(({ zh }) => zh).join()).toContain("水尺");
    await page.getByTestId("apply").click();
    await page.locator(".water-page [role=alert]").first().waitFor();
    expect((await asked()).gauge?.datum).toBe("冻结吴淞");
    await page.getByTestId("apply").click();
    await until("the line is there", async () => (await asked()).flow?.lines.length === 1);
  });

  test("comments and everything else of the file survive, and the last thing taken away leaves them", async () => {
    const path = join(box.config, "zones", "river.yaml");
    await writeFile(path, `# 岸边第一块水尺\n${await readFile(path, "utf8")}masks: [] # none yet\n`);
    await until("the box has read it", async () => (await readFile(path, "utf8")).includes("none yet"));
    await open();
    await page.getByTestId("remove-gauge").click();
    await page.getByRole("button", { name: "删除测线 1" }).click();
    await until("applied", async () => {
      await page
        .getByTestId("apply")
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      const { gauge, flow } = await asked();
      return gauge === null && flow === null;
    });
    const text = await readFile(path, "utf8");
    expect(text).toContain("# 岸边第一块水尺");
    expect(text).toContain("masks: [] # none yet");
    expect(text).not.toMatch(/^(gauge|flow):/m);
  });
});

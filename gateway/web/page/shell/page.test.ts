/** The page as a visitor meets it: what it fetches, what it weighs, who can read it, how it looks. */
import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBox, testPassword, type TestBox } from "../testing/box.ts";
import { hasBrowser, openBrowser, until, visitor, type Look } from "../testing/browser.ts";

/** Pictures for people and for the documentation; the newest run stays. */
const pictures = process.env["XUELIANG_PICTURES"] ?? join(tmpdir(), "xueliang-page-pictures");
const places = ["/live", "/zones/north"] as const;
const desk = { width: 1280, height: 800 };
const phone = { width: 360, height: 640, touch: true };
const looks: readonly (readonly [string, Look])[] = [
  ["desk-dark-zh", { ...desk, theme: "dark", language: "zh" }],
  ["desk-light-en", { ...desk, theme: "light", language: "en" }],
  ["phone-outdoor-zh", { ...phone, theme: "outdoor", language: "zh" }],
  ["phone-dark-en", { ...phone, theme: "dark", language: "en" }],
];

describe.skipIf(!hasBrowser)("the page", { timeout: 120_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let openedMs = 0;

  beforeAll(async () => {
    openedMs = performance.now();
    [box, browser] = await Promise.all([openBox(), openBrowser()]);
    await mkdir(pictures, { recursive: true });
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  const enter = async (look: Look): Promise<{ page: Page; asked: string[]; complaints: string[] }> => {
    const page = await (await visitor(browser, look)).newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("websocket", (socket) => asked.push(socket.url()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
    });
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(box.address);
    await page.fill("input[name=password]", testPassword);
    await page.click("form button");
    await page.waitForSelector(".tile");
    return { page, asked, complaints };
  };

  test("live boxes over a live picture within a minute of the start; from an address that is not loopback", async () => {
    const { page, asked, complaints } = await enter({ ...desk, language: "en" });
    await page.waitForSelector("[data-testid=picture-north] [data-track]", { timeout: 60_000 });
    console.log(
      `first live box ${((performance.now() - openedMs) / 1_000).toFixed(1)} s after the start, over ${box.address}`,
    );
    for (const place of places) await page.goto(`${box.address}#${place}`);
    await page.waitForSelector("[data-testid=stage]");
    const host = new URL(box.address).host;
    expect(asked.filter((url) => new URL(url).host !== host)).toEqual([]);
    expect(asked.length).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
    console.log(`${asked.length} requests, 0 outside the box`);
    await page.context().close();
  });

  test("the limits of weight hold, and at most twelve requests lead to the first paint", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "../size.ts")]);
    expect(stdout).not.toContain("TOO LARGE");
    const page = await (await visitor(browser, desk)).newPage();
    let count = 0;
    page.on("request", () => (count += 1));
    await page.goto(box.address);
    await page.waitForSelector("form");
    expect(count).toBeLessThanOrEqual(12);
    await page.context().close();
  });

  test("the language changes without a reload, the theme too, and both are remembered", async () => {
    const { page } = await enter({ ...desk, language: "zh" });
    await page.evaluate(() => Object.assign(window, { same: true }));
    await page.getByTestId("settings").click();
    await page.getByTestId("language").selectOption("en");
    await page.getByTestId("theme").selectOption("outdoor");
    expect(await page.locator(".head > nav").textContent()).toContain("Zones");
    expect(await page.evaluate(() => [document.documentElement.lang, String(Reflect.get(window, "same"))])).toEqual([
      "en",
      "true",
    ]);
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("outdoor");
    await page.context().close();
  });

  test("nothing is sent for a tile that cannot be seen, and saving data halves what comes", async () => {
    const { page } = await enter({ ...desk, height: 300 });
    const seq = async (camera: string): Promise<number> =>
      Number(await page.getByTestId(`picture-${camera}`).getAttribute("data-seq"));
    await until("the first tile lives", async () => (await seq("north")) > 0);
    await page.getByTestId("settings").click();
    await page.getByText("省流量").click();
    await page.setViewportSize({ width: 400, height: 260 });
    await page.evaluate(() => scrollTo(0, 0));
    // What was on its way may still come, however long a busy machine takes for it; then nothing for two seconds.
    await until(
      "the hidden tile stands still",
      async () => {
        const before = await seq("south");
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        return (await seq("south")) === before;
      },
      60_000,
    );
    await page.context().close();
  });

  test.each(looks)("%s: axe finds nothing, and it is drawn for people to look at", async (name, look) => {
    const { page } = await enter(look);
    const axe = await readFile(new URL("../../../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    const found: string[] = [];
    const look_ = async (what: string): Promise<void> => {
      await page.screenshot({ path: join(pictures, `${name}-${what}.png`) });
      // Evaluated by the browser's own tools: the page's policy lets no foreign script in, this one neither.
      const cdp = await page.context().newCDPSession(page);
      await cdp.send("Runtime.evaluate", { expression: axe });
      const { result } = await cdp.send("Runtime.evaluate", {
        expression: `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).slice(0, 4).join(" | "))))`,
        awaitPromise: true,
        returnByValue: true,
      });
      found.push(...(JSON.parse(String(result.value)) as string[]).map((one) => `${what}: ${one}`));
      await cdp.detach();
    };
    await until(
      "a live picture",
      async () => Number(await page.getByTestId("picture-north").getAttribute("data-seq")) > 0,
    );
    await look_("live");
    await page.goto(`${box.address}#/zones/north`);
    await page.getByTestId("row-shore").locator(".shape-name").click();
    await look_("zones");
    await page.getByTestId("tab-settings").click();
    await page.waitForSelector("[data-testid=settings-panel]");
    await look_("settings");
    await page.getByTestId("tab-preview").click();
    await page.waitForSelector("[data-testid=preview-result], .trouble");
    await look_("preview");
    await page.context().close();
    expect(found).toEqual([]);
  });

  // The last one: it shuts this machine's address.
  test("wrong passwords shut the door with a timer that runs, and stands after a reload too", async () => {
    const page = await (await visitor(browser, { ...phone, language: "zh", theme: "outdoor" })).newPage();
    const problem = page.getByTestId("problem");
    const seconds = async (): Promise<number> => Number(/(\d+) 秒/.exec((await problem.textContent()) ?? "")?.[1] ?? 0);
    await page.goto(box.address);
    await until(
      "the door is shut",
      async () => {
        if ((await problem.getAttribute("role")) === "timer") return true;
        await page.fill("input[name=password]", "a wrong one");
        await page.locator("form button:enabled").click();
        await page.locator("form button:enabled, [role=timer]").first().waitFor();
        return false;
      },
      90_000,
    );
    expect(await page.locator("form button").isDisabled()).toBe(true);
    const first = await seconds();
    expect(first).toBeGreaterThan(0);
    await until("the timer runs", async () => (await seconds()) < first);
    await page.reload();
    await until("it stands", async () => (await seconds()) > 0 || (await page.locator("form button").isEnabled()));
    expect(await seconds()).toBeLessThan(first);
    await until("the door opens again", () => page.locator("form button").isEnabled(), 60_000);
    await page.fill("input[name=password]", testPassword);
    await page.click("form button");
    await page.waitForSelector(".tile");
    await page.context().close();
  });
});

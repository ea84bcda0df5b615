/** A fresh box, from the printed code to the first camera: the real command in an empty folder, a phone, fields counted. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CameraSimulator } from "../../../rehearsal/camera-simulator/camera-simulator.ts";
import { buildPage } from "../build.mjs";
import { hasBrowser, openBrowser, until, visitor } from "../testing/browser.ts";
import { barriers, cutOff, latinWords } from "../testing/look-over.ts";

const root = join(import.meta.dirname, "../../../..");
const clip = join(root, "test-fixtures/clips/second-rod.mp4");
const password = "correct horse battery";

/** What the box prints when it starts without a config. */
interface Printed {
  readonly addresses: readonly string[];
  readonly setup_code: string;
}

/** Goes on with Tab until the focus is there. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
  }
  throw new Error(`no way by keyboard to ${selector}`);
}

describe.skipIf(!hasBrowser).each(["by touch", "by keyboard"] as const)("set-up %s", { timeout: 240_000 }, (way) => {
  let folder: string;
  let box: ChildProcess;
  let browser: Browser;
  let simulator: CameraSimulator;
  let printed: Printed;

  beforeAll(async () => {
    await buildPage({ ifChanged: true });
    folder = await mkdtemp(join(tmpdir(), "xueliang-first-run-"));
    simulator = await CameraSimulator.open({ mounts: { "/north": { clip } } });
    box = spawn(
      process.execPath,
      [join(root, "gateway/main.ts"), "run", "--json", "--config", join(folder, "config")],
      {
        cwd: root,
        env: { ...process.env, XUELIANG_LISTEN: "127.0.0.1:0" },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    printed = await new Promise((resolve, reject) => {
      box.once("exit", (code) => reject(new Error(`the box ended with ${code ?? "a signal"}`)));
      if (!box.stdout) throw new Error("no output");
      createInterface(box.stdout).on("line", (line) => {
        const said = JSON.parse(line) as { readonly type?: string } & Printed;
        if (said.type === "set-up") resolve(said);
      });
    });
    browser = await openBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    if (box.exitCode === null) {
      box.kill("SIGTERM");
      await once(box, "exit");
    }
    await simulator[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  test.skipIf(way !== "by keyboard")(
    "every step by keys alone, in Chinese, without a barrier or a foreign word",
    async () => {
      const context = await visitor(browser, { width: 1280, height: 800, language: "zh", theme: "light" });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const found: string[] = [];
      const look = async (step: string): Promise<void> => {
        const wrong = [
          ...(await barriers(page)),
          ...(await cutOff(page)),
          ...(await latinWords(page, ["admin", "river-starter"])),
        ];
        found.push(...wrong.map((one) => `${step}: ${one}`));
      };
      const type = async (selector: string, text: string): Promise<void> => {
        await tabTo(page, selector);
        await page.keyboard.type(text);
      };
      const press = async (testid: string): Promise<void> => {
        await tabTo(page, `[data-testid=${testid}]`);
        await page.keyboard.press("Enter");
      };
      await page.goto(printed.addresses[0] ?? "");
      await page.locator("input[name=code]").waitFor();
      await look("code");
      await type("input[name=code]", printed.setup_code);
      await page.keyboard.press("Enter");
      await page.getByTestId("first-run").waitFor();
      await look("password");
      await type("input[name=site]", "渡口");
      await type("input[name=password]", password);
      await type("input[name=again]", password);
      await page.keyboard.press("Enter");
      await page.locator("[data-testid=clock-step][data-apart=false]").waitFor({ timeout: 120_000 });
      await look("clock");
      await press("set-up-next");
      await page.getByTestId("brand").waitFor();
      await look("camera");
      await tabTo(page, "[data-testid=brand]");
      await page.keyboard.press("End");
      expect(await page.getByTestId("brand").inputValue()).toBe("custom");
      await type("[data-testid=camera-url]", simulator.url("/north"));
      await press("test-camera");
      await page.locator("[data-testid=test-result][data-ok=true]").waitFor({ timeout: 120_000 });
      await look("test");
      await type("[data-testid=camera-name]", "北岸");
      await press("camera-add");
      await page.getByTestId("models").getByText("用于 北岸").waitFor(); // By its id until the page has heard its name.
      await look("model");
      await press("set-up-next");
      await page.getByTestId("draw-first").waitFor();
      await look("zone");
      await press("draw-first");
      await page.getByTestId("stage").waitFor();
      await context.close();
      expect(found).toEqual([]);
    },
  );

  test.skipIf(way !== "by touch")(
    "code, password, name, clock, camera with its test, model: at most twelve fields",
    async () => {
      const context = await visitor(browser, {
        width: 360,
        height: 640,
        touch: true,
        language: "en",
        theme: "outdoor",
      });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      let typed = 0;
      const type = async (selector: string, text: string): Promise<void> => {
        typed += 1;
        await page.fill(selector, text);
      };
      await page.goto(printed.addresses[0] ?? "");
      await type("input[name=code]", printed.setup_code);
      await page.click("form button");
      await page.getByTestId("first-run").waitFor();
      await type("input[name=site]", "Ferry pier");
      await type("input[name=password]", password);
      await type("input[name=again]", password);
      await page.getByTestId("first-run").locator("button").click();
      await page.locator("[data-testid=clock-step][data-apart=false]").waitFor({ timeout: 120_000 });
      await page.getByTestId("set-up-next").click();
      await page.getByTestId("brand").selectOption("custom");
      await type("[data-testid=camera-url]", simulator.url("/north"));
      await page.getByTestId("test-camera").click();
      await page.locator("[data-testid=test-result][data-ok=true]").waitFor({ timeout: 120_000 });
      await page.locator("img.test-picture").waitFor();
      await type("[data-testid=camera-name]", "North");
      await page.getByTestId("camera-add").click();
      await page.getByTestId("models").waitFor();
      await page.getByTestId("set-up-next").click();
      await page.getByTestId("draw-first").click();
      await page.getByTestId("stage").waitFor();
      expect(typed).toBeLessThanOrEqual(12);
      const text = (): Promise<string> => readFile(join(folder, "config", "gateway.yaml"), "utf8");
      await until("the camera is in the file", async () => (await text()).includes("/north"));
      expect(await text()).toContain("Ferry pier");
      await context.close();
    },
  );
});

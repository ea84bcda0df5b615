/** A fresh box, from the printed code to the first camera: the real command in an empty folder, a phone, fields counted. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CameraSimulator } from "../../../rehearsal/camera-simulator/camera-simulator.ts";
import { buildPage } from "../build.mjs";
import { hasBrowser, openBrowser, until, visitor } from "../testing/browser.ts";

const root = join(import.meta.dirname, "../../../..");
const clip = join(root, "test-fixtures/clips/second-rod.mp4");
const password = "correct horse battery";

/** What the box prints when it starts without a config. */
interface Printed {
  readonly addresses: readonly string[];
  readonly setup_code: string;
}

describe.skipIf(!hasBrowser)("set-up on a phone", { timeout: 240_000 }, () => {
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

  test("code, password, name, clock, camera with its test, model: at most twelve fields", async () => {
    const context = await visitor(browser, { width: 360, height: 640, touch: true, language: "en", theme: "outdoor" });
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
  });
});

/** The page in a real browser: first password, status, the switch, a phone, a gateway that goes away. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { systemClock } from "../runtime/clock.ts";
import { exampleStatus } from "./example-status.ts";
import { WebServer } from "./server.ts";

const browserPath = "/usr/bin/chromium";
/** Where pictures of the page go when somebody wants to look at them. */
const pictures = process.env["XUELIANG_PICTURES"];

test.skipIf(!existsSync(browserPath))(
  `a technician sets the password and reads the status on a phone (needs ${browserPath})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "xueliang-page-"));
    let framesIn = 36_300;
    const status = () => {
      const example = exampleStatus();
      framesIn += 1;
      return {
        ...example,
        cameras: example.cameras.map((camera, index) => (index === 0 ? { ...camera, framesIn } : camera)),
      };
    };
    const server = await WebServer.open({ listen: "127.0.0.1:0", folder, status, language: "zh", clock: systemClock });
    const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage({ viewport: { width: 360, height: 740 }, locale: "zh-CN" });
      page.setDefaultTimeout(120_000); // A busy two-core machine takes its time.
      const elsewhere: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(server.address)) elsewhere.push(request.url());
      });
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      const shoot = async (name: string): Promise<void> => {
        if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
      };
      await page.goto(server.address);
      await shoot("1-first-password");
      await page.fill("#code", server.setupCode ?? "");
      await page.fill("#password", "一段足够长的密码");
      await page.fill("#again", "一段足够长的密码");
      await page.click("button");
      await page.waitForSelector("[data-camera=north-pier]");
      await shoot("2-phone");
      const overflow = await page.evaluate<number>(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      assert.equal(overflow, 0, "nothing sticks out at 360 pixels");
      const figure = (): Promise<string | null> => page.textContent("[data-camera=north-pier] dd");
      const before = await figure();
      await expect.poll(figure, { timeout: 60_000 }).not.toBe(before);

      await page.click("nav a");
      await page.waitForSelector("html[lang=en]");
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: "dark" });
      await shoot("3-dark");

      assert.deepEqual([elsewhere, complaints], [[], []], "nothing from elsewhere, no complaint of the browser");
      await server[Symbol.asyncDispose]();
      await page.waitForSelector("#stale:not([hidden])");
      await shoot("4-gone");
    } finally {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    }
  },
  400_000,
);

/** The box's own certificate on the page, in a real Chromium over HTTPS. */
import { request } from "node:https";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { readFile } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBox, type TestBox } from "../testing/box.ts";
import { hasBrowser, openBrowser, visitor } from "../testing/browser.ts";
import { barriers, cutOff } from "../testing/look-over.ts";
import { enter } from "../testing/tour.ts";

const pictures = process.env["XUELIANG_PICTURES"];

describe.skipIf(!hasBrowser)("the box's own certificate", { timeout: 120_000 }, () => {
  let box: TestBox;
  let browser: Browser;

  beforeAll(async () => {
    [box, browser] = await Promise.all([openBox({ tls: true }), openBrowser()]);
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  /** The status of an answer, for somebody who trusts nothing but `authority`. */
  const asked = (authority: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const ask = request(new URL("healthz", box.address), { ca: authority }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      ask.on("error", reject).end();
    });

  test("saved from the page, it makes the page trusted; the fingerprint is its own", async () => {
    const page = await (await visitor(browser, { width: 1280, height: 800, language: "en", theme: "light" })).newPage();
    await enter(page, box);
    await page.goto(`${box.address}#/users`);
    const card = page.getByTestId("certificate");
    await card.locator("svg.qr").waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("certificate-link").click()]);
    expect(download.suggestedFilename()).toMatch(/^xueliang-.*\.crt$/);
    const saved = new X509Certificate(await readFile(await download.path()));
    expect(saved.ca).toBe(true);
    expect(await card.textContent()).toContain(saved.fingerprint256);
    await expect(asked("")).rejects.toThrow();
    expect(await asked(saved.toString())).toBe(200);
    expect([...(await barriers(page)), ...(await cutOff(page))]).toEqual([]);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, "certificate.png"), fullPage: true });
  });

  test("in the wall's link and the live view, HTTPS changes nothing", async () => {
    const page = await (await visitor(browser, { width: 360, height: 640, touch: true, theme: "light" })).newPage();
    await enter(page, box);
    await page.locator(".picture[data-seq='-1']").first().waitFor({ state: "detached" });
    await page.goto(`${box.address}#/users`);
    await page.getByTestId("add-token").locator("input[name=name]").fill("大屏");
    await page.getByTestId("add-token").locator("button").click();
    expect(await page.getByTestId("secret").textContent()).toMatch(/^https:/);
    expect([...(await barriers(page)), ...(await cutOff(page))]).toEqual([]);
    if (pictures !== undefined) {
      await page.screenshot({ path: join(pictures, "screen-link-phone.png") });
      await page.keyboard.press("Escape");
      await page.screenshot({ path: join(pictures, "users-phone.png"), fullPage: true });
    }
  });
});

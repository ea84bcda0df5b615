/** How every page and every dialogue looks: both languages, three themes, phone and desktop, by keyboard, with large text. */
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewaySchema } from "../../config/schema.ts";
import { Database } from "../../database/database.ts";
import { DeadLetters } from "../../delivery/outbox/dead-letters.ts";
import { makeCurvePair } from "../../../platform/router.ts";
import { openLog } from "../../runtime/log.ts";
import type { RulesDocument } from "../api.ts";
import { openBox, type TestBox } from "./testing/box.ts";
import { hasBrowser, openBrowser, visitor, type Look } from "./testing/browser.ts";
import { barriers, cutOff, latinWords, unseenFocus } from "./testing/look-over.ts";
import { dialogs, enter, eventStops, goTo, hours, provokeClip, recording, stops, type Stop } from "./testing/tour.ts";

/** Where pictures of the pages go when somebody wants to look at them. */
const pictures = process.env["XUELIANG_PICTURES"];
const themes = ["dark", "light", "outdoor"] as const;
const looks: readonly (Look & { readonly name: string })[] = (["zh", "en"] as const).flatMap((language) => [
  { name: `${language}, phone`, width: 360, height: 640, touch: true, language, theme: "dark" as const },
  { name: `${language}, desktop`, width: 1280, height: 800, language, theme: "dark" as const },
]);
/** Of a platform that is not there. */
const serverKey = makeCurvePair().publicKey;
/** What the people of this box named: models, uplinks, users, the device; and keys of the config. */
const names = [
  ...Object.keys(gatewaySchema.shape),
  "nonsense",
  "admin",
  "north",
  "south",
  "shore",
  "night",
  "box-1",
  "city",
  "river-starter",
  ...hostname().split(/[^A-Za-z]/),
];

describe.skipIf(!hasBrowser)("looks", { timeout: 900_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let all: readonly Stop[];
  const log = openLog({ language: "en", level: "error" });
  const bugs: string[] = [];
  log.onLine?.(({ text, detail }) => {
    if ("bug" in detail) bugs.push(`${text} ${JSON.stringify(detail)}`);
  });

  const visit = async (look: Look): Promise<{ readonly context: BrowserContext; readonly page: Page }> => {
    const context = await visitor(browser, look);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("dialog", (dialog) => void dialog.accept());
    return { context, page };
  };

  beforeAll(async () => {
    const uplinks = () => Promise.resolve([{ id: "city", address: "tcp://127.0.0.1:9", serverKey }]);
    [box, browser] = await Promise.all([openBox({ north: recording, uplinks, log }), openBrowser()]);
    using database = await Database.open(join(box.config, "..", "data", "gateway.db"));
    for (const [why, detail, eventId, events] of [
      ["full", "", null, 200],
      ["rejected", "", "01000000000000", 1],
    ] as const)
      // prettier-ignore
      new DeadLetters(database, "city").note({ atMs: Date.now(), why, detail, eventId, events });
    const { context, page } = await visit({ width: 1280, height: 800, theme: "light" });
    const at = await enter(page, box);
    const event = await provokeClip(box, at, { schedules: [hours] });
    all = [...stops, ...dialogs, ...eventStops(event)];
    await context.close();
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  for (const look of looks)
    test(`every page and dialogue, in three themes: no barrier, nothing cut off, no foreign word (${look.name})`, async () => {
      const { context, page } = await visit(look);
      const found: string[] = [];
      const check = async (name: string): Promise<void> => {
        const wrong = [...(await barriers(page)), ...(await cutOff(page))];
        if (look.language === "zh") {
          // Names of classes come from the box and may take a moment; a word that stays is found.
          const words = () => latinWords(page, names);
          await expect.poll(words, { timeout: 20_000 }).toEqual([]).catch(() => undefined); // prettier-ignore
          wrong.push(...(await words()));
        }
        for (const theme of themes) {
          await page.evaluate((one) => {
            document.documentElement.dataset["theme"] = one;
          }, theme);
          if (pictures !== undefined)
            await page.screenshot({ path: join(pictures, `${name}.${look.name.replace(", ", ".")}.${theme}.png`) });
          if (theme === look.theme) continue;
          wrong.push(...(await barriers(page, ["color-contrast"])).map((one) => `${theme} ${one}`));
        }
        await page.evaluate((one) => {
          document.documentElement.dataset["theme"] = one;
        }, look.theme ?? "dark");
        found.push(...wrong.map((one) => `${name}: ${one}`));
      };
      await page.goto(box.address);
      await page.locator("input[name=password]").waitFor();
      await check("door");
      await enter(page, box);
      for (const stop of all) {
        // A page that does not come to what is looked for hides nothing of what is wrong with the others.
        await goTo(page, box, stop).catch((error: unknown) =>
          found.push(`${stop.name}: ${String(error).slice(0, 200)}`),
        );
        await check(stop.name);
      }
      await context.close();
      expect(found).toEqual([]);
    });

  for (const language of ["zh", "en"] as const)
    test(`the manual is on the box, and leads nowhere else (${language})`, async () => {
      const { context, page } = await visit({ width: 360, height: 640, touch: true, language });
      await enter(page, box);
      const found: string[] = [];
      await page.getByTestId("settings").click();
      const opened = context.waitForEvent("page");
      await page.getByTestId("manual").click();
      const manual = await opened;
      for (const name of ["", "first-fifteen-minutes", "config", "errors"]) {
        if (name !== "") await manual.locator(`a[href="/docs/${name}"]`).click();
        await manual.waitForURL(`${box.address}docs${name === "" ? "" : `/${name}`}`);
        await manual.locator(".manual :is(p, li, table)").first().waitFor();
        found.push(...(await barriers(manual)), ...(await cutOff(manual)));
        if (pictures !== undefined) await manual.screenshot({ path: join(pictures, `manual-${name}.${language}.png`) });
        if (name !== "") await manual.goBack();
      }
      await context.close();
      expect(found).toEqual([]);
    });

  test("by keyboard alone one sees where one is, on every page", async () => {
    const { context, page } = await visit({ width: 1280, height: 800, language: "en", theme: "outdoor" });
    const found: string[] = [];
    await enter(page, box);
    for (const stop of stops) {
      await goTo(page, box, stop);
      found.push(...(await unseenFocus(page)).map((one) => `${stop.name}: ${one}`));
    }
    await context.close();
    expect(found).toEqual([]);
  });

  test("text twice as large, and a window of 320 pixels: all is there, nothing is cut off", async () => {
    const { context, page } = await visit({ width: 1280, height: 800, language: "zh", theme: "light" });
    const found: string[] = [];
    await enter(page, box);
    for (const stop of stops) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await goTo(page, box, stop);
      await page.addStyleTag({ content: "" }).catch(() => undefined);
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "200%";
      });
      found.push(...(await cutOff(page)).map((one) => `${stop.name}, twice: ${one}`));
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${stop.name}.twice.png`) });
      await page.evaluate(() => {
        document.documentElement.style.fontSize = "";
      });
      await page.setViewportSize({ width: 320, height: 640 });
      found.push(...(await cutOff(page)).map((one) => `${stop.name}, narrow: ${one}`));
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${stop.name}.narrow.png`) });
    }
    await context.close();
    expect(found).toEqual([]);
  });

  test("a browser of 2020 shows every page, and names are text to it, whatever they hold", async () => {
    const { context, page } = await visit({ width: 360, height: 640, touch: true, language: "zh", theme: "outdoor" });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    // Syntax cannot be taken away from a browser: phones stop at an expression that looks behind until 2023.
    const built = new URL("dist/assets/", import.meta.url);
    for (const name of (await readdir(built)).filter((one) => one.endsWith(".js")))
      if (/\(\?<[=!]/.test(await readFile(new URL(name, built), "utf8"))) complaints.push(`${name} looks behind`);
    await context.addInitScript(() => {
      const later: readonly (readonly [object, readonly string[]])[] = [
        [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
        [String.prototype, ["at", "replaceAll", "isWellFormed", "toWellFormed"]],
        [Object, ["hasOwn", "groupBy"]],
        [Promise, ["any", "withResolvers", "try"]],
        [AbortSignal, ["any", "timeout"]],
        [window, ["structuredClone", "WeakRef"]],
      ];
      for (const [owner, names] of later) for (const name of names) Reflect.deleteProperty(owner, name);
    });
    const at = await enter(page, box);
    const markup = '"><img src=x onerror="window.marked=1">';
    const { revision } = await at.ask<{ revision: string }>("GET", "/config");
    await at.ask("PATCH", "/cameras/south", { name: markup }, revision);
    const rules = await at.ask<RulesDocument>("GET", "/cameras/north/rules");
    const { zones, lines, masks, schedules, holidays } = rules;
    const renamed = zones.map((zone) => ({ ...zone, name: markup }));
    await at.ask("PUT", "/cameras/north/rules", { zones: renamed, lines, masks, schedules, holidays }, rules.revision);
    await at.ask("POST", "/events/test", { camera: "south" });
    for (const stop of all) {
      await goTo(page, box, stop);
      if (await page.evaluate(() => "marked" in window)) complaints.push(`${stop.name} ran what a name holds`);
    }
    await page.goto(`${box.address}#/live`);
    await page.getByText(markup).first().waitFor();
    await context.close();
    expect(complaints).toEqual([]);
  });

  test("whoever asks for less motion gets none", async () => {
    const { context, page } = await visit({ width: 1280, height: 800, language: "zh", theme: "light" });
    await page.emulateMedia({ reducedMotion: "reduce" });
    await enter(page, box);
    const moving: string[] = [];
    for (const stop of all) {
      await goTo(page, box, stop);
      const ways = await page.evaluate(() =>
        [...document.querySelectorAll("*")].flatMap((element) => {
          const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(element);
          const lasts = (text: string): boolean => text.split(",").some((one) => parseFloat(one) > 0.01);
          const isMoving = (animationName !== "none" && lasts(animationDuration)) || lasts(transitionDuration);
          return isMoving || scrollBehavior === "smooth" ? [element.outerHTML.slice(0, 100)] : [];
        }),
      );
      moving.push(...ways.map((one) => `${stop.name}: ${one}`));
    }
    await context.close();
    expect(moving).toEqual([]);
  });

  test("nothing that visitors did was a fault of the box", () => {
    expect(bugs).toEqual([]);
  });
});

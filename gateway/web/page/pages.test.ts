/** The pages beside live view and zone editor, in a real Chromium against a real box with the simulator's cameras. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Database } from "../../database/database.ts";
import { Audit } from "../../delivery/commands/audit.ts";
import { makeCurvePair } from "../../../platform/router.ts";
import type { ConfigDocument, EventPage, RuleSet } from "../api.ts";
import { DeadLetters } from "../../delivery/outbox/dead-letters.ts";
import { openBox, type TestBox } from "./testing/box.ts";
import { hasBrowser, openBrowser, until, visitor, type EditorPage } from "./testing/browser.ts";
import { openPlatform, type TestPlatform } from "./testing/platform.ts";
import { enter, provoke, recording } from "./testing/tour.ts";

/** Where pictures of the pages go when somebody wants to look at them. */
const pictures = process.env["XUELIANG_PICTURES"];

describe.skipIf(!hasBrowser)("the pages", { timeout: 180_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let platform: TestPlatform;
  let desktop: BrowserContext;
  let at: EditorPage;
  const elsewhere: string[] = [];
  const complaints: string[] = [];

  const visit = async (context: BrowserContext): Promise<EditorPage> => {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("dialog", (dialog) => void dialog.accept());
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(box.address) && !url.startsWith("blob:") && url !== "about:blank") elsewhere.push(url);
    });
    return enter(page, box);
  };
  const go = async (path: string): Promise<void> => {
    await at.page.goto(`${box.address}#${path}`);
  };
  const shoot = async (name: string): Promise<void> => {
    if (pictures !== undefined) await at.page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };

  beforeAll(async () => {
    platform = await openPlatform();
    const nowhere = { id: "nowhere", address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey };
    const uplinks = async (storage: string) => [...(await platform.uplinks(storage)), nowhere];
    [box, browser] = await Promise.all([openBox({ north: recording, uplinks }), openBrowser()]);
    desktop = await visitor(browser, { width: 1280, height: 800, language: "en", theme: "light" });
    at = await visit(desktop);
    await provoke(at);
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  }, 60_000);

  test("an event: filters in the address, frame with box and anchor, reasons, mark by key, sheet", async () => {
    await go("/events");
    await at.page.getByTestId("events").waitFor();
    await at.page.getByTestId("filters").locator("summary").click();
    await at.page.getByTestId("filter-type").selectOption("angler-loitering");
    expect(at.page.url()).toContain("type=angler-loitering");
    await at.page.getByTestId("view-grid").click();
    expect(at.page.url()).toContain("view=grid");
    // The address alone brings the same view back.
    await at.page.reload();
    await at.page.locator(".events.grid").waitFor();
    await at.press("j", "Enter");
    await at.page.getByTestId("event-detail").waitFor();
    await at.page.getByTestId("overlay-object").first().waitFor();
    await at.page.locator(".overlay-anchor").first().waitFor();
    expect(await at.page.getByTestId("trace").locator("li").count()).toBeGreaterThan(1);
    await shoot("event-detail");
    const setting = await at.page.getByTestId("trace").locator("a").first().getAttribute("href");
    expect(setting).toMatch(/^#\/zones\/north\?setting=/);
    const id = decodeURIComponent(/events\/([^?]+)/.exec(at.page.url())?.[1] ?? "");
    await at.press("f");
    await until(
      "the mark is on the box",
      async () => (await at.ask<{ mark: string }>("GET", `/events/${id}`)).mark === "false",
    );
    await at.press("f");
    await until(
      "the mark is gone",
      async () => (await at.ask<{ mark: string | null }>("GET", `/events/${id}`)).mark === null,
    );
    await at.page.emulateMedia({ media: "print" });
    await shoot("event-sheet");
    expect(await at.page.locator(".sign-line").isVisible()).toBe(true);
    expect(await at.page.locator(".head").isVisible()).toBe(false);
    expect(await at.page.getByTestId("digests").textContent()).toMatch(/SHA-256 [0-9a-f]{64}.*SM3 [0-9a-f]{64}/);
    await at.page.emulateMedia({ media: "screen" });
  });

  test("evidence is put on hold with a reason, stays so on paper, and is let go; who looked at it is in the audit", async () => {
    const [event] = (await at.ask<EventPage>("GET", "/events?type=angler-loitering")).events;
    await go(`/events/${encodeURIComponent(event?.id ?? "")}`);
    await at.page.getByTestId("hold-reason").fill("渔政 2026-17");
    await at.page.getByTestId("hold-set").click();
    await at.page.getByTestId("hold-is").waitFor();
    expect(await at.page.getByTestId("hold-is").textContent()).toContain("渔政 2026-17");
    await at.page.emulateMedia({ media: "print" });
    expect(await at.page.getByTestId("hold-is").isVisible()).toBe(true);
    await at.page.emulateMedia({ media: "screen" });
    expect(await at.ask("GET", "/holds")).toMatchObject([{ occurrence: event?.occurrence, user: "admin" }]);
    await at.page.getByTestId("hold-reason").fill("closed");
    await at.page.getByTestId("hold-set").click();
    await at.page.getByTestId("hold-is").waitFor({ state: "detached" });
    using database = await Database.read(join(box.config, "..", "data", "gateway.db"));
    const sha256 = event?.picture?.split("/").at(-1) ?? "";
    const lines = (): readonly string[] => [...new Audit(database).lines(0)].map(({ body }) => body);
    const looked = (): readonly string[] => lines().filter((body) => body.includes('"evidence-seen"'));
    await until("the look is written", () => Promise.resolve(looked().some((body) => body.includes(sha256))));
    // One line for each file and person, however often it was drawn.
    expect(looked().filter((body) => body.includes(sha256)).length).toBe(1);
    expect(looked()[0]).toContain('"user":"admin"');
    expect(lines().some((body) => body.includes('"evidence-held"') && body.includes("渔政 2026-17"))).toBe(true);
  });

  test("a test event comes back from the platform with its time, waits where nobody answers, and opens", async () => {
    await go("/events");
    await at.page.getByTestId("test-event").click();
    await at.page.getByTestId("test-send").click();
    const back = at.page.getByTestId("test-uplink-city");
    await until("acknowledged", async () => /✓ acknowledged after \d/.test((await back.textContent()) ?? ""));
    expect(await at.page.getByTestId("test-uplink-nowhere").textContent()).toContain("waiting for the acknowledgement");
    expect(platform.received.some(({ event }) => event.type.includes("test-event"))).toBe(true);
    await at.page.getByTestId("test-sent").locator("a").click();
    await at.page.getByTestId("event-detail").locator("h1").waitFor();
    expect(await at.page.getByTestId("event-detail").locator("h1").textContent()).toBe("Test event");
  });

  test("health: every camera, what would be lost, the bundle's contents before it is made", async () => {
    await go("/health");
    await at.page.getByTestId("health-north").waitFor();
    await at.page.getByTestId("spark").first().waitFor();
    // One that has just begun may still be on its way to the disk.
    await at.page.getByTestId("lost").getByText("0 events").waitFor();
    // A camera that keeps a stream for evidence can say what it is like, another one cannot.
    const figure = (camera: string, name: string) => at.page.getByTestId(`health-${camera}`).getByTestId(name);
    await until("a bit rate", async () => /\d Mbit\/s/.test((await figure("north", "bitrate").textContent()) ?? ""));
    expect(await figure("north", "key-frames").textContent()).toMatch(/\d(?:\.\d)? sec/);
    expect(await figure("south", "bitrate").textContent()).toContain("not known");
    await go("/health/support");
    await at.page.getByText("cameras.json").waitFor();
    const [download] = await Promise.all([
      at.page.waitForEvent("download"),
      at.page.getByTestId("support-make").click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
  });

  test("health: when the uplink tries again, when its backlog is gone, and what it will never deliver", async () => {
    await go("/health");
    expect(await at.page.getByTestId("drain-nowhere").textContent()).toContain("not known");
    await until("the next try", async () =>
      /in \d+ sec|trying now/.test((await at.page.getByTestId("retry-nowhere").textContent()) ?? ""),
    );
    expect(await at.page.getByTestId("dead-nowhere").count()).toBe(0);
    // As a full disk does it: the oldest make room.
    const { events } = await at.ask<EventPage>("GET", "/events");
    using database = await Database.open(join(box.config, "..", "data", "gateway.db"));
    const letters = new DeadLetters(database, "nowhere");
    const eventId = events[0]?.id ?? null;
    letters.note({ atMs: Date.now(), why: "rejected", detail: "no such site", eventId, events: 1 });
    letters.note({ atMs: Date.now(), why: "full", detail: "", eventId: null, events: 200 });
    await at.page.getByTestId("dead-nowhere").locator("summary").click();
    const told = (await at.page.getByTestId("dead-nowhere").textContent()) ?? "";
    expect(told).toContain("201 events");
    expect(told).toMatch(/200 events.*no room left.*put aside by the platform.*no such site/);
    await at.page.getByTestId("dead-nowhere").locator("a").click();
    await at.page.getByTestId("event-detail").waitFor();
    await go("/health");
    await shoot("health-uplink");
  });

  test("config: the box's own diagnostics in the editor, revisions with differences, roll back", async () => {
    await go("/config");
    const editor = at.page.getByTestId("yaml");
    await editor.waitFor();
    await editor.click();
    await at.press("Control+End");
    await at.page.keyboard.insertText("nonsense: 1\n");
    await until(
      "a mistake",
      async () => (await at.page.getByTestId("config-status").getAttribute("data-errors")) === "1",
    );
    expect(await at.page.getByTestId("diagnostics").textContent()).toContain("nonsense");
    expect(await at.page.getByTestId("config-apply").isDisabled()).toBe(true);
    await at.page.getByTestId("config-discard").click();
    await go("/config/revisions");
    await at.page.getByTestId("revisions").locator("li.card").first().waitFor();
    await at.page.getByRole("link", { name: "Show the difference" }).first().click();
    await at.page.getByTestId("revision-detail").locator(".diff-added").first().waitFor();
    await go("/config/revisions");
    await at.page.getByTestId("revisions").locator("> li").first().waitFor();
    // Told in the site's time, wherever whoever reads it is.
    const [newest] = await at.ask<readonly { readonly atMs: number }[]>("GET", "/revisions");
    const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", hourCycle: "h23", timeZone: "Asia/Shanghai" });
    const told = await at.page.getByTestId("revisions").locator("> li").first().textContent();
    expect(told).toContain(clock.format(newest?.atMs));
    const before = await at.page.getByTestId("revisions").locator("> li").count();
    const back = async (count: number): Promise<void> => {
      await at.page.locator("[data-testid^=rollback-]").first().click();
      await until("one more", async () => (await at.page.getByTestId("revisions").locator("> li").count()) === count);
    };
    await back(before + 1);
    expect((await at.ask<RuleSet>("GET", "/cameras/north/rules")).zones.map(({ id }) => id)).not.toContain("all");
    await back(before + 2);
    expect((await at.ask<RuleSet>("GET", "/cameras/north/rules")).zones.map(({ id }) => id)).toContain("all");
  });

  test("a schedule: drag, keys, undo, text, and the file", async () => {
    await go("/schedules?camera=south");
    await at.page.getByTestId("add-schedule").click();
    await at.page.getByTestId("schedule-id").fill("night");
    await at.page.getByTestId("schedule-id-add").click();
    const cell = (day: number, slot: number) => at.page.locator(`[data-day="${day}"][data-slot="${slot}"]`);
    const text = (): Promise<string> => at.page.getByTestId("schedule-text").inputValue();
    await until("the preset", async () => (await text()) === "daily 22:00-06:00");
    // Monday 10:00 to 12:00 with the mouse, taken back in one step.
    await cell(0, 20).hover();
    await at.page.mouse.down();
    await cell(0, 23).hover();
    await at.page.mouse.up();
    await until("painted", async () => (await text()).includes("Mon 10:00-12:00"));
    await at.page.getByTestId("undo").click();
    await until("undone in one step", async () => (await text()) === "daily 22:00-06:00");
    // Wednesday with the keyboard alone: space, then Shift with arrows paints on.
    await cell(2, 30).focus();
    await at.press(" ", "Shift+ArrowRight", "Shift+ArrowRight");
    await at.page.keyboard.up("Shift");
    await until("painted by key", async () => (await text()).includes("Wed 15:00-16:30"));
    await at.page.getByTestId("schedule-text").fill("Mon-Fri 22:00-25:00");
    await at.page.getByTestId("text-take").click();
    expect(await at.page.getByTestId("text-problem").textContent()).toContain("1");
    await at.page.getByTestId("schedule-text").fill("Mon-Fri 22:00-06:00");
    await at.page.getByTestId("text-take").click();
    await at.page.getByTestId("schedule-now").waitFor();
    await at.page.getByTestId("apply").click();
    const file = (): Promise<string> => readFile(join(box.config, "zones", "south.yaml"), "utf8").catch(() => "");
    await until("the file has it", async () => (await file()).includes("22:00"));
    expect(await file()).toContain("night");
  });

  test("hours by a preset, of the sun, copied to another day, on a holiday, and what holds now", async () => {
    await go("/schedules?camera=south&schedule=night");
    const text = (): Promise<string> => at.page.getByTestId("schedule-text").inputValue();
    await at.page.getByTestId("schedule-now").waitFor();
    await at.page.getByTestId("preset-workdays").click();
    await until("the preset", async () => (await text()).includes("Mon-Fri 08:00-18:00"));
    // Saturday as Monday, by the day's own button.
    await at.page.locator(".week button.link").first().click();
    await at.page.getByTestId("copy-day").locator(".day-buttons button").nth(4).click();
    await at.page.getByTestId("copy-day-now").click();
    await until("copied", async () => (await text()).includes("Mon-Sat 08:00-18:00"));
    await at.page.getByTestId("preset-daylight").click();
    await until("of the sun", async () => /sunrise.*sunset/.test(await text()));
    await at.page.getByTestId("holiday-day").fill("2027-02-17");
    await at.page.getByTestId("holiday-add").click();
    await at.page.getByTestId("apply").click();
    const rules = (): Promise<RuleSet> => at.ask("GET", "/cameras/south/rules");
    await until("on the box", async () => (await rules()).holidays.includes("2027-02-17"));
    expect(JSON.stringify((await rules()).schedules)).toContain("sunset");
  });

  test("a change that may cut the box off asks to be confirmed on every page, and stays when it is", async () => {
    const { files, revision } = await at.ask<ConfigDocument>("GET", "/config");
    const moved = (files[0]?.text ?? "").replace("tcp://127.0.0.1:9", "tcp://127.0.0.1:10");
    await at.ask("PUT", "/config", { files: [{ name: "gateway.yaml", text: moved }] }, revision);
    await go("/users");
    const banner = at.page.getByTestId("pending");
    await banner.waitFor();
    expect(await banner.textContent()).toMatch(/taken back in 1\d\d s unless it is confirmed:.*uplink/);
    await banner.locator("button").click();
    await banner.waitFor({ state: "detached" });
    expect(await readFile(join(box.config, "gateway.yaml"), "utf8")).toContain("tcp://127.0.0.1:10");
  });

  test("a file that somebody breaks by hand: the banner stands on every page, and goes", async () => {
    const path = join(box.config, "gateway.yaml");
    const good = await readFile(path, "utf8");
    await go("/users");
    await writeFile(path, `${good}broken: [\n`);
    await at.page.getByTestId("invalid").waitFor();
    await writeFile(path, good);
    await at.page.getByTestId("invalid").waitFor({ state: "detached" });
  });

  test("a camera: the staged test passes, and fails with a reason where nobody listens", async () => {
    await go("/cameras/north");
    await at.page.getByTestId("test-camera").click();
    await at.page.locator("[data-testid=test-result][data-ok=true]").waitFor({ timeout: 90_000 });
    await go("/cameras/~add");
    await at.page.getByTestId("brand").selectOption("custom");
    await at.page.getByTestId("camera-url").fill("rtsp://admin:p@ss@127.0.0.1:9/none");
    expect(await at.page.getByTestId("camera-url").inputValue()).toBe("rtsp://127.0.0.1:9/none");
    expect(await at.page.getByTestId("camera-password").inputValue()).toBe("p@ss");
    await at.page.getByTestId("test-camera").click();
    const failed = at.page.locator("[data-stage=tcp][data-state=failed]");
    await failed.waitFor({ timeout: 60_000 });
    expect((await failed.locator(".trouble").textContent())?.length).toBeGreaterThan(20);
  });

  test("users: a viewer comes and goes", async () => {
    await go("/users");
    const form = at.page.getByTestId("add-user");
    await form.locator("input[name=name]").fill("li");
    await form.locator("input[name=password]").fill("long enough words");
    await form.locator("button").click();
    await at.page.getByTestId("user-li").waitFor();
    await at.page.getByTestId("remove-li").click();
    await at.page.getByTestId("user-li").waitFor({ state: "detached" });
  });

  test("a screen opens its link: live pictures and no way to anything else; revoked, it is shut out", async () => {
    await go("/users");
    const form = at.page.getByTestId("add-token");
    await form.locator("input[name=name]").fill("wall");
    await form.locator("button").click();
    const link = (await at.page.getByTestId("secret").textContent())?.trim() ?? "";
    await at.page.getByTestId("secret-dialog").locator("svg.qr").waitFor();
    await shoot("screen-link");
    await at.press("Escape");
    await using context = await visitor(browser, { width: 1280, height: 800, language: "en", theme: "light" });
    const screen = await context.newPage();
    screen.on("pageerror", (error) => complaints.push(error.message));
    const asked: string[] = [];
    screen.on("request", (request) => asked.push(request.url()));
    await screen.goto(link);
    await screen.locator(".tile").nth(1).waitFor();
    const secret = link.split("/").at(-1) ?? "";
    expect([screen.url(), ...asked].filter((url) => url.includes(secret))).toEqual([]);
    await screen.locator(".picture[data-seq='-1']").first().waitFor({ state: "detached" });
    expect(await screen.locator(".tile").count()).toBe(2);
    expect(await screen.locator("nav, .tile footer a, [data-testid=smooth]").count()).toBe(0);
    if (pictures !== undefined) await screen.screenshot({ path: join(pictures, "screen.png") });
    await screen.goto(`${box.address}#/users`);
    await screen.reload();
    await screen.locator(".tile").first().waitFor();
    expect(await screen.getByTestId("users").count()).toBe(0);
    await at.page.getByTestId("revoke-wall").click();
    await screen.locator("input[name=password]").waitFor();
    await screen.goto(link);
    await screen.reload();
    await screen.getByText("it was revoked").waitFor();
  });

  test("gloves: what one taps is 56 pixels high at least", async () => {
    await go("/health");
    await at.page.getByTestId("settings").click();
    const gloves = at.page.locator(".settings .switch input").first();
    await gloves.check();
    await at.press("Escape");
    for (const path of ["/health", "/zones/north", "/users"]) {
      await go(path);
      await at.page.waitForSelector("#main[aria-busy=false] button");
      const small = await at.page
        .locator("#main button:visible, .head > nav a:visible, #main select:visible")
        .evaluateAll((all) =>
          all.filter((one) => one.getBoundingClientRect().height < 55.5).map((one) => one.outerHTML),
        );
      expect(small, path).toEqual([]);
    }
    await at.page.getByTestId("settings").click();
    await gloves.uncheck();
  });

  test("the test walk says where one stands, and ends as a regression case that passes", async () => {
    await go("/trial?camera=north");
    await at.page.getByTestId("walk-start").click();
    const walk = at.page.getByTestId("walk");
    await until(
      "it saw somebody",
      async () => ["inside", "fired"].includes((await walk.getAttribute("data-state")) ?? ""),
      60_000,
    );
    await shoot("test-walk");
    await at.page.getByTestId("walk-stop").click();
    await at.page.getByTestId("walk-keep").click();
    await at.page.getByTestId("regression").locator("li").first().waitFor();
    await at.page.getByTestId("regression-run").click();
    await at.page.getByTestId("regression-result").first().waitFor();
    expect(await at.page.getByTestId("regression-result").last().textContent()).toContain("/1 ");
  });

  test("nothing was asked of anybody but the box, and no page failed", () => {
    expect([elsewhere, complaints]).toEqual([[], []]);
  });
});

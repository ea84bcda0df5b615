/** The re-run of a recorded clip with the draft, in a real Chromium against a real box that really recorded it. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { family } from "../../../rehearsal/clip-rerun/testing/family.ts";
import type { ClipRerunLine, EventPage, EventRow, Problem, RuleSet } from "../../api.ts";
import { Guest } from "../../testing/open-site.ts";
import { openBox, testPassword, type TestBox } from "../testing/box.ts";
import { hasBrowser, openBrowser, until, visitor, type EditorPage } from "../testing/browser.ts";
import { enter, provokeClip, recording, watchful } from "../testing/tour.ts";

const slowMs = 300_000;

describe.skipIf(!hasBrowser)("a recorded clip with the draft", { timeout: 700_000 }, () => {
  let box: TestBox;
  let browser: Browser;
  let ed: EditorPage;
  let event: EventRow;
  const byId = (id: string) => ed.page.getByTestId(id);
  const guestOf = async (user: string, password: string): Promise<Guest> => {
    const guest = new Guest(box.address.replace(/\/$/, ""));
    await guest.login(password, user);
    return guest;
  };
  const path = (): string => `/events/${encodeURIComponent(event.id)}/rerun`;
  const lines = (body: unknown): readonly ClipRerunLine[] =>
    String(body)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ClipRerunLine);

  beforeAll(async () => {
    [box, browser] = await Promise.all([openBox({ north: recording }), openBrowser()]);
    const page = await (await visitor(browser, { width: 1280, height: 800 })).newPage();
    page.setDefaultTimeout(60_000);
    page.on("dialog", (dialog) => void dialog.accept());
    ed = await enter(page, box);
    event = await provokeClip(box, ed);
  }, 400_000);

  afterAll(async () => {
    await browser.close();
    await box[Symbol.asyncDispose]();
  }, 60_000);

  const ended = (): Promise<void> => byId("rerun-result").waitFor({ timeout: slowMs });

  test("T4: from the event's page to its clip in the editor; the rules as they are fire again, with time and reasons", async () => {
    await ed.page.goto(`${box.address}#/events/${encodeURIComponent(event.id)}`);
    await byId("to-rerun").click();
    await byId("rerun-start").waitFor();
    expect(await byId("rerun-clip").inputValue()).toBe(event.id);
    const seen: (string | null)[] = [];
    await byId("rerun-start").click();
    await until("it counts", async () => {
      // All at once: it may be gone between two questions.
      seen.push(...(await byId("rerun-progress").evaluateAll((all) => all.map((one) => one.getAttribute("data-frames")))));
      return (await byId("rerun-result").count()) > 0;
    }, slowMs); // prettier-ignore
    expect(new Set(seen.map(Number).filter((frames) => frames > 0)).size).toBeGreaterThan(0);
    expect(await byId("rerun-result").getAttribute("data-fires")).toBe("true");
    const fired = byId("rerun-all/angler-loitering");
    await fired.locator("summary").click();
    expect(await fired.locator(".steps li.good").count()).toBeGreaterThan(1);
    expect(await fired.locator(".steps li.bad").count()).toBe(0);
    // The moment that is told is within the clip, and the clip goes there.
    const said = (await byId("rerun-result").locator(".preview-result").textContent()) ?? "";
    const atSec = Number(/第 ([\d.]+) 秒/.exec(said)?.[1]);
    expect(atSec).toBeGreaterThan(0);
    expect(atSec).toBeLessThan(7);
    await fired.getByRole("button", { name: "在录像中查看" }).click();
    const shown = (): Promise<number> =>
      byId("rerun-video").evaluate((video) => (video as HTMLVideoElement).currentTime);
    await until("the clip stands at it", async () => Math.abs((await shown()) - atSec) < 0.2);
  });

  test("T4: a draft that asks for more does not fire: it says what lacks; one more change makes that old", async () => {
    const patient: RuleSet = {
      ...watchful,
      zones: watchful.zones.map((zone) => ({
        ...zone,
        rules: [{ type: "angler-loitering", score: 0.3, suspectedSec: 3_000, detectedSec: 3_600 }],
      })),
    };
    const { revision, ...base } = await ed.ask<RuleSet & { revision: string }>("GET", "/cameras/north/rules");
    const draft = {
      baseRevision: revision,
      base: { ...watchful, zones: base.zones },
      rules: patient,
      savedMs: Date.now(),
    };
    await ed.ask("PUT", "/cameras/north/draft", draft);
    await ed.page.goto("about:blank");
    await ed.page.goto(`${box.address}#/zones/north?setting=clip/${encodeURIComponent(event.id)}`);
    await byId("restore").click();
    await byId("rerun-start").click();
    await ended();
    expect(await byId("rerun-result").getAttribute("data-fires")).toBe("false");
    const quiet = byId("rerun-quiet").getByTestId("rerun-all/angler-loitering");
    await quiet.locator("summary").click();
    expect(await quiet.locator(".steps li.bad").count()).toBe(1);
    expect(await quiet.locator(".steps li").last().textContent()).toMatch(/3,?000/);
    // Nothing of it was recorded, sent or applied.
    expect((await ed.ask<RuleSet>("GET", "/cameras/north/rules")).zones).toEqual(base.zones);
    expect(await byId("rerun-stale").count()).toBe(0);
    await byId("tab-shapes").click();
    await byId("enable-all").click();
    await byId("tab-preview").click();
    await byId("rerun-stale").waitFor();
    await byId("discard").click();
  });

  test("T4: another threshold is another detection; one that the box does not take cannot be sent", async () => {
    await ed.page.goto("about:blank");
    await ed.page.goto(`${box.address}#/zones/north?setting=clip/${encodeURIComponent(event.id)}`);
    await byId("rerun-threshold").fill("2");
    expect(await byId("rerun-start").isDisabled()).toBe(true);
    await byId("rerun-threshold").fill("95");
    await byId("rerun-start").click();
    await ended();
    expect(await byId("rerun-result").getAttribute("data-fires")).toBe("false");
  });

  test("T4: one at a time, the second is told so in its own language; cancel and leaving end it at once", async () => {
    await using english = await visitor(browser, { width: 390, height: 844, touch: true, language: "en" });
    const theirs = await english.newPage();
    theirs.setDefaultTimeout(90_000);
    const other = await enter(theirs, box);
    await other.page.goto(`${box.address}#/zones/north?setting=clip/${encodeURIComponent(event.id)}`);
    await other.page.getByTestId("rerun-start").waitFor();
    await ed.page.goto("about:blank");
    await ed.page.goto(`${box.address}#/zones/north?setting=clip/${encodeURIComponent(event.id)}`);
    // The first one is held where it is, however quick or busy the machine.
    const runHeld = async (): Promise<void> => {
      await byId("rerun-start").click();
      await until("its process is there", async () => family().length > 0, slowMs);
      const [held] = family();
      if (held) process.kill(held.pid, "SIGSTOP");
      await byId("rerun-progress").waitFor();
    };
    await runHeld();
    const panel = other.page.getByTestId("clip-rerun");
    await panel.getByTestId("rerun-start").click();
    expect(await panel.getByRole("alert").textContent()).toContain("another clip is being re-run on this box");
    // The slot is free as soon as the other one has gone.
    const free = async (): Promise<boolean> => {
      const guest = await guestOf("admin", testPassword);
      const told = await guest.ask("POST", path(), { rules: { zones: [] }, confidence: 0.9 });
      return told.status === 200 && lines(told.body).at(-1)?.kind === "done";
    };
    await byId("rerun-stop").click();
    await byId("rerun-stopped").waitFor();
    await until("the box has ended it", free, slowMs);
    await runHeld();
    await ed.page.goto(`${box.address}#/live`);
    await until("leaving has ended it", free, slowMs);
  });

  test("who may, and what cannot be run: each refusal in words", async () => {
    const admin = await guestOf("admin", testPassword);
    for (const role of ["viewer", "technician"])
      await admin.ask("POST", "/users", { name: role, role, password: "12345678" });
    const rules = { zones: [] };
    const told = async (guest: Guest, body: unknown, at = path()): Promise<unknown> => {
      const answer = await guest.ask("POST", at, body);
      return { status: answer.status, code: (answer.body as Problem).code };
    };
    const looker = await guestOf("viewer", "12345678");
    expect(await told(looker, { rules })).toEqual({ status: 403, code: "WEB_ROLE" });
    const mine = await guestOf("technician", "12345678");
    expect(await told(mine, { rules, confidence: 2 })).toEqual({ status: 400, code: "WEB_BODY" });
    expect(await told(mine, { rules, model: "../river-starter" })).toEqual({ status: 400, code: "WEB_BODY" });
    expect(await told(mine, { rules, model: "nothing" })).toEqual({ status: 404, code: "WEB_UNKNOWN" });
    expect(await told(mine, { rules }, "/events/nothing/rerun")).toEqual({ status: 404, code: "WEB_UNKNOWN" });
    const wrong = { zones: [{ id: "z", polygon: [[0, 0]] }] };
    expect(await told(mine, { rules: wrong })).toEqual({ status: 422, code: "CONFIG_INVALID" });
    const { events } = await ed.ask<EventPage>("GET", "/events?type=fishing-in-no-fishing-zone");
    const bare = `/events/${encodeURIComponent(events[0]?.id ?? "")}/rerun`;
    expect(await told(mine, { rules }, bare)).toEqual({ status: 404, code: "WEB_UNKNOWN" });
    const done = lines((await mine.ask("POST", path(), { rules })).body);
    expect(done[0]).toMatchObject({ kind: "progress", frames: 0 });
    expect(done.at(-1)).toMatchObject({ kind: "done", happenings: [], quiet: [], notLookedAt: 0 });
  });
});

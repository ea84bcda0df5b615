/** Every page of the box, for whoever goes through all of them: the check of WCAG, and the pictures. */
import type { Page } from "playwright-core";
import type { EventPage, EventRow, RuleSet } from "../../api.ts";
import { testPassword, type TestBox } from "./box.ts";
import { EditorPage, until } from "./browser.ts";

/** Somebody walks through the whole picture: a rule that fires within seconds. */
export const watchful: RuleSet = {
  zones: [
    {
      id: "all",
      name: "全景",
      kind: "no-fishing",
      polygon: [[0.01, 0.01], [0.99, 0.01], [0.99, 0.99], [0.01, 0.99]], // prettier-ignore
      anchor: "center",
      rules: [
        { type: "angler-loitering", score: 0.3, suspectedSec: 0.4, detectedSec: 0.8 },
        { type: "fishing-in-no-fishing-zone", score: 0.3, suspectedSec: 0.4, detectedSec: 0.8, cooldownSec: 1 },
      ],
    },
  ],
  lines: [],
  masks: [],
  schedules: [],
  holidays: [],
};

/** One stop of the tour. */
export interface Stop {
  /** What its picture is called. */
  readonly name: string;
  readonly address: string;
  /** What is done there before one looks. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Waits until every picture on the page has come. */
async function pictures(page: Page): Promise<void> {
  await page.locator(".picture").first().waitFor();
  await page.locator(".picture[data-seq='-1']").first().waitFor({ state: "detached" });
}

const tab =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await pictures(page);
    await page.getByTestId("tab-shapes").click();
    await page.locator(".shape-name").first().click();
    await page.getByTestId(`tab-${name}`).click();
    await page.waitForLoadState("networkidle");
    if (name === "preview") await page.getByTestId("preview-result").waitFor();
  };

/** Pages with a still address; those of an event are found by {@link eventStops}. */
export const stops: readonly Stop[] = [
  { name: "live", address: "/live", act: pictures },
  { name: "zones", address: "/zones", act: pictures },
  { name: "editor-shapes", address: "/zones/north", act: tab("shapes") },
  { name: "editor-settings", address: "/zones/north", act: tab("settings") },
  { name: "editor-preview", address: "/zones/north", act: tab("preview") },
  { name: "events", address: "/events" },
  { name: "events-grid", address: "/events?view=grid&camera=north" },
  { name: "events-nearly", address: "/events/~nearly" },
  { name: "health", address: "/health" },
  { name: "health-log", address: "/health/log" },
  { name: "health-support", address: "/health/support" },
  {
    name: "schedules",
    address: "/schedules?camera=north&schedule=night",
    act: (page) => page.locator(".schedules-page :is(.week, [data-testid=add-schedule])").first().waitFor(),
  },
  {
    name: "water",
    address: "/water?camera=north",
    act: async (page) => {
      await pictures(page);
      for (const id of ["add-gauge", "add-line"]) await page.getByTestId(id).first().click();
      await page.getByTestId("draft-head").scrollIntoViewIfNeeded();
    },
  },
  { name: "cameras", address: "/cameras" },
  { name: "camera-add", address: "/cameras/~add" },
  { name: "camera", address: "/cameras/north" },
  { name: "trial", address: "/trial?camera=north" },
  {
    name: "config",
    address: "/config",
    act: async (page) => {
      await page.getByTestId("yaml").waitFor();
    },
  },
  { name: "revisions", address: "/config/revisions" },
  { name: "users", address: "/users" },
  { name: "set-up", address: "/set-up" },
];

/** Hours of a night, so that the grid of the week is not empty. */
export const hours: RuleSet["schedules"][number] = {
  id: "night",
  windows: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "22:00", to: "06:00" }],
};

const pressed =
  (...testids: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const id of testids) await page.getByTestId(id).first().click();
  };

/** What opens over a page or unfolds on it. */
export const dialogs: readonly Stop[] = [
  { name: "settings", address: "/users", act: pressed("settings") },
  {
    name: "keys",
    address: "/zones/north",
    act: async (page) => {
      await pictures(page);
      await page.getByTestId("stage").focus();
      await page.keyboard.press("?");
      await page.getByTestId("keys-dialog").waitFor();
    },
  },
  {
    name: "filters",
    address: "/events",
    act: (page) => page.getByTestId("filters").locator("summary").click(),
  },
  { name: "test-event", address: "/events", act: pressed("test-event") },
  {
    name: "copy-day",
    address: "/schedules?camera=north&schedule=night",
    act: async (page) => {
      await page.locator(".week").waitFor();
      await page.locator(".week button.link").first().click();
      await page.getByTestId("copy-day").waitFor();
    },
  },
  { name: "copy-camera", address: "/schedules?camera=north&schedule=night", act: pressed("copy-to-cameras") },
  {
    name: "password",
    address: "/users",
    act: async (page) => {
      await page.locator("[data-testid^=user-] button").first().click();
      await page.getByTestId("password-dialog").waitFor();
    },
  },
  {
    name: "screen-link",
    address: "/users",
    act: async (page) => {
      await page
        .getByTestId("add-token")
        .locator("input[name=name]")
        .fill(`大屏${Date.now() % 1e6}`);
      await page.getByTestId("add-token").locator("button").click();
      await page.getByTestId("secret-dialog").waitFor();
    },
  },
  {
    name: "token-add",
    address: "/users",
    act: async (page) => {
      await page.getByTestId("token-kind").selectOption("api");
      await page.getByTestId("add-token").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "dead-letters",
    address: "/health",
    act: async (page) => {
      const dead = page.locator("[data-testid^=dead-] summary");
      await dead.click();
      await dead.scrollIntoViewIfNeeded();
    },
  },
  {
    name: "revision",
    address: "/config/revisions",
    act: async (page) => {
      await page.getByTestId("revisions").locator("li a").first().click();
      await page.getByTestId("revision-detail").waitFor();
    },
  },
  {
    name: "config-mistake",
    address: "/config",
    act: async (page) => {
      await page.getByTestId("yaml").click();
      await page.keyboard.press("Control+End");
      await page.keyboard.insertText("nonsense: 1\n");
      await page.getByTestId("diagnostics").waitFor();
      await page.getByTestId("diagnostics").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "test-failed",
    address: "/cameras/~add",
    act: async (page) => {
      await page.getByTestId("brand").selectOption("custom");
      await page.getByTestId("camera-url").fill("rtsp://127.0.0.1:9/none");
      await page.getByTestId("test-camera").click();
      const failed = page.locator("[data-stage=tcp][data-state=failed]");
      await failed.waitFor({ timeout: 60_000 });
      await failed.scrollIntoViewIfNeeded();
    },
  },
  { name: "set-up-camera", address: "/set-up?step=camera" },
  { name: "set-up-model", address: "/set-up?step=model" },
  { name: "set-up-zone", address: "/set-up?step=zone" },
  {
    name: "walk",
    address: "/trial?camera=north",
    act: async (page) => {
      await page.getByTestId("walk-start").click();
      await page.getByTestId("walk").waitFor();
    },
  },
];

/** Logs in. */
export async function enter(page: Page, box: TestBox): Promise<EditorPage> {
  await page.goto(box.address);
  await page.fill("input[name=password]", testPassword);
  await page.click("form button");
  await page.waitForSelector(".tile");
  return new EditorPage(page, box.address);
}

/** Puts a rule on the box that soon fires, and waits for its event. */
export async function provoke(at: EditorPage, more: Partial<RuleSet> = {}): Promise<void> {
  const { revision } = await at.ask<{ revision: string }>("GET", "/cameras/north/rules");
  const zones = [...watchful.zones, ...(more.zones ?? [])];
  await at.ask("PUT", "/cameras/north/rules", { ...watchful, ...more, zones }, revision);
  const fired = async (): Promise<boolean> =>
    (await at.ask<EventPage>("GET", "/events?type=angler-loitering")).events.length > 0;
  await until("a real event", fired, 150_000);
}

/** Keys of a camera that cuts a clip of what {@link provoke} brings about. */
export const recording = (): Readonly<Record<string, unknown>> => ({
  clip: { beforeSec: 3, afterSec: 3, types: ["angler-loitering"] },
});

/** Provokes an event of a camera that is {@link recording}, and waits for its clip. */
export async function provokeClip(box: TestBox, at: EditorPage, more: Partial<RuleSet> = {}): Promise<EventRow> {
  const heldSec = (): number => box.gateway.status().cameras.find(({ id }) => id === "north")?.ring?.heldSec ?? 0;
  // What happens before there is footage has no clip, and its person stands there for good.
  await until("the clip's seconds are there", async () => heldSec() > 4, 300_000);
  await provoke(at, more);
  let found: EventRow | undefined;
  const hasClip = async (): Promise<boolean> => {
    const { events } = await at.ask<EventPage>("GET", "/events?type=angler-loitering");
    found = events.find(({ clip }) => clip !== null);
    return found !== undefined;
  };
  await until("its clip", hasClip, 300_000);
  if (!found) throw new Error("there is no event with a clip");
  return found;
}

/** The event's own page, and its clip in the editor: to be re-run, and re-run with every reason unfolded. */
export function eventStops({ id }: EventRow): readonly Stop[] {
  const event = encodeURIComponent(id);
  const rerun = async (page: Page): Promise<void> => {
    await page.getByTestId("rerun-video").scrollIntoViewIfNeeded();
    const video = page.locator("[data-testid=rerun-video]");
    await until("the clip can be seen", () => video.evaluate((one) => (one as HTMLVideoElement).readyState > 1));
    await page.locator("[data-testid=rerun-model] option").nth(0).waitFor({ state: "attached" });
  };
  return [
    { name: "event", address: `/events/${event}`, act: (page) => page.getByTestId("trace").waitFor() },
    { name: "rerun", address: `/zones/north?setting=clip/${event}`, act: rerun },
    {
      name: "rerun-result",
      address: `/zones/north?setting=clip/${event}`,
      act: async (page) => {
        await page.getByTestId("rerun-start").click();
        const result = page.getByTestId("rerun-result");
        await result.waitFor({ timeout: 300_000 });
        for (const reasons of await result.locator("details > summary").all()) await reasons.click();
        await result.scrollIntoViewIfNeeded();
      },
    },
  ];
}

/** Goes there and waits until it is all there. */
export async function goTo(page: Page, box: TestBox, { address, act }: Stop): Promise<void> {
  const target = `${box.address}#${address}`;
  // The same address once more is no way to a page: what was opened there would stay open.
  if (page.url() === target) await page.reload();
  else await page.goto(target);
  await page.waitForSelector("#main[aria-busy=false]");
  await page.waitForLoadState("networkidle");
  await act?.(page);
}

/**
 * `npm run page:shots -- --strip DIR`: the pictures of the README, out of one real run on a phone, from a camera that the box
 * does not know to the change taken back; and the zone editor on a desk. Fails where a step does not come true.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { CameraSimulator } from "../../../rehearsal/camera-simulator/camera-simulator.ts";
import type { CameraView, EventPage, RuleSet, XY } from "../../api.ts";
import { openBox, type TestBox } from "./box.ts";
import { openPlatform } from "./platform.ts";
import { until, visitor, type EditorPage } from "./browser.ts";
import { enter } from "./tour.ts";

const clip = new URL("../../../../test-fixtures/clips/second-rod.mp4", import.meta.url).pathname;
const slowMs = 180_000;
/** The site's, as a technician there has it. */
const timezone = "Asia/Shanghai";
/** Water's edge and the water before it, as the clip's angler sits there. */
const bank: readonly XY[] = [[0.06, 0.3], [0.62, 0.26], [0.78, 0.6], [0.62, 0.93], [0.06, 0.62]]; // prettier-ignore
/** Of all pictures together: what a reader of the README waits for. */
const maxBytes = 600 * 1_024;
/** Of one: an empty page has 1,000. */
const leastBytes = 8_192;

/** Goes the whole way once. */
export async function shootStrip(browser: Browser, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  await using platform = await openPlatform();
  await using box = await openBox(platform);
  let bytes = 0;
  const shoot = async (page: Page, name: string, widthPx: number): Promise<void> => {
    await page.waitForLoadState("networkidle");
    const { width, height } = page.viewportSize() ?? { width: widthPx, height: widthPx };
    const cdp = await page.context().newCDPSession(page);
    // The browser's own encoder: WebP is a fifth of a PNG.
    // Of the page, not of what is seen of it.
    const y = await page.evaluate(() => scrollY);
    const clip = { x: 0, y, width, height, scale: widthPx / width };
    const { data } = await cdp.send("Page.captureScreenshot", { format: "webp", quality: 80, clip });
    const picture = Buffer.from(data, "base64");
    if (picture.length < leastBytes) throw new RangeError(`${name} shows nothing: ${picture.length} bytes`);
    await writeFile(join(folder, `${name}.webp`), picture);
    bytes += picture.length;
  };
  await using simulator = await CameraSimulator.open({ mounts: { "/pier": { clip } } });
  await using phone = await visitor(browser, { width: 390, height: 780, touch: true, theme: "light", timezone });
  const page = await phone.newPage();
  page.setDefaultTimeout(60_000);
  page.on("dialog", (dialog) => void dialog.accept());
  const at = await enter(page, box);
  const frame = (name: string): Promise<void> => shoot(page, name, 360);

  const camera = await addCamera(at, box, simulator.url("/pier"), () => frame("1-camera"));
  await drawBank(at, camera, () => frame("2-draw"));
  await preview(at, () => frame("3-preview"));
  await page.getByTestId("apply").click();
  await page.getByTestId("toast").first().waitFor();
  await frame("4-apply");
  const event = await firstEvent(at, camera);
  await page.goto(`${box.address}#/events/${encodeURIComponent(event)}`);
  await page.getByTestId("overlay-object").first().waitFor();
  await page.getByTestId("toast").first().waitFor({ state: "detached" });
  await frame("5-event");
  await page.getByTestId("trace").evaluate((trace) => trace.closest("section")?.scrollIntoView());
  await frame("6-why");
  await page.goto(`${box.address}#/trial?camera=${camera}`);
  await page.getByTestId("watch-rollback").waitFor();
  await frame("7-roll-back");
  await onDesk(box, browser, camera, (desk) => shoot(desk, "zone-editor", 1280));
  await page.getByTestId("watch-rollback").click();
  const rules = async (): Promise<RuleSet> => at.ask("GET", `/cameras/${camera}/rules`);
  await until("the change is taken back", async () => (await rules()).zones.length === 0, slowMs);
  if (bytes > maxBytes) throw new RangeError(`${bytes} bytes of pictures, ${maxBytes} are allowed`);
  return bytes;
}

/** By its address, tested stage by stage before it is added; returns its id. */
async function addCamera(at: EditorPage, box: TestBox, url: string, tested: () => Promise<void>): Promise<string> {
  const { page } = at;
  await page.goto(`${box.address}#/cameras/~add`);
  await page.getByTestId("brand").selectOption("custom");
  await page.getByTestId("camera-url").fill(url);
  await page.getByTestId("test-camera").click();
  await page.locator("[data-testid=test-result][data-ok=true]").waitFor({ timeout: slowMs });
  await page.getByTestId("camera-name").fill("相国寺码头");
  await page.getByTestId("stages").scrollIntoViewIfNeeded();
  await tested();
  await page.getByTestId("camera-add").click();
  const found = async (): Promise<CameraView | undefined> =>
    (await at.ask<readonly CameraView[]>("GET", "/cameras")).find(({ name }) => name === "相国寺码头");
  await until("it streams", async () => (await found())?.state === "streaming", slowMs);
  return (await found())?.id ?? "";
}

async function drawBank(at: EditorPage, camera: string, drawing: () => Promise<void>): Promise<void> {
  const { page } = at;
  await at.open(camera);
  await page.locator("[data-testid=stage] canvas, .picture canvas").first().waitFor();
  await page.getByTestId("tool-zone").click();
  for (const spot of bank.slice(0, -1)) await at.tap(spot);
  await drawing();
  await at.tap(bank.at(-1) ?? [0, 0]);
  await page.getByTestId("tool-finish").click();
  await page.getByTestId("tab-settings").click();
  await page.fill("[data-testid=name]", "一人一竿岸线");
  await page.getByTestId("kind").selectOption("one-rod-water");
  await page.getByTestId("add-rule").selectOption("fishing-multi-rod");
}

/** Until the log of the new camera holds a second rod; asked anew by another window. */
async function preview(at: EditorPage, fires: () => Promise<void>): Promise<void> {
  const { page } = at;
  await page.getByTestId("tab-preview").click();
  const result = page.getByTestId("preview-result");
  let isHour = false;
  const fired = async (): Promise<boolean> => {
    await page.getByTestId("preview-window").selectOption(isHour ? "day" : "hour");
    isHour = !isHour;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return (await result.count()) > 0 && Number(await result.getAttribute("data-draft")) > 0;
  };
  await until("the draft would have fired", fired, slowMs);
  await page.getByTestId("preview-added").locator("img").first().waitFor();
  await fires();
}

async function firstEvent(at: EditorPage, camera: string): Promise<string> {
  const asked = `/events?camera=${camera}&type=fishing-multi-rod`;
  const events = async (): Promise<EventPage["events"]> => (await at.ask<EventPage>("GET", asked)).events;
  await until("it fires", async () => (await events()).length > 0, slowMs);
  return (await events())[0]?.id ?? "";
}

/** The editor with a change that would keep everything quiet: what goes away, with its picture. */
async function onDesk(
  box: TestBox,
  browser: Browser,
  camera: string,
  drawn: (page: Page) => Promise<void>,
): Promise<void> {
  await using context = await visitor(browser, { width: 1280, height: 720, theme: "light", timezone });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const at = await enter(page, box);
  await at.open(camera);
  const [zone] = (await at.state()).rules.zones;
  await page
    .getByTestId(`row-${zone?.id ?? ""}`)
    .locator(".shape-name")
    .click();
  await page.getByTestId(`enable-${zone?.id ?? ""}`).click();
  await page.getByTestId("tab-preview").click();
  await page.getByTestId("preview-gone").locator("img").first().waitFor({ timeout: slowMs });
  await drawn(page);
}

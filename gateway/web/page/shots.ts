/**
 * `npm run page:shots -- --out DIR [--only NAME] [--looks LOOK,LOOK]`: pictures of every page in both languages, three
 * themes, on phone and desktop, out of one run against a real box. For eyes. With `--strip docs` those of the README alone.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { RuleSet } from "../api.ts";
import { shootStrip } from "./testing/strip.ts";
import { openBox } from "./testing/box.ts";
import { openBrowser, visitor, type Look } from "./testing/browser.ts";
import { enter, eventStops, goTo, provokeClip, recording, stops, type Stop } from "./testing/tour.ts";

const sizes = {
  desk: { width: 1366, height: 768 },
  phone: { width: 390, height: 844, touch: true },
} as const;

const looks: readonly (Look & { readonly name: string })[] = (["zh", "en"] as const).flatMap((language) =>
  (["light", "dark", "outdoor"] as const).flatMap((theme) =>
    (["desk", "phone"] as const).map((size) => ({
      name: `${language}.${theme}.${size}`,
      language,
      theme,
      ...sizes[size],
    })),
  ),
);

const { values: asked } = parseArgs({
  options: {
    out: { type: "string", default: "page-shots" },
    only: { type: "string", default: "" },
    looks: { type: "string", default: "" },
    strip: { type: "string", default: "" },
  },
});

/** Shapes of each kind, and hours, so that no page is empty. */
const drawn = {
  zones: [
    {
      id: "shore",
      name: "岸线",
      kind: "one-rod-water",
      polygon: [[0.08, 0.42], [0.55, 0.36], [0.72, 0.62], [0.4, 0.9], [0.1, 0.8]], // prettier-ignore
      rules: [{ type: "fishing-multi-rod", schedule: "night" }],
    },
  ],
  lines: [{ id: "gate", name: "闸口", from: [0.62, 0.3], via: [[0.72, 0.52]], to: [0.93, 0.55], direction: "left-to-right", rules: [] }], // prettier-ignore
  masks: [{ id: "road", polygon: [[0.8, 0.02], [0.98, 0.02], [0.98, 0.2], [0.8, 0.2]] }], // prettier-ignore
  schedules: [
    {
      id: "night",
      windows: [
        { days: ["mon", "tue", "wed", "thu", "fri"], from: "22:00", to: "06:00" },
        { days: ["sat", "sun"], from: "18:00", to: "08:00" },
      ],
    },
  ],
} as const satisfies Partial<RuleSet>;

const wantedLooks = asked.looks.split(",").filter(Boolean);
const browser = await openBrowser();
try {
  if (asked.strip === "") console.log(`${await shootPages()} pictures in ${asked.out}`);
  else console.log(`${Math.ceil((await shootStrip(browser, asked.strip)) / 1_024)} KiB in ${asked.strip}`);
} finally {
  await browser.close();
}

async function shootPages(): Promise<number> {
  await using box = await openBox({ north: recording });
  let count = 0;
  await mkdir(asked.out, { recursive: true });
  let events: readonly Stop[] | null = null;
  for (const look of looks) {
    if (wantedLooks.length > 0 && !wantedLooks.some((one) => look.name.includes(one))) continue;
    await using context = await visitor(browser, look);
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    page.on("dialog", (dialog) => void dialog.accept());
    const shoot = async (name: string): Promise<void> => {
      if (!name.includes(asked.only)) return;
      await page.screenshot({ path: join(asked.out, `${name}.${look.name}.png`) });
      count += 1;
    };
    await page.goto(box.address);
    await page.locator("input[name=password]").waitFor();
    await shoot("door");
    const at = await enter(page, box);
    events ??= eventStops(await provokeClip(box, at, drawn));
    for (const stop of [...stops, ...events]) {
      if (!stop.name.includes(asked.only)) continue;
      await goTo(page, box, stop);
      await shoot(stop.name);
    }
  }
  return count;
}

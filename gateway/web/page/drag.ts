/**
 * `npm run page:drag`: how long a dragged vertex takes from the mouse, or from a finger with its loupe, to the screen, by the browser's
 * own trace, with twelve shapes of sixteen vertices, twenty tracks at 10 Hz and the main thread slowed sixfold. Beside it, in
 * the same run, what an empty page with one outline costs: less is not to be had on this machine. Of each hand the first drag
 * of a page is told apart from the later ones: the browser compiles and fills its stores in it.
 */
import { parseArgs } from "node:util";
import { openBox } from "./testing/box.ts";
import { crowdedRules, dragText, feedTracks, tracedDrag, tracedFloor } from "./testing/drag-measure.ts";
import { openBrowser, visitor } from "./testing/browser.ts";
import { enter } from "./testing/tour.ts";

const { values } = parseArgs({
  options: { moves: { type: "string", default: "60" }, rate: { type: "string", default: "6" } },
});

await using box = await openBox();
const browser = await openBrowser();
try {
  for (const look of [
    { name: "desktop 1366×768, mouse", by: "mouse", width: 1366, height: 768 },
    { name: "phone 390×844, finger with the loupe", by: "finger", width: 390, height: 844, touch: true },
  ] as const) {
    await using context = await visitor(browser, look);
    const page = await context.newPage();
    const at = await enter(page, box);
    await at.reset("north", crowdedRules);
    await page.getByTestId("row-z5").locator(".shape-name").click();
    await page.evaluate(feedTracks, 20);
    const amounts = { moves: Number(values.moves), rate: Number(values.rate), by: look.by };
    for (const which of ["the first drag", "the second", "the third"])
      console.log(`${look.name}, ${which}: ${dragText(await tracedDrag(browser, at, { shape: "z5", ...amounts }))}`);
    console.log(`  one outline in an empty page: ${dragText(await tracedFloor(browser, page, amounts))}`);
  }
} finally {
  await browser.close();
}

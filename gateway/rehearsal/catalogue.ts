/** `npm run catalogue`: every event type with its generated stories, told to its rule, as a table for the docs; `--json` for programs. */
import { storiesOf, type CatalogueStory } from "../analysis/zones/testing/catalogue-story.ts";
import { tell } from "../analysis/zones/testing/story.ts";
import { eventTypes } from "../config/catalogue/catalogue.ts";

/** A story is right when its type starts once and reaches what it may claim, or when nothing starts that must not. */
function isRight(story: CatalogueStory, type: string, highest: string): boolean {
  const told = tell(story);
  if (!story.fires) return told.length === 0;
  const starts = told.filter(({ phase }) => phase === "start");
  return starts.length === 1 && starts[0]?.eventType === type && told.at(-1)?.certainty === highest;
}

const rows = eventTypes.map((type) => {
  const highest = type.rule.certainty ?? "detected";
  const stories = storiesOf(type).map((story) => ({
    name: story.name,
    fires: story.fires,
    right: isRight(story, type.id, highest),
  }));
  return { id: type.id, zh: type.nameZh, en: type.nameEn, kind: type.rule.kind, highest, stories };
});
const all = rows.flatMap(({ stories }) => stories);
const wrong = all.filter(({ right }) => !right).length;

if (process.argv.includes("--json")) for (const row of rows) console.log(JSON.stringify(row));
else {
  console.log("| type | 名称 | name | rule | claims | fires | stays silent |");
  console.log("|---|---|---|---|---|---|---|");
  for (const { id, zh, en, kind, highest, stories } of rows) {
    const told = (fires: boolean): string =>
      stories
        .filter((story) => story.fires === fires)
        .map(({ name, right }) => `${right ? "✓" : "✗"} ${name}`)
        .join("; ");
    console.log(`| \`${id}\` | ${zh} | ${en} | ${kind} | ${highest} | ${told(true)} | ${told(false)} |`);
  }
  console.log(`\n${rows.length} types, ${all.length} stories: ${all.length - wrong} right, ${wrong} wrong`);
}
process.exitCode = wrong === 0 ? 0 : 1;

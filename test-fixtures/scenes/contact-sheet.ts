/** Puts one frame of each story on a contact sheet, to be looked at: node contact-sheet.ts [--out FILE.png]. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import sharp from "sharp";

const CLIPS = join(import.meta.dirname, "..", "clips");
/** Story and second; the second is one at which the story's point shows. */
const FRAMES: readonly (readonly [string, number])[] = [
  ["one-angler-one-rod", 20], ["second-rod", 30], ["three-rods", 20], ["two-anglers-two-rods", 20],
  ["second-angler-behind-tree", 30], ["unattended-rods-at-dusk", 40], ["no-fishing-zone-angler", 40], ["dwelling-without-rod", 40],
  ["walkers-umbrellas-poles", 16], ["rain-at-night", 22], ["boat-passing", 12], ["boat-lingering", 40],
  ["single-bottles", 30], ["debris-mat", 40], ["debris-mat", 90], ["birds", 10],
  ["glint-only", 30], ["weir-foam", 30], ["water-rising", 10], ["water-rising", 80],
  ["quiet-ten-minutes", 52], ["fault-covered", 30], ["fault-turned", 40], ["fault-defocused", 40],
  ["fault-frozen", 20], ["fault-dark", 40], ["fault-black", 30], ["fault-lost", 15],
]; // prettier-ignore
const CELL = { width: 480, height: 270 } as const;
const COLUMNS = 4;

async function cell(name: string, second: number): Promise<Buffer> {
  const clip = join(CLIPS, `${name}.mp4`);
  if (!existsSync(clip)) throw new Error(`no clip ${name}: run render-story.ts ${name} first`);
  const { stdout } = await promisify(execFile)(
    "ffmpeg",
    ["-v", "error", "-ss", String(second), "-i", clip, "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"],
    { encoding: "buffer", maxBuffer: 20_000_000 },
  );
  const label = Buffer.from(
    `<svg width="${CELL.width}" height="${CELL.height}"><rect y="${CELL.height - 20}" width="${CELL.width}" height="20" fill="black" opacity="0.6"/><text x="6" y="${CELL.height - 6}" font-family="sans-serif" font-size="13" fill="white">${name} at ${second} s</text></svg>`,
  );
  return sharp(stdout)
    .resize(CELL.width, CELL.height)
    .composite([{ input: label }])
    .png()
    .toBuffer();
}

const { values } = parseArgs({
  options: { out: { type: "string", default: join(import.meta.dirname, "contact-sheet.png") } },
});
const cells = await Promise.all(FRAMES.map(([name, second]) => cell(name, second)));
const rows = Math.ceil(cells.length / COLUMNS);
await sharp({ create: { width: CELL.width * COLUMNS, height: CELL.height * rows, channels: 3, background: "black" } })
  .composite(
    cells.map((input, i) => ({ input, left: (i % COLUMNS) * CELL.width, top: Math.floor(i / COLUMNS) * CELL.height })),
  )
  .png({ palette: true, colours: 200, effort: 7 })
  .toFile(values.out);

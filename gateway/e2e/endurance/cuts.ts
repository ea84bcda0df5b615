/**
 * Power cuts. What a box and its platform did to their disk is written down call by call; for each flush, just before and
 * just after it, disks are made that hold what was certain by then and some of what was not. Each is opened with the very
 * code of the product, and whatever had been promised by that moment must be there.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seeded } from "../../../native/seeded.ts";
import { Receiver } from "../../../platform/receiver.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { diskCalls, type DiskCall } from "../disk/disk-log.ts";
import { DiskModel, type Luck } from "../disk/disk-model.ts";
import { DiskShim } from "../disk/disk-shim.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { brokenPromises, Promises, type Broken } from "./cut-oracle.ts";
import { clean, judge, sum, type Line, type Verdict } from "./oracle.ts";

/** Lives of one recording: the first makes every file, the others open what a kill left. */
const lives = 2;
const eventsALife = 45;
/** Every so-manyth image goes on living: box and platform are opened on it and must agree in the end. */
const livesOnEvery = 60;

/** What is cut: a box and its platform at work, or a database that a new release takes over. */
const subjects = {
  "cut-process": "power cuts at every flush",
  "migration-process": "power cuts while tables become those of this release",
} as const;

interface Cuts {
  readonly images: number;
  readonly subject?: keyof typeof subjects;
  readonly seed?: number;
}

/** @returns null when this machine has no compiler for the shim */
export async function powerCuts(options: Cuts): Promise<Line | null> {
  // In memory where that is to be had: flushes of a disk that is only a record would wear the real one.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "cuts-"));
  const watched = join(folder, "watched");
  mkdirSync(watched);
  using shim = DiskShim.open(watched, { records: true });
  try {
    if (!shim) return null;
    for (let life = 1; life <= lives; life += 1)
      await lived(shim, watched, options.subject ?? "cut-process", `life${life}`);
    const calls = diskCalls(shim.logPath);
    return await replayed(calls, watched, { folder, ...options });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lived(shim: DiskShim, watched: string, subject: string, life: string): Promise<void> {
  const script = new URL(`../peers/${subject}.ts`, import.meta.url).pathname;
  const child = spawn(process.execPath, [script, watched, life, String(eventsALife)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...shim.env },
  });
  const how = await new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  if (how !== "SIGKILL") throw new Error(`the recording ended by itself: ${String(how)}`);
}

async function replayed(
  calls: readonly DiskCall[],
  watched: string,
  { folder, images, subject = "cut-process", seed = Date.now() % 2 ** 32 }: Cuts & { readonly folder: string },
): Promise<Line> {
  const random = seeded(seed);
  const model = new DiskModel(watched);
  const flushes = calls.filter(({ op }) => op === "sync").length;
  const perCut = images / (2 * flushes);
  let made = 0;
  let owed = 0;
  let revived = 0;
  let afterwards = clean;
  const found: Broken[] = [];
  const promises = new Promises();
  const cut = async (where: string): Promise<void> => {
    for (owed += perCut; owed >= 1; owed -= 1) {
      made += 1;
      const image = join(folder, "image");
      const luck = luckOf(random);
      model.image(image, luck, random, (path) => /ballast$|-shm$/.test(path));
      for (const broken of await brokenPromises(image, watched, promises))
        found.push({ ...broken, what: `${broken.what} (${where}, image ${made}, ${JSON.stringify(luck)})` });
      if (made % livesOnEvery === 0) {
        revived += 1;
        afterwards = sum(afterwards, await livedOn(image, promises));
      }
      rmSync(image, { recursive: true, force: true });
    }
  };
  for (const [i, call] of calls.entries()) {
    if (call.op === "sync") await cut(`before flush at call ${i}`);
    model.apply(call);
    if (call.op === "said") promises.hear(call.text);
    if (call.op === "sync") await cut(`after flush at call ${i}`);
  }
  for (const { kind, what } of found.slice(0, 5)) console.error(`seed ${seed}: ${kind}: ${what}`);
  const count = (kind: Broken["kind"]): number => found.filter((broken) => broken.kind === kind).length;
  return {
    scenario: subjects[subject],
    amount: `${made} images`,
    verdict: sum(afterwards, {
      missing: count("missing"),
      unknown: count("unknown"),
      duplicate: count("duplicate"),
      hashMismatch: count("hashMismatch"),
    }),
    figures: `${flushes} flushes of ${calls.length} calls, ${promises.count} promises, ${count("corrupt")} corrupt, ${revived} lived on, seed ${seed}`,
    holds: found.length === 0 && JSON.stringify(afterwards) === JSON.stringify(clean) && made >= images * 0.99,
  };
}

/** The boxes of the image are switched on again: what was recorded arrives, once. */
async function livedOn(image: string, { recorded }: Promises): Promise<Verdict> {
  const [box, platform] = [join(image, "box"), join(image, "platform")];
  const receiver = await Receiver.open({ listen: "tcp://127.0.0.1:0", folder: platform, language: "en" });
  await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
  const { serverKey, address } = receiver;
  const opened = await openDelivery({ folder: box, address, serverKey });
  const occurrenceId = "after the cut";
  await opened.delivery.record(exampleTrigger({ occurrenceId }), null);
  await until("all of it has arrived", () => opened.delivery.status().uplinks[0]?.depth === 0);
  const ids = opened.database.all("SELECT id, occurrence FROM events");
  await opened[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  const wanted = ids.filter((row) => recorded.has(String(row["occurrence"])) || row["occurrence"] === occurrenceId);
  return judge(new Set(wanted.map((row) => String(row["id"]))), [box], platform);
}

/** All, nothing, and everything between. */
function luckOf(random: () => number): Luck {
  const share = (): number => {
    const at = random();
    return at < 0.2 ? 0 : at < 0.4 ? 1 : random();
  };
  return { data: share(), torn: random() < 0.5 ? 0 : random(), names: share(), namesInOrder: random() < 0.5 };
}

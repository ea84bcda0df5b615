/**
 * The binaries that ship for arm64 boxes, run by arm64 Node (emulated where this machine is another): the kernels agree
 * with the reference byte for byte, the model sees what it sees here, and an event reaches a platform.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { execFile, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as reference from "../../native/reference.ts";
import { digests } from "../../native/self-test.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import type { Detection } from "../analysis/detection/detection.ts";
import { iou } from "../analysis/geometry.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { arm64Lacks, onArm64 } from "./peers/arm64.ts";

if (arm64Lacks !== null) console.log(`SKIPPED arm64: it needs ${arm64Lacks}`);

const root = join(import.meta.dirname, "../..");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "arm64-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The one line that a program says. */
async function answerOf(program: ChildProcess): Promise<unknown> {
  const said = await text(program.stdout ?? Readable.from([]));
  expect(said, "the program ended without an answer").not.toBe("");
  return JSON.parse(said);
}

test.skipIf(arm64Lacks !== null)(
  "the kernels for arm64 load and agree with the reference byte for byte",
  { timeout: 300_000 },
  async () => {
    expect(await answerOf(onArm64("native/self-test.ts"))).toEqual({
      arch: "arm64",
      kind: "native",
      note: "",
      agrees: true,
      digests: digests(reference),
    });
  },
);

test.skipIf(arm64Lacks !== null)(
  "an arm64 box rehearses a rule on its log as this machine does without the addon",
  { timeout: 300_000 },
  async () => {
    const program = "gateway/e2e/peers/rehearse.ts";
    const [here, there] = [join(folder, "here"), join(folder, "there")];
    mkdirSync(here);
    mkdirSync(there);
    const env = { ...process.env, XUELIANG_NATIVE: "off" };
    const plain = await promisify(execFile)(process.execPath, [join(root, program), here], { env });
    const { kind, told } = JSON.parse(plain.stdout) as { readonly kind: string; readonly told: readonly unknown[][] };
    expect(kind).toBe("reference");
    for (const of of told) expect(of.length).toBeGreaterThan(5);
    expect(await answerOf(onArm64(program, there))).toEqual({ arch: "arm64", kind: "native", told });
  },
);

interface Report {
  readonly arch: string;
  readonly detections: readonly Detection[];
  readonly acknowledged: readonly string[];
}

test.skipIf(arm64Lacks !== null)(
  "an arm64 box sees what this machine sees, and the platform has its event with the picture",
  { timeout: 600_000 },
  async () => {
    const received: ReceivedEvent[] = [];
    const pictures: string[] = [];
    await using receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      onEvent: (event) => received.push(event),
      onEvidence: (_sha, path) => pictures.push(path),
    });
    const program = "gateway/e2e/peers/look-and-report.ts";
    const argsFor = async (box: string): Promise<string[]> => {
      await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, box))));
      const picture = join(root, "models/river-starter/samples/test-000188.jpg");
      return [picture, join(folder, box), receiver.address, receiver.serverKey];
    };
    const here = await promisify(execFile)(process.execPath, [join(root, program), ...(await argsFor("here"))]);
    const expected = JSON.parse(here.stdout) as Report;
    received.length = 0;
    const got = (await answerOf(onArm64(program, ...(await argsFor("there"))))) as Report;

    expect(got.arch).toBe("arm64");
    expect(received.map(({ event }) => event.id)).toEqual(got.acknowledged);
    const digest = received[0]?.event.data.evidence?.[0]?.sha256;
    expect(pictures.map((path) => createHash("sha256").update(readFileSync(path)).digest("hex"))).toContain(digest);
    // Integer kernels differ in the last bit between processors: the same things, in the same places, as sure.
    const sure = ({ score }: Detection): boolean => score > 0.4;
    expect(expected.detections.filter(sure).length).toBeGreaterThan(2);
    for (const seen of expected.detections.filter(sure)) {
      const twin = got.detections.find(({ label, box }) => label === seen.label && iou(box, seen.box) > 0.9);
      expect(Math.abs((twin?.score ?? 0) - seen.score), `${seen.label} ${JSON.stringify(seen.box)}`).toBeLessThan(0.05);
    }
  },
);

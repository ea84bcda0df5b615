/** The thread's owner, when there is no thread any more. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gatewaySchema } from "../config/schema.ts";
import { Analysis } from "./analysis.ts";

test("a picture that nobody will give is none, at once: it was asked for as the thread ended, or after", async () => {
  const folder = await mkdtemp(join(tmpdir(), "analysis-"));
  const site = { schema: "xueliang.gateway/1", site: { id: "box-1", name: "box" }, cameras: [] };
  const gateway = gatewaySchema.parse(site);
  const modelsFolder = join(import.meta.dirname, "../../models");
  const ears = { onTrigger: () => undefined, onProblem: () => undefined };
  try {
    const job = { gateway, modelsFolder, storageFolder: folder, cameras: [], mayLack: [] };
    const analysis = await Analysis.open(job, ears);
    const ending = analysis[Symbol.asyncDispose]();
    const asked = analysis.picture("north");
    await ending;
    expect([await asked, await analysis.picture("north")]).toEqual([null, null]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeptDrafts } from "./kept-drafts.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-drafts-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a draft outlives the process; each user and camera has one", async () => {
  const mine = { user: "zhang/../li", camera: "north" };
  await new KeptDrafts(folder).keep(mine, { rules: 1 });
  await new KeptDrafts(folder).keep({ ...mine, camera: "south" }, { rules: 2 });
  expect(await new KeptDrafts(folder).read(mine)).toEqual({ rules: 1 });
  await new KeptDrafts(folder).forget(mine);
  expect(await new KeptDrafts(folder).read(mine)).toBeNull();
  expect(await readdir(join(folder, "drafts"))).toHaveLength(1);
});

test("what is no draft any more is none", async () => {
  const drafts = new KeptDrafts(folder);
  await drafts.keep({ user: "li", camera: "north" }, {});
  const [name = ""] = await readdir(join(folder, "drafts"));
  await writeFile(join(folder, "drafts", name), '{"torn":');
  expect(await drafts.read({ user: "li", camera: "north" })).toBeNull();
});

test("the newest sixty-four stay", async () => {
  const drafts = new KeptDrafts(folder);
  for (let n = 0; n < 70; n += 1) await drafts.keep({ user: "li", camera: `cam-${n}` }, { n });
  expect(await readdir(join(folder, "drafts"))).toHaveLength(64);
  expect(await drafts.read({ user: "li", camera: "cam-69" })).toEqual({ n: 69 });
});

test("a disk that refuses is said", async () => {
  await writeFile(join(folder, "drafts"), "in the way");
  await expect(new KeptDrafts(folder).keep({ user: "li", camera: "north" }, {})).rejects.toMatchObject({
    code: "WEB_DISK",
  });
});

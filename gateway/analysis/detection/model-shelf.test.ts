import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelShelf, packageFolder, packageNames } from "./model-shelf.ts";

let storageFolder = "";
let modelsFolder = "";
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "shelf-"));
  [storageFolder, modelsFolder] = [join(folder, "data"), join(folder, "models")];
  mkdirSync(join(modelsFolder, "river"), { recursive: true });
});
afterEach(() => {
  rmSync(join(storageFolder, ".."), { recursive: true, force: true });
});

const inUse = (): string => packageFolder({ modelsFolder, storageFolder }, "river").slice(storageFolder.length);
const installed = (): string => join(modelsFolder, "river").slice(storageFolder.length);
const [first, second, third] = ["1", "2", "3"].map((digit) => digit.repeat(16)) as [string, string, string];
async function tried(shelf: ModelShelf, digest: string): Promise<void> {
  writeFileSync(join(await shelf.coming(digest), "model.yaml"), digest);
  await shelf.tryOut("river", digest);
}

test("the installed package, until one has come; two are kept", async () => {
  const shelf = new ModelShelf(storageFolder);
  expect(inUse()).toBe(installed());
  for (const digest of [first, second, third]) {
    await tried(shelf, digest);
    await shelf.keep("river");
    expect(inUse()).toBe(`/models/river/${digest}`);
  }
  expect(readdirSync(join(storageFolder, "models/river")).sort()).toEqual([second, third]);
  expect(packageNames({ modelsFolder, storageFolder })).toEqual(["river"]);
  // Back to one that came before: its files are still here.
  expect(shelf.kept("river", second)).not.toBeNull();
  await shelf.tryOut("river", second);
  expect(inUse()).toBe(`/models/river/${second}`);
});

test("a failed trial: the one before is back, the installed one where there was none", async () => {
  const shelf = new ModelShelf(storageFolder);
  await tried(shelf, first);
  await shelf.putBack("river");
  expect(inUse()).toBe(installed());
  await tried(shelf, first);
  await shelf.keep("river");
  await tried(shelf, second);
  await shelf.putBack("river");
  expect(inUse()).toBe(`/models/river/${first}`);
  expect(existsSync(join(storageFolder, "models/river", second))).toBe(false);
});

test("power fails on trial: the next start has the one before, and leaves what was proven alone", async () => {
  await tried(new ModelShelf(storageFolder), first);
  expect(await new ModelShelf(storageFolder).endTrials()).toEqual(["river"]);
  expect(inUse()).toBe(installed());
  const shelf = new ModelShelf(storageFolder);
  await tried(shelf, second);
  await shelf.keep("river");
  expect(await new ModelShelf(storageFolder).endTrials()).toEqual([]);
  expect(inUse()).toBe(`/models/river/${second}`);
});

test("only one package is on its way: an older one is forgotten", async () => {
  const shelf = new ModelShelf(storageFolder);
  const older = await shelf.coming(first);
  await shelf.coming(second);
  expect(existsSync(older)).toBe(false);
});

test.each(["{", "[]", '{"schema":"xueliang.model-use/1","use":"../../etc"}'])(
  "a file %s stands for the installed package",
  (text) => {
    mkdirSync(join(storageFolder, "models"), { recursive: true });
    writeFileSync(join(storageFolder, "models/river.json"), text);
    expect(inUse()).toBe(installed());
  },
);

/** What is generated from the code is up to date, and every code says something in both languages. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { test } from "vitest";
import { exitCodeTexts } from "./cli/exit-codes.ts";
import { generatedFiles } from "./docs.ts";
import { errorTexts } from "./runtime/texts/errors.ts";
import { texts } from "./runtime/texts/say.ts";

const root = new URL("../", import.meta.url);

for (const [path, wanted] of Object.entries(await generatedFiles())) {
  test(`${path} is what \`npm run docs\` writes`, async () => {
    assert.equal(await readFile(new URL(path, root), "utf8"), wanted);
  });
}

test("every error code has its paragraph in the map, and every paragraph its code", async () => {
  const map = await readFile(new URL("gateway/README.md", root), "utf8");
  const told = [...map.matchAll(/^\*\*([A-Z][A-Z0-9_]+)\*\* ·/gm)].map(([, code]) => code);
  assert.deepEqual(told, Object.keys(errorTexts).sort());
});

for (const [code, { en, zh, exit }] of Object.entries(errorTexts)) {
  test(`${code}: both languages, the same places, a known exit code`, () => {
    const places = (words: readonly string[]): string[] => [...new Set(words.join(" ").match(/\{\w+\}/g) ?? [])].sort();
    assert.deepEqual(places(zh), places(en));
    if (code !== "USAGE") assert.match(zh.join(""), /\p{Script=Han}/u); // Its text is said by the command.
    assert.ok(
      exitCodeTexts.some(([known]) => known === exit),
      `exit code ${exit} is not in the contract`,
    );
  });
}

test("texts of both languages have the same places", () => {
  for (const [key, { en, zh }] of Object.entries(texts)) {
    const places = (words: string): string[] => [...new Set(words.match(/\{\w+\}/g) ?? [])].sort();
    assert.deepEqual(places(zh), places(en), key);
  }
});

test("every file that the requirements name is there, each of the 62 has its line", async () => {
  const page = await readFile(new URL("docs/requirements.md", root), "utf8");
  const rows = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, n]) => Number(n));
  assert.deepEqual(
    rows,
    Array.from({ length: 62 }, (_, i) => i + 1),
  );
  const named = [...page.matchAll(/`([A-Za-z][\w.-]*(?:\/[\w.-]+)+|[a-z]+\.mjs|Dockerfile\.arm64)`/g)];
  assert.ok(named.length > 100, String(named.length));
  for (const [, path = ""] of named) assert.ok(existsSync(new URL(path, root)), `${path} is not there`);
});

test("every way in which a gateway is tried has its line, and names what is there", async () => {
  const page = await readFile(new URL("gateway/e2e/README.md", root), "utf8");
  const scenarios = await readFile(new URL("gateway/e2e/endurance/endurance.ts", root), "utf8");
  const numbered = (letter: string, last: number): string[] =>
    Array.from({ length: last }, (_, i) => `${letter}${i + 1}`);
  const rows = [...page.matchAll(/^\| ([RSP]\d+) \|/gm)].map(([, id]) => id);
  assert.deepEqual(rows, [...numbered("R", 23), ...numbered("S", 8), ...numbered("P", 3)]);
  for (const [, path = ""] of page.matchAll(/`((?:gateway|platform|config)\/[^`]+)`/g))
    assert.ok(existsSync(new URL(path, root)), `${path} is not there`);
  for (const [, name = ""] of page.matchAll(/`--only ([a-z]+)`/g))
    assert.match(scenarios, new RegExp(`^  ${name}: \\(part\\)`, "m"), `no row ${name} in the endurance table`);
  // Who has neither a file nor a row says why in its last cell.
  for (const [line = "", , where = "", lacks = ""] of page.matchAll(/^\| [RSP]\d+ \|([^|]*)\|([^|]*)\|([^|]*)\|$/gm))
    assert.ok(where.trim() !== "" || lacks.trim() !== "", line);
});

test("both READMEs have the same sections in the same order, and the same links", async () => {
  const [en = "", zh = ""] = await Promise.all(
    ["README.md", "README.zh-CN.md"].map((name) => readFile(new URL(name, root), "utf8")),
  );
  const shape = (text: string): readonly string[] => [...text.matchAll(/^(#+) /gm)].map(([, level = ""]) => level);
  assert.deepEqual(shape(zh), shape(en));
  const links = (text: string): readonly string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = ""]) => to);
  // The first one is the other language; a page that there is in both is linked in its reader's.
  const same = (to: string): string => to.replace(".zh-CN.md", ".md");
  assert.deepEqual(links(zh).slice(1).map(same).sort(), links(en).slice(1).sort());
  for (const to of [...links(en), ...links(zh)].slice(1))
    assert.ok(existsSync(new URL(to, root)), `${to} is not there`);
});

for (const [page, language] of [
  ["docs/first-fifteen-minutes.md", "en"],
  ["docs/first-fifteen-minutes.zh-CN.md", "zh"],
] as const) {
  test(`${page} names things as the page does`, async () => {
    const folder = new URL("gateway/web/page/texts/", root);
    const files = (await readdir(folder)).filter((name) => !name.endsWith(".test.ts"));
    const texts = (await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")))).join("\n");
    const said = new Set([...texts.matchAll(new RegExp(`${language}: "([^"]*)"`, "g"))].map(([, text]) => text));
    const named = [...(await readFile(new URL(page, root), "utf8")).matchAll(/\*\*(.+?)\*\*/g)].map(([, word]) => word);
    assert.ok(named.length > 20, String(named.length));
    assert.deepEqual(
      named.filter((word) => !said.has(word)),
      [],
    );
  });
}

/** A rule may run only for what its camera was put up for. */
import assert from "node:assert/strict";
import { test } from "vitest";
import { eventTypes } from "./catalogue/catalogue.ts";
import { purposesOf } from "./catalogue/purposes.ts";
import { configOf } from "./load.ts";
import { InvalidConfig } from "./diagnostic.ts";
import { diagnosticText } from "./diagnostic-text.ts";

const file = (name: string, text: string): { name: string; bytes: Uint8Array; mode: number } => ({
  name,
  bytes: Buffer.from(text),
  mode: 0o600,
});

/** What the box says of one rule on a camera with these purposes; null: nothing. */
function said(purpose: string, rule: string): string | null {
  const gateway = `schema: xueliang.gateway/1\nsite: { id: box-1, name: A }\ncameras: [{ id: pier, url: "file:a.mp4", purpose: ${purpose} }]\n`;
  const zones = `schema: xueliang.zones/1\ncamera: pier\nzones:\n  - id: shore\n    polygon: [[0, 0], [1, 0], [1, 1]]\n    rules:\n      - ${rule}\n`;
  try {
    configOf({
      folder: "/config",
      gateway: file("gateway.yaml", gateway),
      zones: [file("zones/pier.yaml", zones)],
      secrets: null,
    });
    return null;
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    return error.diagnostics.map((one) => diagnosticText(one, "en")).join("\n");
  }
}

for (const [name, purpose, rule, refused] of [
  ["no purposes: anything", "[]", "fishing-multi-rod", false],
  ["by its group", "[river-fishery]", "fishing-multi-rod", false],
  ["by the word that people use", "[渔政]", "fishing-multi-rod", false],
  ["by a department that it concerns", "[gongan]", "fishing-multi-rod", false],
  ["one of several is enough", "[防汛, 渔政]", "{ type: fishing-multi-rod, threshold: 2 }", false],
  ["a camera for floods does not look for anglers", "[防汛]", "fishing-multi-rod", true],
  ["nor with settings of its own", "[防汛]", "{ type: fishing-multi-rod, threshold: 2 }", true],
  ["a rule that does not run", "[防汛]", "{ type: fishing-multi-rod, enabled: false }", false],
  ["a bad picture may always be told", "[防汛]", "{ type: video-black, enabled: true }", false],
  ["a purpose that the rule itself names", "[科研]", "{ type: fishing-multi-rod, purpose: 科研 }", false],
  ["naming another one does not help", "[防汛]", "{ type: fishing-multi-rod, purpose: 渔政 }", true],
  ["a type of the site's own", "[防汛]", "{ type: my-own, kind: count, threshold: 3, labels: [person] }", true],
] as const)
  test(`${name}: ${refused ? "refused" : "taken"}`, () => {
    const told = said(purpose, rule);
    assert.equal(told !== null, refused, told ?? "taken");
    if (refused) assert.match(told ?? "", /CONFIG_PURPOSE[\s\S]*config\/zones\/pier\.yaml:7:\d+[\s\S]*purpose of pier/);
  });

test("every type of the catalogue is for something that can be allowed", () => {
  for (const type of eventTypes) assert.ok(purposesOf(type).length > 2, type.id);
});

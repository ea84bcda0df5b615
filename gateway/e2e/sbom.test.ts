/** The parts list: every package that ships, with a licence that is known. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

interface Component {
  readonly name: string;
  readonly scope?: string;
  readonly licenses?: readonly object[];
}

test(
  "npm run sbom lists every dependency of package.json with its licence, from the lock file alone",
  { timeout: 60_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "sbom-"));
    const path = join(folder, "sbom.cdx.json");
    const root = new URL("../../", import.meta.url).pathname;
    const env = { ...process.env, npm_config_registry: "http://127.0.0.1:9" };
    execFileSync(process.execPath, ["sbom.mjs", path], { cwd: root, env });
    const bom = JSON.parse(readFileSync(path, "utf8")) as { bomFormat: string; components: Component[] };
    rmSync(folder, { recursive: true });
    expect(bom.bomFormat).toBe("CycloneDX");
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: object };
    const names = bom.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), "river-starter", "ffmpeg"]));
    expect(names).not.toContain("vitest");
    const unknown = bom.components.filter(({ licenses }) => (licenses ?? []).length === 0).map(({ name }) => name);
    expect(unknown).toEqual(["ffmpeg"]);
  },
);

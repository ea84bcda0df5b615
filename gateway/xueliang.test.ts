/** The program as a process: the right Node, signals, pipes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "vitest";

const program = new URL("xueliang.mjs", import.meta.url).pathname;
const systemNode = "/usr/bin/node";
const systemIsOld =
  existsSync(systemNode) && Number(spawnSync(systemNode, ["-p", "process.versions.node.split('.')[0]"]).stdout) < 22;

test("help answers through the wrapper", () => {
  const { status, stdout } = spawnSync(process.execPath, [program, "--help"], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.match(stdout, /xueliang demo/);
});

test("what was compiled is kept beside the packages or where one says; where that cannot be, all goes on without", () => {
  const folder = mkdtempSync(join(tmpdir(), "xueliang-kept-"));
  const own = join(dirname(program), "../node_modules/.cache/compiled");
  const kept = (told?: string): boolean => {
    const env: NodeJS.ProcessEnv = { ...process.env, XUELIANG_COMPILED: told };
    delete env["NODE_COMPILE_CACHE"];
    if (told === undefined) delete env["XUELIANG_COMPILED"];
    assert.equal(spawnSync(process.execPath, [program, "explain", "USAGE"], { env }).status, 0);
    return existsSync(told ?? own) && readdirSync(told ?? own).length > 0;
  };
  try {
    assert.ok(kept());
    assert.ok(kept(join(folder, "told")));
    assert.ok(!kept(join(program, "no-folder")));
    if (process.getuid?.() !== 0) return;
    // Who may write there decides what root runs.
    const foreign = join(folder, "foreign");
    mkdirSync(foreign);
    chownSync(foreign, 65_534, 65_534);
    assert.ok(!kept(foreign));
    assert.ok(!kept(join(foreign, "below")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the reader of a pipe may go away", () => {
  const { status } = spawnSync("sh", ["-c", `"${process.execPath}" "${program}" config types | head -1`], {
    encoding: "utf8",
  });
  assert.equal(status, 0);
});

test.skipIf(!systemIsOld)(
  "an older Node starts the Node that the packages brought, and passes the exit code on",
  () => {
    const { status, stdout } = spawnSync(systemNode, [program, "explain", "nonsense", "--json"], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stdout, /^\{"type":"result","ok":false,"exit_code":2/);
  },
);

test.skipIf(!systemIsOld)("an older Node without packages ends with one sentence in the reader's language", () => {
  const folder = mkdtempSync(join(tmpdir(), "xueliang-old-"));
  try {
    mkdirSync(join(folder, "gateway"));
    cpSync(program, join(folder, "gateway", "xueliang.mjs"));
    for (const [LANG, words] of [
      ["zh_CN.UTF-8", /^错误\[NODE_TOO_OLD\]：.*版本过低/],
      ["C", /^error\[NODE_TOO_OLD\]: .* is too old/],
    ] as const) {
      const { status, stderr } = spawnSync(systemNode, [join(folder, "gateway", "xueliang.mjs"), "run"], {
        encoding: "utf8",
        env: { LANG },
      });
      assert.equal(status, 69);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split("\n").length, 1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

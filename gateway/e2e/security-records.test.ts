/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- answers are looked into as they come */
/** What people do to a running box stands in its audit and in events, without a password anywhere. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { Database } from "../database/database.ts";
import { openSite, until } from "../web/testing/open-site.ts";

interface Line {
  readonly what: string;
  readonly user: string | null;
  readonly [name: string]: unknown;
}

test(
  "logins, lock-out, users, config and its way back, and an edit of the users' file",
  { timeout: 120_000 },
  async () => {
    await using site = await openSite();
    const admin = await site.admin();
    const stranger = site.guest();
    for (let i = 0; i < 8; i += 1)
      await stranger.login(`wrong-secret-${i}`, i % 2 === 0 ? "admin" : "hunter2-typed-as-name");
    await admin.ask("POST", "/users", { name: "chen", role: "technician", password: "chens secret" });
    await admin.ask("PATCH", "/users/chen", { password: "another secret" });
    await admin.ask("DELETE", "/users/chen");
    const { body } = await admin.ask("GET", "/config");
    const [{ text }] = body.files as [{ text: string }];
    const changed = text.replace("name: 北码头", "name: 南码头");
    const files = [{ name: "gateway.yaml", text: changed }];
    const put = await admin.ask("PUT", "/config", { files }, { "if-match": `"${body.revision}"` });
    expect(put.status).toBe(200);
    const first = (await admin.ask("GET", "/revisions")).body.at(-1) as { n: number };
    expect((await admin.ask("POST", `/revisions/${first.n}/rollback`, {})).status).toBe(200);
    const path = join(site.folder, "var", "web-password.json");
    await writeFile(path, (await readFile(path, "utf8")).trim()); // By hand, on the box itself.
    await admin.ask("GET", "/session");
    await admin.ask("DELETE", "/session");
    using database = await Database.read(join(site.folder, "var", "gateway.db"));
    const lines = (): readonly Line[] =>
      database.all("SELECT body FROM audit ORDER BY n").map((row) => JSON.parse(String(row["body"])) as Line);
    await until(() => lines().some(({ what }) => what === "logout"), "the last act is written");
    const single = lines().filter(({ count }) => count === 1);
    const said = single.map(({ what, user, about, via, backTo }) => [what, user, about ?? via ?? null, backTo ?? null]);
    expect(said).toEqual([
      ["config-applied", null, "file", null],
      ["login", "admin", null, null],
      ["login-failed", "admin", null, null],
      ["login-locked", null, null, null],
      ["user-added", "admin", "chen", null],
      ["user-changed", "admin", "chen", null],
      ["user-removed", "admin", "chen", null],
      ["config-applied", "admin", "page", null],
      ["config-applied", "admin", "page", first.n],
      ["users-file-changed", null, null, null],
      ["logout", "admin", null, null],
    ]);
    const events = database
      .all("SELECT body FROM events WHERE type = 'security'")
      .map((row) => Buffer.from(row["body"] as Uint8Array).toString());
    expect(events.length).toBe(lines().length);
    // What came in numbers is there as a number.
    const total = (act: string): number =>
      lines().reduce((sum, { what, count }) => sum + (what === act ? Number(count) : 0), 0);
    expect([total("login-failed"), total("login-locked")]).toEqual([5, 3]);
    for (const kept of [...events, ...lines().map((line) => JSON.stringify(line))])
      assert.doesNotMatch(kept, /secret|hunter2|horse/);

    let out = "";
    const code = await commandLine(["audit", "--json", "--config", join(site.folder, "config")], {
      stdout: (text) => void (out += text),
      stderr: () => undefined,
      stdin: () => Promise.resolve(null),
      askSecret: () => Promise.resolve(null),
      env: {},
      cwd: site.folder,
      signal: new AbortController().signal,
      isTerminal: false,
    });
    const told = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(told.length).toBe(lines().length + 1);
    expect(told.at(-1)).toMatchObject({
      type: "result",
      lines: lines().length,
      broken: null,
      head: told.at(-2)?.["hash"],
    });
  },
);

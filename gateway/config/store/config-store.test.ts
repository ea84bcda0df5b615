/** The config between page, hand and disk. */
import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import { WebError } from "../../runtime/errors.ts";
import { ConfigStore, type StoreOptions } from "./config-store.ts";
import { withCamera, withGateway, withLogin, withNewCamera, withoutCamera } from "./edits.ts";
import type { Reload } from "./reload-plan.ts";

let root = "";
const page = { user: "张工", via: "page" } as const;
const text = `schema: xueliang.gateway/1
site: { id: box-1, name: 北码头 } # the pier
cameras:
  # on the mast
  - id: north
    url: rtsp://10.0.0.11/1
`;
const path = (...names: string[]): string => join(root, "config", ...names);
const options = (more: Partial<StoreOptions> = {}): StoreOptions => ({
  folder: path(),
  revisionsFolder: join(root, "var", "revisions"),
  clock: systemClock,
  ...more,
});
const gatewayFile = (): Promise<string> => readFile(path("gateway.yaml"), "utf8");

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "xueliang-store-"));
  await mkdir(path("zones"), { recursive: true });
  await writeFile(path("gateway.yaml"), text);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Until what is returned is called, nobody's patience ends, however long a disk takes; then `ms` are over at once. */
function holdTime(): (ms: number) => Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  return async (ms) => {
    await vi.advanceTimersByTimeAsync(ms);
    vi.useRealTimers();
  };
}

test("a bad file at the start: the last state that ran goes on, and the mistakes are told", async () => {
  const good = await ConfigStore.open(options());
  const { revision } = good.running;
  await good[Symbol.asyncDispose]();
  await writeFile(path("gateway.yaml"), text.replace("id: north", "idd: north"));
  await using store = await ConfigStore.open(options());
  expect(store.running.revision).toBe(revision);
  expect(store.running.gateway.cameras[0]?.id).toBe("north");
  expect(store.state().invalid.map(({ code }) => code)).toContain("CONFIG_UNKNOWN_KEY");
  expect(store.state().onDisk).not.toBe(revision);
});

test("a bad first file ends the start", async () => {
  await writeFile(path("gateway.yaml"), "schema: 3\n");
  await expect(ConfigStore.open(options())).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test("a bad edit in a running box is told, mended by a good one, and each good state is a revision", async () => {
  await using store = await ConfigStore.open(options());
  const applied: (readonly Reload[])[] = [];
  store.follow((_, plan) => {
    applied.push(plan);
    return Promise.resolve(plan.map(() => 1));
  });
  await writeFile(path("zones", "north.yaml"), "schema: xueliang.zones/1\ncamera: nord\n");
  await store.lookNow();
  expect(store.state().invalid.map(({ code }) => code)).toEqual(["CONFIG_UNKNOWN_CAMERA"]);
  expect(applied).toEqual([]);
  await writeFile(
    path("zones", "north.yaml"),
    "schema: xueliang.zones/1\ncamera: north\nzones:\n  - { id: a, polygon: [[0, 0], [1, 0], [1, 1]] }\n",
  );
  await store.lookNow();
  expect(store.state().invalid).toEqual([]);
  expect(applied).toEqual([[{ what: "rules", camera: "north" }]]);
  expect(store.revisions.list().map(({ via }) => via)).toEqual(["file", "file"]);
});

test("an edit by hand is seen by what the file holds: same size, same time, same inode", async () => {
  await utimes(path("gateway.yaml"), 1_700_000_000, 1_700_000_000);
  await using store = await ConfigStore.open(options());
  await writeFile(path("gateway.yaml"), text.replace("北码头", "南码头"));
  await utimes(path("gateway.yaml"), 1_700_000_000, 1_700_000_000);
  await store.lookNow();
  expect(store.running.gateway.site.name).toBe("南码头");
});

test("an edit by hand while a change is taken on is neither missed nor written over", async () => {
  await using store = await ConfigStore.open(options());
  const byHand = text.replace("北码头", "南码头");
  const names: string[] = [];
  store.follow(async (next, plan) => {
    names.push(next.gateway.site.name);
    if (names.length === 1) await writeFile(path("gateway.yaml"), byHand);
    return plan.map(() => 1);
  });
  await store.change(page, (texts) => withCamera(texts, "north", { rate: 9 }));
  await store.lookNow();
  expect(await gatewayFile()).toBe(byHand);
  expect(store.running.gateway.site.name).toBe("南码头");
  expect(store.running.gateway.cameras[0]?.rate).toBe(5);
});

test("an edit by hand while a change is being made: the change begins anew on it, and both stand", async () => {
  await using store = await ConfigStore.open(options());
  let tries = 0;
  await store.change(page, (texts) => {
    tries += 1;
    if (tries === 1) writeFileSync(path("gateway.yaml"), text.replace("北码头", "南码头"));
    return withCamera(texts, "north", { rate: 9 });
  });
  expect(tries).toBe(2);
  expect(await gatewayFile()).toContain("南码头");
  expect(await gatewayFile()).toContain("rate: 9");
});

test("a file that is written over and over makes a change fail as a conflict, and nothing is left behind", async () => {
  await using store = await ConfigStore.open(options());
  let tries = 0;
  const restless = store.change(page, (texts) => {
    writeFileSync(path("gateway.yaml"), `${text}# ${(tries += 1)}\n`);
    return withCamera(texts, "north", { rate: 9 });
  });
  await expect(restless).rejects.toMatchObject({ code: "WEB_CONFLICT" });
  expect(await gatewayFile()).toBe(`${text}# ${tries}\n`);
  expect(await readdir(path())).toEqual(["gateway.yaml", "zones"]);
});

test("what may cut the box off returns by itself unless it is confirmed; zones drawn meanwhile stay", async () => {
  const pass = holdTime();
  await using store = await ConfigStore.open(options({ confirmMs: 300 }));
  store.follow((_, plan) => Promise.resolve(plan.map(() => 1)));
  const risky = await store.change(page, (texts) =>
    withGateway(texts, (tree) => ({ ...tree, web: { listen: "127.0.0.1:9" } })),
  );
  expect(risky.confirmByMs).not.toBeNull();
  expect(store.state().pending?.changes[0]?.en).toContain("web.listen");
  await store.change(
    page,
    (texts) => new Map([...texts, ["zones/north.yaml", "schema: xueliang.zones/1\ncamera: north\n"]]),
  );
  await pass(300);
  // The revision is noted last: once it stands, the files do.
  await expect.poll(() => store.revisions.newest?.via, { timeout: 25_000 }).toBe("return");
  expect(await gatewayFile()).toBe(text);
  expect(await readdir(path("zones"))).toEqual(["north.yaml"]);
});

test("a confirmed change stays", async () => {
  const pass = holdTime();
  await using store = await ConfigStore.open(options({ confirmMs: 200 }));
  await store.change(page, (texts) => withGateway(texts, (tree) => ({ ...tree, web: { listen: "127.0.0.1:9" } })));
  expect(store.confirm()).toBe(true);
  await pass(400);
  expect(await gatewayFile()).toContain("127.0.0.1:9");
  expect(store.confirm()).toBe(false);
});

test("a box that cannot take the change keeps the former files and the former state", async () => {
  await using store = await ConfigStore.open(options());
  const plans: string[][] = [];
  store.follow((next, plan) => {
    plans.push(plan.map(({ what }) => what));
    if (next.gateway.cameras[0]?.rate === 9)
      return Promise.reject(new WebError(503, "WEB_NOT_NOW", { detail: "model" }));
    return Promise.resolve(plan.map(() => 1));
  });
  await expect(store.change(page, (texts) => withCamera(texts, "north", { rate: 9 }))).rejects.toMatchObject({
    code: "WEB_NOT_NOW",
  });
  expect(plans).toEqual([["camera"], ["camera"]]);
  expect(await gatewayFile()).toBe(text);
  expect(store.running.gateway.cameras[0]?.rate).toBe(5);
  expect(store.revisions.list().length).toBe(1);
});

test("cameras come and go with their logins and rules; comments and other cameras stay", async () => {
  await using store = await ConfigStore.open(options());
  await store.change(page, (texts) =>
    withLogin(withNewCamera(texts, { id: "south", name: "南", url: "rtsp://10.0.0.12/1" }), "south", {
      user: "admin",
      password: "p#1: 'x'",
    }),
  );
  expect(store.running.credentials["south"]).toEqual({ user: "admin", password: "p#1: 'x'" });
  expect(await gatewayFile()).toBe(`${text}  - id: south\n    name: 南\n    url: rtsp://10.0.0.12/1\n`);
  const change = await store.change(page, (texts) => withoutCamera(texts, "south"));
  expect(change.changes).toEqual([{ zh: "删除摄像机“南”", en: 'camera "南" removed' }]);
  expect(await gatewayFile()).toBe(text);
  expect(store.running.credentials["south"]).toBeUndefined();
  expect(JSON.stringify(store.revisions.list())).not.toContain("p#1");
});

test("fifty revisions are kept, the newest ones", async () => {
  await using store = await ConfigStore.open(options());
  for (let rate = 1; rate <= 24; rate += 1)
    for (const width of [640, 800]) await store.change(page, (texts) => withCamera(texts, "north", { rate, width }));
  for (let stallSec = 3; stallSec < 9; stallSec += 1)
    await store.change(page, (texts) => withCamera(texts, "north", { stallSec }));
  expect(store.revisions.list().length).toBe(50);
  expect((await readdir(join(root, "var", "revisions"))).length).toBe(50);
  expect(store.revisions.newest?.changes[0]?.en).toContain("stallSec");
}, 60_000);

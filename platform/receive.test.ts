/** `xueliang receive`: what ends by itself, and what it refuses to pass over in silence. */
import { mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { enrolment, ensureKeys } from "../gateway/delivery/uplink/keys.ts";
import { exampleTrigger } from "../gateway/e2e/peers/example-trigger.ts";
import { openDelivery, until } from "../gateway/e2e/peers/open-delivery.ts";
import { Enrolled } from "./enrolment.ts";
import { readReceiveOptions } from "./receive-command-line.ts";
import { receive } from "./receive.ts";
import { makeCurvePair } from "./router.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "receive-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command; `stop` ends one that goes on. */
function run(args: readonly string[]) {
  const ending = new AbortController();
  const said: string[] = [];
  const note = (text: string): void => void said.push(text);
  const io = { stdout: note, stderr: note, language: "en", json: true, cwd: folder, signal: ending.signal } as const;
  return { said, code: receive(args, io), stop: () => ending.abort() };
}

test("a box is enrolled by one command, its event listed by another", async () => {
  const record = join(folder, "box-1.json");
  writeFileSync(record, JSON.stringify(enrolment("box-1", await ensureKeys(join(folder, "box")))));
  const here = ["--folder", "platform"];
  const running = run([...here, "--listen", "tcp://127.0.0.1:0", "--enrol", record]);
  const listening = () => running.said.find((line) => line.includes('"listening"'));
  await until("it listens", () => listening() !== undefined);
  const { address, key } = JSON.parse(listening() ?? "") as { address: string; key: string };
  {
    await using opened = await openDelivery({ folder: join(folder, "box"), address, serverKey: key });
    await opened.delivery.record(exampleTrigger({ occurrenceId: "o" }), null);
    await until("acknowledged", () => opened.delivery.status().uplinks[0]?.depth === 0);
  }
  running.stop();
  expect(await running.code).toBe(0);
  const listed = run([...here, "--list"]);
  expect(await listed.code).toBe(0);
  const events = running.said.filter((line) => line.includes('"type":"event"'));
  expect(listed.said).toHaveLength(events.length);
  for (const id of listed.said) expect(events.some((line) => line.includes(id.trim()))).toBe(true);
});

test("a second receiver on one folder is refused, beside the first one its list may be read, and after it another may start", async () => {
  const place = ["--folder", "platform", "--listen", "tcp://127.0.0.1:0"];
  const first = run(place);
  await until("it listens", () => first.said.length > 0);
  await expect(run(place).code).rejects.toMatchObject({
    code: "RECEIVER_RUNNING",
    values: { folder: join(folder, "platform") },
  });
  expect(await run(["--folder", "platform", "--list"]).code).toBe(0);
  first.stop();
  expect(await first.code).toBe(0);
  const next = run(place);
  await until("it listens", () => next.said.length > 0);
  next.stop();
  expect(await next.code).toBe(0);
});

test.each([
  [["--list", "--enrol", "box-1.json"], "--list", "--enrol"],
  [["--enrol", "box-1.json", "--revoke", "box-2", "--list"], "--list", "--enrol --revoke"],
  [["--list", "--viewer", "chen=box-1/*"], "--list", "--viewer"],
  [["--viewer", "chen=box-1/*", "--listen", "tcp://[::]:8421"], "--viewer", "--listen"],
  [["--next-key", "--switch-key"], "--next-key", "--switch-key"],
  [["--switch-key", "--metrics", "127.0.0.1:9464"], "--switch-key", "--metrics"],
])("refused with a sentence: %j", async (args, name, others) => {
  await expect(run(args).code).rejects.toMatchObject({ code: "USAGE" });
  const detail = (language: "en" | "zh"): string => {
    try {
      readReceiveOptions(args, language);
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  };
  expect(detail("en")).toContain(`${name} does one thing and ends; it would not follow ${others}.`);
  expect(detail("zh")).toContain(others);
  // Nothing was made or enrolled on the way to the refusal.
  expect(existsSync(join(folder, "var"))).toBe(false);
});

test.each([
  ["a transport key that is too short", { curvePublic: "short" }, "curvePublic"],
  ["a signature key that is too long", { signPublic: Buffer.alloc(33).toString("base64") }, "signPublic"],
  ["swapped", "swapped", "curvePublic"],
] as const)("keys of a box that cannot be: %s", async (_what, changes, place) => {
  const { curvePublic, signPublic, ...record } = enrolment("box-1", await ensureKeys(join(folder, "box")));
  const keys =
    changes === "swapped" ? { curvePublic: signPublic, signPublic: curvePublic } : { curvePublic, signPublic };
  writeFileSync(
    join(folder, "box-1.json"),
    JSON.stringify({ ...record, ...keys, ...(changes === "swapped" ? {} : changes) }),
  );
  const refused = run(["--folder", ".", "--listen", "tcp://127.0.0.1:0", "--enrol", join(folder, "box-1.json")]);
  await expect(refused.code).rejects.toMatchObject({ code: "ENROLMENT_INVALID", values: { detail: place } });
  expect(existsSync(join(folder, "enrolled.json"))).toBe(false);
});

test("a key that another box has is not enrolled again until that one is shut out", async () => {
  const record = enrolment("box-1", await ensureKeys(join(folder, "box")));
  const enrolled = Enrolled.open(folder);
  await enrolled.enrol(record);
  await enrolled.enrol(record);
  const renamed = { ...record, gw: "box-2" };
  const refusal = { code: "ENROLMENT_TWICE", values: { gw: "box-2", other: "box-1" } };
  await expect(enrolled.enrol(renamed)).rejects.toMatchObject(refusal);
  expect(Enrolled.open(folder).names).toEqual(["box-1"]);
  await enrolled.revoke("box-1");
  await enrolled.enrol(renamed);
  expect(enrolled.knowsCurveKey(renamed.curvePublic)).toBe(true);
});

test("--force without --switch-key is refused; together they are understood", () => {
  expect(() => readReceiveOptions(["--force"], "en")).toThrow("--force belongs to --switch-key");
  expect(readReceiveOptions(["--switch-key", "--force"], "en")).toMatchObject({ "switch-key": true, force: true });
});

test("the key file of an example from before it said its format is read; one that is no key file names the remedy", async () => {
  const pair = makeCurvePair();
  const path = join(folder, "receiver-keys.json");
  writeFileSync(path, JSON.stringify(pair));
  const running = run(["--folder", ".", "--listen", "tcp://127.0.0.1:0"]);
  await until("it listens", () => running.said.length > 0);
  expect(running.said.join("")).toContain(JSON.stringify(pair.publicKey));
  running.stop();
  await running.code;
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(pair);
  const exchanged = { publicKey: pair.secretKey, secretKey: pair.publicKey };
  for (const wrong of [{ publicKey: "short" }, exchanged, { ...pair, next: exchanged }]) {
    writeFileSync(path, JSON.stringify(wrong));
    await expect(run(["--folder", ".", "--listen", "tcp://127.0.0.1:0"]).code).rejects.toThrow(
      "of one pair, 40 characters each",
    );
  }
});

/** `xueliang fleet`: asks boxes from the platform's side. Signs here, lets the receiver carry it, shows what came back. */
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { CommandIo } from "../../gateway/cli/command.ts";
import { commandOps } from "../../gateway/config/schema.ts";
import { CommandError } from "../../gateway/runtime/errors.ts";
import { systemClock } from "../../gateway/runtime/clock.ts";
import { fill, type Text } from "../../gateway/runtime/texts/fill.ts";
import { cameraLists } from "../camera-lists.ts";
import { openSink } from "../sinks/open-sink.ts";
import { CommandSpool, type SpooledResult } from "../spool.ts";
import { orderUpdate, packageFiles } from "./model-order.ts";
import { markOrder, markWords } from "./mark-order.ts";
import { makeOperatorKey, operatorPublic, signOrder, type Order } from "./operator-key.ts";

const texts = {
  key: {
    en: "public key {id} ({alg}): {public}\nadd it to commands.keys of each box's gateway.yaml",
    zh: "公钥 {id}({alg}):{public}\n请加入各网关 gateway.yaml 的 commands.keys",
  },
  sent: { en: "{cmd} for {gw} is with the receiver", zh: "命令 {cmd} 已交接收端，目标 {gw}" },
  progress: { en: "{gw}: {detail}", zh: "{gw}:{detail}" },
  result: { en: "{cmd}  {gw}  {state}  {detail}", zh: "{cmd}  {gw}  {state}  {detail}" },
  camera: {
    en: "{gw}  {id}  {code}  {name}  {state}  {owner}  {purpose}  {types}",
    zh: "{gw}  {id}  {code}  {name}  {state}  {owner}  {purpose}  {types}",
  },
  unknown: {
    en: "no event {id} in this store; --sink names another one",
    zh: "该存储中没有事件 {id}；可用 --sink 指定其他存储",
  },
  none: { en: "{cmd}: no answer yet", zh: "{cmd}:尚无应答" },
} as const satisfies Record<string, Text>;

/** The part of a command's world that this one needs. */
export type FleetIo = Pick<CommandIo, "stdout" | "stderr" | "language" | "json" | "cwd" | "signal">;

const options = {
  folder: { type: "string", default: join("var", "platform") },
  key: { type: "string", default: "operator-key.json" },
  id: { type: "string", default: "operator" },
  alg: { type: "string", default: "ed25519" },
  args: { type: "string", default: "{}" },
  operator: { type: "string" },
  reason: { type: "string", default: "" },
  ttl: { type: "string", default: "86400" },
  wait: { type: "string" },
  sink: { type: "string" },
  model: { type: "string" },
  trial: { type: "string", default: "60" },
} as const;

/**
 * `fleet key [--key FILE] [--id NAME] [--alg ed25519|sm2]`, `fleet send GW OP [--args JSON|@FILE] [--reason TEXT] [--wait SECONDS]`,
 * `fleet model-update PACKAGE GW [GW …] [--model NAME] [--trial SECONDS] [--wait SECONDS]`, `fleet mark EVENT true|false|unsure|none [--reason TEXT] [--sink ADDRESS]`: what the event was found to be, told to the box that made it; `fleet results [COMMAND]`, `fleet cameras [GW …] [--sink ADDRESS]`: what boxes have in sight, one line a camera, with `--json` one document a box. Ends with 0 when the box did it, 1 when it refused or failed, 3 when it has not answered yet.
 */
export async function fleet(args: readonly string[], io: FleetIo): Promise<number> {
  const { values, words } = read(args);
  const [action, ...rest] = words;
  const key = resolve(io.cwd, values.key);
  const say = (text: Text, document: Readonly<Record<string, string>>, more: object = {}): void =>
    io.stdout(io.json ? `${JSON.stringify({ ...document, ...more })}\n` : `${fill(text[io.language], document)}\n`);
  if (action === "key") {
    if (values.alg !== "ed25519" && values.alg !== "sm2") throw usage(`--alg ${values.alg}`);
    say(texts.key, await makeOperatorKey(key, values.id, values.alg));
    return 0;
  }
  const folder = resolve(io.cwd, values.folder);
  if (action === "cameras") return cameras(values.sink ?? `sqlite:${join(folder, "platform.db")}`, rest, io);
  const spool = new CommandSpool(folder);
  const show = (result: SpooledResult): number => {
    const { cmd, gw, state, detail, body } = result;
    say(texts.result, { cmd, gw, state, detail }, { body });
    if (!io.json && body !== null) io.stdout(`${JSON.stringify(body, null, 2)}\n`);
    return state === "done" ? 0 : state === "accepted" || state === "running" ? 3 : 1;
  };
  if (action === "results") {
    const asked = rest.length > 0 ? rest : spool.answered();
    const shown = asked.map((cmd) => {
      const result = spool.result(cmd);
      if (result) return show(result);
      say(texts.none, { cmd });
      return 3;
    });
    return Math.max(0, ...shown);
  }
  const wait = Number(values.wait ?? (action === "model-update" ? 3_600 : 30));
  const follow = async (cmd: string): Promise<number> => {
    const result = await lastSeen(spool, cmd, wait, io);
    if (result) return show(result);
    say(texts.none, { cmd });
    return 3;
  };
  operatorPublic(key); // Told before anything is made of it.
  const order = { operator: values.operator ?? userInfo().username, reason: values.reason, ttlSec: Number(values.ttl) };
  if (action === "model-update") {
    const [folder, ...boxes] = rest;
    if (folder === undefined || boxes.length === 0) throw usage("fleet model-update PACKAGE GW [GW …]");
    const files = packageFiles(resolve(io.cwd, folder));
    const ordered = await orderUpdate(spool, key, {
      ...order,
      boxes,
      files,
      model: values.model,
      trialSec: values.trial,
    });
    if (!io.json) for (const { cmd, gw } of ordered) say(texts.sent, { cmd, gw });
    return Math.max(...(await Promise.all(ordered.map(({ cmd }) => follow(cmd)))));
  }
  const what =
    action === "mark"
      ? await readMark(rest, values.reason, values.sink ?? `sqlite:${join(folder, "platform.db")}`, io)
      : readSend(action, rest, values.args, io);
  const command = await signOrder(key, { ...order, ...what }, systemClock.nowMs());
  await spool.put(command);
  if (!io.json) say(texts.sent, { cmd: command.header.cmd, gw: what.gw });
  return follow(command.header.cmd);
}

type What = Pick<Order, "gw" | "op" | "args">;

async function readMark(words: readonly string[], note: string, address: string, io: FleetIo): Promise<What> {
  const [event, word, extra] = words;
  const mark = markWords.find((known) => known === word);
  if (event === undefined || mark === undefined || extra !== undefined)
    throw usage(`fleet mark EVENT ${markWords.join("|")}`);
  const what = await markOrder(event, mark, note, address);
  if (!what) throw usage(fill(texts.unknown[io.language], { id: event }));
  return what;
}

function readSend(action: string | undefined, words: readonly string[], args: string, io: FleetIo): What {
  const [gw, op, extra] = words;
  if (action !== "send" || gw === undefined || op === undefined || extra !== undefined)
    throw usage(
      "fleet key | fleet send GW OP | fleet model-update PACKAGE GW | fleet mark EVENT WORD | fleet results [COMMAND] | fleet cameras [GW …]",
    );
  if (!commandOps.some((known) => known === op)) throw usage(`${op}: ${commandOps.join(" ")}`);
  return { gw, op, args: argsOf(args, io.cwd) };
}

async function cameras(address: string, boxes: readonly string[], io: FleetIo): Promise<number> {
  await using sink = await openSink(address, systemClock.nowMs());
  for (const box of await cameraLists(sink)) {
    if (boxes.length > 0 && !boxes.includes(box.gw)) continue;
    if (io.json) io.stdout(`${JSON.stringify(box)}\n`);
    else for (const one of box.cameras) io.stdout(`${fill(texts.camera[io.language], shownCamera(box.gw, one))}\n`);
  }
  return 0;
}

function shownCamera(gw: string, camera: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const text = (key: string): string => (typeof camera[key] === "string" ? camera[key] : "–");
  const list = (key: string): string => (Array.isArray(camera[key]) ? camera[key].join(",") : "") || "–";
  const known = { id: text("id"), code: text("code"), name: text("name"), owner: text("owner") };
  const state = camera["enabled"] === false ? "off" : "on";
  return { gw, ...known, state, purpose: list("purpose"), types: list("eventTypes") };
}

/** The newest word about a command after its last one, or after `waitSec`; what comes before is told as progress. */
async function lastSeen(spool: CommandSpool, cmd: string, waitSec: number, io: FleetIo): Promise<SpooledResult | null> {
  const endMs = systemClock.monotonicMs() + waitSec * 1_000;
  let told = "";
  while (spool.isPending(cmd) && systemClock.monotonicMs() < endMs && !io.signal.aborted) {
    await systemClock.sleep(100, io.signal).catch(() => undefined);
    const now = spool.result(cmd);
    if (now?.state !== "running" || now.detail === told) continue;
    told = now.detail;
    if (!io.json) io.stderr(`${fill(texts.progress[io.language], { gw: now.gw, detail: told })}\n`);
  }
  return spool.result(cmd);
}

function read(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values, words: positionals };
  } catch (error) {
    throw usage(error instanceof Error ? error.message : "");
  }
}

function argsOf(text: string, cwd: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text.startsWith("@") ? readFileSync(resolve(cwd, text.slice(1)), "utf8") : text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Told below: whatever it is, it is no object.
  }
  throw usage(`--args ${text.slice(0, 80)}`);
}

function usage(detail: string): CommandError {
  return new CommandError("USAGE", { detail });
}

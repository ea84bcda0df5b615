/** `xueliang receive`: a receiver in the foreground, one line an event. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CommandIo } from "../gateway/cli/command.ts";
import { CommandError, GatewayError } from "../gateway/runtime/errors.ts";
import { HeldFolder } from "../gateway/database/held-folder.ts";
import { fill, type Text } from "../gateway/runtime/texts/fill.ts";
import { addViewer, EvidenceServer } from "./evidence-server.ts";
import { eventLine } from "./event-line.ts";
import { systemClock } from "../gateway/runtime/clock.ts";
import { MetricsServer } from "./metrics-server.ts";
import { announceNextKey, NextKeyKnown, switchKey } from "./next-key.ts";
import { readReceiveOptions, type ReceiveOptions } from "./receive-command-line.ts";
import { receiverKeys } from "./receiver-keys.ts";
import { Receiver } from "./receiver.ts";
import { openSink } from "./sinks/open-sink.ts";
import { CommandSpool } from "./spool.ts";

const texts = {
  listening: {
    en: "receiver listening on {address} · public key {key} · stores into {folder}",
    zh: "接收端监听 {address} · 公钥 {key} · 存储于 {folder}",
  },
  enrolled: { en: "enrolled {gw}", zh: "已登记 {gw}" },
  command: { en: "command {cmd}: {gw} says {state} {detail}", zh: "命令 {cmd}:{gw} {state} {detail}" },
  nextKey: {
    en: "next public key {key} · start the receiver anew, and boxes hear of it as they connect; --switch-key when all of them know it",
    zh: "下一公钥 {key} · 重启接收端后，设备连接时即可得知；全部知晓后执行 --switch-key",
  },
  keyKnown: { en: "{gw} has kept the next key", zh: "{gw} 已保存下一公钥" },
  switched: {
    en: "public key {key} from the next start on · the former one opens nothing any more",
    zh: "自下次启动起公钥为 {key} · 原公钥作废",
  },
  unaware: {
    en: "boxes that do not know the next key: {boxes}. Wait until they have been here, or --force and write the new key into their gateway.yaml",
    zh: "尚不知晓下一公钥的设备：{boxes}。请等待其连接，或使用 --force 并将新公钥写入其 gateway.yaml",
  },
  noNextKey: { en: "no next key was announced; begin with --next-key", zh: "尚未公布下一公钥；请先执行 --next-key" },
  evidence: { en: "  evidence: {path}", zh: "  证据：{path}" },
  quarantined: {
    en: "set aside: something from {gw} that is no event ({why})",
    zh: "已隔离：来自 {gw} 的内容不是有效事件（{why}）",
  },
} as const satisfies Record<string, Text>;

/** The part of a command's world that this one needs. */
export type ReceiveIo = Pick<CommandIo, "stdout" | "stderr" | "language" | "json" | "cwd" | "signal">;

/** Options: `--listen tcp://[::]:8421`, `--folder PATH`, `--sink ADDRESS` (see `openSink`), `--enrol FILE|JSON` (repeatable), `--revoke GW`, `--metrics HOST:PORT` (with the token in the folder's `metrics-token`), `--evidence HOST:PORT` (see `EvidenceServer`), `--viewer NAME=CAMERA,…` (prints a token, then ends), `--next-key` and `--switch-key [--force]` (see `changeKey`; then ends), `--list` (the ids that are stored, then ends). What ends by itself takes no option that only a receiver that goes on could follow (see `readReceiveOptions`). Ends with 0 when the signal aborts. */
export async function receive(args: readonly string[], io: ReceiveIo): Promise<number> {
  const options = readReceiveOptions(args, io.language);
  const folder = resolve(io.cwd, options.folder ?? join("var", "platform"));
  const emit = (type: string, document: object, line: string): void => {
    io.stdout(io.json ? `${JSON.stringify({ type, ...document })}\n` : `${line}\n`);
  };
  if (options["next-key"] === true || options["switch-key"] === true) return changeKey(options, folder, io);
  if (options.viewer !== undefined) {
    const [name = "", cameras = ""] = options.viewer.split("=");
    // Shown once: the file keeps its digest alone.
    io.stdout(`${await addViewer(folder, name, cameras.split(",").filter(Boolean))}\n`);
    return 0;
  }
  // Reading beside a receiver is no harm; two that acknowledge, enrol and sweep in one folder are.
  using held = options.list === true ? null : await HeldFolder.take(folder);
  if (options.list !== true && held === null) throw new GatewayError("RECEIVER_RUNNING", { folder });
  const spool = new CommandSpool(folder);
  const opened: { receiver?: Receiver } = {};
  const sink = await openSink(options.sink ?? `sqlite:${join(folder, "platform.db")}`, systemClock.nowMs());
  if (options.list === true) {
    for await (const { id } of sink.stored()) io.stdout(`${id}\n`);
    await sink[Symbol.asyncDispose]();
    return 0;
  }
  const known = new NextKeyKnown(
    folder,
    (await receiverKeys(join(folder, "receiver-keys.json"))).next?.publicKey ?? "",
  );
  await using receiver = await Receiver.open({
    listen: options.listen ?? "tcp://[::]:8421",
    folder,
    sink,
    language: io.language,
    onEvent: ({ event, evidencePaths, signature }, { duplicate }) => {
      if (duplicate) return;
      const paths = evidencePaths.map((path) => fill(texts.evidence[io.language], { path }));
      emit(
        "event",
        { event, evidence: evidencePaths, signature },
        eventLine(event, io.language, signature) + paths.join(""),
      );
    },
    onHealth: (gw, { nextServerKey }) => {
      if (known.note(gw, nextServerKey)) io.stderr(`${fill(texts.keyKnown[io.language], { gw })}\n`);
    },
    onOpened: () => opened.receiver && spool.opened(opened.receiver),
    onResult: (result) => {
      const { cmd, gw, state, detail } = result;
      void spool.answer(result);
      emit("command", { cmd, gw, state, detail }, fill(texts.command[io.language], { cmd, gw, state, detail }));
    },
    onAsk: (_gw, ask) => spool.piece(ask),
    onQuarantined: (gw, { why }) => {
      io.stderr(`${fill(texts.quarantined[io.language], { gw, why })}\n`);
    },
  });
  opened.receiver = receiver;
  for (const record of options.enrol ?? []) {
    const { gw } = await receiver.enrol(recordFrom(record));
    io.stderr(`${fill(texts.enrolled[io.language], { gw })}\n`);
  }
  for (const gw of options.revoke ?? []) await receiver.revoke(gw);
  const values = { address: receiver.address, key: receiver.serverKey, folder };
  emit("listening", values, fill(texts.listening[io.language], values));
  const stopped = new Promise<void>((done) => {
    if (io.signal.aborted) done();
    io.signal.addEventListener("abort", () => {
      done();
    });
  });
  await using stack = new AsyncDisposableStack();
  if (options.evidence !== undefined) stack.use(await EvidenceServer.open(options.evidence, folder, sink));
  if (options.metrics !== undefined)
    stack.use(
      await MetricsServer.open({
        listen: options.metrics,
        folder,
        text: () =>
          receiver.meters.prometheus({ connected: receiver.connected.length, enrolled: receiver.enrolled.length }),
      }),
    );
  const carrying = new AbortController();
  const carried = spool.watch(receiver, systemClock, carrying.signal);
  try {
    await Promise.race([stopped, receiver.failure(), carried]);
  } finally {
    carrying.abort();
    await carried;
    await known.flush();
  }
  return 0;
}

/** `--next-key` or `--switch-key [--force]`: one step towards another key of this receiver; both take hold at its next start. 3: nothing was done, boxes do not know the key. */
async function changeKey(options: ReceiveOptions, folder: string, io: ReceiveIo): Promise<number> {
  const say = (text: Text, values: Record<string, string>): void => io.stdout(`${fill(text[io.language], values)}\n`);
  if (options["next-key"] === true) {
    say(texts.nextKey, { key: await announceNextKey(folder) });
    return 0;
  }
  const { key, unaware } = await switchKey(folder, options.force === true);
  if (unaware.length > 0) io.stderr(`${fill(texts.unaware[io.language], { boxes: unaware.join(" ") })}\n`);
  else if (key === null) throw new CommandError("USAGE", { detail: texts.noNextKey[io.language] });
  if (key === null) return 3;
  say(texts.switched, { key });
  return 0;
}

function recordFrom(text: string): unknown {
  try {
    return JSON.parse(text.trimStart().startsWith("{") ? text : readFileSync(text, "utf8"));
  } catch (error) {
    throw new GatewayError("ENROLMENT_INVALID", { detail: text.slice(0, 80) }, { cause: error });
  }
}

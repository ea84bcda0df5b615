/** `xueliang receive`: a receiver in the foreground, one line an event. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { CommandIo } from "../gateway/cli/command.ts";
import { CommandError, GatewayError } from "../gateway/runtime/errors.ts";
import { fill, type Text } from "../gateway/runtime/texts/fill.ts";
import { addViewer, EvidenceServer } from "./evidence-server.ts";
import { eventLine } from "./event-line.ts";
import { systemClock } from "../gateway/runtime/clock.ts";
import { MetricsServer } from "./metrics-server.ts";
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
  evidence: { en: "  evidence: {path}", zh: "  证据:{path}" },
  quarantined: {
    en: "set aside: something from {gw} that is no event ({why})",
    zh: "已隔离:来自 {gw} 的内容不是有效事件({why})",
  },
} as const satisfies Record<string, Text>;

/** The part of a command's world that this one needs. */
export type ReceiveIo = Pick<CommandIo, "stdout" | "stderr" | "language" | "json" | "cwd" | "signal">;

/** Options: `--listen tcp://[::]:8421`, `--folder PATH`, `--sink ADDRESS` (see `openSink`), `--enrol FILE|JSON` (repeatable), `--revoke GW`, `--metrics HOST:PORT` (with the token in the folder's `metrics-token`), `--evidence HOST:PORT` (see `EvidenceServer`), `--viewer NAME=CAMERA,…` (prints a token, then ends), `--list` (the ids that are stored, then ends). Ends with 0 when the signal aborts. */
export async function receive(args: readonly string[], io: ReceiveIo): Promise<number> {
  const options = readOptions(args);
  const folder = resolve(io.cwd, options.folder ?? join("var", "platform"));
  const emit = (type: string, document: object, line: string): void => {
    io.stdout(io.json ? `${JSON.stringify({ type, ...document })}\n` : `${line}\n`);
  };
  const spool = new CommandSpool(folder);
  const opened: { receiver?: Receiver } = {};
  const sink = await openSink(options.sink ?? `sqlite:${join(folder, "platform.db")}`, systemClock.nowMs());
  if (options.viewer !== undefined) {
    const [name = "", cameras = ""] = options.viewer.split("=");
    // Shown once: the file keeps its digest alone.
    io.stdout(`${await addViewer(folder, name, cameras.split(",").filter(Boolean))}\n`);
    await sink[Symbol.asyncDispose]();
    return 0;
  }
  if (options.list === true) {
    for await (const { id } of sink.stored()) io.stdout(`${id}\n`);
    await sink[Symbol.asyncDispose]();
    return 0;
  }
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
  }
  return 0;
}

function readOptions(args: readonly string[]): {
  listen?: string;
  folder?: string;
  sink?: string;
  list?: boolean;
  metrics?: string;
  evidence?: string;
  viewer?: string;
  enrol?: string[];
  revoke?: string[];
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        listen: { type: "string" },
        folder: { type: "string" },
        sink: { type: "string" },
        list: { type: "boolean" },
        metrics: { type: "string" },
        evidence: { type: "string" },
        viewer: { type: "string" },
        enrol: { type: "string", multiple: true },
        revoke: { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    throw new CommandError("USAGE", { detail: error instanceof Error ? error.message : "" }, { cause: error });
  }
}

function recordFrom(text: string): unknown {
  try {
    return JSON.parse(text.trimStart().startsWith("{") ? text : readFileSync(text, "utf8"));
  } catch (error) {
    throw new GatewayError("ENROLMENT_INVALID", { detail: text.slice(0, 80) }, { cause: error });
  }
}

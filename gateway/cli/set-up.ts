/** A box without a config: the page with its wizard, until somebody with the one-time code has finished it. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { withGateway } from "../config/store/edits.ts";
import { writeFiles } from "../config/store/write-files.ts";
import type { Gateway } from "../gateway.ts";
import type { SecurityLog } from "../runtime/security-log.ts";
import { systemClock } from "../runtime/clock.ts";
import { addressesOf } from "../web/box/own-addresses.ts";
import { WebServer, type SetUp } from "../web/server.ts";
import { emit, sayLine, type CommandIo } from "./command.ts";
import { qrText } from "./qr-text.ts";
import { writeUrlFile } from "./url-file.ts";

/** Reached from a phone beside the box; XUELIANG_LISTEN names another address. */
const defaultListen = "0.0.0.0:8420";

/** What set-up ends with. */
export interface SetUpDone {
  readonly gateway: Gateway;
  readonly web: WebServer;
}

/**
 * Serves the wizard and resolves when the box runs; rejects with the signal's reason.
 * @param start opens the store of the new config and the gateway on it
 * @param onServing told when the wizard can be reached
 */
export async function setUp(
  io: CommandIo,
  security: SecurityLog,
  start: (web: WebServer) => Promise<Gateway>,
  onServing: () => void,
): Promise<SetUpDone> {
  const done = Promise.withResolvers<SetUpDone>();
  const listen = io.env["XUELIANG_LISTEN"] ?? defaultListen;
  const folder = io.configFolder;
  let isFinished = false;
  const wizard: SetUp = {
    needsSite: () => !isFinished,
    suggestedId: suggestedId(),
    finish: async (site) => {
      await writeFirst(folder, listen, { id: site.id ?? suggestedId(), name: site.name, ...rest(site) });
      const gateway = await start(web);
      isFinished = true;
      done.resolve({ gateway, web });
    },
  };
  const pageFolder = join(import.meta.dirname, "../web/page/dist");
  const web = await WebServer.open({
    listen,
    folder: join(dirname(folder), "var"),
    language: io.language,
    clock: systemClock,
    status: () => {
      throw new Error("a box without a config has no status");
    },
    setUp: wizard,
    security,
    ...(existsSync(join(pageFolder, "index.html")) ? { pageFolder } : {}),
  });
  await writeUrlFile(io.env, tellDoor(io, listen, web));
  onServing();
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new DOMException("stopped", "AbortError"));
    if (io.signal.aborted) stop();
    else io.signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([done.promise, stopped]);
  } catch (error) {
    await web[Symbol.asyncDispose]();
    throw error;
  }
}

/** Addresses, the first of them as a QR code, and the one-time code. */
function tellDoor(io: CommandIo, listen: string, web: WebServer): readonly string[] {
  const port = new URL(web.address).port;
  const addresses = addressesOf(listen.replace(/:\d+$/, `:${port}`));
  emit(io, "set-up", { addresses, setup_code: web.setupCode });
  if (io.json) return addresses;
  io.stdout(sayLine(io, "setUpStarted", { addresses: addresses.join("  ") }));
  // The best first: the net of the default route, then other sockets, bridges of containers last.
  if (addresses.length > 1) io.stdout(sayLine(io, "setUpCode", { address: addresses[0] ?? "" }));
  io.stdout(qrText(addresses[0] ?? web.address));
  io.stdout(sayLine(io, "runCode", { code: web.setupCode ?? "–" }));
  return addresses;
}

async function writeFirst(folder: string, listen: string, site: Readonly<Record<string, unknown>>): Promise<void> {
  const texts = withGateway(new Map(), (tree) => ({ ...tree, schema: "xueliang.gateway/1", site, web: { listen } }));
  const text = texts.get("gateway.yaml") ?? "";
  await writeFiles(folder, [{ name: "gateway.yaml", text, mode: 0o644 }]);
}

function rest(site: Parameters<SetUp["finish"]>[0]): Readonly<Record<string, string>> {
  const { timezone, language } = site;
  return { ...(timezone === undefined ? {} : { timezone }), ...(language === undefined ? {} : { language }) };
}

/** The machine's name where it can be one, and something that no second box has. */
function suggestedId(): string {
  const name = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, "")
    .slice(0, 24);
  return `${name === "" ? "box" : name}-${suffix}`;
}

const suffix = randomBytes(3).toString("hex");

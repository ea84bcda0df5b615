/** The process: arguments, signals, exit code. The only place that ends it. */
import { flushCompileCache } from "node:module";
import { askSecret, readStdin } from "./cli/terminal.ts";
import { commandLine } from "./cli/command-line.ts";

/** Draining takes a few seconds; what still hangs after this is not waited for. The outbox keeps what was not sent. */
const stopMs = 15_000;

/** By now a gateway has loaded what it needs. */
const loadedMs = 30_000;

const stop = new AbortController();
let signalled = false;

function onSignal(): void {
  // The second signal means now: whatever still stops is not waited for.
  if (signalled) process.exit(130);
  signalled = true;
  stop.abort();
  setTimeout(() => process.exit(1), stopMs).unref();
}

// Node keeps what it compiled when it ends; a gateway ends by a power cut.
setTimeout(flushCompileCache, loadedMs).unref();

process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
// Started through the wrapper on an older Node: when that is gone, even by SIGKILL, nobody is left to run for.
if (process.channel) {
  process.channel.unref();
  process.on("disconnect", onSignal);
}
// The reader of our output went away (`| head`): there is nobody to tell, so stop quietly.
process.stdout.on("error", () => stop.abort());
process.stderr.on("error", () => undefined);

// What this process starts is not asked for signs of life by the service manager.
const env = { ...process.env };
delete process.env["NOTIFY_SOCKET"];
delete process.env["WATCHDOG_USEC"];

const code = await commandLine(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: readStdin,
  askSecret,
  env,
  cwd: process.cwd(),
  signal: stop.signal,
  isTerminal: process.stdout.isTTY,
});
// A pipe is written asynchronously: leave when the last byte is out.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));

/** Starts the process that re-runs a clip, puts it below everything else, and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { ClipRerunAnswer, ClipRerunRequest, ClipReruns } from "./clip-rerun.ts";
import type { FromRerun } from "./rerun-wire.ts";

const program = fileURLToPath(new URL("./rerun-process.ts", import.meta.url));
/** Five looks a second for a minute, each a second on the slowest box. */
const longestMs = 600_000;
/** Last words of a process that breaks off. */
const lastWordsBytes = 500;
/** What it may see of our environment; everything else may hold secrets of others. */
const passedOn = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR"] as const;

/** Nothing runs before the first is asked for; what runs is gone once this is disposed. */
export function openClipReruns(): ClipReruns {
  return new RerunProcesses();
}

class RerunProcesses implements ClipReruns {
  readonly #closed = new AbortController();
  #running: Promise<unknown> | null = null;

  get isBusy(): boolean {
    return this.#running !== null;
  }

  async run(
    request: ClipRerunRequest,
    onFrames: (frames: number) => void,
    signal: AbortSignal,
  ): Promise<ClipRerunAnswer> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    either.throwIfAborted();
    if (this.#running) throw new GatewayError("CLIP_RERUN_BUSY");
    const running = runOnce(request, onFrames, either);
    this.#running = running;
    try {
      return await running;
    } finally {
      this.#running = null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new DOMException("the gateway stops", "AbortError"));
    await this.#running?.catch(() => undefined); // Whoever asked hears of it.
  }
}

/** Settles only when the process is gone. */
async function runOnce(
  request: ClipRerunRequest,
  onFrames: (frames: number) => void,
  signal: AbortSignal,
): Promise<ClipRerunAnswer> {
  const env = Object.fromEntries(passedOn.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])));
  const child = spawn(process.execPath, ["--max-old-space-size=256", program], {
    env: { ...env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    windowsHide: true,
  });
  const gone = endOf(child);
  yieldToAll(child);
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-lastWordsBytes);
  });
  let told: Exclude<FromRerun, { kind: "frames" }> | null = null;
  child.on("message", (message: FromRerun) => {
    if (message.kind === "frames") onFrames(message.frames);
    else told = message;
  });
  // SIGKILL: it keeps nothing. Its detector and its decoder die with it.
  const kill = (): void => void child.kill("SIGKILL");
  const [over, late] = [new AbortController(), new AbortController()];
  late.signal.addEventListener("abort", kill, { once: true });
  systemClock.sleep(longestMs, over.signal).then(
    () => late.abort(),
    () => undefined, // It was over in time.
  );
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  child.send(request, () => undefined); // A process that is gone is told by its exit.
  const how = await gone;
  over.abort();
  signal.removeEventListener("abort", kill);
  signal.throwIfAborted();
  return answerOf(
    told,
    late.signal.aborted ? `> ${longestMs / 1_000} s` : [how, lastLine(words)].filter(Boolean).join(": "),
  );
}

/** How it ended, once it is gone and everything that it said has been heard. */
function endOf(child: ChildProcess): Promise<string> {
  const heard = new Promise<void>((resolve) => child.once("disconnect", () => resolve()));
  return new Promise((resolve) => {
    child.once("close", (code, how) => void heard.then(() => resolve(how ?? `exit code ${code ?? "?"}`)));
    child.once("error", (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
}

function answerOf(told: Exclude<FromRerun, { kind: "frames" }> | null, detail: string): ClipRerunAnswer {
  if (told?.kind === "done") return told.answer;
  if (told?.kind === "failed") throw new GatewayError(told.code, told.values);
  throw new GatewayError("CLIP_RERUN_ENDED", { detail });
}

function lastLine(words: string): string {
  return words.trim().split("\n").at(-1) ?? "";
}

/** Live analysis has the processor and the memory first; what this process starts inherits both. */
function yieldToAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
    writeFileSync(`/proc/${pid}/oom_score_adj`, "900");
  } catch {
    // Gone already, or not Linux: then it runs beside the others.
  }
}

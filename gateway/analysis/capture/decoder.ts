/** One ffmpeg child: started, read, killed, and really gone. The only place of capture that starts processes. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { openPipe } from "../../../native/index.ts";
import type { Clock } from "../../runtime/clock.ts";
import { DecoderError } from "../../runtime/errors.ts";
import type { FfmpegCall } from "./ffmpeg-args.ts";
import { redirectedTo } from "./ffmpeg-log.ts";
import type { FrameSink } from "./frame-writer.ts";

/** How a child ended. */
export interface DecoderEnd {
  /** Says nothing reliable: ffmpeg ends with 0 after a time-out. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Longest line of standard error that is kept, bytes. */
const maxLineBytes = 2_048;
/** Most bytes of output that a short run may give. */
const maxOutputBytes = 1_000_000;
/** Room between decoder and gateway: most of a frame, as much as the kernel gives an ordinary user. */
const pipeBytes = 1_048_576;
/** How long the rest of a frame may gather after its first bytes, ms: ffmpeg writes 32 KiB at a time, all within one of them. */
const gatherMs = 2;
/** What a child may see of our environment; everything else may hold secrets of others. */
const passedOn = ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR", "LIBVA_DRIVER_NAME", "XDG_RUNTIME_DIR"] as const;

/**
 * Resource: a running child. It dies with us even when we are killed with -9 while it hangs in the network, because the
 * kernel (or, where setpriv is missing, a watcher on a pipe) kills it.
 */
export class Decoder {
  readonly #child: ChildProcess;
  #frames: WidePipe | null;
  /** Resolves when the child is gone and its pipes are closed; rejects with DECODER_NOT_STARTED when it never lived. */
  readonly ended: Promise<DecoderEnd>;

  private constructor(child: ChildProcess, frames: WidePipe | null, ended: Promise<DecoderEnd>) {
    this.#child = child;
    this.#frames = frames;
    this.ended = ended;
  }

  /**
   * Starts ffmpeg. Nothing is read of its output before somebody asks.
   * @param onLine told of each line of standard error, cut to 2 KiB; may hold secrets
   */
  static async start(ffmpegPath: string, call: FfmpegCall, onLine: (line: string) => void): Promise<Decoder> {
    return Decoder.#start(ffmpegPath, call, onLine, null);
  }

  /** As `start`, for frames that `readInto` takes straight into their slots. */
  static async startFrames(ffmpegPath: string, call: FfmpegCall, onLine: (line: string) => void): Promise<Decoder> {
    return Decoder.#start(ffmpegPath, call, onLine, WidePipe.open());
  }

  static async #start(
    ffmpegPath: string,
    call: FfmpegCall,
    onLine: (line: string) => void,
    frames: WidePipe | null,
  ): Promise<Decoder> {
    const guard = await guardOfThisBox();
    const [program = "", ...args] = guarded(guard, [ffmpegPath, ...call.args]);
    // Its own process group, so that one signal reaches whatever it may have started. Descriptor 3 is for the watcher.
    const stdio = ["pipe", frames?.writeFd ?? "pipe", "pipe", guard === "sh" ? "pipe" : "ignore"] as const;
    const child = spawn(program, args, { stdio: [...stdio], detached: true, env: childEnvironment() });
    frames?.started();
    return Decoder.#over(child, call, onLine, frames);
  }

  static #over(
    child: ChildProcess,
    { script, hosts = [] }: FfmpegCall,
    onLine: (line: string) => void,
    frames: WidePipe | null,
  ): Decoder {
    const [stdin, , stderr, lifeline] = child.stdio;
    if (!stdin || !stderr) throw new TypeError("a child without pipes");
    let failed: Error | undefined;
    child.on("error", (error) => (failed = error));
    // "exit" means that the child is gone; "close" also that everything it wrote was read.
    const ended = new Promise<DecoderEnd>((resolve, reject) => {
      child.on("exit", () => {
        killGroup(child.pid); // The watcher, if there is one.
        lifeline?.destroy();
      });
      child.on("close", (exitCode, signal) => {
        if (failed && child.pid === undefined)
          reject(new DecoderError("DECODER_NOT_STARTED", { detail: failed.message }, { cause: failed }));
        else resolve({ exitCode, signal });
      });
    });
    ended.catch(() => undefined);
    for (const stream of [stdin, lifeline]) stream?.on("error", () => undefined); // A child that ends early breaks its pipes: "close" tells.
    stdin.end(script);
    const decoder = new Decoder(child, frames, ended);
    readLines(stderr, (line) => {
      const host = redirectedTo(line);
      if (host !== null && hosts.includes(host)) return;
      // ffmpeg cannot be told not to follow: nothing that comes from there is taken.
      if (host !== null) decoder.kill();
      onLine(line);
    });
    return decoder;
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** What ffmpeg writes; pausing it slows ffmpeg down. Only after `start`. */
  get output(): Readable {
    const { stdout } = this.#child;
    if (!stdout) throw new TypeError("frames are read with readInto");
    return stdout;
  }

  /** From here on ffmpeg's output goes into `sink`, until the decoder is killed. */
  readInto(sink: FrameSink, clock: Clock): void {
    if (this.#frames) this.#frames.readInto(sink, clock);
    else
      this.output.on("data", (chunk: Buffer) => {
        for (let at = 0; at < chunk.length;) at += pour(chunk.subarray(at), sink);
      });
  }

  /** SIGKILL, not SIGTERM: a decoder keeps nothing worth saving, and one that hangs in the network ignores SIGTERM. */
  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) killGroup(this.#child.pid);
    this.#frames?.close();
    this.#frames = null;
    // What was not read will never be wanted, and unread output would hold "close" back.
    this.#child.stdout?.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended.catch(() => undefined);
  }
}

/** Copies the beginning of `chunk` to where it belongs; returns how many bytes had room. */
function pour(chunk: Uint8Array, sink: FrameSink): number {
  const room = sink.room();
  const bytes = Math.min(room.length, chunk.length);
  room.set(chunk.subarray(0, bytes));
  sink.took(bytes);
  return bytes;
}

/**
 * A pipe of our own in place of the child's standard output: Node allocates 64 KiB for every read of an ordinary one,
 * and collecting them cost a quarter of the analysis thread. Here the kernel writes into the frame's slot.
 */
class WidePipe {
  readonly writeFd: number;
  #readFd: number | null;
  #socket: Socket | null = null;

  private constructor(readFd: number, writeFd: number) {
    this.#readFd = readFd;
    this.writeFd = writeFd;
  }

  /** Null where the native addon does not run: the ordinary way does as well, and costs more. */
  static open(): WidePipe | null {
    const ends = openPipe(pipeBytes);
    return ends && new WidePipe(ends.readFd, ends.writeFd);
  }

  /** The child has its own copy of the end that is written to; ours would keep the pipe open for ever. */
  started(): void {
    closeSync(this.writeFd);
  }

  /**
   * A reader that is as quick as the writer takes a frame in two dozen pieces, each with its turn of the loop. After the
   * first piece it waits once: then the rest lies there, and the two do not wait for each other's lock.
   */
  readInto(sink: FrameSink, clock: Clock): void {
    if (this.#readFd === null) return;
    let hasWaited = false;
    const readOn = (): void => void this.#socket?.resume();
    const onread = {
      buffer: () => sink.room(),
      callback: (bytes: number) => {
        const isWhole = sink.took(bytes);
        const waits = !isWhole && !hasWaited;
        hasWaited = !isWhole;
        if (waits) void clock.sleep(gatherMs).then(readOn);
        return !waits;
      },
    };
    this.#socket = new Socket({ fd: this.#readFd, readable: true, writable: false, onread });
    this.#socket.on("error", () => undefined); // The child's end says more.
    this.#readFd = null;
  }

  close(): void {
    this.#socket?.destroy();
    if (this.#readFd !== null) closeSync(this.#readFd);
    this.#readFd = null;
  }
}

/** Runs a program to its end and gives everything it printed; null when it cannot be started. Killed after `timeoutMs`. */
export async function outputOf(program: string, args: readonly string[], timeoutMs = 60_000): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: childEnvironment(),
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    let text = "";
    const collect = (chunk: Buffer): void => {
      if (text.length < maxOutputBytes) text += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", () => undefined);
    child.on("close", () => resolve(child.pid === undefined ? null : text));
  });
}

/** How children are tied to our life. */
export type Guard = "setpriv" | "sh";

/** The command line that runs `command` and makes sure that it does not outlive us. */
export function guarded(guard: Guard, command: readonly string[]): readonly string[] {
  // The kernel sends the signal when the thread that started the child ends, for whatever reason.
  if (guard === "setpriv") return ["setpriv", "--pdeathsig", "KILL", "--", ...command];
  // The watcher reads a pipe that only we hold open; its end means that we are gone. `$$` is the pid that ffmpeg takes over.
  const watcher = '( exec </dev/null >/dev/null 2>&1 4<&3 3<&-; read -r _ <&4; kill -KILL $$ ) & exec "$@" 3<&-';
  return ["sh", "-c", watcher, "sh", ...command];
}

let guardFound: Promise<Guard> | undefined;

/** Whether this box has a setpriv that knows `--pdeathsig` (util-linux since 2.33); asked once. */
export function guardOfThisBox(): Promise<Guard> {
  guardFound ??= outputOf("setpriv", ["--help"]).then((text) =>
    text?.includes("--pdeathsig") === true ? "setpriv" : "sh",
  );
  return guardFound;
}

function childEnvironment(): NodeJS.ProcessEnv {
  const kept = passedOn.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return { ...Object.fromEntries(kept), LC_ALL: "C", AV_LOG_FORCE_NOCOLOR: "1" };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group: that is what was wanted.
  }
}

function readLines(stream: NodeJS.ReadableStream | Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString("utf8")).split(/[\r\n]+/);
    rest = (parts.pop() ?? "").slice(0, maxLineBytes);
    for (const part of parts) if (part !== "") onLine(part.slice(0, maxLineBytes));
  });
  stream.on("error", () => undefined);
}

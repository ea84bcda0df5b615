/** The daemon's door for commands on the same box: a unix socket that only the daemon's user may open. */
import { createHash } from "node:crypto";
import { chmod, mkdir, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CommandError } from "../runtime/errors.ts";
import type { GatewayStatus } from "../runtime/status.ts";

/** One question is one short line. */
const maxQuestionBytes = 4_096;
/** 64 cameras with long errors need 100 KB. */
const maxAnswerBytes = 4 * 1024 * 1024;
const deadlineMs = 5_000;
/** sockaddr_un holds 108 bytes with the closing zero. */
const maxPathBytes = 107;

/** What the daemon answers. */
export interface ControlAnswers {
  readonly status: () => GatewayStatus;
  /** The camera's view as it is now becomes the usual one; false for a camera that there is not. */
  readonly acceptView?: (cameraId: string) => boolean;
}

/** Listens as long as it lives; one question a connection. */
export class ControlSocket implements AsyncDisposable {
  /** Where it really listens: a path too long for a socket lies in the temporary folder. */
  readonly path: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(path: string, answers: ControlAnswers) {
    this.path = path;
    this.#server = createServer((socket) => this.#serve(socket, answers));
    this.#server.maxConnections = 16;
  }

  /** @throws CommandError DAEMON_RUNNING when another daemon answers there, CONTROL_SOCKET when the path cannot be used */
  static async open(path: string, answers: ControlAnswers): Promise<ControlSocket> {
    const at = socketPath(path);
    const control = new ControlSocket(at, answers);
    try {
      await mkdir(dirname(at), { recursive: true });
      if ((await ask(at, "status", 1_000)) !== null) throw new CommandError("DAEMON_RUNNING", { path: at });
      await rm(at, { force: true }); // Left by a daemon that was killed: nobody listens any more.
      await control.#listen();
    } catch (cause) {
      if (cause instanceof CommandError) throw cause;
      throw new CommandError("CONTROL_SOCKET", { path: at, detail: codeOf(cause) }, { cause });
    }
    return control;
  }

  async #listen(): Promise<void> {
    // The socket file is made with the umask of this moment; chmod alone would leave an open moment.
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen(this.path, resolve);
        process.umask(umask);
      });
    } finally {
      process.umask(umask);
    }
    await chmod(this.path, 0o600);
  }

  #serve(socket: Socket, answers: ControlAnswers): void {
    this.#open.add(socket);
    let question = "";
    const end = (answer: object): void => void socket.end(`${JSON.stringify(answer)}\n`);
    socket.setTimeout(deadlineMs, () => socket.destroy());
    socket.on("close", () => this.#open.delete(socket));
    socket.on("error", () => socket.destroy()); // The asker went away: nobody is left to tell.
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      question += chunk;
      if (question.length > maxQuestionBytes) socket.destroy();
      else if (question.includes("\n")) end(answerTo(question.trim(), answers));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed; // Closing removes the socket file.
  }
}

function answerTo(question: string, answers: ControlAnswers): object {
  const [word, cameraId = ""] = question.split(" ");
  if (question === "status") return { status: answers.status() };
  if (word === "accept-view" && answers.acceptView) return { accepted: answers.acceptView(cameraId) };
  return { error: "unknown question" };
}

/** Tells the running daemon that a camera's view is right as it is; false when it has no such camera. @throws CommandError DAEMON_NOT_RUNNING */
export async function askAcceptView(path: string, cameraId: string): Promise<boolean> {
  const answer = await ask(socketPath(path), `accept-view ${cameraId}`, deadlineMs);
  if (answer === null) throw new CommandError("DAEMON_NOT_RUNNING", { path });
  return (JSON.parse(answer) as { readonly accepted?: boolean }).accepted === true;
}

/** The running daemon's status. @throws CommandError DAEMON_NOT_RUNNING */
export async function askStatus(path: string): Promise<GatewayStatus> {
  const answer = await ask(socketPath(path), "status", deadlineMs);
  if (answer === null) throw new CommandError("DAEMON_NOT_RUNNING", { path });
  return (JSON.parse(answer) as { readonly status: GatewayStatus }).status;
}

/** The path itself, or a short stand-in that both sides derive from it. */
export function socketPath(path: string): string {
  if (Buffer.byteLength(path) <= maxPathBytes) return path;
  return join(tmpdir(), `xueliang-${createHash("sha256").update(path).digest("hex").slice(0, 24)}.sock`);
}

/** The answering line; null when nobody listens. */
function ask(path: string, question: string, waitMs: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = "";
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setEncoding("utf8");
    socket.setTimeout(waitMs, () => fail(new CommandError("CONTROL_SOCKET", { path, detail: "ETIMEDOUT" })));
    socket.on("connect", () => socket.write(`${question}\n`));
    socket.on("data", (chunk: string) => {
      answer += chunk;
      if (answer.length > maxAnswerBytes) fail(new CommandError("CONTROL_SOCKET", { path, detail: "EMSGSIZE" }));
    });
    socket.on("end", () => resolve(answer === "" ? null : answer));
    socket.on("error", (error) => {
      if (["ENOENT", "ECONNREFUSED", "ENOTSOCK", "ECONNRESET"].includes(codeOf(error))) resolve(null);
      else fail(new CommandError("CONTROL_SOCKET", { path, detail: codeOf(error) }, { cause: error }));
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** The two pipes between gateway and detector process, at the gateway's ends: questions down, answers up. */
import { closeSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { openPipe, type PipeEnds } from "../../../native/index.ts";
import { answersFd, questionsFd } from "./detector-wire.ts";

/** As much as the kernel gives every pipe. */
const pipeBytes = 65_536;

/** Resource of one process: its pipes live from `open` to disposal. */
export class DetectorPipes implements Disposable {
  readonly #own: { readonly questions: PipeEnds; readonly answers: PipeEnds } | null;
  #questions: Socket | null = null;
  #answers: Socket | null = null;

  private constructor(own: { readonly questions: PipeEnds; readonly answers: PipeEnds } | null) {
    this.#own = own;
  }

  /** Pipes of our own, or Node's where the addon does not run: those take the way of a stream for every message. */
  static open(): DetectorPipes {
    const questions = openPipe(pipeBytes);
    const answers = questions && openPipe(pipeBytes);
    return new DetectorPipes(questions && answers && { questions, answers });
  }

  /** What `spawn` is given for `questionsFd` and `answersFd`. */
  get stdio(): readonly ["pipe" | number, "pipe" | number] {
    return this.#own ? [this.#own.questions.readFd, this.#own.answers.writeFd] : ["pipe", "pipe"];
  }

  /** The process has been spawned, and `stdio` is what it has: from here on `onBytes` is told what it says; the bytes are only valid meanwhile. */
  join(stdio: readonly unknown[], onBytes: (bytes: Uint8Array) => void): void {
    if (this.#own) {
      const { questions, answers } = this.#own;
      // The process has its own copies; ours would keep the pipes open for ever.
      closeSync(questions.readFd);
      closeSync(answers.writeFd);
      const buffer = Buffer.alloc(pipeBytes);
      const callback = (count: number): boolean => {
        onBytes(buffer.subarray(0, count));
        return true;
      };
      this.#questions = new Socket({ fd: questions.writeFd, readable: false, writable: true });
      // One buffer for all reads: a stream allocates, queues and tells for each.
      this.#answers = new Socket({
        fd: answers.readFd,
        readable: true,
        writable: false,
        onread: { buffer, callback },
      });
    } else {
      this.#questions = socketOf(stdio[questionsFd]);
      this.#answers = socketOf(stdio[answersFd]);
      this.#answers.on("data", onBytes);
    }
    // A broken pipe is followed by the exit, which says more.
    for (const socket of [this.#questions, this.#answers]) socket.on("error", () => undefined);
  }

  /** Sends a message; returns at once. */
  send(header: Uint8Array, payload: Uint8Array): void {
    if (payload.length === 0 && this.#sendsNow(header)) return;
    this.#questions?.write(header);
    if (payload.length > 0) this.#questions?.write(payload);
  }

  /** A header alone always has room, because one question is open at a time: a call of the kernel, and no stream. */
  #sendsNow(header: Uint8Array): boolean {
    const socket = this.#questions;
    if (!this.#own || !socket || socket.destroyed || socket.writableLength > 0) return false;
    try {
      return writeSync(this.#own.questions.writeFd, header) === header.length;
    } catch {
      return false; // The stream says why.
    }
  }

  [Symbol.dispose](): void {
    this.#questions?.destroy();
    this.#answers?.destroy();
  }
}

function socketOf(socket: unknown): Socket {
  if (!(socket instanceof Socket)) throw new TypeError("a pipe of a child is a socket");
  return socket;
}

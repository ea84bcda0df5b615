/** Answers that come line by line: each is given out as it arrives. */
import type { Problem } from "../../api.ts";
import { CallFailed, send } from "../shell/call.ts";

/** Lines of JSON out of pieces of text that end anywhere (pure). A broken line is none. */
export class LineReader {
  #rest = "";

  /** The lines that this piece completes. */
  take(piece: string): readonly unknown[] {
    const parts = (this.#rest + piece).split("\n");
    this.#rest = parts.pop() ?? "";
    return parts.flatMap(read);
  }

  /** What was left without a line break. */
  end(): readonly unknown[] {
    const last = read(this.#rest);
    this.#rest = "";
    return last;
  }
}

function read(line: string): readonly unknown[] {
  if (line.trim() === "") return [];
  try {
    return [JSON.parse(line) as unknown];
  } catch {
    return [];
  }
}

/** Asks, and calls `take` for each line until the answer ends or `signal` says so. @throws CallFailed */
export async function eachLine(
  path: string,
  body: unknown,
  signal: AbortSignal,
  take: (line: unknown) => void,
): Promise<void> {
  const response = await send("POST", path, { body, signal, deadlineMs: 30_000 });
  if (!response.ok || !response.body) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new CallFailed(response.status, problem);
  }
  const reader = response.body.getReader();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  const [lines, decoder] = [new LineReader(), new TextDecoder()];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const found = done ? lines.end() : lines.take(decoder.decode(value, { stream: true }));
      for (const line of found) take(line);
      if (done) return;
    }
  } catch (cause) {
    throw signal.aborted ? cause : new CallFailed(0, null, { cause });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

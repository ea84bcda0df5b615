/** The terminal: whole standard input, and a question without echo. */

const maxInputBytes = 64 * 1024;

/** Everything piped in, at most 64 KiB; null on a terminal. */
export async function readStdin(): Promise<string | null> {
  if (process.stdin.isTTY) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxInputBytes) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Asks on stderr and reads one line without showing it; null without a terminal or when interrupted. */
export function askSecret(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return Promise.resolve(null);
  return new Promise((resolve) => {
    let typed = "";
    const done = (answer: string | null): void => {
      stdin.setRawMode(false).pause().off("data", onData);
      stderr.write("\n");
      resolve(answer);
    };
    const onData = (text: string): void => {
      for (const character of text) {
        if (character === "\r" || character === "\n") {
          done(typed);
          return;
        }
        // Ctrl-C and Ctrl-D arrive as characters in raw mode.
        if (character === "\u0003" || character === "\u0004") {
          done(null);
          return;
        }
        if (character === "\u007f" || character === "\b") typed = Array.from(typed).slice(0, -1).join("");
        else typed += character;
      }
    };
    stderr.write(question);
    stdin.setRawMode(true).setEncoding("utf8").resume().on("data", onData);
  });
}

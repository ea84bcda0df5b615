/** What a watched process did to its disk, as disk-shim.c wrote it down. */
import { readFileSync } from "node:fs";

/** One call, in the order of its effect. Paths are absolute, `fd` is of the process. */
export type DiskCall =
  | { readonly op: "open"; readonly fd: number; readonly path: string; readonly flags: number }
  | { readonly op: "close" | "sync"; readonly fd: number }
  | { readonly op: "write"; readonly fd: number; readonly at: number; readonly data: Buffer }
  | { readonly op: "truncate"; readonly fd: number; readonly size: number }
  | { readonly op: "rename"; readonly path: string; readonly to: string }
  | { readonly op: "unlink" | "mkdir" | "rmdir"; readonly path: string }
  /** What the process said on its standard output by then. */
  | { readonly op: "said"; readonly text: string };

const names = ["", "open", "close", "write", "truncate", "sync", "rename", "unlink", "mkdir", "rmdir", "said"] as const;
const headBytes = 24;

/** Reads a whole record. */
export function diskCalls(path: string): readonly DiskCall[] {
  const bytes = readFileSync(path);
  const calls: DiskCall[] = [];
  for (let i = 0; i < bytes.length;) {
    const op = names[bytes.readUInt32LE(i)] ?? "";
    const [fd, number] = [bytes.readInt32LE(i + 4), Number(bytes.readBigUInt64LE(i + 8))];
    const [pathBytes, dataBytes] = [bytes.readUInt32LE(i + 16), bytes.readUInt32LE(i + 20)];
    i += headBytes;
    const said = bytes.toString("utf8", i, i + pathBytes);
    i += pathBytes;
    const data = bytes.subarray(i, i + dataBytes);
    i += dataBytes;
    calls.push(callOf(op, fd, number, said, data));
  }
  return calls;
}

function callOf(op: (typeof names)[number], fd: number, number: number, path: string, data: Buffer): DiskCall {
  switch (op) {
    case "open":
      return { op, fd, path, flags: number };
    case "write":
      return { op, fd, at: number, data };
    case "truncate":
      return { op, fd, size: number };
    case "rename":
      return { op, path, to: data.toString("utf8") };
    case "said":
      return { op, text: data.toString("utf8") };
    case "close":
    case "sync":
      return { op, fd };
    case "unlink":
    case "mkdir":
    case "rmdir":
      return { op, path };
    case "":
      throw new Error("a record that no disk-shim wrote");
  }
}

/** The picture in flight, seen by gateway and detector process alike, so that nobody sends three quarters of a megabyte. */
import { existsSync, rmSync } from "node:fs";
import { createSharedFile, mapSharedFile } from "../../../native/index.ts";

/** Memory with a file name: an ordinary temporary folder may lie on a flash card that wears out. */
const memoryFolder = "/dev/shm";

let made = 0;

/** The gateway's side; disposing takes the name away, the memory lives as long as it is held. */
export interface SharedPicture extends Disposable {
  readonly pixels: Uint8Array;
  /** Where the process finds it; null: memory cannot be shared here, and the pixels are sent. */
  readonly path: string | null;
}

/** A picture of `bytes` bytes; falls back to plain memory without the addon, without /dev/shm, or when that is full. */
export function openPicture(bytes: number): SharedPicture {
  const path = `${memoryFolder}/xueliang-picture-${process.pid}-${(made += 1)}`;
  const memory = shared(path, bytes);
  if (!memory) return { pixels: new Uint8Array(bytes), path: null, [Symbol.dispose]: () => undefined };
  return { pixels: new Uint8Array(memory), path, [Symbol.dispose]: () => rmSync(path, { force: true }) };
}

function shared(path: string, bytes: number): ArrayBuffer | null {
  if (!existsSync(memoryFolder)) return null;
  try {
    return createSharedFile(path, bytes);
  } catch {
    return null; // A container's /dev/shm has 64 MiB, and others use it too.
  }
}

/** The process's side. The name goes at once: nothing stays behind when either side is killed. */
export function joinPicture(path: string, bytes: number): Uint8Array<ArrayBuffer> {
  const memory = mapSharedFile(path, bytes);
  rmSync(path, { force: true });
  if (!memory) throw new Error("the gateway shares memory that this process cannot map");
  return new Uint8Array(memory);
}

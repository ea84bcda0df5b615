/** A bound for the memory of a process, as a service manager sets it. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where control groups with memory are mounted, old kind and new. */
const places = [
  { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
  { root: "/sys/fs/cgroup", limit: "memory.max" },
] as const;

/** A group with a bound; whoever is in it and takes more is killed by the kernel. */
export class MemoryGroup implements Disposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null where this machine lets nobody here make one. */
  static open(bytes: number): MemoryGroup | null {
    for (const { root, limit } of places) {
      const folder = join(root, `xueliang-${process.pid}-${Math.random().toString(36).slice(2)}`);
      try {
        if (!existsSync(root)) continue;
        mkdirSync(folder);
        writeFileSync(join(folder, limit), String(bytes));
        return new MemoryGroup(folder);
      } catch {
        if (existsSync(folder)) rmdirSync(folder);
      }
    }
    return null;
  }

  add(pid: number): void {
    writeFileSync(join(this.#folder, "cgroup.procs"), String(pid));
  }

  [Symbol.dispose](): void {
    // Only an empty group can go; the last one in it may take a moment to be gone.
    for (let tries = 0; tries < 100 && existsSync(this.#folder); tries += 1) {
      try {
        if (readFileSync(join(this.#folder, "cgroup.procs"), "utf8") === "") rmdirSync(this.#folder);
      } catch {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      }
    }
  }
}

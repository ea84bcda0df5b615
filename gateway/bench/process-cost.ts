/** CPU time and memory of a process and all its children, from /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second on every machine that runs this (sysconf(_SC_CLK_TCK) is 100). */
const ticksPerSecond = 100;

/** One process at one moment. */
export interface ProcessCost {
  readonly pid: number;
  readonly name: string;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** `pid` and every descendant that lives now; the CPU time of children that ended is in their parent's. */
export function processTree(pid: number): readonly ProcessCost[] {
  const all = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readStat(Number(entry)) ?? []);
  const wanted = new Set([pid]);
  for (let before = 0; before !== wanted.size;) {
    before = wanted.size;
    for (const { pid: child, parent } of all) if (wanted.has(parent)) wanted.add(child);
  }
  return all.filter((process) => wanted.has(process.pid));
}

/** CPU seconds of a whole tree. */
export function cpuSecondsOf(tree: readonly ProcessCost[]): number {
  return tree.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

function readStat(pid: number): (ProcessCost & { readonly parent: number }) | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    // Counted from field 3 of proc(5): parent is 4, utime 14, stime 15, cutime 16, cstime 17, rss 24.
    const ticks = (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0);
    return {
      pid,
      parent: fields[1] ?? 0,
      name,
      cpuSeconds: ticks / ticksPerSecond,
      rssBytes: (fields[21] ?? 0) * 4_096,
    };
  } catch {
    return null; // It ended between the listing and the look.
  }
}

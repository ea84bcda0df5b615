/** The processes of a re-run, as the system lists them. */
import { readdirSync, readFileSync } from "node:fs";

/** Processes below ours that belong to a re-run, its own first, then its detector and its decoder. */
export function family(): readonly { readonly pid: number; readonly command: string; readonly nice: number }[] {
  const all = readdirSync("/proc").flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const rest = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return rest[0] === "Z" ? [] : [{ pid: Number(pid), parent: Number(rest[1]), nice: Number(rest[16]), command }];
    } catch {
      return []; // Gone meanwhile, or no process.
    }
  });
  const below = (parent: number): typeof all =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  const roots = below(process.pid).filter(({ command }) => command.includes("rerun-process"));
  return roots.flatMap((one) => [one, ...below(one.pid)]);
}

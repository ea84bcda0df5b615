/** `npm run simulate -- --seeds N [--first S]`: the protocol under every fault, seed by seed. */
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { specified, type Variant } from "./variant.ts";
import { World, type Outcome } from "./world.ts";

/** Sums over seeds. */
export type Sums = { readonly seeds: number } & Omit<Outcome, "seed">;

/** Sums, and the seeds that failed. */
export interface Summary extends Sums {
  readonly failed: readonly Outcome[];
}

/** Runs `seeds` seeds from `first` on. Equal arguments give equal sums. */
export function simulate(
  variant: Variant,
  first: number,
  seeds: number,
  mayGoOn: (soFar: Sums) => boolean = () => true,
): Summary {
  const failed: Outcome[] = [];
  const sums = { seeds: 0, events: 0, commands: 0, lost: 0, torn: 0, duplicated: 0, rolledBack: 0 };
  for (let seed = first; seed < first + seeds && mayGoOn(sums); seed += 1) {
    const outcome = new World(seed, variant).run();
    sums.seeds += 1;
    for (const key of ["events", "commands", "lost", "torn", "duplicated", "rolledBack"] as const)
      sums[key] += outcome[key];
    if (outcome.lost > 0 || outcome.duplicated > 0) failed.push(outcome);
  }
  return { ...sums, failed };
}

function main(): number {
  const { values } = parseArgs({
    options: { seeds: { type: "string", default: "10000" }, first: { type: "string", default: "1" } },
  });
  const summary = simulate(specified, Number(values.first), Number(values.seeds));
  for (const { seed, lost, duplicated } of summary.failed.slice(0, 20)) {
    console.log(
      `seed ${seed}: lost ${lost}, duplicated ${duplicated} (again: npm run simulate -- --seeds 1 --first ${seed})`,
    );
  }
  const { seeds, events, commands, lost, duplicated, rolledBack } = summary;
  console.log(`${commands} commands, each obeyed once at most and answered`);
  console.log(`${rolledBack} events went with disks put back to an older image before anybody had them`);
  console.log(`seeds ${seeds}, events ${events}, lost ${lost}, duplicated ${duplicated}`);
  return summary.failed.length === 0 && seeds > 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = main();

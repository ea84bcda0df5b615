/** The other half of the seeds, in a process of its own. */
import { test } from "vitest";
import { simulatedHalf } from "./simulated-half.ts";

test("as specified, the second half: nothing lost, nothing twice", { timeout: 3_600_000 }, () => {
  simulatedHalf(2);
});

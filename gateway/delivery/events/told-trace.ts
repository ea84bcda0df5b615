/** The trace of a message as it is read back; one of an older version may lack some of it (pure). */
import { z } from "zod";

/** Steps in order; empty where there is none. */
export const toldTrace = z
  .array(
    z.object({
      step: z.string(),
      passed: z.boolean(),
      value: z.union([z.number(), z.string(), z.boolean()]),
      limit: z.string(),
      setting: z.string(),
    }),
  )
  .catch([]);

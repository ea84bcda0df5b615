/** `key.rotate` in two steps, so that a mistyped key never locks everybody out: the old key names the new one, the new one speaks itself. */
import { z } from "zod";
import type { CommandRun } from "./commands.ts";
import type { Keyring, KnownKey } from "./keyring.ts";

const steps = z.discriminatedUnion("step", [
  z.object({
    step: z.literal("offer"),
    id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/),
    alg: z.enum(["ed25519", "sm2"]),
    public: z.string().regex(/^[A-Za-z0-9+/]{40,100}={0,2}$/),
  }),
  z.object({ step: z.literal("confirm"), instead: z.string().max(32) }),
]);

/** The doer of `key.rotate`; `by` has signed the command. */
export function rotate(keys: Keyring, by: KnownKey): CommandRun {
  return async (args) => {
    const step = steps.safeParse(args);
    if (!step.success) throw new RangeError(`key.rotate: ${step.error.issues[0]?.path.join(".") ?? ""} makes no sense`);
    if (step.data.step === "offer") {
      const { id, alg, public: key } = step.data;
      if (!keys.offer({ id, alg, public: key }))
        throw new RangeError(`key ${id} is there already, or there are too many`);
      return Promise.resolve({ detail: `key ${id} is offered; it must now confirm itself` });
    }
    if (step.data.instead === by.id) throw new RangeError("a key cannot take its own place");
    keys.confirm(by.id, step.data.instead);
    return Promise.resolve({ detail: `key ${by.id} is trusted, ${step.data.instead} is revoked` });
  };
}

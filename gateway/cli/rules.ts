/** `xueliang rules`: rehearse rules on what the cameras really saw. */
import { didYouMean, usage } from "./read-args.ts";
import type { Command } from "./command.ts";

const actions: Readonly<Record<string, () => Promise<Command>>> = {
  preview: async () => (await import("./rules-preview.ts")).previewCommand,
  why: async () => (await import("./rules-why.ts")).whyCommand,
  suppressed: async () => (await import("./rules-suppressed.ts")).suppressedCommand,
  test: async () => (await import("./rules-test.ts")).testCommand,
};

/** `preview`, `why`, `suppressed`, `test DIR`. */
export const rulesCommand: Command = async (args, io) => {
  const [action, ...rest] = args;
  if (action === undefined) throw usage(io.language, "missingArgument", { what: Object.keys(actions).join(" | ") });
  const load = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!load) {
    const more = didYouMean(action, Object.keys(actions), io.language);
    throw usage(io.language, "unknownCommand", { command: `rules ${action}` }, more);
  }
  return (await load())(rest, io);
};

/** A terminal at which a test types: what a command says on both streams is kept, nothing is asked back. */
import { join } from "node:path";
import type { CommandIo } from "../command.ts";

/** Where a command runs and what it has said. */
export interface Terminal {
  readonly io: CommandIo;
  readonly said: { out: string; err: string };
}

/** @param cwd where it is typed; the config folder is `config` in there unless `given` says otherwise */
export function terminal(cwd: string, given: Partial<CommandIo> = {}): Terminal {
  const said = { out: "", err: "" };
  const io: CommandIo = {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    stdin: () => Promise.resolve(null),
    askSecret: () => Promise.resolve(null),
    language: "en",
    json: false,
    color: false,
    env: {},
    cwd,
    signal: new AbortController().signal,
    configFolder: join(cwd, "config"),
    timeoutMs: null,
    ...given,
  };
  return { io, said };
}

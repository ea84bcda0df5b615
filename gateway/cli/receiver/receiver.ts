/** `xueliang receiver check`: drives somebody's receiver through what the protocol promises, and says where it does not hold. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Flag } from "../command-table.ts";
import { enrolment } from "../../delivery/uplink/keys.ts";
import { Enrolled } from "../../../platform/enrolment.ts";
import { emit, finish, sayLine, type Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { didYouMean, readArgs, usage } from "../read-args.ts";
import { checkBoxes, checkReceiver } from "./check.ts";
import type { NeighbourCommands } from "./neighbour.ts";
import type { ProbeTarget } from "./probe.ts";

const about = { en: "", zh: "" };
const known: Readonly<Record<string, Flag>> = {
  run: { value: "COMMAND", about },
  list: { value: "COMMAND", about },
  to: { value: "ADDRESS", about },
  "server-key": { value: "KEY", about },
  folder: { value: "DIR", about },
  only: { value: "SCENARIO,…", about },
};

/**
 * `--run COMMAND`: starts, kills and restarts it; `{folder}` holds enrolled.json, `{listen}` is the address to listen at; it must print
 * `listening ADDRESS KEY`. `--list COMMAND` prints the ids it holds. Or `--to ADDRESS --server-key KEY` for one that runs: then
 * `--folder DIR` keeps the keys of the two boxes, whose records are printed for it to enrol.
 */
export const receiverCommand: Command = async (args, io) => {
  const { words, flags } = readArgs(args, known, io.language);
  const said = (name: string): string | undefined => (typeof flags[name] === "string" ? flags[name] : undefined);
  const [action = "", extra] = words;
  if (extra !== undefined) throw usage(io.language, "tooManyArguments", { argument: extra });
  if (action !== "check")
    throw usage(
      io.language,
      "unknownCommand",
      { command: `receiver ${action}` },
      didYouMean(action, ["check"], io.language),
    );
  const run = said("run");
  const to = said("to");
  const serverKey = said("server-key");
  if ((run === undefined) === (to === undefined || serverKey === undefined))
    throw usage(io.language, "receiverCheckNeeds", {});
  const given = said("folder");
  const folder = given === undefined ? mkdtempSync(join(tmpdir(), "receiver-check-")) : resolve(io.cwd, given);
  try {
    const boxes = await checkBoxes(folder);
    const enrolled = Enrolled.open(folder);
    for (const { gw, keys } of boxes) {
      const record = enrolment(gw, keys);
      await enrolled.enrol(record);
      if (run === undefined) io.stderr(`${JSON.stringify(record)}\n`);
    }
    const receiver: NeighbourCommands | ProbeTarget =
      run === undefined
        ? { address: to ?? "", serverKey: serverKey ?? "" }
        : { run, list: said("list") ?? null, folder };
    const only = said("only")?.split(",");
    const verdicts = await checkReceiver(receiver, boxes, {
      ...(only ? { only } : {}),
      onVerdict: ({ id, about, verdict, why }) => {
        emit(io, "verdict", { id, verdict, why });
        const key = `receiverCheck_${verdict}` as const;
        if (!io.json) io.stdout(sayLine(io, key, { id, about: about[io.language], why }));
      },
    });
    const count = (verdict: string): number => verdicts.filter((one) => one.verdict === verdict).length;
    const counts = { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
    const code = counts.failed === 0 ? exitCodes.done : exitCodes.failed;
    return finish(io, code, counts, () => sayLine(io, "receiverCheckSum", counts));
  } finally {
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
  }
};

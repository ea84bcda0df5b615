/** `xueliang camera discover`: who answers ONVIF's question, what was tried, why nobody may have answered. */
import { discover, type Answered, type Tried } from "../analysis/capture/onvif/discover.ts";
import { sayTrouble } from "../analysis/capture/onvif/say-trouble.ts";
import { say } from "../runtime/texts/say.ts";
import { tableLines } from "../runtime/texts/width.ts";
import { emit, finish, sayLine, type CommandIo } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

/** Exit code 3 when nobody answered. @throws CameraError DISCOVERY_RANGE */
export async function discoverCameras(range: string | undefined, io: CommandIo): Promise<number> {
  const devices: Answered[] = [];
  const tried: Tried[] = [];
  await discover(
    (found) => {
      emit(io, found.kind, found);
      if (found.kind === "device") devices.push(found);
      else tried.push(found);
    },
    { range, signal: io.signal },
  );
  const exitCode = devices.length > 0 ? exitCodes.done : exitCodes.withProblems;
  return finish(io, exitCode, { devices: devices.length }, () => {
    const rows = devices.map(({ host, name, model, service }) => [host, name ?? "", model ?? "", service ?? ""]);
    const ways = tried.map((one) =>
      sayLine(io, "discoveryTried", {
        interface: one.interface,
        address: one.address,
        note: one.trouble ? sayTrouble(io.language, one.trouble) : say(io.language, "discoveryAsked"),
      }),
    );
    const end =
      devices.length > 0 ? sayLine(io, "discoveryFound", { count: devices.length }) : sayLine(io, "discoveryNone");
    return [...(rows.length > 0 ? [`${tableLines(rows).join("\n")}\n`] : []), ...ways, end].join("");
  });
}

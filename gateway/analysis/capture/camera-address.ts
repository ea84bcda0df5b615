/** The one address under which a camera is asked and decoded: looked up once, judged once, so that no second answer of a name server gets past. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { forbiddenAddress, forbiddenHost, isLocalName } from "../../config/camera-address.ts";
import { CameraError } from "../../runtime/errors.ts";
import { aborting, isTimeout } from "./aborting.ts";

/** @param host name or address, IPv6 without brackets. @throws CameraError CAMERA_NAME_UNKNOWN, CAMERA_ADDRESS_REFUSED */
export async function cameraAddress(host: string, cameraId: string, signal: AbortSignal): Promise<string> {
  const written = forbiddenHost(host, "here");
  if (written !== null)
    throw new CameraError("CAMERA_ADDRESS_REFUSED", { camera: cameraId, host: host.slice(0, 64), detail: written });
  if (isIP(host) !== 0) return host;
  let address: string;
  try {
    ({ address } = await aborting(lookup(host), signal));
  } catch (cause) {
    if (signal.aborted && !isTimeout(signal)) throw cause;
    throw new CameraError("CAMERA_NAME_UNKNOWN", { camera: cameraId, host }, { cause });
  }
  const found = forbiddenAddress(address, isLocalName(host) ? "here" : "elsewhere");
  if (found === null) return address;
  const shown = `${host.slice(0, 64)} = ${address}`;
  throw new CameraError("CAMERA_ADDRESS_REFUSED", { camera: cameraId, host: shown, detail: found });
}

/** What a technician fills in for a camera, as the box wants it (pure). */
import type { Brand, CameraAddress, CameraTestRequest, NewCamera, StreamsRequest } from "../../api.ts";

/** The fields as they are typed. */
export interface CameraFields {
  readonly brand: Brand["id"];
  readonly url: string;
  readonly host: string;
  /** Empty: the brand's own. */
  readonly port: string;
  readonly channel: string;
  readonly stream: "main" | "sub";
  readonly user: string;
  readonly password: string;
  readonly name: string;
}

/** Nothing filled in but what most people take. */
export const emptyFields: CameraFields = {
  brand: "hikvision",
  url: "",
  host: "",
  port: "",
  channel: "1",
  stream: "sub",
  user: "",
  password: "",
  name: "",
};

/** A login inside a pasted address moves to its own fields: addresses are shown and logged, passwords never. */
export function withUrl(fields: CameraFields, url: string): CameraFields {
  const found = /^(rtsps?:\/\/)([^/\s]*)@(.*)$/i.exec(url.trim());
  if (!found) return { ...fields, url: url.trim() };
  const [, scheme = "", login = "", rest = ""] = found;
  const colon = login.indexOf(":");
  const [user, password] = colon < 0 ? [login, ""] : [login.slice(0, colon), login.slice(colon + 1)];
  return { ...fields, url: `${scheme}${rest}`, user: plain(user), password: plain(password) };
}

/** A password with a bare % is no escape and stays as it is. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Null while there is not enough. */
export function addressOf({ brand, url, host, port, channel, stream }: CameraFields): CameraAddress | null {
  if (brand === "custom") return /^rtsps?:\/\/[^\s/]+/i.test(url) ? { url } : null;
  const name = host.trim();
  if (name === "" || /[\s/@]/.test(name)) return null;
  const [at, number] = [Number(port), Number(channel)];
  return {
    brand,
    host: name,
    ...(port.trim() !== "" && Number.isInteger(at) && at > 0 && at < 65_536 ? { port: at } : {}),
    ...(Number.isInteger(number) && number > 0 ? { channel: number } : {}),
    stream,
  };
}

const loginOf = ({ user, password }: CameraFields): { readonly user?: string; readonly password?: string } =>
  user.trim() === "" ? {} : { user: user.trim(), password };

/** What to test; null while there is not enough. */
export function testOf(fields: CameraFields): CameraTestRequest | null {
  const address = addressOf(fields);
  return address && { address, ...loginOf(fields) };
}

/** What to add; null while there is not enough. */
export function newCameraOf(fields: CameraFields): NewCamera | null {
  const address = addressOf(fields);
  const name = fields.name.trim();
  return address && name !== "" ? { name, address, ...loginOf(fields) } : null;
}

/** Whom to ask for streams: the host that is filled in; null while there is none. */
export function streamsOf(
  fields: CameraFields,
  device: { readonly host: string; readonly service: string | null } | null,
): StreamsRequest | null {
  const host = fields.brand === "custom" ? /^rtsps?:\/\/([^\s/:]+)/i.exec(fields.url)?.[1] : fields.host.trim();
  if (host === undefined || !/^[A-Za-z0-9._-]+$/.test(host)) return null;
  const service = device?.host === host ? device.service : null;
  return { host, ...(service === null ? {} : { service }), ...loginOf(fields) };
}

/** The page's certificate: files that the site names, or one of the box's own, made once by openssl. */
import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, rename } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { CommandError } from "../runtime/errors.ts";

/** As in `web.tls` of gateway.yaml; without files the box makes its own. */
export interface TlsFiles {
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** PEM texts. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Ten years: a box without a clock must not lose its page. */
const days = "3650";

/**
 * Reads the pair; makes it when the site names none and there is none yet.
 * @param folder the storage folder; relative names start above the config folder, as everywhere, in `root`
 * @throws CommandError WEB_FILE
 */
export async function openTls(tls: TlsFiles, folder: string, root: string): Promise<TlsPair> {
  const own = tls.certificate === undefined || tls.key === undefined;
  const at = (name: string): string => (isAbsolute(name) ? name : join(root, name));
  const certPath = own ? join(folder, "web-cert.pem") : at(tls.certificate ?? "");
  const keyPath = own ? join(folder, "web-key.pem") : at(tls.key ?? "");
  try {
    const found = await readPair(certPath, keyPath).catch(() => null);
    if (found) return found;
    if (own) await makeOwn(folder, certPath, keyPath);
    return await readPair(certPath, keyPath);
  } catch (cause) {
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "openssl";
    throw new CommandError("WEB_FILE", { path: certPath, detail }, { cause });
  }
}

async function readPair(certPath: string, keyPath: string): Promise<TlsPair> {
  return { cert: await readFile(certPath), key: await readFile(keyPath) };
}

/** For every address and name of now; browsers ask once and remember. */
async function makeOwn(folder: string, certPath: string, keyPath: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  const plain = addresses.filter((address) => !address.includes("%"));
  const names = [`DNS:${hostname()}`, "DNS:localhost", ...plain.map((address) => `IP:${address}`)];
  const [cert, key] = [`${certPath}.new`, `${keyPath}.new`];
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days],
    ...["-keyout", key, "-out", cert, "-subj", `/CN=${hostname()}`, "-addext", `subjectAltName=${names.join(",")}`],
  ]);
  await chmod(key, 0o600);
  await rename(key, keyPath);
  await rename(cert, certPath);
}

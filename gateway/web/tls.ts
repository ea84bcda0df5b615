/** The page's certificate: files that the site names, or one that the box's own authority signs, made by openssl. */
import { execFile } from "node:child_process";
import { randomBytes, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { isAbsolute, join } from "node:path";
import { createSecureContext } from "node:tls";
import { promisify } from "node:util";
import { systemClock } from "../runtime/clock.ts";
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
  /** What a phone must trust to trust this page; null: the certificate is the site's, and so is what stands behind it. */
  readonly authority: Buffer | null;
}

/** Ten years: whoever trusts the box need not be asked again. */
const authorityDays = "3650";
/** Apple's systems take no certificate of a page that is good for more than 825 days. */
const days = "800";
/** Renewed when less is left of it. */
const leftMs = 200 * 86_400_000;
const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Reads the pair; makes it when the site names none and there is none yet, or none for the addresses of now.
 * @param folder the storage folder; relative names start above the config folder, as everywhere, in `root`
 * @throws CommandError WEB_FILE
 */
export async function openTls(tls: TlsFiles, folder: string, root: string): Promise<TlsPair> {
  const { certificate, key } = tls;
  const at = (name: string): string => (isAbsolute(name) ? name : join(root, name));
  try {
    if (certificate === undefined || key === undefined) return await openOwn(folder);
    return { ...(await readPair(at(certificate), at(key))), authority: null };
  } catch (cause) {
    const detail = cause instanceof Error && "code" in cause ? String(cause.code) : "openssl";
    const path = certificate === undefined ? join(folder, "web-cert.pem") : at(certificate);
    throw new CommandError("WEB_FILE", { path, detail }, { cause });
  }
}

/** What the page shows, for as long as it is good. */
export class PageCertificate {
  readonly #open: () => Promise<TlsPair>;
  #pair: TlsPair;

  private constructor(open: () => Promise<TlsPair>, pair: TlsPair) {
    this.#open = open;
    this.#pair = pair;
  }

  /** As `openTls`. @throws CommandError WEB_FILE */
  static async open(...from: Parameters<typeof openTls>): Promise<PageCertificate> {
    const open = (): Promise<TlsPair> => openTls(...from);
    return new PageCertificate(open, await open());
  }

  get pair(): TlsPair {
    return this.#pair;
  }

  /**
   * Looks again: it runs out, the box's addresses change, a site puts renewed files there.
   * @returns what is to be shown from now on; null when that is what is shown
   * @throws CommandError WEB_FILE, or what a pair is refused with whose halves do not fit; then the former goes on
   */
  async renewed(): Promise<TlsPair | null> {
    const now = await this.#open();
    if (now.cert.equals(this.#pair.cert) && now.key.equals(this.#pair.key)) return null;
    createSecureContext(now);
    this.#pair = now;
    return now;
  }
}

async function readPair(certPath: string, keyPath: string): Promise<Pick<TlsPair, "cert" | "key">> {
  return { cert: await readFile(certPath), key: await readFile(keyPath) };
}

interface OwnPaths {
  readonly authority: string;
  readonly authorityKey: string;
  readonly cert: string;
  readonly key: string;
}

async function openOwn(folder: string): Promise<TlsPair> {
  const at = (name: string): string => join(folder, name);
  const paths = { authority: at("web-ca.pem"), authorityKey: at("web-ca-key.pem"), cert: at("web-cert.pem"), key: at("web-key.pem") }; // prettier-ignore
  const found = await readPair(paths.cert, paths.key).catch(() => null);
  const authority = await readPair(paths.authority, paths.authorityKey).catch(() => null);
  // A box of before signed its certificate itself: whoever trusts that one is not asked again.
  if (found && !authority) return { ...found, authority: found.cert };
  const nowMs = systemClock.nowMs();
  if (found && authority && isGood(found.cert, nowMs)) return { ...found, authority: authority.cert };
  await mkdir(folder, { recursive: true });
  if (!authority || !isWithin(authority.cert, nowMs, 0)) await makeAuthority(folder, paths);
  await makePair(folder, paths);
  return { ...(await readPair(paths.cert, paths.key)), authority: await readFile(paths.authority) };
}

/** Good for a while yet, and for every name and address of now. */
function isGood(cert: Buffer, nowMs: number): boolean {
  const leaf = new X509Certificate(cert);
  return (
    isWithin(cert, nowMs, leftMs) &&
    ownNames().every((name) => (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined)
  );
}

function isWithin(cert: Buffer, nowMs: number, spareMs: number): boolean {
  const { validFrom, validTo } = new X509Certificate(cert);
  return Date.parse(validFrom) <= nowMs && nowMs + spareMs < Date.parse(validTo);
}

function ownNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  return [hostname(), "localhost", ...addresses.filter((address) => !address.includes("%"))];
}

async function makeAuthority(folder: string, paths: OwnPaths): Promise<void> {
  const [cert, key] = [`${paths.authority}.new`, `${paths.authorityKey}.new`];
  await withSettings(folder, (settings) =>
    openssl(
      "req",
      "-x509",
      ...elliptic,
      "-days",
      authorityDays,
      "-keyout",
      key,
      "-out",
      cert,
      ...settings("authority"),
    ),
  );
  await chmod(key, 0o600);
  await rename(key, paths.authorityKey);
  await rename(cert, paths.authority);
}

async function makePair(folder: string, paths: OwnPaths): Promise<void> {
  const [cert, key, asked] = [`${paths.cert}.new`, `${paths.key}.new`, `${paths.cert}.csr`];
  const serial = `0x${randomBytes(15).toString("hex")}`;
  await withSettings(folder, async (settings) => {
    const [, file = ""] = settings("page");
    await openssl("req", "-new", ...elliptic, "-keyout", key, "-out", asked, "-config", file);
    const signed = ["-CA", paths.authority, "-CAkey", paths.authorityKey, "-set_serial", serial, "-days", days];
    await openssl("x509", "-req", "-in", asked, "-out", cert, ...signed, "-extfile", file, "-extensions", "page");
  });
  await rm(asked, { force: true });
  await writeFile(cert, Buffer.concat([await readFile(cert), await readFile(paths.authority)]));
  await chmod(key, 0o600);
  // In this order a power cut leaves no certificate beside a key that is not its own.
  await rm(paths.cert, { force: true });
  await rename(key, paths.key);
  await rename(cert, paths.cert);
}

/** What openssl is told of extensions, in a file of ours: every distribution has other ones in its own. */
async function withSettings(
  folder: string,
  use: (settings: (section: string) => readonly string[]) => Promise<unknown>,
): Promise<void> {
  const path = join(folder, `web-openssl-${randomBytes(4).toString("hex")}.cnf`);
  const names = ownNames().map((name) => `${isIP(name) === 0 ? "DNS" : "IP"}:${name}`);
  const text = `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nO = Xueliang Gateway\nCN = ${hostname()}
[authority]\nbasicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash
[page]\nbasicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth\nauthorityKeyIdentifier = keyid\nsubjectAltName = ${names.join(", ")}\n`;
  try {
    await writeFile(path, text, { mode: 0o600 });
    await use((section) => ["-config", path, "-extensions", section]);
  } finally {
    await rm(path, { force: true });
  }
}

async function openssl(...args: readonly string[]): Promise<void> {
  await promisify(execFile)("openssl", args);
}

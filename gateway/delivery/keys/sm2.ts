/** SM2 signatures (GB/T 32918, identity 1234567812345678): the library of Node where it is right, JavaScript where it is not. The only door to sm-crypto-v2. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
} from "node:crypto";
import { sm2 } from "sm-crypto-v2";
import { GatewayError } from "../../runtime/errors.ts";

/** A private key of 32 octets, and its point 04‖X‖Y; hex. */
export interface Sm2Pair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** One way to make and check signatures (DER, hex). */
export interface Sm2Engine {
  readonly name: "openssl" | "javascript";
  sign(message: Uint8Array, pair: Sm2Pair): string;
  /** False for anything that is not a right signature; never throws. */
  verify(message: Uint8Array, signature: string, publicKey: string): boolean;
}

const identity = "1234567812345678";
/** a, b and the base point of the curve (GB/T 32918.5). */
const curve = Buffer.from(
  "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC" +
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93" +
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7" +
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0",
  "hex",
);
/** Made by the OpenSSL command with its option `distid`, over the octets of `hello`. */
const vector = {
  message: Buffer.from("hello"),
  publicKey:
    "04e1e8fb4538f4d84687da4ab2259107323d9818b4c8c95e2298a5f55a934933d6c7c874fac9602947831e8a8e18f14940d8d3180750d1be69c5d23fd26ec598fe",
  signature:
    "3045022100e31c28d8a8c3f415e1e08ecf42abf129f88bf8476517d183054a2a1d1d8dfd5002200e6156eb311b8d93540361ce6a50e649bab1c1a7716c121edeb3386ba2ff3d73",
};
// PKCS#8 and SPKI around bare keys of this curve.
const pkcs8Head = "308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420";
const pkcs8Middle = "a144034200";
const spkiHead = "3059301306072a8648ce3d020106082a811ccf5501822d034200";

/** Z of GB/T 32918.2, 5.5: binds the signer's name and key into what is signed. The one-shot calls of Node leave it out, so it goes in as the first octets. */
function nameHash(publicKey: string): Buffer {
  const name = Buffer.from(identity);
  const bits = Buffer.from([(name.length * 8) >> 8, (name.length * 8) & 0xff]);
  const point = Buffer.from(publicKey, "hex").subarray(1);
  return createHash("sm3").update(bits).update(name).update(curve).update(point).digest();
}

/** One signature has one form: octets behind it would make a second one that holds too. */
function isWhole(signature: string): boolean {
  return (
    /^30[0-7][0-9a-f]([0-9a-f]{2})+$/.test(signature) &&
    signature.length === 4 + 2 * Number.parseInt(signature.slice(2, 4), 16)
  );
}

/** A key that was read from octets is SM2 to the library; one that it has just made is plain ECDSA, so even a fresh one goes through here. */
export const opensslSm2: Sm2Engine = {
  name: "openssl",
  sign: (message, { privateKey, publicKey }) => {
    const der = Buffer.from(`${pkcs8Head}${privateKey}${pkcs8Middle}${publicKey}`, "hex");
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    return createSign("sm3").update(nameHash(publicKey)).update(message).sign(key, "hex");
  },
  verify: (message, signature, publicKey) => {
    if (!isWhole(signature)) return false;
    try {
      const der = Buffer.from(`${spkiHead}${publicKey}`, "hex");
      const key = createPublicKey({ key: der, format: "der", type: "spki" });
      return createVerify("sm3").update(nameHash(publicKey)).update(message).verify(key, signature, "hex");
    } catch {
      return false;
    }
  },
};

const options = { der: true, hash: true, userId: identity } as const;

/** Twenty times slower, and right whatever library Node was built with. */
export const javascriptSm2: Sm2Engine = {
  name: "javascript",
  sign: (message, { privateKey, publicKey }) => sm2.doSignature(message, privateKey, { ...options, publicKey }),
  verify: (message, signature, publicKey) => {
    if (!isWhole(signature)) return false;
    try {
      return sm2.doVerifySignature(message, signature, publicKey, options);
    } catch {
      return false;
    }
  },
};

/** A fresh pair. */
export function makeSm2Pair(): Sm2Pair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "SM2" });
  const secret = privateKey.export({ type: "pkcs8", format: "der" }).toString("hex");
  const point = publicKey.export({ type: "spki", format: "der" }).toString("hex").slice(spkiHead.length);
  return { privateKey: secret.slice(pkcs8Head.length, pkcs8Head.length + 64), publicKey: point };
}

/** Whether `engine` is right: the foreign signature holds, a touched one and another text do not, and its own hold for the other engine. */
export function isRight(engine: Sm2Engine, other: Sm2Engine = javascriptSm2): boolean {
  try {
    const { message, publicKey, signature } = vector;
    const touched = `${signature.slice(0, -2)}${signature.endsWith("00") ? "01" : "00"}`;
    const pair = makeSm2Pair();
    const own = engine.sign(message, pair);
    return (
      engine.verify(message, signature, publicKey) &&
      !engine.verify(message, touched, publicKey) &&
      !engine.verify(Buffer.from("hellp"), signature, publicKey) &&
      other.verify(message, own, pair.publicKey)
    );
  } catch {
    return false;
  }
}

const standard = [opensslSm2, javascriptSm2] as const;
let passed: Sm2Engine | null = null;

/** The first of `engines` that passes its self-test, once in a process: the behaviour of libraries here has changed before. Throws GatewayError SM2_UNAVAILABLE. */
export function sm2Engine(engines: readonly Sm2Engine[] = standard): Sm2Engine {
  if (engines === standard && passed) return passed;
  const right = engines.find((engine) => isRight(engine));
  if (!right) throw new GatewayError("SM2_UNAVAILABLE");
  if (engines === standard) passed = right;
  return right;
}

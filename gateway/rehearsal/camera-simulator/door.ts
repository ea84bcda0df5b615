/** Who may see a simulated camera: Basic and Digest (RFC 7616, with and without qop). */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The account of a simulated camera and how it asks for it. */
export interface DoorAccount {
  readonly user: string;
  readonly password: string;
  readonly scheme: "basic" | "digest" | "digest-sha256";
  /** Digest only: whether the challenge offers `qop="auth"`. */
  readonly qop?: boolean;
}

/** Checks one connection's requests against an account. */
export class Door {
  readonly #account: DoorAccount;
  readonly #nonce = randomBytes(12).toString("hex");
  readonly #realm = "XL simulated camera";

  constructor(account: DoorAccount) {
    this.#account = account;
  }

  /** The `WWW-Authenticate` line for a refused request. */
  get challenge(): string {
    if (this.#account.scheme === "basic") return `Basic realm="${this.#realm}"`;
    const qop = this.#account.qop === true ? ', qop="auth"' : "";
    const algorithm = this.#account.scheme === "digest-sha256" ? ", algorithm=SHA-256" : "";
    return `Digest realm="${this.#realm}", nonce="${this.#nonce}"${algorithm}${qop}`;
  }

  /** Whether the `Authorization` line fits this method. */
  admits(authorization: string | undefined, method: string): boolean {
    if (authorization === undefined) return false;
    const { user, password, scheme } = this.#account;
    if (scheme === "basic") {
      return same(authorization, `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
    }
    if (!authorization.startsWith("Digest ")) return false;
    const fields = new Map(
      [...authorization.slice(7).matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map((m) => [
        m[1] ?? "",
        m[2] ?? m[3] ?? "",
      ]),
    );
    const hash = (text: string): string =>
      createHash(scheme === "digest" ? "md5" : "sha256")
        .update(text)
        .digest("hex");
    const first = hash(`${user}:${this.#realm}:${password}`);
    const second = hash(`${method}:${fields.get("uri") ?? ""}`);
    const middle = fields.has("qop") ? [fields.get("nc"), fields.get("cnonce"), fields.get("qop")] : [];
    const expected = hash([first, this.#nonce, ...middle, second].join(":"));
    return fields.get("nonce") === this.#nonce && same(fields.get("response") ?? "", expected);
  }
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Operating errors: what can go wrong in the field, each with a stable code, a retry policy and a remedy. */
import { errorTexts } from "./texts/errors.ts";
import { fill, type Language, type Values } from "./texts/fill.ts";

/** Every stable error code of the product. */
export type ErrorCode = keyof typeof errorTexts;

/** What a supervisor does next: try again soon, try again after a long pause (lock-outs), or never without a change. */
export type Retry = "backoff" | "slow" | "never";

/** An error an operator can act on. Anything else that is thrown is a bug and stops the process. */
export class GatewayError extends Error {
  override readonly name: string = "GatewayError";
  readonly code: ErrorCode;
  readonly values: Values;

  /** @param values fill the `{placeholders}` of the text; they must never hold a secret. */
  constructor(code: ErrorCode, values: Values = {}, options?: { readonly cause?: unknown }) {
    super(fill(errorTexts[code].en[0], values), options);
    this.code = code;
    this.values = values;
  }

  get retry(): Retry {
    return errorTexts[this.code].retry;
  }

  /** Exit code of a command that ends with this error; the contract is in `gateway/cli/exit-codes.ts`. */
  get exitCode(): number {
    return errorTexts[this.code].exit;
  }

  /** What happened, in the reader's language. */
  say(language: Language): string {
    return fill(errorTexts[this.code][language][0], this.values);
  }

  /** What to do about it, in the reader's language. */
  hint(language: Language): string {
    return fill(errorTexts[this.code][language][1], this.values);
  }
}

/** A config or zones file that cannot be used. */
export class ConfigError extends GatewayError {
  override readonly name = "ConfigError";
}
/** A camera that gives no usable video. */
export class CameraError extends GatewayError {
  override readonly name = "CameraError";
}
/** The decoder child of a camera. */
export class DecoderError extends GatewayError {
  override readonly name = "DecoderError";
}
/** A model package that cannot be used. */
export class ModelError extends GatewayError {
  override readonly name = "ModelError";
}
/** The detector process. */
export class DetectorError extends GatewayError {
  override readonly name = "DetectorError";
}
/** The database file. */
export class DatabaseError extends GatewayError {
  override readonly name = "DatabaseError";
}
/** Evidence files. */
export class EvidenceError extends GatewayError {
  override readonly name = "EvidenceError";
}
/** The connection that carries the outbox upstream, on either side. */
export class UplinkError extends GatewayError {
  override readonly name = "UplinkError";
}
/** A command used wrongly, or one that cannot be carried out here. */
export class CommandError extends GatewayError {
  override readonly name = "CommandError";
}
/** What the page's server refuses; its status is an HTTP one. */
export class WebError extends GatewayError {
  override readonly name = "WebError";
  readonly status: number;

  constructor(status: number, code: ErrorCode, values: Values = {}, options?: { readonly cause?: unknown }) {
    super(code, values, options);
    this.status = status;
  }
}

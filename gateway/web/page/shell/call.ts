/** The one way to ask the box: JSON in and out, the CSRF header, deadlines, refusals as `CallFailed`. */
import type { Problem } from "../../api.ts";

/** Why a call gave no answer: the box refused it, or could not be reached. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  /** HTTP status; 0 when there was no answer at all. */
  readonly status: number;
  /** What the box said; null when it said nothing that can be read. */
  readonly problem: Problem | null;
  /** The whole body, for answers that carry more than a problem does. */
  readonly body: unknown;

  constructor(status: number, problem: Problem | null, options?: ErrorOptions & { readonly body?: unknown }) {
    super(problem?.code ?? (status === 0 ? "no answer" : `status ${status}`), options);
    this.status = status;
    this.problem = problem;
    this.body = options?.body ?? null;
  }
}

/** What a call may carry. */
export interface CallOptions {
  readonly body?: unknown;
  /** The revision that the change is based on. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until it counts as unanswered. */
  readonly deadlineMs?: number;
}

/** An answer and the revision it belongs to. */
export interface Answer<T> {
  readonly value: T;
  readonly etag: string | null;
}

let csrf: string | null = null;
let onSignedOut: () => void = () => undefined;

/** Told by the session: the token that changes must carry, and whom to call when the box no longer knows us. */
export function useSession(token: string | null, signedOut: () => void): void {
  csrf = token;
  onSignedOut = signedOut;
}

/** The address of a call or a picture. */
export function addressOf(path: string): string {
  return `/api/v1${path}`;
}

/**
 * Asks the box; `T` is the type that the contract names for this address.
 * @throws CallFailed; an aborted call throws the signal's reason
 */

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const response = await send(method, path, options);
  if (response.ok) return { value: (await bodyOf(response)) as T, etag: etagOf(response) };
  if (response.status === 401 && path !== "/session") onSignedOut();
  const body = await bodyOf(response).catch(() => null);
  throw new CallFailed(response.status, isProblem(body) ? body : null, { body });
}

/** Like `call`, but gives the response itself: for streams and files. */
export async function send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const { body, ifMatch, signal, deadlineMs = 20_000 } = options;
  const ended = new AbortController();
  const deadline = setTimeout(() => ended.abort(), deadlineMs);
  const stop = (): void => ended.abort();
  signal?.addEventListener("abort", stop, { once: true });
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (ifMatch !== undefined) headers["if-match"] = `"${ifMatch}"`;
  if (method !== "GET" && csrf !== null) headers["x-csrf-token"] = csrf;
  try {
    return await fetch(addressOf(path), {
      method,
      headers,
      signal: ended.signal,
      credentials: "same-origin",
      cache: "no-store",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CallFailed(0, null, { cause });
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener("abort", stop);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? null : (JSON.parse(text) as unknown);
}

function etagOf(response: Response): string | null {
  return /^(?:W\/)?"(.*)"$/.exec(response.headers.get("etag") ?? "")?.[1] ?? null;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "text" in body && "hint" in body;
}

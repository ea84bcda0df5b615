/** Several sources speak of one model; where two disagree, nobody guesses (pure). */
import { ModelError } from "../../runtime/errors.ts";
import type { Origin } from "./model-package.ts";

interface Claim {
  readonly value: unknown;
  readonly from: Origin;
}

/** What the sources of one model say, in the order in which they are asked. */
export class Claims {
  readonly origins: Record<string, Origin> = {};
  readonly #model: string;
  readonly #overruled: ReadonlySet<string>;
  readonly #claims = new Map<string, Claim[]>();

  /** @param overruled keys for which the manifest knows better than the other sources */
  constructor(model: string, overruled: readonly string[] = []) {
    this.#model = model;
    this.#overruled = new Set(overruled);
  }

  /** Notes that `from` says `value`; undefined says nothing. */
  add(key: string, value: unknown, from: Origin): void {
    if (value === undefined) return;
    const claims = this.#claims.get(key) ?? [];
    claims.push({ value, from });
    this.#claims.set(key, claims);
  }

  /**
   * The first source's word, if no other contradicts it; undefined when nobody spoke.
   * @throws ModelError MODEL_CONFLICT
   */
  settle(key: string): unknown {
    const claims = this.#claims.get(key) ?? [];
    const [first] = claims;
    if (!first) return undefined;
    for (const other of claims) {
      if (this.#overruled.has(key) || JSON.stringify(other.value) === JSON.stringify(first.value)) continue;
      throw new ModelError("MODEL_CONFLICT", {
        model: this.#model,
        key,
        first: brief(first.value),
        firstFrom: first.from,
        second: brief(other.value),
        secondFrom: other.from,
      });
    }
    this.origins[key] = first.from;
    return first.value;
  }

  /** As `settle`, but the usual value where nobody spoke. */
  settleOr<T>(key: string, usual: T): T {
    const value = this.settle(key);
    if (value !== undefined) return value as T;
    this.origins[key] = "assumed";
    return usual;
  }

  /**
   * As `settle`, for what cannot be guessed.
   * @param seen what there is to go by, for the error text
   * @throws ModelError MODEL_UNKNOWN, MODEL_CONFLICT
   */
  settleKnown(key: string, seen: string): unknown {
    const value = this.settle(key);
    if (value === undefined) throw new ModelError("MODEL_UNKNOWN", { model: this.#model, key, detail: seen });
    return value;
  }
}

function brief(value: unknown): string {
  const text =
    Array.isArray(value) && value.length > 6
      ? `[${value.length} entries: ${value.slice(0, 3).join(", ")} …]`
      : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

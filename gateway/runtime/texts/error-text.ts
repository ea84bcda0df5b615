/** The shape of one error text. */

/** Retry policy, exit code of a command, and per language [what happened, what to do]. */
export interface ErrorText {
  readonly retry: "backoff" | "slow" | "never";
  readonly exit: number;
  readonly en: readonly [string, string];
  readonly zh: readonly [string, string];
}

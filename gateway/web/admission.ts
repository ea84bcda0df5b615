/** What a try to get in, and what a change of users came to. */

/** What a try to get in came to. */
export type Admission =
  | { readonly kind: "in"; readonly token: string }
  | { readonly kind: "wrong" }
  | { readonly kind: "expired" }
  | { readonly kind: "short" }
  | { readonly kind: "busy" }
  | { readonly kind: "locked"; readonly waitMs: number };

/** What a change of users came to. */
export type UserChange = "done" | "unknown" | "exists" | "last-admin" | "short";

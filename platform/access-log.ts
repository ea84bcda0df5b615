/** Who looked at which evidence, and who was not let. */
/** One attempt. */
export interface Access {
  readonly atMs: number;
  /** Name of the viewer; empty: the token is nobody's. */
  readonly viewer: string;
  readonly sha256: string;
  /** `gateway/camera`; empty when the evidence is not here. */
  readonly camera: string;
  readonly outcome: "shown" | "refused" | "unknown";
  readonly reason: string;
}

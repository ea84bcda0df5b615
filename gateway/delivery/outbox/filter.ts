/** Which events go to which platform; pure. */

/** What an uplink asks for; empty lists ask for everything. */
export interface UplinkFilter {
  /** Event types; a `*` at the end stands for the rest. */
  readonly types: readonly string[];
  readonly departments: readonly string[];
  /** 1 (critical) … 4 (info): this and everything more severe. */
  readonly severity: number;
  readonly evidence: "all" | "snapshots" | "none";
}

/** What a filter looks at. */
export interface FilteredFacts {
  /** Id of the catalogue, for example `fishing-multi-rod`. */
  readonly type: string;
  readonly departments: readonly string[];
  readonly severity: number;
}

/** Whether an event goes this way. */
export function wants(filter: UplinkFilter, facts: FilteredFacts): boolean {
  const { types, departments, severity } = filter;
  return (
    facts.severity <= severity &&
    (types.length === 0 || types.some((type) => fits(type, facts.type))) &&
    (departments.length === 0 || departments.some((department) => facts.departments.includes(department)))
  );
}

/** Whether evidence of this kind goes this way. */
export function wantsEvidence(filter: UplinkFilter, kind: string): boolean {
  return filter.evidence === "all" || (filter.evidence === "snapshots" && kind !== "clip");
}

function fits(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

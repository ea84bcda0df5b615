/** Edits of the config's texts: each touches the bytes of what it changes (pure). */
import { createHash } from "node:crypto";
import { parseDocument } from "yaml";
import { splice } from "../splice/splice.ts";
import { secretsName, type Texts } from "./texts.ts";

type Tree = Record<string, unknown>;

/** What is drawn for a camera, as it stands in its file. */
export interface DrawnRules {
  readonly zones: readonly unknown[];
  readonly lines: readonly unknown[];
  readonly masks: readonly unknown[];
  readonly schedules: readonly unknown[];
  readonly holidays: readonly unknown[];
}

const parts = ["zones", "lines", "masks", "schedules", "holidays"] as const;

/** The file of a camera's rules. */
export function rulesName(camera: string): string {
  return `zones/${camera}.yaml`;
}

/** 16 hex digits: changes when the file of this camera's rules changes, and not when others do. */
export function rulesRevision(texts: Texts, camera: string): string {
  const text = texts.get(rulesName(camera));
  return createHash("sha256")
    .update(text ?? "none")
    .digest("hex")
    .slice(0, 16);
}

/** The rules as written, without the defaults that were left out; rules written as a word become `{ type }`. */
export function rulesOf(texts: Texts, camera: string): DrawnRules {
  const tree = treeOf(texts.get(rulesName(camera)));
  const list = (key: string): readonly unknown[] => (Array.isArray(tree[key]) ? (tree[key] as unknown[]) : []);
  const ruled = (one: unknown): unknown => {
    if (!isTree(one)) return one;
    const rules = Array.isArray(one["rules"]) ? (one["rules"] as unknown[]) : [];
    return { ...one, rules: rules.map((rule) => (typeof rule === "string" ? { type: rule } : rule)) };
  };
  return {
    zones: list("zones").map(ruled),
    lines: list("lines").map(ruled),
    masks: list("masks"),
    schedules: list("schedules"),
    holidays: list("holidays"),
  };
}

/** Other rules for a camera; what else stands in the file stays. */
export function withRules(texts: Texts, camera: string, rules: DrawnRules): Texts {
  return withZonesFile(texts, camera, (tree) => {
    const drawn = parts.filter((key) => rules[key].length > 0 || tree[key] !== undefined);
    return { ...tree, ...Object.fromEntries(drawn.map((key) => [key, rules[key]])) };
  });
}

/** What is measured in the picture of a camera, as it stands in its file; null: nothing. */
export interface DrawnMeasures {
  readonly gauge: Tree | null;
  readonly flow: Tree | null;
}

/** The staff gauge and the section as written, without the defaults that were left out. */
export function measuresOf(texts: Texts, camera: string): DrawnMeasures {
  const { gauge, flow } = treeOf(texts.get(rulesName(camera)));
  return { gauge: isTree(gauge) ? gauge : null, flow: isTree(flow) ? flow : null };
}

/** Another gauge and another section for a camera; what else stands in the file stays. */
export function withMeasures(texts: Texts, camera: string, measures: DrawnMeasures): Texts {
  const wanted = Object.entries(measures).filter(([, one]) => one !== null);
  return withZonesFile(texts, camera, (tree) => {
    const rest = Object.entries(tree).filter(([key]) => !(key in measures));
    return Object.fromEntries([...rest, ...wanted]);
  });
}

function withZonesFile(texts: Texts, camera: string, edit: (tree: Tree) => Tree): Texts {
  const name = rulesName(camera);
  const text = texts.get(name) ?? `# yaml-language-server: $schema=../zones.schema.json\n`;
  const tree = treeOf(text);
  return new Map([
    ...texts,
    [name, splice(text, edit({ ...tree, schema: tree["schema"] ?? "xueliang.zones/1", camera }))],
  ]);
}

/** Other values in `gateway.yaml`. */
export function withGateway(texts: Texts, edit: (tree: Tree) => Tree): Texts {
  const text = texts.get("gateway.yaml") ?? "# yaml-language-server: $schema=gateway.schema.json\n";
  return new Map([...texts, ["gateway.yaml", splice(text, edit(treeOf(text)))]]);
}

/** Other values for one camera; undefined takes a key out. */
export function withCamera(texts: Texts, id: string, values: Tree): Texts {
  return withGateway(texts, (tree) => ({
    ...tree,
    cameras: camerasIn(tree).map((camera) =>
      isTree(camera) && camera["id"] === id ? { ...camera, ...values } : camera,
    ),
  }));
}

/** One camera more. */
export function withNewCamera(texts: Texts, camera: Tree): Texts {
  return withGateway(texts, (tree) => ({ ...tree, cameras: [...camerasIn(tree), camera] }));
}

/** A camera less, with its rules and its login. */
export function withoutCamera(texts: Texts, id: string): Texts {
  const left = withGateway(texts, (tree) => ({
    ...tree,
    cameras: camerasIn(tree).filter((camera) => !isTree(camera) || camera["id"] !== id),
  }));
  const rest = [...withLogin(left, id, null)].filter(([name]) => name !== rulesName(id));
  return new Map(rest);
}

/** A camera's login; null: none. */
export function withLogin(
  texts: Texts,
  id: string,
  login: { readonly user: string; readonly password: string } | null,
): Texts {
  const text = texts.get(secretsName);
  if (text === undefined && login === null) return texts;
  const tree = treeOf(text);
  const cameras = isTree(tree["cameras"]) ? tree["cameras"] : {};
  const others = Object.fromEntries(Object.entries(cameras).filter(([camera]) => camera !== id));
  const wanted = { ...tree, cameras: login === null ? others : { ...others, [id]: login } };
  return new Map([...texts, [secretsName, splice(text ?? "", wanted)]]);
}

function camerasIn(tree: Tree): readonly unknown[] {
  return Array.isArray(tree["cameras"]) ? (tree["cameras"] as unknown[]) : [];
}

function treeOf(text: string | undefined): Tree {
  const value: unknown = text === undefined ? null : parseDocument(text).toJS({ maxAliasCount: 0 });
  return isTree(value) ? value : {};
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

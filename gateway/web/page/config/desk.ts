/** The config texts on the desk: as fetched, as changed here, and what the box says of them. */
import { computed, signal } from "@preact/signals";
import type { Applied, ConfigChecked, ConfigDocument, ConfigFile, Diagnostic } from "../../api.ts";
import { without } from "../parts/without.ts";
import { call, CallFailed } from "../shell/call.ts";

type Texts = Readonly<Record<string, string>>;

const textsOf = (files: readonly ConfigFile[]): Texts =>
  Object.fromEntries(files.map(({ name, text }) => [name, text]));

/** A typing pause: the box checks in some ten milliseconds, a phone's network needs longer. */
const checkAfterMs = 400;

/** Files of this revision, as the box has them. */
export const base = signal<Texts>({});
/** Texts changed here, by name. */
export const changed = signal<Texts>({});
export const chosen = signal("");
export const checked = signal<ConfigChecked | null>(null);
export const checking = signal(false);
export const busy = signal(false);
/** What became of the last conflict: names of files that both changed; empty: joined; null: there was none. */
export const clash = signal<readonly string[] | null>(null);
/** Their texts of the files that both changed. */
export const theirs = signal<Texts>({});
export const names = computed(() => Object.keys(base.value));
export const isChanged = computed(() => Object.keys(changed.value).length > 0);
let revision = "";
let timer: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

/** The text of a file as it stands on the desk. */
export function textOf(name: string): string {
  return changed.value[name] ?? base.value[name] ?? "";
}

/** Diagnostics of one file. */
export function diagnosticsOf(name: string): readonly Diagnostic[] {
  return (checked.value?.diagnostics ?? []).filter(({ file }) => file === name || file.endsWith(`/${name}`));
}

/** Fetches the files; what is changed here stays. @throws CallFailed */
export async function open(abort?: AbortSignal): Promise<ConfigDocument> {
  const { value } = await call<ConfigDocument>("GET", "/config", { signal: abort });
  if (!isChanged.value) take(value);
  return value;
}

function take({ files, revision: next, state }: ConfigDocument): void {
  base.value = textsOf(files);
  revision = next;
  if (!(chosen.value in base.value)) chosen.value = files[0]?.name ?? "";
  // A file that somebody broke by hand shows its mistakes before anybody types.
  checked.value = state.invalid.length > 0 ? { diagnostics: state.invalid, changes: [], reload: [] } : null;
}

/** A text as it is typed. */
export function edit(name: string, text: string): void {
  const rest = without(changed.value, name);
  changed.value = text === base.value[name] ? rest : { ...rest, [name]: text };
  clearTimeout(timer);
  timer = setTimeout(() => void check(), checkAfterMs);
}

function body(): { readonly files: readonly ConfigFile[] } {
  return { files: Object.entries(changed.value).map(([name, text]) => ({ name, text })) };
}

/** Asks the box what it thinks of the texts; the last question wins. */
export async function check(): Promise<void> {
  asked += 1;
  const mine = asked;
  if (!isChanged.value) {
    checked.value = null;
    return;
  }
  checking.value = true;
  try {
    const { value } = await call<ConfigChecked>("POST", "/config/check", { body: body() });
    if (mine === asked) checked.value = value;
  } catch (error) {
    // The banner tells of a lost connection; the next key asks again.
    if (!(error instanceof CallFailed)) throw error;
  } finally {
    if (mine === asked) checking.value = false;
  }
}

/** Takes every change back. */
export function discard(): void {
  changed.value = {};
  checked.value = null;
  clash.value = null;
}

/** Null: not applied, and `clash` or `checked` says why. @throws CallFailed */
export async function apply(): Promise<Applied | null> {
  busy.value = true;
  try {
    const { value } = await call<Applied>("PUT", "/config", { body: body(), ifMatch: revision, deadlineMs: 60_000 });
    changed.value = {};
    clash.value = null;
    await open();
    return value;
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (error.status === 412) await meet();
    else if (error.status === 422 && error.problem?.diagnostics)
      checked.value = { diagnostics: error.problem.diagnostics, changes: [], reload: [] };
    else throw error;
    return null;
  } finally {
    busy.value = false;
  }
}

/** Goes on from what they have; a file that both changed waits for a choice. */
async function meet(): Promise<void> {
  const before = base.value;
  const { value } = await call<ConfigDocument>("GET", "/config");
  const now = textsOf(value.files);
  theirs.value = now;
  clash.value = Object.keys(changed.value).filter((name) => now[name] !== before[name]);
  take(value);
  await check();
}

/** Settles one file that both changed. */
export function settle(name: string, whose: "mine" | "theirs"): void {
  clash.value = (clash.value ?? []).filter((one) => one !== name);
  if (whose === "mine") return;
  changed.value = without(changed.value, name);
  void check();
}

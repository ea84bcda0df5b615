/** One camera on the technician's desk: what the box has, what the draft changes, what was kept, what clashes. */
import { batch, computed, effect, signal } from "@preact/signals";
import type { Diagnostic, Distributions, FrameHeader, RuleSet, RulesConflict, RulesDocument, XY } from "../../api.ts";
import { call } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { editorTexts } from "../texts/editor.ts";
import { changeCount, sameValue } from "./core/changes.ts";
import { rulesOf, type KeptDraft } from "./core/draft-text.ts";
import { faultsOf } from "./core/faults.ts";
import type { Mark } from "./core/live-marks.ts";
import type { ShapeKind } from "./core/shape.ts";
import { Editor, noRules } from "./editor.ts";
import { keepDraft, loadDraft } from "./kept-drafts.ts";

const keepAfterMs = 250;
const dayMs = 86_400_000;

function nameOf(kind: ShapeKind, n: number): string {
  return t(kind === "line" ? editorTexts.newLine : editorTexts.newZone, { n });
}

/** Lives as long as the page: undo and drafts survive a change of camera. */
export class Desk {
  readonly camera: string;
  readonly editor: Editor;
  /** What the draft is based on. */
  readonly base = signal<RuleSet>(noRules);
  readonly revision = signal("");
  readonly loaded = signal(false);
  /** A draft of an earlier visit that waits for an answer. */
  readonly offered = signal<KeptDraft | null>(null);
  readonly conflict = signal<RulesConflict | null>(null);
  readonly diagnostics = signal<readonly Diagnostic[]>([]);
  readonly busy = signal(false);
  /** Somebody else applied since this draft began. */
  readonly overtaken = signal(false);
  /** The browser refuses to keep the draft. */
  readonly notKept = signal(false);
  readonly header = signal<FrameHeader | null>(null);
  /** What was painted over the newest live frame. */
  marks: readonly Mark[] = [];
  readonly frozen = signal(false);
  readonly still = signal<ImageBitmap | null>(null);
  readonly changes = computed(() => changeCount(this.base.value, this.editor.history.value.present));
  /** The track whose reasons are asked for. */
  readonly asked = signal<{ readonly track: number | null; readonly atMs: number } | null>(null);
  /** The way of that track up to then, drawn over the picture while its reasons are shown; 0..1 of the picture. */
  readonly path = signal<readonly XY[]>([]);
  readonly objectWidth = signal<number | null>(null);
  readonly faults = computed(() => faultsOf(this.editor.rules.value, { objectWidth: this.objectWidth.value }));
  /** The first thing that forbids to apply. */
  readonly obstacle = computed(() => this.faults.value.find(({ severity }) => severity === "error") ?? null);

  constructor(camera: string) {
    this.camera = camera;
    this.editor = new Editor(camera, noRules, nameOf);
    effect(() => this.keepSoon());
  }

  /** Fetches what the box has; a draft that is being worked on stays. @throws CallFailed */
  async open(abort?: AbortSignal): Promise<void> {
    const { value } = await call<RulesDocument>("GET", `/cameras/${this.camera}/rules`, { signal: abort });
    if (this.loaded.value && this.changes.value > 0) {
      this.overtaken.value = value.revision !== this.revision.value;
      return;
    }
    if (this.loaded.value && value.revision === this.revision.value) return;
    const first = !this.loaded.value;
    this.take(value);
    if (!first) return;
    const kept = await loadDraft(this.camera);
    // Who has begun to draw meanwhile is not asked.
    if (this.changes.value > 0) return;
    if (kept && changeCount(kept.base, kept.rules) > 0 && !sameValue(kept.rules, rulesOf(value)))
      this.offered.value = kept;
  }

  /** Begins anew from what the box has. */
  take(document: RulesDocument): void {
    const rules = rulesOf(document);
    batch(() => {
      this.base.value = rules;
      this.revision.value = document.revision;
      this.overtaken.value = false;
      this.diagnostics.value = [];
      this.editor.load(rules);
      this.loaded.value = true;
    });
  }

  private keepTimer: ReturnType<typeof setTimeout> | undefined;
  private isKept = false;

  /** Written soon after each step: a flat battery costs a quarter of a second of work. */
  private keepSoon(): void {
    const rules = this.editor.history.value.present;
    const [base, baseRevision, changes] = [this.base.value, this.revision.value, this.changes.value];
    if (!this.loaded.value || this.offered.value !== null) return;
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => {
      const draft = changes === 0 ? null : { baseRevision, base, rules, savedMs: Date.now() };
      // Nothing drawn is nothing to forget either: another device may still hold a draft that waits for an answer.
      if (draft === null && !this.isKept) return;
      this.isKept = draft !== null;
      this.notKept.value = !keepDraft(this.camera, draft);
    }, keepAfterMs);
  }

  /** How wide the objects of the last day were, by the box's log; without a log no line is called short. */
  async learnWidth(): Promise<void> {
    const toMs = Date.now();
    const path = `/cameras/${this.camera}/distributions?from=${toMs - dayMs}&to=${toMs}`;
    this.objectWidth.value = (await call<Distributions>("GET", path)).value.medianWidth;
  }
}

const desks = new Map<string, Desk>();

/** The desk of a camera. */
export function deskOf(camera: string): Desk {
  const desk = desks.get(camera) ?? new Desk(camera);
  desks.set(camera, desk);
  return desk;
}

/** Changes that are not applied, on all desks. */
export function unapplied(): number {
  return [...desks.values()].reduce((sum, { changes }) => sum + changes.value, 0);
}

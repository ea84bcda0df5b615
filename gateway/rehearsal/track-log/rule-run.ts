/** One rule on its way through a stretch of log: which points can move it, and what it told (pure). */
import type { Block } from "../../analysis/track-log/block.ts";
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import type { StepBounds } from "../../analysis/track-log/extents.ts";
import { pointBytes, slotAt } from "../../analysis/track-log/points.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import type { TrackJerks } from "../../analysis/zones/jerks.ts";
import type { PhaseChange } from "../../analysis/zones/occurrence.ts";
import type { RuleMaker } from "../../analysis/zones/rule-engine.ts";
import type { Heed, Needs } from "../../analysis/zones/rule.ts";
import type { RunningRule } from "../../analysis/zones/running-rule.ts";
import { CompanyAt } from "./company-at.ts";
import { EntryLook, type EntryPlace } from "./entry-look.ts";
import { heededOf, type Paths } from "./heeded.ts";
import type { JerkAsking, JerkCounts } from "./jerk-counts.ts";
import { JerkersAt } from "./jerkers-at.ts";
import { boundsOf, mayLieIn } from "./membership.ts";
import { Ticking } from "./ticking.ts";

/** Told of each change of an occurrence at once: what the rule says of it is the rule's own until its next look. */
export type Tell = (entry: number, change: PhaseChange, rule: RunningRule) => void;

/** A look at an entry; `from` counts the entries of earlier files. */
export interface Place extends EntryPlace {
  readonly from: number;
}

/** The same, whatever the time. */
export type EntryAt = Omit<Place, "t" | "beforeT">;

const noTracks: readonly Track[] = [];

/** One rule in motion: it looks at an entry where something heeded is there, or while it does not rest. */
export class RuleRun {
  readonly needs: Needs;
  /** The time of this rule: shared with others that began together and look at the same frames, its own after a resume. */
  ticking: Ticking;
  /** Set where the rule asks how often tracks jerk: shared with others that ask alike. */
  jerks: JerkCounts | null = null;
  readonly #maker: RuleMaker;
  protected running: RunningRule;
  /** By number of the appearance: 1 where it can matter. */
  protected matters: Uint8Array = new Uint8Array(0);
  readonly #tell: Tell;
  /** Whether a look gets nobody but who counts: `Steady`. */
  protected hasMembersOnly = false;
  #ids = 0;
  /** Of the file: the labels that are heeded, as in `Block.labelBits`. */
  protected labelBits = 0;
  readonly #bounds: StepBounds | null;
  #entered: { readonly columns: LogColumns; readonly paths: Paths } | null = null;
  /** Of the file. */
  #company: CompanyAt | null = null;
  #jerkers: JerkersAt | null = null;

  constructor(maker: RuleMaker, aspect: number, tell: Tell) {
    this.#maker = maker;
    this.#tell = tell;
    this.running = this.#make(aspect);
    this.needs = this.running.rule.needs;
    this.ticking = new Ticking(this.needs, this.running.clock);
    const { heeds } = this.running.rule;
    this.#bounds = heeds?.within ? boundsOf(heeds.within) : null;
  }

  get #heeds(): Heed | undefined {
    return this.running.rule.heeds;
  }

  #make(aspect: number): RunningRule {
    return this.#maker.make(aspect, () => String((this.#ids += 1)));
  }

  /** Equal for runs of rules that differ in nothing but which other zones have the same rule. */
  get likeness(): string {
    return this.#maker.likeness;
  }

  /** Goes on from where a run stands that has been alike so far. */
  protected adopt(other: RuleRun): void {
    const { occurrence, rule } = this.running;
    occurrence.adopt(other.running.occurrence);
    rule.steady?.adopt?.(other.running.rule);
    this.ticking = other.ticking;
    this.#ids = other.#ids;
  }

  /** What it asks of `JerkCounts`, as of the newest `restart`; null: nothing. */
  get jerkAsking(): JerkAsking | null {
    const { ticking, running } = this;
    const { jerksPerMin } = running.rule;
    return jerksPerMin === undefined ? null : { perMinute: jerksPerMin, ticking, arming: running.arming };
  }

  /** Looks up which tracks of a file can ever matter here. */
  enter(columns: LogColumns, paths: Paths): void {
    this.#entered = { columns, paths };
    const heeds = this.#heeds;
    if (!heeds) return;
    const { labelBits, matters } = heededOf(heeds, columns, paths);
    this.labelBits = labelBits;
    this.matters = matters;
    this.#jerkers = new JerkersAt(heeds.company, columns);
    this.#company = heeds.company ? new CompanyAt(heeds.company, columns) : null;
  }

  /** Whether a block has to be gone through. */
  isActive(columns: LogColumns, block: Block): boolean {
    return this.heedsBlock(columns, block) || !this.isIdle(this.ticking.before(block.fromEntry));
  }

  /** Whether anything of a block can matter. */
  protected heedsBlock(columns: LogColumns, block: Block): boolean {
    const heeds = this.#heeds;
    if (!heeds || this.needs.kind !== "tracks") return true;
    if (block.points === 0 || (block.labelBits & this.labelBits) === 0) return false;
    if (this.jerks?.isAnyIn(block) === false) return false;
    if (block.toAppearance - block.fromAppearance < this.#least || this.#company?.mayBeIn(block) === false)
      return false;
    const bounds = this.#bounds;
    return bounds === null || columns.blockExtents.mayLieIn(block.number, bounds, heeds);
  }

  /** Of what is open, fewer than make it hold may keep it so. */
  get #least(): number {
    return this.running.occurrence.open ? 1 : (this.#heeds?.least ?? 1);
  }

  /** Whether nothing at all can happen while nothing heeded comes. */
  isIdle(t: number): boolean {
    return this.running.occurrence.open === null && this.ruleRests(t);
  }

  protected ruleRests(t: number): boolean {
    return this.running.rule.rests?.(t) ?? false;
  }

  /** Looks at an entry, or leaves it out where that changes nothing. */
  follow(place: Place): void {
    if (this.#heedsEntry(place) || !this.running.rests(place.t)) this.look(place);
  }

  /** A file ends here, or the log. */
  settle(): void {
    // Nothing was left open.
  }

  protected look(place: Place, tracks = this.tracksAt(place)): void {
    const look = new EntryLook(place, { tracks, jerks: this.jerksAt(place) });
    this.tellAll(place, this.running.phases(look, this.hasMembersOnly));
  }

  protected jerksAt({ from, entry }: EntryAt): TrackJerks | undefined {
    return this.jerks?.at(from + entry);
  }

  protected tellAll({ from, entry }: Pick<Place, "from" | "entry">, changes: readonly PhaseChange[]): void {
    for (const change of changes) this.#tell(from + entry, change, this.running);
  }

  protected tracksAt({ columns, block, entry }: EntryAt): readonly Track[] {
    return this.needs.kind === "measure" ? noTracks : columns.tracksOnce(block, entry);
  }

  /** The camera had gone. */
  lose(entry: number, nowMs: number): void {
    this.tellAll({ from: 0, entry }, this.running.closing(nowMs, "camera-lost"));
  }

  /**
   * The gateway began anew, or the picture's shape changed: the memory is gone, what is open goes on.
   * @param shared the clock of all rules that go on with nothing
   */
  restart(nowMs: number, aspect: number, shared: Ticking): void {
    const { open } = this.running;
    this.running = this.#make(aspect);
    this.ticking = open ? new Ticking(this.needs, this.running.clock) : shared;
    // How far a rod reaches depends on the shape.
    if (this.#entered) this.enter(this.#entered.columns, this.#entered.paths);
    if (open) this.running.resume(open, this.ticking.clock.advance(nowMs));
  }

  #heedsEntry({ columns, block, entry }: Place): boolean {
    const heeds = this.#heeds;
    if (!heeds) return true;
    const { jerks } = this;
    if (jerks?.isAnyAt(entry) === false) return false;
    const bounds = this.#bounds;
    const { bytes } = block.body;
    let missing = this.#least;
    let at = columns.pointsAt[entry] ?? 0;
    for (let left = columns.pointCount[entry] ?? 0; left >= missing; left -= 1, at += pointBytes) {
      if (this.matters[block.fromAppearance + slotAt(bytes, at)] === 0) continue;
      if (bounds !== null && !mayLieIn(bytes, at, bounds, heeds)) continue;
      if (heeds.company && this.#company?.mayFit(block, entry, at, heeds.company) === false) continue;
      if (jerks && this.#jerkers?.mayBe(jerks, block, entry, at) === false) continue;
      missing -= 1;
      if (missing === 0) return true;
    }
    return false;
  }
}

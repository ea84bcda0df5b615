/** Somebody else was faster: what both changed is shown side by side, and a person decides; the rest is joined. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Line, Mask, RulesConflict, Zone } from "../../api.ts";
import { Dialog } from "../parts/dialog.tsx";
import { momentText, t } from "../shell/language.ts";
import { conflictTexts } from "../texts/conflict.ts";
import { clashesOf, clashKey, merged, type Choices, type Clash } from "./core/merging.ts";
import { rulesOf } from "./core/draft-text.ts";
import { pointsOf } from "./core/shape.ts";
import type { Desk } from "./desk.ts";
import { settleConflict } from "./draft-steps.ts";
import { applyDraft } from "./draft-bar.tsx";

type Node = Zone | Line | Mask;

/** Open while a conflict waits. */
export function ConflictDialog({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const conflict = desk.conflict.value;
  return conflict ? <Decision desk={desk} conflict={conflict} /> : null;
}

function Decision({ desk, conflict }: { readonly desk: Desk; readonly conflict: RulesConflict }): JSX.Element {
  const choices = useSignal<Choices>({});
  const mine = desk.editor.history.value.present;
  const sides = { base: conflict.base, mine, theirs: rulesOf(conflict.theirs) };
  const clashes = clashesOf(sides);
  const { by } = conflict;
  const settle = (andApply: boolean) => (): void => {
    settleConflict(desk, merged(sides, choices.value));
    if (andApply) void applyDraft(desk);
  };
  const close = (): void => {
    desk.conflict.value = null;
    desk.overtaken.value = true;
  };
  return (
    <Dialog title={t(conflictTexts.title)} close={close} testid="conflict-dialog">
      {by && <p>{t(conflictTexts.by, { user: by.user ?? t(conflictTexts.byHand), time: momentText(by.atMs) })}</p>}
      <p>{t(clashes.length === 0 ? conflictTexts.joined : conflictTexts.decide, { count: clashes.length })}</p>
      {clashes.map((clash) => (
        <ClashRow
          key={clashKey(clash)}
          clash={clash}
          choice={choices.value[clashKey(clash)] ?? "theirs"}
          choose={(choice) => {
            choices.value = { ...choices.value, [clashKey(clash)]: choice };
          }}
        />
      ))}
      <div class="row">
        <button type="button" data-testid="conflict-apply" onClick={settle(true)}>
          {t(conflictTexts.apply)}
        </button>
        <button type="button" class="plain" data-testid="conflict-edit" onClick={settle(false)}>
          {t(conflictTexts.edit)}
        </button>
      </div>
    </Dialog>
  );
}

function ClashRow({
  clash,
  choice,
  choose,
}: {
  readonly clash: Clash;
  readonly choice: "mine" | "theirs";
  readonly choose: (choice: "mine" | "theirs") => void;
}): JSX.Element {
  const name = nameOf(clash.mine ?? clash.theirs) ?? clash.id;
  return (
    <fieldset class="clash" data-testid={`clash-${clash.id}`}>
      <legend>{name}</legend>
      {(["mine", "theirs"] as const).map((side) => (
        <label key={side} class="switch">
          <input type="radio" name={clashKey(clash)} checked={choice === side} onChange={() => choose(side)} />
          <Thumb node={clash[side]} base={clash.base} />
          <span>
            {t(side === "mine" ? conflictTexts.mine : conflictTexts.theirs)}
            <small>{clash[side] === null ? t(conflictTexts.removed) : settingsText(clash[side])}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function nameOf(node: Node | null): string | null {
  return node !== null && "name" in node && typeof node.name === "string" ? node.name : null;
}

/** What the rules of a node say, short. */
function settingsText(node: Node): string {
  if (!("rules" in node)) return "";
  return (node as Zone).rules
    .map(({ type, ...rest }) =>
      [type, ...Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`)].join(" "),
    )
    .join("; ");
}

/** The outline in small, over what it was before. */
function Thumb({ node, base }: { readonly node: Node | null; readonly base: Node | null }): JSX.Element {
  return (
    <svg class="thumb" viewBox="0 0 160 90" aria-hidden="true">
      {base && <polygon class="base" points={outline(base)} />}
      {node && <polygon points={outline(node)} />}
    </svg>
  );
}

function outline(node: Node): string {
  const points = pointsOf(node);
  // Of a line there and back: it must not be closed.
  const closed = "polygon" in node ? points : [...points, ...points.slice(1, -1).reverse()];
  return closed.map(([x, y]) => `${x * 160},${y * 90}`).join(" ");
}

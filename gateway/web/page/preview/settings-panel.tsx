/** What the chosen shape does: its name, its purpose, its rules with sliders over what was really seen. */
import type { JSX } from "preact";
import type { Line, Rule, RuleSet, Zone } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { language, t } from "../shell/language.ts";
import { catalogue } from "../editor/catalogue.ts";
import { withNode, type Shape } from "../editor/core/shape.ts";
import type { Desk } from "../editor/desk.ts";
import { rulesOfShape } from "../editor/enabled.ts";
import { settingsTexts } from "../texts/settings.ts";
import { useDistributions } from "./distributions.ts";
import { RuleForm } from "./rule-form.tsx";
import "./preview.css";

const kinds = ["general", "no-fishing", "closed-season", "one-rod-water", "shoreline", "water", "restricted"] as const;
/** Purposes under which anglers are looked for. */
const fished: readonly string[] = ["no-fishing", "closed-season", "one-rod-water", "shoreline", "water"];
const anchors = ["bottom", "center", "any"] as const;
const anchorTexts: Readonly<Record<(typeof anchors)[number], Text>> = {
  bottom: settingsTexts.anchorBottom,
  center: settingsTexts.anchorCenter,
  any: settingsTexts.anchorAny,
};
const directions = ["left-to-right", "right-to-left", "both"] as const;
const directionNames: Readonly<Record<(typeof directions)[number], () => string>> = {
  "left-to-right": () => "A→B",
  "right-to-left": () => "B→A",
  both: () => t(settingsTexts.both),
};

/** The panel. */
export function SettingsPanel({ desk, may }: { readonly desk: Desk; readonly may: boolean }): JSX.Element {
  const shape = desk.editor.shape.value;
  const seen = useDistributions(desk.camera);
  if (!shape) return <p class="empty">{t(settingsTexts.chooseShape)}</p>;
  const change = <N extends Zone | Line>(with_: (node: N) => N, run: string | null = null): void =>
    desk.editor.change((rules: RuleSet) => withNode<N>(rules, shape, with_), run);
  return (
    <fieldset class="settings-panel" disabled={!may} data-testid="settings-panel">
      <legend class="unseen">{shape.name}</legend>
      {shape.kind !== "mask" && (
        <label>
          {t(settingsTexts.name)}
          <input
            data-testid="name"
            maxLength={64}
            value={shape.name}
            // Letter by letter, as one step: whatever draws this panel anew in between must not lose what was typed.
            onInput={(event) => {
              const name = event.currentTarget.value;
              change((node) => ({ ...node, name: name === "" ? node.id : name }), `name ${shape.id}`);
            }}
          />
          <small>
            {t(settingsTexts.id)}: <code>{shape.id}</code>
          </small>
        </label>
      )}
      {shape.kind === "zone" && <ZoneFields shape={shape} change={change} />}
      {shape.kind === "line" && <Directions shape={shape} change={change} />}
      {shape.kind !== "mask" && (
        <Rules
          shape={shape}
          desk={desk}
          seen={seen}
          change={(rules, run) => change((node) => ({ ...node, rules }), run)}
        />
      )}
    </fieldset>
  );
}

function ZoneFields({
  shape,
  change,
}: {
  readonly shape: Shape;
  readonly change: (with_: (node: Zone) => Zone) => void;
}): JSX.Element {
  const zone = shape.node as Zone;
  return (
    <>
      <div class="two">
        <label>
          {t(settingsTexts.kind)}
          <select
            data-testid="kind"
            value={zone.kind ?? "general"}
            onChange={(event) => {
              const kind = event.currentTarget.value;
              change((node) => ({ ...node, kind }));
            }}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(settingsTexts[kind])}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t(settingsTexts.anchor)}
          <select
            data-testid="anchor"
            value={zone.anchor ?? "bottom"}
            onChange={(event) => {
              const anchor = anchors.find((one) => one === event.currentTarget.value) ?? "bottom";
              change((node) => ({ ...node, anchor }));
            }}
          >
            {anchors.map((anchor) => (
              <option key={anchor} value={anchor}>
                {t(anchorTexts[anchor])}
              </option>
            ))}
          </select>
        </label>
      </div>
      {fished.includes(zone.kind ?? "general") && <p class="note">{t(settingsTexts.alongBank)}</p>}
    </>
  );
}

function Directions({
  shape,
  change,
}: {
  readonly shape: Shape;
  readonly change: (with_: (node: Line) => Line) => void;
}): JSX.Element {
  const { direction = "both" } = shape.node as Line;
  return (
    <div role="group" aria-label={t(settingsTexts.direction)} class="segments">
      {directions.map((one) => (
        <button
          key={one}
          type="button"
          class="plain"
          data-testid={`direction-${one}`}
          aria-pressed={direction === one}
          onClick={() => change((node) => ({ ...node, direction: one }))}
        >
          {directionNames[one]()}
        </button>
      ))}
    </div>
  );
}

function Rules({
  shape,
  desk,
  seen,
  change,
}: {
  readonly shape: Shape;
  readonly desk: Desk;
  readonly seen: ReturnType<typeof useDistributions>;
  readonly change: (rules: readonly Rule[], run: string | null) => void;
}): JSX.Element {
  const rules = rulesOfShape(shape);
  const place = shape.kind === "line" ? "line" : "zone";
  const types = (catalogue.value ?? []).filter(({ on }) => on.includes(place));
  return (
    <section>
      <h2>{t(settingsTexts.rules)}</h2>
      {rules.length === 0 && <p class="note">{t(settingsTexts.noRules)}</p>}
      {rules.map((rule, index) => (
        <RuleForm
          key={`${index} ${rule.type}`}
          shape={shape}
          rule={rule}
          schedules={desk.editor.rules.value.schedules.map(({ id }) => id)}
          seen={seen}
          change={(next, key) =>
            change(
              rules.map((one, each) => (each === index ? next : one)),
              key === null ? null : `rule ${shape.id} ${index} ${key}`,
            )
          }
          remove={() =>
            change(
              rules.filter((_, each) => each !== index),
              null,
            )
          }
        />
      ))}
      <select
        aria-label={t(settingsTexts.addRule)}
        data-testid="add-rule"
        value=""
        onChange={(event) => {
          const type = event.currentTarget.value;
          event.currentTarget.value = "";
          if (type !== "") change([...rules, { type }], null);
        }}
      >
        <option value="">{t(settingsTexts.addRule)}</option>
        {types.map(({ id, name }) => (
          <option key={id} value={id}>
            {name[language.value]}
          </option>
        ))}
      </select>
    </section>
  );
}

/** What an address names: a setting, as the steps of a rule's reasoning do (`zones/ZONE/rules/RULE/KEY`), or `clip/EVENT`. */
import type { Desk } from "./desk.ts";
import { rulesOfShape } from "./enabled.ts";
import { tab } from "./sheet.tsx";

/** The panel is fetched when it is first opened. */
const patienceMs = 5_000;

/** Chooses the shape, opens its settings and puts the focus where the value is; a shape that is gone is passed over. */
export function openSetting(desk: Desk, setting: string): void {
  if (setting.startsWith("clip/")) {
    tab.value = "preview";
    return;
  }
  const [, shapeId, , ruleId, key = ""] = setting.split("/");
  const shape = desk.editor.shapes.value.find(({ id }) => id === shapeId);
  if (!shape) return;
  desk.editor.select({ kind: shape.kind, id: shape.id });
  tab.value = "settings";
  const rule = rulesOfShape(shape).find(({ id, type }) => (id ?? type) === ruleId);
  if (rule) focusOn(`[data-testid="rule-${rule.type}"]`, `[data-testid="slider-${key}"] input`, performance.now());
}

function focusOn(form: string, field: string, sinceMs: number): void {
  const found = document.querySelector<HTMLElement>(form);
  if (found) {
    const target = found.querySelector<HTMLElement>(field) ?? found.querySelector<HTMLElement>("summary") ?? found;
    target.scrollIntoView({ block: "center" });
    target.focus();
  } else if (performance.now() - sinceMs < patienceMs) {
    requestAnimationFrame(() => focusOn(form, field, sinceMs));
  }
}

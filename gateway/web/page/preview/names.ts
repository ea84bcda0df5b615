/** What types and shapes are called in the panels. */
import { catalogue } from "../editor/catalogue.ts";
import type { Desk } from "../editor/desk.ts";
import { chineseMarks } from "../parts/chinese-marks.ts";
import { language } from "../shell/language.ts";

/** The type's name in the reader's language; its id until the catalogue is there. */
export function typeName(type: string): string {
  const found = catalogue.value?.find(({ id }) => id === type);
  return found ? (language.value === "zh" ? chineseMarks(found.name.zh) : found.name.en) : type;
}

/** As the draft calls it. */
export function zoneName(desk: Desk, zone: string): string {
  return desk.editor.shapes.value.find(({ id }) => id === zone)?.name ?? zone;
}

/** What the catalogue's event types are for, in the words that people write behind `purpose` (pure). */
import { departments, type EventType } from "./catalogue.ts";

/** Words of each group beside its id. Pictures that are bad are everybody's business: nobody has to allow that they are told. */
const groupWords: Readonly<Record<EventType["group"], readonly string[]>> = {
  "river-fishery": ["fishery", "渔政", "禁捕"],
  "water-environment": ["水环境", "环保", "河长"],
  hydrology: ["水文", "防汛"],
  "city-appearance": ["市容", "城管"],
  advertising: ["户外广告", "城管"],
  construction: ["工地", "住建"],
  emergency: ["应急", "消防"],
  "street-order": ["街面秩序", "治安", "城管"],
  "video-quality": [],
};

/** Every word that allows a rule of this type: group, departments, and what people call them. */
export function purposesOf({ group, departments: told }: EventType): readonly string[] {
  const names = told.flatMap((id) => [id, ...(departments[id]?.zh.split(/[/()]/).filter(Boolean) ?? [])]);
  return [group, ...groupWords[group], ...names];
}

/** How a site's city numbers an event type (pure): its own codes first, then those of public lists with their caveats. */
import type { CodeLists } from "../../config/site-schema.ts";
import type { EventTypeInfo } from "./event.ts";

/** The type with the codes of `lists` before the catalogue's; a list without this type adds nothing. */
export function withCityCodes(info: EventTypeInfo, lists: CodeLists = []): EventTypeInfo {
  const own = lists.flatMap(({ scheme, types }) =>
    types
      .filter(({ type }) => type === info.id)
      .map(({ code, name = info.nameZh }) => ({ scheme, code, name, evidence: "gateway.yaml" })),
  );
  return own.length === 0 ? info : { ...info, official: [...own, ...info.official] };
}

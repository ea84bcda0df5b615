/** What to look for: every field writes the address, the address asks the box. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CatalogueType } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { catalogue, loadCatalogue } from "../editor/catalogue.ts";
import { KeptInput } from "../parts/kept-input.tsx";
import { t } from "../shell/language.ts";
import { cameras } from "../shell/live.ts";
import { goTo, place, setFilters } from "../shell/router.ts";
import { said } from "../shell/say-failure.ts";
import { eventTexts } from "../texts/events.ts";
import { fieldOf, filterCount, msOf, toggled, withoutFilters } from "./filters.ts";
import { found } from "./found.ts";
import { certaintyTexts, markTexts, severityTexts } from "./names.ts";

const severities = [1, 2, 3, 4] as const;
const spans = [
  ["lastHour", 3_600_000],
  ["lastDay", 86_400_000],
  ["lastWeek", 7 * 86_400_000],
] as const;

/** Folded until it is wanted: what was asked by the address is unfolded where there is room, on a phone it is counted. */
export function FilterBar(): JSX.Element {
  const { filters, path } = place.value;
  const count = filterCount(filters);
  useEffect(() => {
    // Without the catalogue the types that were found can still be chosen.
    loadCatalogue().catch(() => undefined);
  }, []);
  return (
    <details
      class="card filters"
      data-testid="filters"
      open={count > 0 && matchMedia("(min-width: 601px)").matches ? true : undefined}
    >
      <summary>{count === 0 ? t(eventTexts.filters) : t(eventTexts.filtersOn, { count })}</summary>
      <div class="filter-fields">
        <Choice name="camera" text={eventTexts.camera}>
          {(cameras.value ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Choice>
        <Choice name="type" text={eventTexts.type}>
          {typesFor(catalogue.value).map(({ id, text }) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </Choice>
        <Typed name="zone" text={eventTexts.zone} />
        <Typed name="label" text={eventTexts.label} />
        <Choice name="certainty" text={eventTexts.certainty}>
          <option value="suspected">{t(certaintyTexts.suspected)}</option>
          <option value="detected">{t(certaintyTexts.detected)}</option>
        </Choice>
        <Choice name="mark" text={eventTexts.mark}>
          <option value="none">{t(eventTexts.none)}</option>
          <option value="true">{t(markTexts.true)}</option>
          <option value="false">{t(markTexts.false)}</option>
          <option value="unsure">{t(markTexts.unsure)}</option>
        </Choice>
        <Choice name="acknowledged" text={eventTexts.delivered}>
          <option value="true">{t(eventTexts.acknowledged)}</option>
          <option value="false">{t(eventTexts.waiting)}</option>
        </Choice>
        <Choice name="open" text={eventTexts.state}>
          <option value="true">{t(eventTexts.open)}</option>
          <option value="false">{t(eventTexts.ended)}</option>
        </Choice>
        <Choice name="testWalk" text={eventTexts.testWalk}>
          <option value="false">{t(eventTexts.noWalk)}</option>
          <option value="true">{t(eventTexts.onlyWalk)}</option>
        </Choice>
        <Moment name="fromMs" text={eventTexts.from} />
        <Moment name="toMs" text={eventTexts.to} />
        <fieldset class="row">
          <legend>{t(eventTexts.severity)}</legend>
          {severities.map((one) => (
            <button
              key={one}
              type="button"
              class="plain"
              data-testid={`severity-${one}`}
              aria-pressed={(filters["severity"] ?? "").split(",").includes(String(one))}
              onClick={() => setFilters({ severity: toggled(filters["severity"] ?? "", String(one)) })}
            >
              {t(severityTexts[one])}
            </button>
          ))}
        </fieldset>
        <div class="row spans">
          {spans.map(([name, ms]) => (
            <button
              key={name}
              type="button"
              class="plain"
              onClick={() => setFilters({ fromMs: String(Date.now() - ms), toMs: "" })}
            >
              {t(eventTexts[name])}
            </button>
          ))}
          <button
            type="button"
            class="plain"
            data-testid="clear-filters"
            disabled={count === 0}
            onClick={() => goTo(path, withoutFilters(filters), true)}
          >
            {t(eventTexts.clear)}
          </button>
        </div>
      </div>
    </details>
  );
}

/** Types of the catalogue, with those that were found and are not in it. */
function typesFor(all: readonly CatalogueType[] | null): readonly { readonly id: string; readonly text: string }[] {
  const types = new Map((all ?? []).map(({ id, name }) => [id, said(name)]));
  for (const { type, name } of found.value ?? []) if (!types.has(type)) types.set(type, said(name));
  const chosen = place.value.filters["type"] ?? "";
  if (chosen !== "" && !types.has(chosen)) types.set(chosen, chosen);
  return [...types].map(([id, text]) => ({ id, text }));
}

function Choice(parts: {
  readonly name: string;
  readonly text: Text;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { name, text, children } = parts;
  return (
    <label>
      {t(text)}
      <select
        data-testid={`filter-${name}`}
        value={place.value.filters[name] ?? ""}
        onChange={(event) => setFilters({ [name]: event.currentTarget.value })}
      >
        <option value="">{t(eventTexts.all)}</option>
        {children}
      </select>
    </label>
  );
}

function Typed({ name, text }: { readonly name: string; readonly text: Text }): JSX.Element {
  return (
    <label>
      {t(text)}
      <KeptInput
        data-testid={`filter-${name}`}
        value={place.value.filters[name] ?? ""}
        take={({ value }) => setFilters({ [name]: value.trim() })}
      />
    </label>
  );
}

function Moment({ name, text }: { readonly name: "fromMs" | "toMs"; readonly text: Text }): JSX.Element {
  return (
    <label class="moment">
      {t(text)}
      <KeptInput
        type="datetime-local"
        data-testid={`filter-${name}`}
        value={fieldOf(place.value.filters[name])}
        take={({ value }) => setFilters({ [name]: msOf(value) })}
      />
    </label>
  );
}

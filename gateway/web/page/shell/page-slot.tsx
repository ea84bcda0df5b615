/** The page of the present address, fetched when it is first opened. */
import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { shellTexts } from "../texts/shell.ts";
import { t } from "./language.ts";
import { pageAt, type Page } from "./pages.tsx";
import { place } from "./router.ts";
import { may, role } from "./session.ts";
import { roleTexts } from "./roles.ts";

/** Loaded pages; null: the chunk could not be fetched. */
const loaded = signal<ReadonlyMap<Page, ComponentType | null>>(new Map());

function fetchPage(page: Page): void {
  const keep = (component: ComponentType | null): void => {
    loaded.value = new Map(loaded.value).set(page, component);
  };
  page.load().then(keep, () => keep(null));
}

/** What fills the middle. */
export function PageSlot(): JSX.Element {
  const page = pageAt(place.value.path);
  const component = page ? loaded.value.get(page) : undefined;
  useEffect(() => {
    if (page && may(page.least) && !loaded.value.has(page)) fetchPage(page);
  }, [page]);
  return (
    <main
      id="main"
      class={page?.inSettings && page.isWide !== true ? "narrow" : ""}
      tabIndex={-1}
      aria-busy={page !== null && component === undefined}
    >
      {inner(page, component)}
    </main>
  );
}

function inner(page: Page | null, Component: ComponentType | null | undefined): JSX.Element {
  if (page === null) return <p class="empty">{t(shellTexts.notFound)}</p>;
  if (!may(page.least))
    return <p class="empty">{t(shellTexts.notAllowed, { role: t(roleTexts[role.value ?? "viewer"]) })}</p>;
  if (Component === undefined) return <p class="empty">{t(shellTexts.loading)}</p>;
  if (Component !== null) return <Component />;
  return (
    <div class="trouble" role="alert">
      <p>{t(shellTexts.loadFailed)}</p>
      <button type="button" onClick={() => fetchPage(page)}>
        {t(shellTexts.retry)}
      </button>
    </div>
  );
}

/** The frame around every page: door, navigation, banners, the page itself, notes. */
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { lazy } from "../parts/lazy.tsx";
import { shellTexts } from "../texts/shell.ts";
import { Banners } from "./banners.tsx";
import { Door } from "./door.tsx";
import { t } from "./language.ts";
import { Navigation } from "./navigation.tsx";
import { PageSlot } from "./page-slot.tsx";
import { begin, session } from "./session.ts";
import { Toasts } from "./toasts.tsx";
import { Trouble, useLoading } from "./loading.tsx";

/** All that a screen shows that came by its link. */
const Wall = lazy(async () => (await import("../live/live-page.tsx")).LivePage);

/** Everything. */
export function App(): JSX.Element {
  const loading = useLoading(begin);
  const known = session.value;
  useEffect(() => {
    document.title = t(shellTexts.product);
  });
  if (known === null)
    return (
      <main class="door" aria-busy={loading.error.value === null}>
        {loading.error.value === null ? (
          <p>{t(shellTexts.loading)}</p>
        ) : (
          <Trouble error={loading.error.value} retry={loading.again} />
        )}
      </main>
    );
  if (known.state !== "in") return <Door state={known.state} />;
  if (known.isScreen)
    return (
      <main id="main" class="screen" tabIndex={-1}>
        <Wall />
      </main>
    );
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={skipToMain}>
        {t(shellTexts.skip)}
      </a>
      <Navigation />
      <Banners />
      <PageSlot />
      <Toasts />
    </div>
  );
}

function skipToMain(event: Event): void {
  event.preventDefault(); // The fragment is the address of the page: a jump inside it must not change it.
  document.getElementById("main")?.focus();
}

/**
 * The table of pages. A new page is one line here and one folder beside `live/`: it exports a component that takes no
 * properties, reads `place` for its filters, and is loaded when it is first opened.
 */
import type { ComponentType } from "preact";
import type { Role } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { shellTexts } from "../texts/shell.ts";

/** One page. */
export interface Page {
  /** Path behind the `#`; what follows it after a `/` belongs to the page. */
  readonly path: string;
  readonly title: Text;
  /** Path data of its sign in the bar, in a square of 24; empty for pages of the settings. */
  readonly sign: string;
  /** The least role that may open it. */
  readonly least: Role;
  /** Stands in the settings instead of the bar, which has room for five on a phone. */
  readonly inSettings?: boolean;
  /** A page of the settings that needs the whole width, for a picture. */
  readonly isWide?: boolean;
  readonly load: () => Promise<ComponentType>;
}

export const pages: readonly Page[] = [
  {
    path: "/live",
    title: shellTexts.live,
    sign: "M3 6h12v12H3zM15 10l6-3v10l-6-3z",
    least: "viewer",
    load: async () => (await import("../live/live-page.tsx")).LivePage,
  },
  {
    path: "/zones",
    title: shellTexts.zones,
    sign: "M4 8l8-5 8 6-3 11H7z",
    least: "viewer",
    load: async () => (await import("../editor/zones-page.tsx")).ZonesPage,
  },
  {
    path: "/events",
    title: shellTexts.events,
    sign: "M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zM10 20h4",
    least: "viewer",
    load: async () => (await import("../events/events-page.tsx")).EventsPage,
  },
  {
    path: "/health",
    title: shellTexts.health,
    sign: "M3 12h4l3-7 4 14 3-7h4",
    least: "viewer",
    load: async () => (await import("../health/health-page.tsx")).HealthPage,
  },
  {
    path: "/schedules",
    title: shellTexts.schedules,
    sign: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 2",
    least: "viewer",
    load: async () => (await import("../schedules/schedules-page.tsx")).SchedulesPage,
  },
  {
    path: "/cameras",
    title: shellTexts.cameras,
    sign: "",
    least: "technician",
    inSettings: true,
    load: async () => (await import("../wizard/cameras-page.tsx")).CamerasPage,
  },
  {
    path: "/water",
    title: shellTexts.water,
    sign: "",
    least: "viewer",
    inSettings: true,
    isWide: true,
    load: async () => (await import("../water/water-page.tsx")).WaterPage,
  },
  {
    path: "/trial",
    title: shellTexts.trial,
    sign: "",
    least: "viewer",
    inSettings: true,
    load: async () => (await import("../trial/trial-page.tsx")).TrialPage,
  },
  {
    path: "/config",
    title: shellTexts.config,
    sign: "",
    least: "technician",
    inSettings: true,
    load: async () => (await import("../config/config-page.tsx")).ConfigPage,
  },
  {
    path: "/users",
    title: shellTexts.users,
    sign: "",
    least: "viewer",
    inSettings: true,
    load: async () => (await import("../users/users-page.tsx")).UsersPage,
  },
  {
    path: "/set-up",
    title: shellTexts.setUp,
    sign: "",
    least: "admin",
    inSettings: true,
    load: async () => (await import("../wizard/set-up-page.tsx")).SetUpPage,
  },
];

/** The page of an address; null when there is none. */
export function pageAt(path: string): Page | null {
  return pages.find((page) => path === page.path || path.startsWith(`${page.path}/`)) ?? null;
}

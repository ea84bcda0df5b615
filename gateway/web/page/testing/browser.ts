/** One Chromium for a test file, and what tests do with the zone editor in it. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from "playwright-core";
import type { RuleSet, XY } from "../../api.ts";

/** Debian's browser; where it is missing these tests are skipped, visibly. */
export const browserPath = "/usr/bin/chromium";
export const hasBrowser = existsSync(browserPath);

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** @throws where there is no browser */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: [...flags, "--disable-component-update", "--disable-sync"],
  });
}

/** How a visitor looks at the page. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly touch?: boolean;
  readonly language?: "zh" | "en";
  readonly theme?: "dark" | "light" | "outdoor";
  /** IANA; this machine's when left out. */
  readonly timezone?: string;
}

/** A visitor of their own: cookies, stores, choices. */
export async function visitor(browser: Browser, look: Look): Promise<BrowserContext> {
  const { width, height, touch = false, language = "zh", theme = "dark", timezone } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: touch,
    isMobile: touch,
    // A box's own certificate is nobody's yet.
    ignoreHTTPSErrors: true,
    ...(timezone === undefined ? {} : { timezoneId: timezone }),
    locale: language === "zh" ? "zh-CN" : "en-GB",
  });
  await context.addInitScript(
    ([wantedLanguage, wantedTheme]) => {
      localStorage.setItem("xueliang.language", wantedLanguage);
      localStorage.setItem("xueliang.theme", wantedTheme);
      sessionStorage.setItem("xueliang.test", "1");
    },
    [language, theme] as const,
  );
  return context;
}

/** What the editor says of itself. */
export interface EditorSnapshot {
  readonly rules: RuleSet;
  readonly base: RuleSet;
  readonly selected: { readonly kind: string; readonly id: string } | null;
  readonly vertex: number | null;
  readonly state: string;
  readonly view: { readonly zoom: number; readonly left: number; readonly top: number };
  readonly past: number;
  readonly future: number;
  readonly revision: string;
  /** What is painted over the newest live frame. */
  readonly marks: readonly { readonly zone: string | null; readonly anchor: XY; readonly dwell: string }[];
}

/** A place on the screen, pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A page with the zone editor open. */
export class EditorPage {
  readonly page: Page;
  readonly address: string;
  #cdp: CDPSession | null = null;

  constructor(page: Page, address: string) {
    this.page = page;
    this.address = address;
  }

  /** Opens a camera and waits for its first live picture. */
  async open(camera: string): Promise<void> {
    await this.page.goto("about:blank");
    await this.page.goto(`${this.address}#/zones/${camera}`);
    await this.page.waitForSelector("[data-testid=stage]");
    await this.page.waitForSelector("[data-testid=shapes-panel]");
  }

  state(): Promise<EditorSnapshot> {
    return this.page.evaluate(() =>
      (window as unknown as { __zoneEditor: { getState(): EditorSnapshot } }).__zoneEditor.getState(),
    );
  }

  /** Points of a shape. */
  async points(id: string): Promise<readonly XY[]> {
    const { zones, lines, masks } = (await this.state()).rules;
    const area = [...zones, ...masks].find((one) => one.id === id);
    const line = lines.find((one) => one.id === id);
    return area?.polygon ?? (line ? [line.from, ...(line.via ?? []), line.to] : []);
  }

  /** A place of the picture on the screen, at the present zoom. */
  async px([x, y]: XY): Promise<{ readonly x: number; readonly y: number }> {
    const box = await this.page.getByTestId("stage").boundingBox();
    const { view } = await this.state();
    if (!box) throw new Error("the stage is not on the screen");
    return {
      x: box.x + (x - view.left) * view.zoom * box.width,
      y: box.y + (y - view.top) * view.zoom * box.height,
    };
  }

  async click(
    at: XY,
    options: { readonly button?: "left" | "right"; readonly clickCount?: number } = {},
  ): Promise<void> {
    const { x, y } = await this.px(at);
    await this.page.mouse.click(x, y, options);
  }

  async drag(from: XY, to: XY, steps = 4): Promise<void> {
    const [a, b] = [await this.px(from), await this.px(to)];
    await this.page.mouse.move(a.x, a.y);
    await this.page.mouse.down();
    await this.page.mouse.move(b.x, b.y, { steps });
    await this.page.mouse.up();
  }

  press(...keys: readonly string[]): Promise<void> {
    return keys.reduce(async (before, key) => {
      await before;
      await this.page.keyboard.press(key);
    }, Promise.resolve());
  }

  tool(id: string): Promise<void> {
    return this.page.getByTestId(`tool-${id}`).click();
  }

  async status(): Promise<string> {
    return (await this.page.getByTestId("status-line").textContent()) ?? "";
  }

  /** Where fingers go, reckoned beforehand: between two touches no time must pass that makes a long press of them. */
  aim(at: readonly XY[]): Promise<readonly Spot[]> {
    return Promise.all(at.map((one) => this.px(one)));
  }

  /** Fingers: the browser's own touch input, several at once. */
  async touch(type: "touchStart" | "touchMove" | "touchEnd", spots: readonly Spot[]): Promise<void> {
    this.#cdp ??= await this.page.context().newCDPSession(this.page);
    const touchPoints = spots.map(({ x, y }, id) => ({ x: Math.round(x), y: Math.round(y), id }));
    await this.#cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
  }

  async tap(at: XY): Promise<void> {
    const spots = await this.aim([at]);
    await this.touch("touchStart", spots);
    await this.touch("touchEnd", []);
  }

  /** Asks the box through the page's own session. */
  ask<T>(method: string, path: string, body: unknown = null, ifMatch: string | null = null): Promise<T> {
    return this.page.evaluate(
      async ([how, where, what, revision]) => {
        const session = (await (await fetch("/api/v1/session")).json()) as { csrf: string };
        const headers: Record<string, string> = { "x-csrf-token": session.csrf, "content-type": "application/json" };
        if (revision !== null) headers["if-match"] = `"${revision}"`;
        const response = await fetch(`/api/v1${where}`, {
          method: how,
          headers,
          ...(what === null ? {} : { body: JSON.stringify(what) }),
        });
        const text = await response.text();
        return (text === "" ? { status: response.status } : JSON.parse(text)) as unknown;
      },
      [method, path, body, ifMatch] as const,
    ) as Promise<T>;
  }

  /** Puts rules on the box, and opens the camera anew with no draft. */
  async reset(camera: string, rules: RuleSet): Promise<void> {
    const { revision } = await this.ask<{ revision: string }>("GET", `/cameras/${camera}/rules`);
    await this.ask("PUT", `/cameras/${camera}/rules`, rules, revision);
    await this.ask("DELETE", `/cameras/${camera}/draft`);
    await this.page.evaluate((id) => {
      localStorage.removeItem(`xueliang.draft.${id}`);
    }, camera);
    await this.open(camera);
  }
}

/** Waits until a question is answered with true; asks every 50 ms. `why` is asked when it never is. */
export async function until(
  what: string,
  ask: () => Promise<boolean>,
  deadlineMs = 60_000,
  why: () => Promise<string | null> = async () => null,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!(await ask())) {
    if (performance.now() > endMs) {
      const reason = await why();
      throw new Error(`it never came true: ${what}${reason === null ? "" : `; the page says: ${reason}`}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What is wrong with what a visitor sees: barriers by WCAG, words of another language, what sticks out or is cut off. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * Violations of WCAG 2.2 AA; with `rules` of those alone. Evaluated, not added as an element: the page's policy allows no script
 * from elsewhere. What is scrolled half under something that stays in view is measured again where it stands free.
 */
export async function barriers(page: Page, rules: readonly string[] | null = null): Promise<readonly string[]> {
  await page.evaluate(await readFile(axe, "utf8"));
  const runOnly = rules === null ? { type: "tag", values: tags } : { type: "rule", values: [...rules] };
  return page.evaluate(async (only) => {
    interface Node {
      readonly html: string;
      readonly target: readonly unknown[];
    }
    interface Found {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly Node[] }[];
    }
    interface Checker {
      run: (at: Document | Element, options: object) => Promise<Found>;
    }
    const { axe: checker } = window as unknown as { axe: Checker };
    const isSmall = async ({ target: [selector] }: Node): Promise<boolean> => {
      const element = typeof selector === "string" ? document.querySelector(selector) : null;
      if (!element) return true;
      const [x, y] = [scrollX, scrollY];
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const again = await checker.run(element, { runOnly: { type: "rule", values: ["target-size"] } });
      scrollTo({ left: x, top: y, behavior: "instant" });
      return again.violations.length > 0;
    };
    const told: string[] = [];
    for (const { id, nodes } of (await checker.run(document, { runOnly: only })).violations) {
      const left: Node[] = [];
      for (const node of nodes) if (id !== "target-size" || (await isSmall(node))) left.push(node);
      if (left.length > 0) told.push(`${id}: ${left.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    }
    return told;
  }, runOnly);
}

/** Terms of the trade, units, keys and names that a Chinese page writes in Latin letters too. */
const known = new Set(
  (
    "RTSP ONVIF URL IP IPv TCP UDP HTTP HTTPS TLS DNS NTP CIDR MAC ID CPU GPS USB UTC GMT " +
    "kB KB MB GB TB KiB MiB ms kbit Mbit fps px Hz dB lux " +
    "YAML JSON CSV ZIP JPEG MPEG SHA-256 SM3 ONNX H SD PTZ VCA WebSocket GOP " +
    "Smart H.264 H.265 VLAN F8 clip x64 arm64 Asia Shanghai Motion JPEG " +
    "Esc Enter Shift Ctrl Alt Tab Delete Backspace Home End " +
    "Node ffmpeg ffprobe linux English Xueliang Gateway Mon Tue Wed Thu Fri Sat Sun daily sunrise sunset"
  ).split(" "),
);

/**
 * Latin words in what a Chinese reader sees or hears: texts, names of controls, hints. What the box's owner or a program
 * wrote (ids, codes, paths, log lines) stands in `code`, `pre`, `samp` or says its language.
 */
export async function latinWords(page: Page, names: readonly string[] = []): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const foreign = "code, kbd, pre, samp, textarea, script, style, [lang]:not(html), .cm-editor, [translate=no]";
    const found: string[] = [];
    const note = (element: Element, text: string | null): void => {
      if (text !== null && /[A-Za-z]{2}/.test(text) && element.closest(foreign) === null) found.push(text.trim());
    };
    for (const element of document.body.querySelectorAll("*")) {
      if (!element.checkVisibility() || element.closest("[hidden]")) continue;
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) note(element, node.nodeValue);
      for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-valuetext"])
        note(element, element.getAttribute(name));
    }
    return found;
  });
  const allowed = new Set([...known, ...names]);
  return texts.flatMap((text) => {
    // Addresses, names of files, kinds of media, digests and versions are said as they are written.
    const rest = text.replaceAll(
      /\w+:\/\/\S+|[\w/]+\.(?:ya?ml|json|zip)|image\/jpeg|video\/mp4|\b[0-9a-f]{8,}\b|\bv?\d+(?:\.\d+)+\b/g,
      " ",
    );
    const words = [...rest.matchAll(/[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*/g)].map(([word]) => word);
    const strange = words.filter((word) => word.length > 1 && !allowed.has(word));
    return strange.length === 0 ? [] : [`${strange.join(" ")} ‹${text.slice(0, 80)}›`];
  });
}

/** What sticks out of the page to the right, and texts that are cut off without a sign that there is more. */
export async function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const over = root.scrollWidth - root.clientWidth;
    const found = over > 0 ? [`sticks out ${over} px`] : [];
    for (const element of document.body.querySelectorAll("*")) {
      if (!(element instanceof HTMLElement) || !element.checkVisibility()) continue;
      if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim())) continue;
      const { overflowX, overflowY, textOverflow, clipPath } = getComputedStyle(element);
      if (clipPath !== "none") continue; // For screen readers alone.
      const hides = (way: string): boolean => way === "hidden" || way === "clip";
      const isCut =
        (hides(overflowX) && textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1) ||
        (hides(overflowY) && element.scrollHeight > element.clientHeight + 2);
      if (isCut && element.clientWidth > 1) found.push(`cut off: ${element.outerHTML.slice(0, 120)}`);
    }
    return found;
  });
}

/** Walks with Tab from the top of the page: what takes the focus and does not show it, or hides where it is. */
export async function unseenFocus(page: Page, steps = 80): Promise<readonly string[]> {
  const found: string[] = [];
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo(0, 0);
  });
  for (let i = 0; i < steps; i += 1) {
    await page.keyboard.press("Tab");
    const told = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return "end";
      const label = element.outerHTML.slice(0, 120);
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const shows = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
      const { left, top, width, height } = element.getBoundingClientRect();
      // What stands within a shadow shows it there; shapes show it by their own lines.
      if (element.shadowRoot !== null || element.closest("svg") !== null) return "";
      if (!shows) return `focus is not seen: ${label}`;
      if (width === 0 || height === 0) return `focus on nothing: ${label}`;
      const at = document.elementFromPoint(
        Math.min(innerWidth - 1, Math.max(0, left + width / 2)),
        Math.min(innerHeight - 1, Math.max(0, top + height / 2)),
      );
      const isCovered = at !== null && !element.contains(at) && !at.contains(element) && at.closest("label") === null;
      return isCovered ? `focus is covered: ${label} by ${at.outerHTML.slice(0, 80)}` : "";
    });
    if (told === "end") break;
    if (told !== "") found.push(told);
  }
  return found;
}

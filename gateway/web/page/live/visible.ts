/** Whether an element is on the screen; nothing is sent for what is not. */
import { signal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** False as well while the whole page is hidden. */
export function useVisible(element: { readonly current: HTMLElement | null }): Signal<boolean> {
  const visible = useRef(signal(false)).current;
  useEffect(() => {
    if (!element.current) return undefined;
    let onScreen = false;
    const look = (): void => {
      visible.value = onScreen && !document.hidden;
    };
    const observer = new IntersectionObserver((entries) => {
      onScreen = entries.at(-1)?.isIntersecting ?? false;
      look();
    });
    observer.observe(element.current);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return visible;
}

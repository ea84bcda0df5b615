/** A component in a chunk of its own: nothing until it came, tried again when it is drawn again. */
import { signal } from "@preact/signals";
import { h, type FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";

/** `load` fetches the chunk and picks the component out of it. */
export function lazy<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  const inner = signal<FunctionComponent<P> | null>(null);
  return function Lazy(props) {
    useEffect(() => {
      if (inner.value !== null) return;
      load().then(
        (component) => {
          inner.value = component;
        },
        () => undefined,
      );
    }, []);
    return inner.value === null ? null : h(inner.value, props);
  };
}

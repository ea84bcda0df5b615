/** A component that is drawn anew only when a property is another value; the bundle spares the compatibility layer. */
import { Component, h, type FunctionComponent, type VNode } from "preact";

/** Wraps a component. */
export function memo<P extends object>(Inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const [before, after] = [new Map(Object.entries(this.props)), new Map(Object.entries(next))];
      return before.size !== after.size || [...after].some(([key, value]) => before.get(key) !== value);
    }

    override render(props: P): VNode {
      return h(Inner, props) as unknown as VNode;
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

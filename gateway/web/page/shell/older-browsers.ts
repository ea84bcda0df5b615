/** What browsers of 2020 lack and the page uses: the views inside messengers are as old as their phones. */

function lend(owner: object, name: string, value: (...given: never[]) => unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, configurable: true, writable: true });
}

lend(Array.prototype, "at", function at(this: readonly unknown[], index: number) {
  return this[index < 0 ? this.length + index : index];
});
lend(String.prototype, "replaceAll", function replaceAll(this: string, from: string | RegExp, to: string) {
  return typeof from === "string" ? this.split(from).join(to) : this.replace(from, to);
});
lend(Object, "hasOwn", (owner: object, name: PropertyKey) => Object.prototype.hasOwnProperty.call(owner, name));

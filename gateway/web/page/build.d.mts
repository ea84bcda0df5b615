/** Builds the page; true when there was something to do. */
export function buildPage(options?: { readonly ifChanged?: boolean }): Promise<boolean>;

/** The key of a stack's configuration for which its data stays; nothing if it goes with the stack. */
export function keepingKey({
  store,
  protect,
}: {
  readonly store: { readonly keep: boolean };
  readonly protect: boolean;
}): string | undefined {
  if (store.keep) return "updraft:store.keep";
  return protect ? "updraft:protect" : undefined;
}

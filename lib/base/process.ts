/**
 * Next evaluates modules several times in one process: instrumentation, route handlers and pages each get their own
 * copy of a module's variables. Whatever must exist once per process (the store's connection, the client token,
 * single flights, limits, the sweeper) is kept here instead, in one registry on `globalThis`.
 */
const REGISTRY = Symbol.for('maya-mini-app-payments.process');

type Holder = { [REGISTRY]?: Map<string, unknown> };

function registry(): Map<string, unknown> {
  const holder = globalThis as Holder;
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}

/** The one `name` of this process, made by `make` at its first use. A `make` that throws leaves nothing behind. */
export function oncePerProcess<T>(name: string, make: () => T): T {
  const things = registry();
  if (!things.has(name)) things.set(name, make());
  return things.get(name) as T;
}

/** Names of what this process holds once; for the test that counts them. */
export function namesInProcess(): string[] {
  return [...registry().keys()].sort();
}

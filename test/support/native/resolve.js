const GLOBALS = new URL('./globals.js', import.meta.url).href;

/** `@jest/globals` is a name that only Jest's own loader understands. */
export const resolve = (specifier, context, next) =>
  specifier === '@jest/globals' ? { url: GLOBALS, shortCircuit: true } : next(specifier, context);

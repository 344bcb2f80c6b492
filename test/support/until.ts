/** Looks again and again until there is something; fails with `what` after `withinMs`. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string | (() => string),
  withinMs = 15_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

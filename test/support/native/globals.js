/* What tests import from `@jest/globals`: always that of the file which is running, also in helpers loaded before it. */

const now = (name) => globalThis[Symbol.for('jest.globals')][name];
const late = (name) =>
  new Proxy(() => {}, {
    apply: (_target, _self, args) => now(name)(...args),
    get: (_target, key) => now(name)[key],
  });

export const [afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test] = [
  'afterAll',
  'afterEach',
  'beforeAll',
  'beforeEach',
  'describe',
  'expect',
  'jest',
  'test',
].map(late);

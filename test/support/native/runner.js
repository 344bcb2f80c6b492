import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import adapter from 'jest-circus/runner';

// the same examples each time: a change is not held back by a hole that was there before; `test:faults` looks for new ones
if (!process.env.LONG_FAULTS) fc.configureGlobal({ seed: 84 });

const require = createRequire(import.meta.url);

/**
 * Runs one test file with Jest's own machinery (circus, expect), but loads it and what it imports as Node does. Modules are
 * then loaded and compiled once for each worker, not once for each of two hundred files: more than half of the time of
 * the suite. What Jest's module registry offers besides (mocked modules) is not used here.
 */
export default async function run(globalConfig, config, environment, runtime, testPath, send) {
  forgetFileBefore();
  Error.prepareStackTrace = undefined; // Node knows the source maps of what it loaded itself
  const native = {
    requireInternalModule: requireCircus,
    requireModule: (path) => require(path),
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => import(pathToFileURL(path).href),
    setGlobalsForRuntime(globals) {
      runtime.setGlobalsForRuntime(globals);
      globalThis[Symbol.for('jest.globals')] = runtime.requireModuleOrMock(testPath, '@jest/globals');
    },
    enterTestCode() {},
    leaveTestCode() {},
  };
  return await adapter(globalConfig, config, environment, native, testPath, send);
}

/**
 * Circus asks Node to follow every promise, so that it can tell to which of several tests at once an error belongs. Ours run one
 * after the other, and following makes all that is awaited slower: which test runs is simply remembered.
 */
class RunningTest {
  #context;
  getStore() {
    return this.#context;
  }
  run(context, work) {
    const before = this.#context;
    const back = () => {
      this.#context = before;
    };
    this.#context = context;
    const result = work();
    if (typeof result?.finally === 'function') return result.finally(back);
    back();
    return result;
  }
}

function requireCircus(path) {
  const hooks = require('node:async_hooks');
  const { AsyncLocalStorage } = hooks;
  hooks.AsyncLocalStorage = RunningTest;
  try {
    return require(path);
  } finally {
    hooks.AsyncLocalStorage = AsyncLocalStorage;
  }
}

/** The tests and hooks of a file are state of the module that registers them. */
function forgetFileBefore() {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  for (const path of Object.keys(require.cache)) if (path.includes('/jest-circus/')) delete require.cache[path];
}

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const jestEnvironment = createRequire(require.resolve('jest-environment-node'));
const { TestEnvironment } = require('jest-environment-node');
const { ModernFakeTimers } = jestEnvironment('@jest/fake-timers');
const { ModuleMocker } = jestEnvironment('jest-mock');

/** Jest's environment for Node without the context of its own: tests run in the worker's own realm. */
export default class NativeEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: config.projectConfig, global: globalThis });
  }

  /** Helpers may keep something for all tests of a file. */
  async teardown() {
    await globalThis[Symbol.for('tests.endOfFile')]?.();
    await super.teardown();
  }
}

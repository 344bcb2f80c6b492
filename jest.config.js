/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/support/native/environment.js',
  testSequencer: '<rootDir>/test/support/native/sequencer.js',
  testRunner: '<rootDir>/test/support/native/runner.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.LONG_FAULTS ? [] : ['\\.long\\.test\\.ts$'])],
  testTimeout: 40_000,
  maxWorkers: 2, // on two cores Jest would choose one worker
  transform: {}, // what Node cannot read itself, tsx turns into JavaScript
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/support/native/environment.js',
  testRunner: '<rootDir>/test/support/native/runner.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.LONG_FAULTS ? [] : ['\\.long\\.test\\.ts$'])],
  testTimeout: 20_000,
  maxWorkers: 2, // on two cores Jest would choose one worker
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

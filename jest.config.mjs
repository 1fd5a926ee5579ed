/** @type {import('jest').Config} */
export default {
  // Jest would use one worker on two cores.
  maxWorkers: 2,
  globalSetup: '<rootDir>/test/support/bundle-handlers.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/build'],
  transform: {
    // CommonJS inside jest: aws-cdk-lib loads its modules lazily that way, and jest's ES module support is still behind a flag.
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
  },
  // Synthesizing a deployment takes a second or two on two cores, and workers share them.
  testTimeout: 60_000,
};

/** Tests run as ES modules, as the program does; swc only strips the types. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/jest/set-up.js',
  globalTeardown: '<rootDir>/test/support/jest/tear-down.js',
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  // Tests that take minutes and rarely find a fault. `PAPERROUND_SLOW=1 npm test` runs them too.
  testPathIgnorePatterns: process.env.PAPERROUND_SLOW === '1' ? [] : ['\\.slow\\.test\\.ts$'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Most tests wait for servers and processes; Jest's own choice leaves one of two cores idle.
  maxWorkers: '100%',
  // A worker keeps the modules of each file that it ran. At 4 GB, a third of the time was garbage collection.
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 300_000,
}

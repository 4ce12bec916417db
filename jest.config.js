const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
swc.swcrc = false;

const common = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^@allostat/([^/]+)$': ['<rootDir>/libs/$1/src', '<rootDir>/services/$1/src'],
    '^@allostat/testkit/(.+)$': '<rootDir>/libs/testkit/src/$1',
  },
  // handed to each module: the look-up of a global in a sandbox costs more than the arithmetic around it
  sandboxInjectedGlobals: ['Array', 'Float64Array', 'Map', 'Math', 'Number', 'Object', 'Set'],
  modulePathIgnorePatterns: ['<rootDir>/(.*/)?dist/', '<rootDir>/.stryker-tmp/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

/** Files that measure how soon something happens: nothing else may take the processor meanwhile. */
const alone = ['<rootDir>/tests/security/kill-switch.int.spec.ts', '<rootDir>/tests/resilience/takeover.int.spec.ts'];
const integration = ['<rootDir>/{libs,services,tests}/**/*.int.spec.ts'];

module.exports = {
  maxWorkers: 3,
  testSequencer: '<rootDir>/libs/testkit/integration-first.cjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{libs,services,tests}/**/*.spec.ts'],
      testPathIgnorePatterns: [...common.testPathIgnorePatterns, '\\.int\\.spec\\.ts$'],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: integration,
      testPathIgnorePatterns: [...common.testPathIgnorePatterns, ...alone],
    },
    { ...common, displayName: 'alone', testMatch: alone },
  ],
};

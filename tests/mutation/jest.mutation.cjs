const { projects } = require('../../jest.config.js');

// Only the specs that stand guard over the policies and over four eyes.
const [unit] = projects;
module.exports = {
  ...unit,
  testMatch: ['<rootDir>/libs/pipeline/src/governance/**/*.spec.ts'],
};

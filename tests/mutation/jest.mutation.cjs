const { projects } = require('../../jest.config.js');

// Only the specs that stand guard over what is mutated, named by the group that runs.
const [unit] = projects;
module.exports = {
  ...unit,
  // the whole repository need not be looked through before every fault
  roots: ['<rootDir>/libs/pipeline', '<rootDir>/libs/kernel'],
  testMatch: process.env.MUTATION_SPECS.split(',').map((specs) => `<rootDir>/libs/pipeline/src/governance/${specs}`),
};

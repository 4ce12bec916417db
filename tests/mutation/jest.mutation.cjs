const { projects } = require('../../jest.config.js');

// Only the specs that stand guard over what is mutated, named by the group that runs.
const [unit] = projects;
module.exports = {
  ...unit,
  testMatch: process.env.MUTATION_SPECS.split(',').map((specs) => `<rootDir>/libs/pipeline/src/governance/${specs}`),
};

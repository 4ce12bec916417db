// Order of test files: those that start brokers and databases first. They wait more than they compute, so what only
// computes fills the processor beside them, and no long wait stands alone at the end.
const Sequencer = require('@jest/test-sequencer').default;

module.exports = class IntegrationFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    const integration = ({ context }) => context.config.displayName?.name === 'integration';
    return [...sorted.filter(integration), ...sorted.filter((test) => !integration(test))];
  }
};

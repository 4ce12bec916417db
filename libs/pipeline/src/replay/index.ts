export { differences, type Difference } from './differences';
export { replayProposal, type ProposalReplay, type ProposalSources } from './replay-proposal';

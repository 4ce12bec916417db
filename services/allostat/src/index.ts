export { lineStages } from './line/line-stages';
export { startLine, type Line, type LineOptions } from './line/start-line';
export { topicSpecs } from './line/topic-specs';
export { BusChannel } from './conformance/bus-channel';
export { runConformance, type CaseResult } from './conformance/run-conformance';
export { startSimulator, type Simulator } from './conformance/simulator';

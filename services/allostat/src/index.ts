export { lineStages } from './line/line-stages';
export { startLine, type Line, type LineOptions } from './line/start-line';
export { topicSpecs } from './line/topic-specs';

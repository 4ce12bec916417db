export { eventually } from './eventually';
export { InfrastructureMissing, type Infrastructure, type InfrastructureName } from './infrastructure';
export { startPostgres } from './start-postgres';
export { sampleCodec, type SampleEvent } from './sample/json-codec';
export { describeWith } from './describe-with';
export { startKafka } from './kafka/start-kafka';
export { startRedis } from './start-redis';
export { checkHistory, FAULTLESS, type History, type HistoryEntry, type HistoryFaults } from './history/check-history';
export { SupervisedProcess, type ProcessEnd, type SupervisedProcessOptions } from './supervised-process';

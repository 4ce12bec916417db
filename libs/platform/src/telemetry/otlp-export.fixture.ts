import { Telemetry } from './telemetry';

// A process that records one span and closes.
async function main(): Promise<void> {
  const telemetry = Telemetry.fromEnv(process.env);
  await telemetry?.forService('risk-budgeting').span('unit', () => Promise.resolve());
  await telemetry?.close();
}

void main();

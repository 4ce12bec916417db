import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { createLogger, createMessageBus, type MessageBus, migrate, People, Telemetry } from '@allostat/platform';
import { describeWith, startKafka, startPostgres, type Infrastructure } from '@allostat/testkit';
import { pilotFor } from '../../services/allostat/src/demonstration/pilot';
import { runLine } from '../../services/allostat/src/demonstration/run-line';
import { demonstrationSource } from '../../services/allostat/src/demonstration/source';
import { Home } from '../../services/allostat/src/home';
import { lineStages } from '../../services/allostat/src/line/line-stages';
import { startLine, type Line } from '../../services/allostat/src/line/start-line';

const HOPS = [
  'process market.observation.v1',
  'process signal.snapshot.v1',
  'process regime.assessment.v1',
  'process risk.budget.v1',
  'process allocation.proposal.v1',
  'process allocation.instruction.v1',
];

describeWith(['postgres', 'kafka'], 'one trace', () => {
  const exporter = new InMemorySpanExporter();
  const telemetry = new Telemetry({ exporter, immediate: true });
  afterAll(() => telemetry.close());

  it.each(['postgres', 'kafka'] as const)(
    'runs from an observation to its instruction over %s',
    async (kind) => {
      exporter.reset();
      const folder = mkdtempSync(join(tmpdir(), 'allostat-trace-'));
      const postgres = await startPostgres();
      const kafka: Infrastructure | undefined = kind === 'kafka' ? await startKafka() : undefined;
      let bus: MessageBus | undefined;
      let line: Line | undefined;
      try {
        const { file, tokens } = new Home(folder).people();
        const governance = {
          people: People.fromFile(file),
          clock: { now: () => new Date().toISOString() },
          commandTime: 'event',
        } as const;
        await migrate({ adminUrl: postgres.url, stages: lineStages(governance) });
        bus = await createMessageBus(
          kafka
            ? { kind: 'kafka', brokers: kafka.url.split(','), clientId: 'trace' }
            : { kind: 'postgres', url: postgres.url },
        );
        const logger = createLogger({ service: 'trace', level: 'silent' });
        line = await startLine({ ...governance, adminUrl: postgres.url, bus, logger, port: 0, telemetry });
        const summary = await runLine({
          line,
          bus,
          source: demonstrationSource(7, 8),
          bars: 8,
          pilot: pilotFor(line.url, tokens),
          poison: false,
          progress: { update: () => undefined, stop: () => undefined },
        });
        expect(summary.instructions).toBeGreaterThan(0);
        const spans = exporter.getFinishedSpans();
        const instruction = spans.find(({ name }) => name === 'process allocation.instruction.v1');
        const trace = spans.filter((span) => span.spanContext().traceId === instruction?.spanContext().traceId);
        expect(HOPS.filter((hop) => !trace.some(({ name }) => name === hop))).toEqual([]);
      } finally {
        await line?.close();
        await bus?.close();
        await kafka?.stop();
        await postgres.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );
});

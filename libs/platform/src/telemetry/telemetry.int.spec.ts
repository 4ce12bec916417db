import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import type { ReceivedMessage } from '../messaging/message';
import { Telemetry } from './telemetry';

const RUNNER = join(__dirname, '..', '..', '..', 'testkit', 'run-typescript.cjs');
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const message = { topic: 't', partition: 3, offset: '7' } as ReceivedMessage;
const envelope = { id: 'e', type: 'T', source: 's', time: '2024-01-01T00:00:00Z', correlationId: 'c' };

describe('Telemetry', () => {
  it('is off, and costs nothing, without an endpoint', () => {
    expect(Telemetry.fromEnv({})).toBeUndefined();
    expect(Telemetry.fromEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined();
  });

  it('continues the trace of a message, and hands on its own place in it', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = new Telemetry({ exporter, immediate: true }).forService('optimization');
    let inside: string | undefined;
    const work = tracing.message('g', message, { ...envelope, traceparent: TRACEPARENT }, () => {
      inside = tracing.traceparent();
      return Promise.reject(new Error('no solution'));
    });
    await expect(work).rejects.toThrow('no solution');
    const [span] = exporter.getFinishedSpans();
    expect(span.spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(span.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(inside).toBe(`00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`);
    expect(span.status.code).toBe(2);
    expect(span.events[0].attributes).toMatchObject({ 'exception.message': 'no solution' });
    expect(tracing.traceparent()).toBeUndefined();
  });

  it('keeps the decision of a trace that is not recorded', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = new Telemetry({ exporter, immediate: true }).forService('s');
    await tracing.message('g', message, { ...envelope, traceparent: TRACEPARENT.replace(/01$/, '00') }, () =>
      Promise.resolve(),
    );
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  describe('with a collector', () => {
    let server: Server;
    const received: { path: string; body: string }[] = [];
    beforeAll(async () => {
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          received.push({ path: request.url as string, body });
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it('exports by OTLP under the name of the service before it closes', async () => {
      const { port } = server.address() as AddressInfo;
      // The exporter loads parts of itself by import(), which the test runner does not allow.
      const child = spawn(process.execPath, [RUNNER, join(__dirname, 'otlp-export.fixture.ts')], {
        env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` },
        stdio: 'inherit',
      });
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
      expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
      expect(received[0].body).toContain('risk-budgeting');
    }, 30_000);
  });
});

import type { HttpServer } from '@nestjs/common';
import type { StageHealth } from './stage-health';

interface Reply {
  status(code: number): Reply;
  type(contentType: string): Reply;
  json(body: unknown): void;
  send(body: string): void;
}

/**
 * Serves `/health/live` (answers while the event loop turns), `/health/ready` and `/metrics`, before any guard.
 * Every other path is unknown unless `others` allows the routes that follow.
 */
export function addHealthRoutes(
  server: HttpServer,
  health: StageHealth,
  metrics: { contentType: string; text(): Promise<string> },
  { others }: { readonly others: boolean },
): void {
  server.get('/health/live', (_request: unknown, reply: Reply) => reply.status(200).json({ status: 'live' }));
  server.get('/health/ready', (_request: unknown, reply: Reply) => {
    void health.report().then((report) => reply.status(report.status === 'ready' ? 200 : 503).json(report));
  });
  server.get('/metrics', (_request: unknown, reply: Reply) => {
    metrics.text().then(
      (text) => reply.status(200).type(metrics.contentType).send(text),
      (error: unknown) => reply.status(500).type('text/plain').send(String(error)),
    );
  });
  if (!others)
    server.use((_request: unknown, reply: Reply) => reply.status(404).json({ error: { code: 'HTTP.NOT_FOUND' } }));
}

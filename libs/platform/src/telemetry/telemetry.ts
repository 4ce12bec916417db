import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Environment } from '../config/read-config';
import type { Envelope } from '../messaging/envelope';
import type { ReceivedMessage } from '../messaging/message';
import type { Tracing } from './tracing';

export interface TelemetryOptions {
  readonly exporter: SpanExporter;
  /** Exports each span as it ends; for tests. */
  readonly immediate?: boolean;
  /** Share of new traces that are recorded, 0 to 1; default 1. Traces begun elsewhere keep their decision. */
  readonly ratio?: number;
}

const propagator = new W3CTraceContextPropagator();

/** Traces of all services of this process; each appears under its own name. */
export class Telemetry {
  private readonly providers = new Map<string, BasicTracerProvider>();

  constructor(private readonly options: TelemetryOptions) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  }

  /** Exports by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set; else undefined, and tracing costs nothing. */
  static fromEnv(env: Environment): Telemetry | undefined {
    const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
    if (endpoint === undefined || endpoint === '') return undefined;
    const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG ?? '1');
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
    return new Telemetry({ exporter, ...(ratio >= 0 && ratio <= 1 ? { ratio } : {}) });
  }

  forService(service: string): Tracing {
    return new ServiceTracing(this.provider(service).getTracer('allostat'));
  }

  async close(): Promise<void> {
    await Promise.all([...this.providers.values()].map((provider) => provider.shutdown()));
  }

  private provider(service: string): BasicTracerProvider {
    const { exporter, immediate, ratio = 1 } = this.options;
    const known = this.providers.get(service);
    if (known !== undefined) return known;
    const processor: SpanProcessor =
      immediate === true ? new SimpleSpanProcessor(exporter) : new BatchSpanProcessor(exporter);
    const provider = new BasicTracerProvider({
      resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service })),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanProcessors: [processor],
    });
    this.providers.set(service, provider);
    return provider;
  }
}

class ServiceTracing implements Tracing {
  constructor(private readonly tracer: Tracer) {}

  message<T>(group: string, message: ReceivedMessage, envelope: Envelope, work: () => Promise<T>): Promise<T> {
    const parent =
      envelope.traceparent === undefined
        ? ROOT_CONTEXT
        : propagator.extract(ROOT_CONTEXT, { traceparent: envelope.traceparent }, defaultTextMapGetter);
    const attributes: Attributes = {
      'messaging.operation.type': 'process',
      'messaging.destination.name': message.topic,
      'messaging.destination.partition.id': String(message.partition),
      'messaging.consumer.group.name': group,
      'messaging.message.id': envelope.id,
      'messaging.message.conversation_id': envelope.correlationId,
      'allostat.message.offset': message.offset,
      'allostat.event.type': envelope.type,
    };
    return this.run(`process ${message.topic}`, SpanKind.CONSUMER, attributes, parent, work);
  }

  span<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.run(name, SpanKind.INTERNAL, {}, context.active(), work);
  }

  traceparent(): string | undefined {
    const carrier: { traceparent?: string } = {};
    propagator.inject(context.active(), carrier, defaultTextMapSetter);
    return carrier.traceparent;
  }

  private run<T>(
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    parent: Context,
    work: () => Promise<T>,
  ): Promise<T> {
    const span = this.tracer.startSpan(name, { kind, attributes }, parent);
    return context.with(trace.setSpan(parent, span), async () => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Error) span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

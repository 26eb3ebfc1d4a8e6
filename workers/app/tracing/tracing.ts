import { hostname } from 'node:os'
import type { Config } from '../../../config/config.ts'
import { TRACE_BATCH_SPANS_MAX, TRACE_FLUSH_MS_MAX, TRACE_QUEUE_SPANS_MAX } from '../../../config/limits-processes.ts'
import type { Transport } from '../../../src/mail/transport.ts'
import type { DeliveryClaims } from '../../../src/pipeline/deliver.ts'
import { describeBuild } from '../../../src/platform/build-info.ts'
import { withTimeout } from '../../../src/platform/timeout.ts'
import type { QueueTelemetry } from '../../../src/queue/queues.ts'

/** Attributes of a span: ids, days and counts, never addresses or content. */
export type SpanAttributes = Readonly<Record<string, string | number>>

/** Records the steps of a morning as spans. Without OTEL_EXPORTER_OTLP_ENDPOINT there is none, and nothing is loaded. */
export interface Tracing {
  /** Runs `work` as a span. Later spans and jobs of `work` belong to it, also in another process. */
  span<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>
  /** Carries the context of a span in the options of a job. */
  readonly queues: QueueTelemetry
  /** Sends the last spans, within a time limit. */
  close(): Promise<void>
}

/** Starts to trace, if the configuration names a collector. */
export async function openTracing({ otelEndpoint }: Pick<Config, 'otelEndpoint'>): Promise<Tracing | null> {
  if (otelEndpoint === null) return null
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }, { BullMQOtel }, { withoutAddressesIn }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('bullmq-otel'),
      import('./clean-spans.ts'),
    ])
  const exporter = new OTLPTraceExporter({ url: `${otelEndpoint}/v1/traces`, timeoutMillis: TRACE_FLUSH_MS_MAX })
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'paperround',
      'service.version': describeBuild(),
      'service.instance.id': `${hostname()}-${process.pid}`,
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor(withoutAddressesIn(exporter), {
        maxQueueSize: TRACE_QUEUE_SPANS_MAX,
        maxExportBatchSize: TRACE_BATCH_SPANS_MAX,
        exportTimeoutMillis: TRACE_FLUSH_MS_MAX,
      }),
    ],
  })
  provider.register()
  const tracer = api.trace.getTracer('paperround')
  return {
    span: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes: { ...attributes } }, async (span) => {
        try {
          return await work()
        } catch (error) {
          // Without the message, which may quote a server’s words.
          span.setStatus({ code: api.SpanStatusCode.ERROR, message: (error as Error).name })
          throw error
        } finally {
          span.end()
        }
      }),
    queues: new BullMQOtel({ tracerName: 'paperround' }),
    // A collector that does not answer must not keep the process alive.
    close: () => withTimeout(provider.shutdown(), TRACE_FLUSH_MS_MAX).catch(() => {}),
  }
}

/** Returns the transport with a span for each call. */
export function traceCalls(transport: Transport, tracing: Tracing | null): Transport {
  if (tracing === null) return transport
  return {
    ...transport,
    send: (parcel) =>
      tracing.span('call', { transport: transport.name, messages: parcel.messages.length }, () =>
        transport.send(parcel),
      ),
  }
}

/** Returns the claims with a span for each claim and each settlement. */
export function traceClaims(claims: DeliveryClaims, tracing: Tracing | null): DeliveryClaims {
  if (tracing === null) return claims
  return {
    ...claims,
    claimParcel: (options) => tracing.span('claim', { parcel: options.parcelId }, () => claims.claimParcel(options)),
    settleParcel: (options) =>
      tracing.span('settle', { parcel: options.parcel.id, deliveries: options.settlements.length }, () =>
        claims.settleParcel(options),
      ),
  }
}

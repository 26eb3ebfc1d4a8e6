import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'
import { withoutAddresses } from '../../../src/text/without-addresses.ts'

/**
 * Returns an exporter that removes addresses from the attributes of all spans. BullMQ adds the messages of errors, which may
 * quote a server’s words, as attributes and events; the events are dropped.
 */
export function withoutAddressesIn(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(cleaned), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

function cleaned(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutAddresses(value) : value,
    ]),
  )
  const { code, message } = span.status
  const status = message === undefined ? { code } : { code, message: withoutAddresses(message) }
  // The exporter reads getters of the span too, so the span stays the prototype.
  return Object.create(span, { attributes: { value: attributes }, events: { value: [] }, status: { value: status } })
}

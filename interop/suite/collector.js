// Takes spans as a collector of OpenTelemetry does: OTLP over HTTP. Says "ready" when it listens.
//
//   node suite/collector.js PORT      POST /v1/traces takes spans, GET /spans/TRACE tells those of one trace

import { createServer } from 'node:http';

/** Trace ID in hexadecimal to its spans. */
const traces = new Map();

/** The fields of a message of Protobuf: pairs of number and octets, those of numbers left out. */
function* fields(octets) {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const octet = octets[at++];
      value += (octet & 127) * shift;
      if (octet < 128) return value;
    }
  };
  while (at < octets.length) {
    const key = number();
    const type = key % 8;
    if (type === 0) number();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const length = number();
      yield [Math.floor(key / 8), octets.subarray(at, at + length)];
      at += length;
    }
  }
}

/** ExportTraceServiceRequest, ResourceSpans, ScopeSpans, Span. */
function take(request) {
  for (const [one, resource] of fields(request)) {
    if (one !== 1) continue;
    for (const [two, scope] of fields(resource)) {
      if (two !== 2) continue;
      for (const [three, span] of fields(scope)) {
        if (three !== 2) continue;
        const has = new Map(fields(span));
        const hex = (field) => has.get(field)?.toString('hex') ?? '';
        const trace = hex(1);
        traces.set(trace, [
          ...(traces.get(trace) ?? []),
          { id: hex(2), parent: hex(4), name: has.get(5)?.toString() ?? '' },
        ]);
      }
    }
  }
}

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    if (request.method === 'POST') take(Buffer.concat(parts));
    const trace = request.url.split('/').pop();
    response.end(request.method === 'POST' ? '' : JSON.stringify(traces.get(trace) ?? []));
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));

// Traffic that somebody recorded: read in pieces, shown, cut, and served.

import { readFileSync } from 'node:fs';
import { TraceReader, loadRequests, simulate } from 'blis-playground';

// Without options it is found out what the file is, gzip included.
const reader = new TraceReader({});
reader.push(readFileSync(process.argv[2]));
const table = reader.finish();
const { preview, counts, dropped, traffic } = table.report;
console.log(`${preview.detected.name}: ${counts.kept} of ${counts.read} rows over ${traffic.span_s} s`);
for (const { reason, rows, first_line } of dropped)
  console.log(`dropped ${rows}: ${reason} (first in line ${first_line})`);

// The first hundred requests, at twice the speed. The list is held by the module; settings only name it.
const requests = loadRequests(table.slice({ first: 100, speed: 2 }).pack(), 'trace');
const { summary } = simulate({ cluster: { num_instances: 2 }, workload: { requests } });
console.log(`TTFT p99 ${summary.ttft.p99_ms.toFixed(0)} ms`);

-- What web_bench reads of a round of wrk: requests, seconds, bytes, p50 and p99 in milliseconds, failures.
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("measured %d %f %d %f %f %d\n", summary.requests, summary.duration / 1e6,
    summary.bytes, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

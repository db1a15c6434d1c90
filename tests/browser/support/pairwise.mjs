// Few cases in which every two values that can meet do meet, and each `whole` value comes once.
//
//   everyPair([{ page, role, state }, …], [['role', 'state']], ['page'])   -> some of them, greedily
export function everyPair(cases, pairs, whole = []) {
  const meetings = (one) => [
    ...whole.map((name) => `${name}=${one[name]}`),
    ...pairs.map(([a, b]) => `${a}=${one[a]} ${b}=${one[b]}`),
  ];
  const left = cases.map((one) => ({ one, brings: meetings(one) }));
  const missing = new Set(left.flatMap(({ brings }) => brings));
  const chosen = [];
  while (missing.size > 0) {
    let best = null;
    let most = 0;
    for (const candidate of left) {
      candidate.brings = candidate.brings.filter((pair) => missing.has(pair));
      if (candidate.brings.length > most) [best, most] = [candidate, candidate.brings.length];
    }
    best.brings.forEach((pair) => missing.delete(pair));
    chosen.push(best.one);
  }
  return chosen;
}

// XState at the work of engine_bench, for `./run bench peers`: one line a row, « row value ».
// Each row takes XState's best way: of a running actor and the pure function the quicker counts, and
// an instance at rest is its persisted snapshot as JSON.
import { assign, createActor, createMachine, initialTransition, transition } from 'xstate';

const next = { type: 'next' };

function ring(states, extra = {}) {
  const config = { initial: 's0', context: { n: 0 }, states: {} };
  for (let i = 0; i < states; ++i) {
    config.states[`s${i}`] = { on: { next: { target: `s${(i + 1) % states}`, ...extra } } };
  }
  return createMachine(config);
}

const plain = ring(12);
const guarded = ring(12, {
  guard: ({ context }) => context.n >= 0,
  actions: assign({ n: ({ context }) => context.n + 1 }),
});

// Node counts the processor's time of all its threads, collector included: where that is more than
// the wall's, the wall's counts.
function median(work) {
  work(); // warms the compiler; it does not count
  const times = [];
  for (let i = 0; i < 5; ++i) {
    const start = process.hrtime.bigint(), cpu = process.cpuUsage();
    work();
    const wall = Number(process.hrtime.bigint() - start) / 1e9, used = process.cpuUsage(cpu);
    times.push(Math.min(wall, (used.user + used.system) / 1e6));
  }
  return times.sort((a, b) => a - b)[2];
}

function expectStart(snapshot) {
  if (snapshot.value !== 's0') throw new Error(`Expected s0, but it is in ${snapshot.value}`);
}

function best(machine, events) {
  const actor = createActor(machine).start();
  const sending = median(() => {
    for (let i = 0; i < events; ++i) actor.send(next);
  });
  expectStart(actor.getSnapshot());
  let [snapshot] = initialTransition(machine);
  const pure = median(() => {
    for (let i = 0; i < events; ++i) [snapshot] = transition(machine, snapshot, next);
  });
  expectStart(snapshot);
  return events / Math.min(sending, pure);
}

function bytesLoaded(machine, instances) {
  const collect = () => {
    globalThis.gc();
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const before = collect();
  const many = new Array(instances);
  for (let i = 0; i < instances; ++i) many[i] = createActor(machine).start();
  const bytes = (collect() - before) / instances;
  expectStart(many[instances - 1].getSnapshot());
  return bytes;
}

const resting = createActor(guarded).start();
console.log(`plain ${Math.round(best(plain, 120_000))}`);
console.log(`guarded ${Math.round(best(guarded, 120_000))}`);
console.log(`loaded ${Math.round(bytesLoaded(guarded, 10_000))}`);
console.log(`rest ${JSON.stringify(resting.getPersistedSnapshot()).length}`);

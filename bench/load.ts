/** What came of a load. */
export interface Load {
  /** A second. */
  readonly rate: number;
  /** Milliseconds of each. */
  readonly latencies: readonly number[];
}

/** Work done by so many at once, each beginning anew as soon as it has ended, for so long. */
export interface LoadPlan {
  readonly clients: number;
  readonly seconds: number;
}

/** Runs work again and again until the time is over. */
export async function runLoad({ clients, seconds }: LoadPlan, work: () => Promise<unknown>): Promise<Load> {
  const begun = performance.now();
  return runLoadUntil(clients, () => performance.now() - begun > seconds * 1000, work);
}

/** Runs work again and again until something else is over. */
export async function runLoadUntil(clients: number, over: () => boolean, work: () => Promise<unknown>): Promise<Load> {
  const begun = performance.now();
  const latencies: number[] = [];
  await Promise.all(Array.from({ length: clients }, async () => {
    while (!over()) {
      const started = performance.now();
      await work();
      latencies.push(performance.now() - started);
    }
  }));
  return { rate: latencies.length / ((performance.now() - begun) / 1000), latencies };
}

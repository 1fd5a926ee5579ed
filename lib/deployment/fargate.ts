/** CPU units of a task that Fargate offers, 1024 to the vCPU. */
export const CPUS = [256, 512, 1024, 2048, 4096, 8192, 16_384] as const;

export type Cpu = (typeof CPUS)[number];

/** Smallest memory of a task, in MiB. */
export const SMALLEST_MEMORY = 512;

/** Largest memory of a task, in MiB. */
export const LARGEST_MEMORY = 120 * 1024;

/** Memory, in MiB, that Fargate offers with each number of CPU units (ECS developer guide, "Task CPU and memory"). */
const memory: Readonly<Record<Cpu, readonly number[]>> = {
  256: [SMALLEST_MEMORY, 1024, 2048],
  512: gib({ from: 1, to: 4, step: 1 }),
  1024: gib({ from: 2, to: 8, step: 1 }),
  2048: gib({ from: 4, to: 16, step: 1 }),
  4096: gib({ from: 8, to: 30, step: 1 }),
  8192: gib({ from: 16, to: 60, step: 4 }),
  16_384: gib({ from: 32, to: 120, step: 8 }),
};

/** The memory that goes with a number of CPU units, in MiB, smallest first. */
export function memoryFor(cpu: Cpu): readonly number[] {
  return memory[cpu];
}

function gib({ from, to, step }: { readonly from: number; readonly to: number; readonly step: number }): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}

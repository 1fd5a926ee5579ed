import { readFileSync } from 'node:fs';

/** Megabytes that a process has now, and that it had at most since it began; undefined where the system does not tell, which is not Linux. */
export function memoryOf(pid: number | undefined): { readonly now: number; readonly most: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
    return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
  } catch {
    return undefined;
  }
}

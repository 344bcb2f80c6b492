import { readFileSync } from 'node:fs';

/** CPU time of the whole machine so far, in the kernel's ticks. */
interface CpuTime {
  /** What programs wanted, whether they got it or not. */
  wanted: number;
  /** What of it the host gave to others. */
  stolen: number;
}

/**
 * Begins to watch how much of the CPU time that programs wanted the host gave to other machines: on a shared host figures get worse
 * with it. Returns what ends it, and says the share (0 to 1); undefined where the kernel does not tell.
 */
export function watchStolen(): () => number | undefined {
  const before = readCpuTime();
  return () => {
    const after = readCpuTime();
    return before && after && shareOf(before, after);
  };
}

function readCpuTime(): CpuTime | undefined {
  try {
    return parseCpuTime(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return undefined; // no Linux
  }
}

/** The first line of `/proc/stat` (proc_stat(5)); the time of guests, which follows, is contained in that of `user` and `nice`. */
export function parseCpuTime(stat: string): CpuTime | undefined {
  const [, ...ticks] = (/^cpu .*$/m.exec(stat)?.[0] ?? '').trim().split(/\s+/).map(Number);
  const [user, nice, system, _idle, _iowait, irq, softirq, stolen] = ticks;
  if (user === undefined || nice === undefined || system === undefined || stolen === undefined) return undefined;
  return { wanted: user + nice + system + (irq ?? 0) + (softirq ?? 0) + stolen, stolen };
}

/** The share (0 to 1) that was stolen between two looks; 0 where nothing was wanted. */
export function shareOf(before: CpuTime, after: CpuTime): number {
  const wanted = after.wanted - before.wanted;
  return wanted > 0 ? (after.stolen - before.stolen) / wanted : 0;
}

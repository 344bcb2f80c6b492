import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/*
 * Known holes in what runs in production (`npm audit`). Fails only for serious ones that a newer version mends: then there is something
 * to do here. A registry that cannot be asked says nothing about our code, so it is told and fails nothing.
 */

const report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      fixAvailable: z.union([z.boolean(), z.object({ version: z.string() })]),
    }),
  ),
});

const SERIOUS = ['high', 'critical'];

/** What to do about npm's answer. Pure. */
export function verdictOf(answer: string): { fails: boolean; lines: string[] } {
  const read = parsed(answer);
  if (!read)
    return {
      fails: false,
      lines: ['Known holes: not checked, the registry could not be asked. Try again where it can.'],
    };
  const serious = Object.entries(read.vulnerabilities).filter(([, { severity }]) => SERIOUS.includes(severity));
  const lines = serious.map(([name, { severity, range, fixAvailable }]) => {
    const fix = typeof fixAvailable === 'object' ? `mended by ${fixAvailable.version}` : 'mended by a newer version';
    return `${name} ${range}: ${severity}, ${fixAvailable === false ? 'not mended by anybody yet' : fix}`;
  });
  return {
    fails: serious.some(([, { fixAvailable }]) => fixAvailable !== false),
    lines: lines.length > 0 ? lines : ['Known holes: none that are serious.'],
  };
}

function parsed(answer: string): z.infer<typeof report> | undefined {
  try {
    return report.safeParse(JSON.parse(answer)).data;
  } catch {
    return undefined;
  }
}

/** npm ends with an error both when it finds something and when it cannot ask: only what it prints tells them apart. */
const ask = () =>
  new Promise<string>((resolve) => {
    const flags = ['audit', '--omit=dev', '--json', '--fetch-retries=1', '--fetch-timeout=20000'];
    execFile('npm', flags, { maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => resolve(stdout));
  });

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { fails, lines } = verdictOf(await ask());
  process.stdout.write(`${lines.join('\n')}\n`);
  if (fails) process.exitCode = 1;
}

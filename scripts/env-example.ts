import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VARIABLES } from '../src/config-variables.ts';

/*
 * Writes `.env.example` from the configuration's own description; `--check` only says whether it is up to date.
 */

const file = path.resolve(import.meta.dirname, '../.env.example');

function render(): string {
  const groups = [...new Set(VARIABLES.map((variable) => variable.group))];
  const sections = groups.map((group) => {
    const lines = VARIABLES.filter((variable) => variable.group === group).map(
      (variable) => `# ${variable.about}\n#${variable.name}=${variable.example ?? ''}`,
    );
    return `# ${group}\n\n${lines.join('\n\n')}`;
  });
  return `# Written by \`npm run env-example\` from src/config.ts. Nothing here is needed to try LeadRescue.\n\n${sections.join('\n\n\n')}\n`;
}

const wanted = render();
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write('.env.example is out of date: run `npm run env-example`.\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, wanted);
}

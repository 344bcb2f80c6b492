import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { agentJsonSchemas } from '../src/agent/index.ts';
import { playbookJsonSchemas } from '../src/tenants/index.ts';

/*
 * Writes the JSON Schemas by which editors check and complete the files of a playbook (`conversations/<playbook>/…`), out of
 * what reads them at start. With `--check` it only says whether they are up to date.
 */

const folder = path.resolve(import.meta.dirname, '../conversations');
const check = process.argv.includes('--check');

for (const [name, schema] of Object.entries({ ...playbookJsonSchemas(), ...agentJsonSchemas() })) {
  const file = path.join(folder, `${name}.schema.json`);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name}.schema.json is out of date: run \`npm run conversation-schemas\`.\n`);
    process.exitCode = 1;
  }
}

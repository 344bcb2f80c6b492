import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newSigningKey, readSigningKey } from './audit/index.ts';
import type { Config } from './config.ts';

const fileOf = ({ dataDir }: Config) => path.join(dataDir, 'audit.key');

/**
 * The key that seals the audit log. Outside production one is made once and kept beside the data. Throws `misconfigured`
 * when it is none.
 */
export function auditKeyOf(config: Config): string {
  const known = knownAuditKey(config);
  if (known !== undefined) {
    readSigningKey(known);
    return known;
  }
  const made = newSigningKey();
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(fileOf(config), `${made}\n`, { mode: 0o600 });
  return made;
}

/** The key as configured or kept here; undefined when there is none. */
export function knownAuditKey(config: Config): string | undefined {
  if (config.auditSigningKey !== undefined) return config.auditSigningKey;
  return existsSync(fileOf(config)) ? readFileSync(fileOf(config), 'utf8').trim() : undefined;
}

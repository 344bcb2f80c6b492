import { createHash, createHmac } from 'node:crypto';
import type { PersonId, TenantId } from '../lib/ids.ts';
import type { CadenceStep, Playbook } from '../tenants/index.ts';

/*
 * A trial: several wordings of one step at the same time. Who reads which is worked out, not drawn: the same person always
 * gets the same, whichever process plans it, and as long as that wording is tried.
 */

/** Whom a step is planned for. `before` holds what the person was given by earlier plans: template by step. */
export interface Reader {
  tenantId: TenantId;
  playbook: string;
  personId: PersonId;
  before?: ReadonlyMap<string, string> | undefined;
}

/** Bytes of the hash that a share is taken from; as many as a double holds exactly. */
const BYTES = 6;

/** The wordings of a step with their shares in percent, the step's own first; undefined where none are compared. Pure. */
export function wordingsOf({ template, variants }: CadenceStep): { template: string; share: number }[] | undefined {
  if (variants === undefined) return undefined;
  // in an order of their own: a database gives the keys of an object back in another
  const others = Object.entries(variants)
    .map(([key, share]) => ({ template: key, share }))
    .sort((a, b) => (a.template < b.template ? -1 : 1));
  const rest = others.reduce((left, { share }) => left - share, 100);
  return [{ template, share: rest }, ...others];
}

/**
 * The wording of a step that a person reads: the one they were given before while it is still tried, else by a hash of the
 * person, keyed by business, playbook and step, so that the trials of two steps are independent of each other. Pure.
 */
export function wordingFor(step: CadenceStep, reader: Reader): string {
  const wordings = wordingsOf(step);
  if (!wordings) return step.template;
  const given = reader.before?.get(step.key);
  if (given !== undefined && wordings.some(({ template }) => template === given)) return given;
  const key = `${reader.tenantId}/${reader.playbook}/${step.key}`;
  const hash = createHmac('sha256', key).update(reader.personId).digest();
  let place = (hash.readUIntBE(0, BYTES) / 2 ** (8 * BYTES)) * 100;
  for (const { template, share } of wordings) {
    if (place < share) return template;
    place -= share;
  }
  return step.template;
}

/**
 * Names the trial of a step: 12 hex digits over its wordings, word for word in every language, and their shares. Whoever
 * changes a wording or a share begins another trial, since what went before says nothing about it. Undefined where none
 * are compared. Pure.
 */
export function trialOf(playbook: Pick<Playbook, 'key' | 'templates'>, step: CadenceStep): string | undefined {
  const wordings = wordingsOf(step);
  if (!wordings) return undefined;
  const parts = wordings.map(({ template, share }) => [template, share, versionsOf(playbook, template)]);
  return createHash('sha256')
    .update(JSON.stringify([playbook.key, step.key, parts]))
    .digest('hex')
    .slice(0, 12);
}

const versionsOf = ({ templates }: Pick<Playbook, 'templates'>, key: string): string[] =>
  templates
    .filter((template) => template.key === key)
    .map(({ version }) => version)
    .sort();

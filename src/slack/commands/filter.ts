import { DateTime } from 'luxon';
import { fold, type LeadFilter, searchWords } from '../../leads/index.ts';
import { KnownError } from '../../lib/errors.ts';
import type { Playbooks, Tenant } from '../../tenants/index.ts';

/** How the filters are written, for the help and for whoever got one wrong. */
export const FILTERS =
  '[name, car or number] [status:qualified] [strategy:corporate-travel] [band:critical] [since:2026-11-01] [until:2026-11-30] [email:no] [phone:yes] [qualified:yes] [source:google]';

const FILTER = /^([a-z]+):(\S*)$/i;
const YES_NO: Readonly<Record<string, boolean>> = { yes: true, no: false };

interface Named {
  key: string;
  label: string;
}

const plainly = (name: string) => fold(name).join('-');

function wrong(words: string): KnownError {
  return new KnownError('validation_error', 'a filter of leads not understood', words);
}

/** The keys of what was named, by key or label; one or several, parted by commas. */
function chosen(filter: string, said: string, known: readonly Named[]): string[] {
  const keys = said.split(',').flatMap((each) => {
    const found = known.filter(({ key, label }) => [plainly(key), plainly(label)].includes(plainly(each)));
    if (found.length > 0) return found.map(({ key }) => key);
    const there = [...new Set(known.map(({ key }) => key))].join(', ');
    throw wrong(`There is no ${filter} “${each}”. ${there === '' ? 'There are none here.' : `Choose of: ${there}.`}`);
  });
  return [...new Set(keys)];
}

function yesOrNo(filter: string, said: string): boolean {
  const is = YES_NO[said.toLowerCase()];
  if (is === undefined) throw wrong(`Write \`${filter}:yes\` or \`${filter}:no\`.`);
  return is;
}

/** The beginning of a day in the business's zone, `later` days on. */
function dayOf(filter: string, said: string, zone: string, later: number): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(said) ? DateTime.fromISO(said, { zone }) : undefined;
  if (!day?.isValid) throw wrong(`Write a day as \`${filter}:2026-11-01\`.`);
  return day.plus({ days: later }).toJSDate();
}

/**
 * What was typed after `/leads`: filters as `status:qualified`, and words that must be found. `nothing`: there are words, and
 * nothing in them that could be found. Throws for a filter that there is not, or a value that it does not know. Pure.
 */
export function readFilter(
  text: string,
  { all }: Pick<Playbooks, 'all'>,
  { zone, country }: Pick<Tenant, 'zone' | 'country'>,
): LeadFilter | 'nothing' {
  const filter: LeadFilter = {};
  const words: string[] = [];
  for (const typed of text.split(/\s+/).filter(Boolean)) {
    const [, name = '', said = ''] = FILTER.exec(typed) ?? [];
    switch (name.toLowerCase()) {
      case '':
        words.push(typed);
        break;
      case 'status':
        filter.stages = chosen(
          'status',
          said,
          all.flatMap(({ pipeline }) => pipeline.stages),
        );
        break;
      case 'strategy':
        filter.playbooks = chosen(
          'strategy',
          said,
          all.map(({ key, name: label }) => ({ key, label })),
        );
        break;
      case 'band':
        filter.bands = chosen(
          'band',
          said,
          all.flatMap(({ score }) => score?.bands ?? []),
        );
        break;
      case 'since':
        filter.from = dayOf('since', said, zone, 0);
        break;
      case 'until':
        filter.to = dayOf('until', said, zone, 1);
        break;
      case 'email':
        filter.hasEmail = yesOrNo('email', said);
        break;
      case 'phone':
        filter.hasPhone = yesOrNo('phone', said);
        break;
      case 'qualified':
        filter.qualified = yesOrNo('qualified', said);
        break;
      case 'source':
        filter.source = said;
        break;
      default:
        throw wrong(`There is no filter \`${name}:\`. Write it like this: /leads ${FILTERS}`);
    }
  }
  if (words.length === 0) return filter;
  const found = searchWords(words.join(' '), country);
  return found.length === 0 ? 'nothing' : { ...filter, words: found };
}

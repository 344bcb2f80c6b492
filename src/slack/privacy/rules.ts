import { KnownError } from '../../lib/errors.ts';
import type { Settings } from '../../tenants/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { plural } from '../format.ts';
import { lookFirst } from '../settings/confirm.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import type { PrivacyDeps } from './deps.ts';

type Class = keyof Settings['retention'];

export const CLASSES: Record<Class, string> = {
  messages: 'words of messages, after the lead was last heard of',
  media: 'customers’ pictures, voice notes and documents',
  notes: 'what the assistant noted, after the customer last wrote',
  drafts: 'drafts of the assistant',
  webhooks: 'raw messages as they were delivered',
};

/** `/rescue privacy retention` and `residency`: how long things are kept, and where photos may be stored. */
export function ruleCommands(deps: PrivacyDeps): Command[] {
  const { tenants } = deps;

  async function retention(asked: Asked, text: string): Promise<Answer | undefined> {
    const { retention: before } = await tenants.settings(asked.tenant.id);
    if (text === '')
      return {
        text: `*Kept for*\n${retentionLines(before).join('\n')}\nChange it with \`/rescue privacy retention messages 12\`.`,
      };
    const [, name = '', figure = ''] = /^(\w+)\s+(\d{1,3})(?:\s*months?)?$/.exec(text.toLowerCase()) ?? [];
    if (!isClass(name))
      throw wrong(
        `Write it like this: /rescue privacy retention messages 12. There are ${Object.keys(CLASSES).join(', ')}.`,
      );
    const months = Number(figure);
    const most = name === 'webhooks' ? 12 : 120;
    if (months < 1 || months > most) throw wrong(`Between 1 and ${most} months.`);
    const sooner = months < before[name] ? 'What is older goes with the next daily run, for good.' : undefined;
    return lookFirst(deps, asked, (now) => ({ retention: { ...now.retention, [name]: months } }), sooner);
  }

  async function residency(asked: Asked, text: string): Promise<Answer> {
    const word = text.toLowerCase();
    if (word !== '' && word !== 'eu' && word !== 'any' && word !== 'country')
      throw wrong('Write it like this: /rescue privacy residency eu, any or country.');
    const wanted = word === 'country' ? null : (word as 'eu' | 'any');
    const now = await whereWords(asked);
    const rest = '`/rescue privacy` shows where the buckets are. Photos that are stored stay where they are.';
    if (word === '') return { text: `*Photos may be stored* ${now}. ${rest}` };
    const note = waitingNote(await changeNow(deps, asked, { residency: wanted }));
    const then = await whereWords(asked);
    return { text: `*Photos may be stored* ${now === then ? now : `${now} → ${then}`}. ${rest}${note}` };
  }

  async function whereWords({ tenant }: Asked): Promise<string> {
    const { residency: places, by } = await deps.privacy.places(tenant.id);
    return `${places === 'eu' ? 'in the EU only' : 'anywhere'}${by === 'country' ? ', because of your country' : ''}`;
  }

  return [
    {
      name: '/rescue privacy retention',
      usage: '[messages|media|notes|drafts|webhooks] [months]',
      summary: 'How long words and files are kept.',
      permission: 'privacy.change',
      run: retention,
    },
    {
      name: '/rescue privacy residency',
      usage: '[eu|any|country]',
      summary: 'Where photos may be stored.',
      permission: 'privacy.change',
      run: residency,
    },
  ];
}

/** A line for each class. Pure. */
export const retentionLines = (retention: Settings['retention']): string[] =>
  (Object.keys(CLASSES) as Class[]).map(
    (name) => `• ${plural(retention[name], 'month')}: ${CLASSES[name]} (\`${name}\`)`,
  );

const isClass = (name: string): name is Class => Object.hasOwn(CLASSES, name);

const wrong = (message: string) => new KnownError('validation_error', 'not understood', message);

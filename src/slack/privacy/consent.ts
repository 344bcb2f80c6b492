import type { PersonId } from '../../lib/ids.ts';
import { channelName } from '../../messaging/index.ts';
import type { ConsentEntry, ConsentEvent, Ledger } from '../../privacy/index.ts';
import { languageName } from '../../tenants/index.ts';
import { bold, inline, quoted } from '../card/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Asked } from '../feature.ts';
import type { Times } from '../format.ts';
import { context, section } from '../views.ts';
import type { PrivacyDeps } from './deps.ts';
import type { Page } from './page.ts';

/** Entries shown at most, the newest; Slack takes 50 blocks. */
const SHOWN = 10;

/** The consent ledger of a person. */
export async function consentPage(deps: PrivacyDeps, asked: Asked, personId: PersonId): Promise<Page> {
  const ledger = await deps.privacy.consents(asked.staff, personId);
  const times = timesOf(asked, deps.clock.now());
  const head = `What ${bold(ledger.name)} agreed to\n${standing(ledger, times)}`;
  const consents = ledger.consents.slice(-SHOWN);
  const lines = ledger.events.filter(({ type }) => type !== 'consent.given').slice(-SHOWN * 2);
  return {
    title: 'What they agreed to',
    text: `What ${inline(ledger.name)} agreed to: ${standing(ledger, times)}`,
    blocks: [
      section(head),
      ...consents.flatMap((consent) => [section(given(consent, times)), context(proof(consent))]),
      ...(ledger.consents.length > SHOWN ? [context(`The newest ${SHOWN} are shown; an export has all.`)] : []),
      ...(lines.length > 0 ? [section(lines.map((event) => `• ${happened(event, times)}`).join('\n'))] : []),
      context(`\`/rescue audit person ${personId}\` shows the same in the log that nobody can change.`),
    ],
  };
}

function standing({ optedOutAt, closedChannels, consents }: Ledger, times: Times): string {
  if (optedOutAt) return `Opted out of everything since ${times.full(optedOutAt)}: nothing is sent.`;
  const open = consents.filter(({ withdrawnAt }) => withdrawnAt === null).flatMap(({ channels }) => channels);
  const channels = [...new Set(open)].filter((channel) => !closedChannels.includes(channel));
  const closed = closedChannels.length > 0 ? ` Opted out of ${closedChannels.map(channelName).join(', ')}.` : '';
  if (channels.length === 0) return `No consent is in force: nothing is sent by itself.${closed}`;
  return `In force for ${channels.map(channelName).join(', ')}.${closed}`;
}

function given(consent: ConsentEntry, times: Times): string {
  const { givenAt, withdrawnAt, channels, text } = consent;
  const over = withdrawnAt ? `, withdrawn ${times.full(withdrawnAt)}` : '';
  return `*${times.full(givenAt)}* for ${channels.map(channelName).join(', ')}${over}\n${quoted(text)}`;
}

function proof({ source, textVersion, language, recordedBy }: ConsentEntry): string {
  const by = recordedBy ? `recorded by ${inline(recordedBy)}` : 'given by the customer';
  return `Text ${inline(textVersion)} in ${inline(languageName(language))} · came by ${inline(source.replaceAll('_', ' '))} · ${by}`;
}

function happened({ type, at, colleague, actor, data }: ConsentEvent, times: Times): string {
  const by = colleague
    ? inline(colleague)
    : actor === 'customer'
      ? 'the customer'
      : actor === 'gateway'
        ? 'the gateway'
        : 'LeadRescue';
  const when = times.full(at);
  switch (type) {
    case 'person.opted_out':
      return `${when} opted out of ${data.scope === 'all' ? 'everything' : channelName(String(data.scope))} (told by ${by})`;
    case 'person.opted_in':
      return `${when} opted in again by ${channelName(String(data.channel))}`;
    case 'person.unsure':
      return `${when} may have asked to stop; everything waited for a person`;
    case 'person.exported':
      return `${when} ${by} was shown everything held`;
    case 'erasure.asked':
      return `${when} ${by} asked for the erasure`;
    case 'erasure.decided':
      return `${when} ${by} ${data.decision === 'approved' ? 'agreed to' : 'refused'} the erasure`;
    default:
      return `${when} ${type.replaceAll(/[._]/g, ' ')}`;
  }
}

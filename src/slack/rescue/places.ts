import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import type { Settings } from '../../tenants/index.ts';
import { SlackRefusal } from '../client.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { changedAnswer, changeNow } from '../settings/direct.ts';
import type { RescueDeps } from './deps.ts';

/** Something that is shown in a channel of the tenant's choice. */
interface Shown {
  word: string;
  setting: 'feedChannel' | 'cardChannel';
  summary: string;
  here: string;
  off: string;
  offSummary: string;
}

const SHOWN: readonly Shown[] = [
  {
    word: 'feed',
    setting: 'feedChannel',
    summary: 'Run it in a channel: the activity feed goes there from now on.',
    here: 'The activity feed goes to this channel from now on.',
    offSummary: "Back to the admin's direct messages.",
    off: "The activity feed goes to the admin's direct messages again.",
  },
  {
    word: 'cards',
    setting: 'cardChannel',
    summary: 'Run it in a channel: new lead cards go there from now on.',
    here: 'New lead cards go to this channel from now on; those that are there stay where they are.',
    offSummary: "New lead cards go to their owner's direct messages again.",
    off: "New lead cards go to their owner's direct messages again.",
  },
];

const channelInfo = z.object({
  channel: z.object({
    is_im: z.boolean().default(false),
    is_mpim: z.boolean().default(false),
    is_private: z.boolean().default(false),
    is_member: z.boolean().default(false),
    is_ext_shared: z.boolean().default(false),
    is_pending_ext_shared: z.boolean().default(false),
  }),
});

export function placeCommands(deps: RescueDeps): Command[] {
  return SHOWN.flatMap((shown): Command[] => [
    {
      name: `/rescue ${shown.word}`,
      summary: shown.summary,
      permission: 'settings.change',
      async run(asked, text) {
        if (text !== '') throw wrong(shown);
        const channel = await usableChannel(asked);
        return change(deps, asked, { [shown.setting]: channel }, shown.here);
      },
    },
    {
      name: `/rescue ${shown.word} off`,
      summary: shown.offSummary,
      permission: 'settings.change',
      run: (asked) => change(deps, asked, { [shown.setting]: null }, shown.off),
    },
  ]);
}

async function change(deps: RescueDeps, asked: Asked, patch: Partial<Settings>, words: string): Promise<Answer> {
  return changedAnswer(deps.playbooks, await changeNow(deps, asked, patch), words);
}

/** The channel of the request, once we may write in it. What leads say is not shown to other companies. */
export async function usableChannel({ slack, channelId }: Asked): Promise<string> {
  if (!channelId || channelId.startsWith('D')) throw notAChannel();
  const { channel } = await slack.call('conversations.info', { channel: channelId }, channelInfo).catch(uninvited);
  if (channel.is_im || channel.is_mpim) throw notAChannel();
  if (channel.is_ext_shared || channel.is_pending_ext_shared) {
    const message = 'This channel is shared with another company. Leads are shown in your own channels only.';
    throw new KnownError('forbidden', 'channel is shared externally', message);
  }
  if (channel.is_member) return channelId;
  if (channel.is_private) throw notInvited();
  await slack.call('conversations.join', { channel: channelId }, z.object({})).catch(uninvited);
  return channelId;
}

/** Slack knows the channel, we are not in it and cannot enter: somebody has to ask us in. */
function uninvited(error: unknown): never {
  throw error instanceof SlackRefusal ? notInvited() : error;
}

function notInvited(): KnownError {
  const message = 'LeadRescue is not in this channel. Type /invite @LeadRescue here, then run this again.';
  return new KnownError('conflict', 'not in the channel', message);
}

function notAChannel(): KnownError {
  return new KnownError('validation_error', 'no channel', 'Run this in the channel that you want to use.');
}

function wrong({ word }: Shown): KnownError {
  const message = `Run /rescue ${word} in the channel that you want to use, or /rescue ${word} off.`;
  return new KnownError('validation_error', `${word} takes no words`, message);
}
